"""``lessons run``: execute lessons without a screen and print the table of their claims."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from lessons_lib.commands.bars import cell_bars
from lessons_lib.commands.checkout import checkout, stop
from lessons_lib.commands.execution import Outcome, execute

NARROWEST_TABLE = 110  # characters, where the output goes to a file


def run(
    lessons: Annotated[
        list[str] | None, typer.Argument(help="Numbers (1), names (01_vectors) or .ipynb files; without them, all.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Base seed; the stored outputs were made with 0.")] = None,
) -> None:
    """Run lessons without a screen and print the table of claims; exit code 1 if one fails."""
    outcomes = run_all(find(lessons or []), seed)
    print_tables(outcomes)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        if outcome.error:
            typer.echo(f"{outcome.lesson} stopped in {outcome.error}", err=True)
        for claim in outcome.claims:
            if not claim["holds"]:
                typer.echo(f"{outcome.lesson}: does not hold: {claim['statement']}", err=True)
    if failed:
        raise typer.Exit(1)


def find(names: list[str]) -> list[Path]:
    """Return the notebooks that ``names`` call for; end the command if there is no such lesson."""
    files = [Path(name) for name in names if name.endswith(".ipynb")]
    if missing := [str(path) for path in files if not path.is_file()]:
        stop(f"There is no file {', '.join(missing)}.", code=2)
    if names and len(files) == len(names):
        return files
    there = sorted((checkout("run", "the notebooks") / "notebooks").glob("[0-9]*.ipynb"))
    if not there:
        stop("notebooks/ is empty. Build the lessons: python course.py build")
    wanted = {name: [path for path in there if called(path, name)] for name in names if not name.endswith(".ipynb")}
    if unknown := [name for name, paths in wanted.items() if not paths]:
        stop(f"No lesson is called {', '.join(unknown)}. There are: {', '.join(path.stem for path in there)}.", code=2)
    return files + [path for path in there if not names or any(path in paths for paths in wanted.values())]


def called(path: Path, name: str) -> bool:
    """Tell whether ``name`` means the lesson at ``path``.

    Examples
    --------
    >>> [called(Path("01_vectors.ipynb"), name) for name in ("1", "01", "01_vectors", "2", "vectors")]
    [True, True, True, False, False]
    """
    return name == path.stem or name.zfill(2) == path.stem.split("_")[0]


def run_all(paths: list[Path], seed: int | None) -> list[Outcome]:
    """Execute the notebooks one after the other, with a progress bar for each."""
    with cell_bars() as on_cell:
        return [execute(path, seed, partial(on_cell, path.stem)) for path in paths]


def print_tables(outcomes: list[Outcome]) -> None:
    """Print one line a claim, then one line a lesson."""
    from rich.console import Console
    from rich.table import Table

    from lessons_lib.claims import readable

    claims, lessons = Table("lesson", "claim", "value", "bound", "verdict"), Table("lesson", "claims", "s", "MB", "")
    for outcome in outcomes:
        for claim in outcome.claims:
            value = "not finite" if claim["value"] is None else readable(claim["value"])
            verdict = "holds" if claim["holds"] else "DOES NOT HOLD"
            claims.add_row(outcome.lesson, claim["statement"], value, bound(claim), verdict)
        held = f"{sum(claim['holds'] for claim in outcome.claims)} of {len(outcome.claims)} hold"
        ending = "OK" if outcome.passed else "STOPPED" if outcome.error else "FAILED"
        lessons.add_row(outcome.lesson, held, f"{outcome.seconds:.0f}", f"{outcome.megabytes:.0f}", ending)
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, NARROWEST_TABLE)
    console.print(*([claims] if claims.row_count else []), lessons)


def bound(claim: dict) -> str:
    """Return the bounds of a claim in words.

    Examples
    --------
    >>> bound({"at_least": 0.05, "at_most": None}), bound({"at_least": 0, "at_most": 1.5})
    ('at least 0.05', 'at least 0, at most 1.5')
    """
    words = {"at_least": "at least", "at_most": "at most"}
    return ", ".join(f"{word} {claim[key]:g}" for key, word in words.items() if claim[key] is not None)
