"""``lessons bench``: what loading vectors costs, beside gensim and the physical floor; or what the lessons cost."""

import json
import os
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

QUICK = (2_000, 20, 1)  # words, dimensions, runs: seconds, for a look and for tests


def bench(
    lessons: Annotated[
        list[str] | None, typer.Argument(help="With --lessons: numbers (1), names or .ipynb files; without, all.")
    ] = None,
    of_lessons: Annotated[bool, typer.Option("--lessons", help="Measure the lessons instead of loading.")] = False,
    words: Annotated[int, typer.Option(min=100, help="Words of the generated file.")] = 400_000,
    dims: Annotated[int, typer.Option(min=1, help="Numbers a word.")] = 100,
    runs: Annotated[int, typer.Option(min=1, help="Programs a row; medians are shown.")] = 3,
    quick: Annotated[bool, typer.Option("--quick", help="A small file, one run: for a look.")] = False,
    out: Annotated[Path, typer.Option(help="Where the numbers go, as JSON.")] = Path("build/bench.json"),
) -> None:
    """Measure the loading of vectors (a few minutes), or with --lessons what each lesson costs; print and store it."""
    if lessons and not of_lessons:
        from lessons_lib.commands.checkout import stop

        stop("Lessons are measured with --lessons; without it the loading of vectors is measured.", code=2)
    size = QUICK if quick else (words, dims, runs)
    result = _bench_lessons(lessons or []) if of_lessons else _bench_loading(*size)
    store(out, "lessons" if of_lessons else "loading", result)
    typer.echo(f"\nStored in {out}.")
    if of_lessons and not all(lesson["passed"] for lesson in result):
        raise typer.Exit(1)


def store(path: Path, part: str, result: object) -> None:
    """Write one part of the numbers, and keep the other: written to the side, then moved into place."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        content = {}
    content = {**(content if isinstance(content, dict) else {}), part: result}
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    beside.write_text(json.dumps(content, indent=1), encoding="utf-8")
    os.replace(beside, path)


def _bench_loading(words: int, dims: int, runs: int) -> dict:
    """Measure loading and print the table."""
    from lessons_lib.benchmark.loading import measure_loading
    from lessons_lib.commands.scores import print_table

    result = measure_loading(words, dims, runs, on_step=partial(typer.echo, err=True))
    typer.echo(f"{words:,} x {dims} float32, {result['file']['matrix_bytes'] / 1e6:.0f} MB; medians of {runs}\n")
    print_table([HEADING, *map(row, result["rows"])])
    typer.echo("\n" + promises(result["ratios"]))
    return result


HEADING = ["", "s", "CPU s", "peak MB", "own MB", "most_similar ms"]


def row(measured: dict) -> list[str]:
    """Return a row of the table of loading.

    Examples
    --------
    >>> row({"what": "text", "seconds": 1.5, "cpu_seconds": 1.25, "peak_bytes": 2e6, "own_bytes": 1e6})
    ['text', '1.500', '1.250', '2', '1', '']
    """
    query = f"{measured['query_ms']:.1f}" if "query_ms" in measured else ""
    return [
        measured["what"],
        f"{measured['seconds']:.3f}",
        f"{measured['cpu_seconds']:.3f}",
        f"{measured['peak_bytes'] / 1e6:.0f}",
        f"{measured['own_bytes'] / 1e6:.0f}",
        query,
    ]


def promises(ratios: dict) -> str:
    """Return the sentences that compare the course's loader with gensim and with the floor."""
    return "\n".join([
        f"First load: {ratios['first_load_faster_than_gensim']:.1f} times as fast as gensim "
        f"({ratios['first_load_faster_than_gensim_cpu']:.1f} times in CPU time), "
        f"{ratios['first_load_over_reading']:.1f} times the time of reading the bytes.",
        f"Its memory at the highest: {ratios['first_load_memory_over_matrix']:.2f} times the matrix "
        f"(gensim: {ratios['gensim_memory_over_matrix']:.2f}).",
        f"Later loads: {ratios['later_load_seconds']:.3f} s; most_similar takes "
        f"{ratios['query_time_over_gensim']:.2f} times as long as gensim's.",
    ])  # fmt: skip


def _bench_lessons(names: list[str]) -> list[dict]:
    """Measure lessons and print the table, the slowest cells below each."""
    from lessons_lib.benchmark.lessons import measure_lesson
    from lessons_lib.commands.bars import cell_bars
    from lessons_lib.commands.run import find
    from lessons_lib.commands.scores import print_table

    with cell_bars() as on_cell:
        results = [measure_lesson(path, partial(on_cell, path.stem)) for path in find(names)]
    rows = [["lesson", "s", "MB", "", "slowest cells"]]
    for result in results:
        ending = "OK" if result["passed"] else "STOPPED" if result["error"] else "FAILED"
        first = [result["lesson"], f"{result['seconds']:.1f}", f"{result['megabytes']:.0f}", ending]
        for number, cell in enumerate(result["slowest"]):
            text = f"{cell['seconds']:.1f} s: cell {cell['cell']}, {cell['line'][:60]}"
            rows.append([*(first if number == 0 else [""] * 4), text])
    print_table(rows)
    return results
