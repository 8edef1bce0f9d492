"""What was tried on the way to the settings that ship: tried.jsonl, one JSON object a line, only ever added to."""

import json
from pathlib import Path

TRIED = Path(__file__).with_name("tried.jsonl")


def record(step: str, settings: dict, scores: dict) -> str:
    """Add a trial to the list and return its line; ``settings`` holds what differed from the constants then."""
    line = json.dumps({"step": step, "settings": settings, **scores}, default=str)
    with open(TRIED, "a", encoding="utf-8") as file:
        file.write(line + "\n")
    return line


def of(step: str) -> list[dict]:
    """Return the trials of a step, oldest first."""
    if not TRIED.is_file():
        return []
    lines = map(json.loads, TRIED.read_text(encoding="utf-8").splitlines())
    return [{key: value for key, value in line.items() if key != "step"} for line in lines if line["step"] == step]
