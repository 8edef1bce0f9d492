"""``lessons run --seeds``: run, print the table of claims over the seeds, and store it where README reads it."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from lessons_lib.commands import claims_readme, claims_shown, claims_table, repeated
from lessons_lib.commands.bars import passing_bars
from lessons_lib.commands.checkout import find_checkout, stop
from lessons_lib.commands.execution import Outcome
from lessons_lib.commands.side_by_side import Order

TABLE = "notebooks/claims.json"  # below the root of the checkout
SEEDS = 5  # of the table that README shows


def run_seeds(
    paths: Sequence[Path],
    n_seeds: int,
    jobs: int,
    settings: Mapping[str, str],
    unchanged: Sequence[str],
    fresh: bool,
    out: Path | None,
    everything: bool,
) -> None:
    """Run lessons with base seeds 1 to ``n_seeds``, print and store the table; exit code 1 if it is below the bar."""
    root = find_checkout()
    full = everything and n_seeds == SEEDS and not settings
    target = out or (root / TABLE if full and root else None)
    of_readme = bool(root and target and target.resolve() == (root / TABLE).resolve())
    if of_readme and not full:
        stop(f"{TABLE} is the table of all lessons, {SEEDS} seeds, own embeddings: choose another --out.", code=2)
    if len({path.stem for path in paths}) < len(paths):
        stop("Two of these lessons have the same name, and the table tells lessons by their names.", code=2)
    seeds = list(range(1, n_seeds + 1))
    code = {path.stem: repeated.code_sum(path) for path in paths}
    outcomes = run_with_bars([Order(path, seed, settings) for seed in seeds for path in paths], jobs, fresh)
    table = claims_table.make_table(outcomes, seeds, settings, jobs, code)
    claims_shown.print_spread(table, unchanged)
    for sentence in claims_shown.complaints(table):
        typer.echo(sentence, err=True)
    typer.echo(summary(table))
    if target:
        store(table, target, root / "README.md" if of_readme else None)
        typer.echo(f"Stored in {target}" + (", and in README.md." if of_readme else "."))
    stopped = any(lesson["stopped"] for lesson in table["lessons"])
    if stopped or table["held"] < claims_table.BAR * table["pairs"]:
        raise typer.Exit(1)


def run_with_bars(orders: Sequence[Order], jobs: int, fresh: bool) -> dict[tuple[str, int], Outcome]:
    """Run what is not kept, with a bar for each that runs and a line for each that has ended."""
    with passing_bars() as (on_cell, on_end):

        def ended(order: Order, outcome: Outcome, kept: bool) -> None:
            held = f"{sum(claim['holds'] for claim in outcome.claims)} of {len(outcome.claims)} hold"
            cost = f"{outcome.seconds:.0f} s, {outcome.megabytes:.0f} MB"
            ending = f"; stopped in {outcome.error}" if outcome.error else "; kept from an earlier run" if kept else ""
            on_end(order.label, f"{order.label}: {held}, {cost}{ending}")

        return repeated.run_kept(orders, jobs, fresh, lambda order, *cells: on_cell(order.label, *cells), ended)


def summary(table: dict) -> str:
    """Return the last line of the table.

    Examples
    --------
    >>> summary({"claims": 2, "seeds": [1, 2, 3], "held": 5, "pairs": 6})
    '2 claims, 3 seeds: 5 of 6 pairs of a claim and a seed hold (83.3 %).'
    """
    held = f"{table['held']} of {table['pairs']} pairs of a claim and a seed hold ({claims_readme.share(table)})"
    return f"{table['claims']} claims, {len(table['seeds'])} seeds: {held}."


def store(table: dict, path: Path, readme: Path | None) -> None:
    """Write the table, and with it the part of README that shows it; each to the side, then moved into place."""
    if readme is None:
        repeated.write(path, as_json(table))
        return
    text = claims_readme.fill(readme.read_text(encoding="utf-8"), table)
    repeated.write(path, as_json(table))
    repeated.write(readme, text)


def as_json(table: dict) -> str:
    r"""Return the table as JSON, a list of numbers on one line, so that a change is a readable difference.

    Examples
    --------
    >>> print(as_json({"values": [1, 2.5], "statement": "The list [ 1 ]"}), end="")
    {
     "values": [1, 2.5],
     "statement": "The list [ 1 ]"
    }
    """
    text = json.dumps(table, indent=1, ensure_ascii=False, allow_nan=False)
    plain_list = re.compile(r"\[\n\s*([^\[\]{}]*?)\n\s*\]")
    return plain_list.sub(lambda match: f"[{re.sub(chr(10) + ' *', ' ', match[1])}]", text) + "\n"
