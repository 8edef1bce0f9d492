"""Last step but one: the logs of all steps become data/build_log.json, which lessons and ``lessons scores`` read."""

import json

from authoring.pretrain import files, steps, tried


def build(sample: int | None = None) -> None:
    """Write data/build_log.json: for each step its seconds, settings, report, and what was tried."""
    logs = {}
    for step in steps.STEPS:
        path = files.WORK / "log" / f"{step.name}.json"
        if path.is_file():
            logs[step.name] = json.loads(path.read_text(encoding="utf-8"))
            if trials := tried.of(step.name):
                logs[step.name]["tried"] = trials
    with files.write_atomically(files.DATA / "build_log.json") as temporary:
        temporary.write_text(json.dumps(logs, indent=1) + "\n", encoding="utf-8")
