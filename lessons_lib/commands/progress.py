"""``lessons progress``: the learner's record of predictions, as ``predict`` and ``reveal`` wrote it."""

import typer

from lessons_lib import store


def progress() -> None:
    """Show your predictions beside what was measured."""
    record = store.read("predictions")
    answered = {key: entry for key, entry in record.items() if entry.get("answer") is not None}
    if not answered:
        typer.echo(
            "No prediction is recorded yet. Open lesson 1 (python course.py lab) and answer a question "
            "before you run the cell below it."
        )
        return
    for key, entry in sorted(answered.items()):
        typer.echo("\n".join([f"{key}  {entry['question']}", *("    " + line for line in lines(entry))]))
    measured = [entry for entry in answered.values() if entry.get("right") is not None]
    right = sum(entry["answer"] == entry["right"] for entry in measured)
    typer.echo(f"\n{len(answered)} predicted, {len(measured)} measured, {right} right. Stored in {store.home()}")


def lines(entry: dict) -> list[str]:
    """Return what to print below the question of one answered prediction.

    Examples
    --------
    >>> lines({"options": ["half", "most"], "answer": 0, "measured": "97 %", "right": 1})
    ['predicted: half', 'measured:  97 %: most', 'otherwise than predicted']
    >>> lines({"options": ["half", "most"], "answer": 0, "measured": None, "right": None})
    ['predicted: half', 'not measured yet: run the cell below the question']
    """
    options, answer, right = entry["options"], entry["answer"], entry.get("right")
    shown = [f"predicted: {options[answer]}"]
    if entry.get("measured") is None:
        return [*shown, "not measured yet: run the cell below the question"]
    if right is None:
        return [*shown, f"measured:  {entry['measured']}"]
    verdict = "as predicted" if answer == right else "otherwise than predicted"
    return [*shown, f"measured:  {entry['measured']}: {options[right]}", verdict]
