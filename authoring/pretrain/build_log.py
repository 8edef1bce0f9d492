"""Last step but one: the logs of all steps become data/build_log.json, which lessons and ``lessons scores`` read."""

import json

from authoring.pretrain import files, steps, tried


def build(sample: int | None = None) -> None:
    """Write data/build_log.json: for each step its seconds, settings, report, and what was tried.

    A step that was not run from here keeps the record it has: its log may have been written on another machine.
    """
    path = files.DATA / "build_log.json"
    logs = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for step in steps.STEPS:
        log = files.WORK / "log" / f"{step.name}.json"
        if log.is_file():
            logs[step.name] = json.loads(log.read_text(encoding="utf-8"))
            if trials := tried.of(step.name):
                logs[step.name]["tried"] = trials
    logs = {step.name: logs[step.name] for step in steps.STEPS if step.name in logs}
    with files.write_atomically(path) as temporary:
        temporary.write_text(json.dumps(logs, indent=1) + "\n", encoding="utf-8")
