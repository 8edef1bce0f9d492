"""What each lesson costs: seconds, memory, and the cells that take longest."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from time import perf_counter

from lessons_lib.commands.execution import execute, read_without_outputs

SLOWEST = 3  # cells named for each lesson


def measure_lesson(path: Path, on_cell: Callable[[int, int], None] | None = None) -> dict:
    """Execute a lesson and return what it cost.

    Returns
    -------
    dict
        lesson, seconds (the start of the kernel included), megabytes (peak of kernel and children), passed, error, and
        slowest: the cells that took longest, each with its number among all cells, its first line and its seconds.
    """
    cells = [
        (number, cell.source.strip().splitlines()[0])
        for number, cell in enumerate(read_without_outputs(path).cells, start=1)
        if cell.cell_type == "code" and cell.source.strip()
    ]
    ends = [perf_counter()]

    def note(done: int, total: int) -> None:
        ends.append(perf_counter())
        if on_cell:
            on_cell(done, total)

    outcome = execute(path, on_cell=note)
    took = [after - before for before, after in pairwise(ends)]
    timed = [
        {"cell": number, "line": line, "seconds": seconds} for (number, line), seconds in zip(cells, took, strict=False)
    ]
    return {
        "lesson": outcome.lesson,
        "seconds": outcome.seconds,
        "megabytes": outcome.megabytes,
        "passed": outcome.passed,
        "error": outcome.error,
        "slowest": sorted(timed, key=lambda cell: -cell["seconds"])[:SLOWEST],
    }
