"""``lessons run``: execute lessons without a screen and print the table of their claims."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from lessons_lib.commands import claims_shown, seeds_table
from lessons_lib.commands.bars import cell_bars
from lessons_lib.commands.checkout import checkout, stop
from lessons_lib.commands.execution import Outcome
from lessons_lib.commands.other_embeddings import settings_of, without_line
from lessons_lib.commands.side_by_side import Order, run_orders


def run(
    lessons: Annotated[
        list[str] | None, typer.Argument(help="Numbers (1), names (01_vectors) or .ipynb files; without them, all.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Base seed; the stored outputs were made with 0.")] = None,
    seeds: Annotated[
        int | None, typer.Option(min=1, help="Run with base seeds 1 to N: how often does each claim hold?")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Lessons that run at a time, each on two cores.")] = 1,
    vectors: Annotated[
        str | None, typer.Option(help="Run on other word vectors: a bundled or fetched name, or a file.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Run on another transformer: a fetched name, or a folder.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="With --seeds: run again what was kept.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="With --seeds: where the table goes, as JSON; all lessons, 5 seeds: notebooks/claims.json."),
    ] = None,
) -> None:
    """Run lessons without a screen and print the table of claims; exit code 1 if one fails.

    With --seeds every lesson runs several times, and what it measured is kept: a stopped run goes on where it was.
    Then the exit code is 1 if a lesson stopped, or if less than 95 % of the pairs of a claim and a seed hold.
    """
    if seed is not None and seeds is not None:
        stop("--seed N is one run with base seed N, --seeds N are runs with 1 to N: give one of the two.", code=2)
    if seeds is None and (fresh or out):
        stop(f"{'--fresh' if fresh else '--out'} belongs to a table over several seeds: add --seeds 5.", code=2)
    paths = find(lessons or [])
    settings = settings_of(vectors, model)
    unchanged = without_line(paths, settings)
    try:
        if seeds is not None:
            seeds_table.run_seeds(paths, seeds, jobs, settings, unchanged, fresh, out, everything=not lessons)
            return
        outcomes = run_all([Order(path, seed, settings) for path in paths], jobs)
    except KeyboardInterrupt:
        stop("Stopped." + (" The same command goes on from what is kept." if seeds is not None else ""), code=130)
    claims_shown.print_outcomes(outcomes, settings, unchanged)
    report(outcomes)


def report(outcomes: list[Outcome]) -> None:
    """Name what failed on standard error; end the command with exit code 1 if something did."""
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


def run_all(orders: list[Order], jobs: int) -> list[Outcome]:
    """Execute lessons with a progress bar for each; return what came of them in the order given."""
    outcomes = {}
    with (
        cell_bars() as on_cell,
        closing(run_orders(orders, jobs, lambda order, *cells: on_cell(order.path.stem, *cells))) as results,
    ):
        for order, outcome in results:
            outcomes[order.path] = outcome
    return [outcomes[order.path] for order in orders]
