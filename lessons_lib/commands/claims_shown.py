"""What ``lessons run`` prints: the claims of one run, or those of several base seeds with their spread."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING

from lessons_lib.commands.execution import Outcome

if TYPE_CHECKING:
    from rich.table import Table

NARROWEST_TABLE = 110  # characters, where the output goes to a file


def print_outcomes(outcomes: Sequence[Outcome], settings: Mapping[str, str], unchanged: Sequence[str]) -> None:
    """Print one line a claim, then one line a lesson."""
    from rich.table import Table

    claims, lessons = Table("lesson", "claim", "value", "bound", "verdict"), Table("lesson", "claims", "s", "MB", "")
    for outcome in outcomes:
        for claim in outcome.claims:
            verdict = "holds" if claim["holds"] else "DOES NOT HOLD"
            claims.add_row(outcome.lesson, claim["statement"], number(claim["value"]), bound(claim), verdict)
        held = f"{sum(claim['holds'] for claim in outcome.claims)} of {len(outcome.claims)} hold"
        ending = "OK" if outcome.passed else "STOPPED" if outcome.error else "FAILED"
        lessons.add_row(outcome.lesson, held, f"{outcome.seconds:.0f}", f"{outcome.megabytes:.0f}", ending)
    print_tables(claims, lessons, heading=embeddings(settings, unchanged))


def print_spread(table: dict, unchanged: Sequence[str]) -> None:
    """Print one line a claim: how often it held, its number over the seeds, its bound; then one line a lesson."""
    from rich.table import Table

    claims = Table("lesson", "claim", "held", "lowest", "median", "highest", "bound")
    lessons = Table("lesson", "claims", "pairs that hold", "s", "MB", "")
    for lesson in table["lessons"]:
        verdicts = [held for claim in lesson["claims"] for held in claim["held"]]
        for claim in lesson["claims"]:
            held = f"{sum(claim['held'])} of {len(claim['held'])}"
            claims.add_row(lesson["lesson"], claim["statement"], held, *spread(claim["values"]), bound(claim))
        counted = f"{sum(verdicts)} of {len(verdicts)}"
        ending = f"STOPPED at {len(lesson['stopped'])} seeds" if lesson["stopped"] else "OK"
        cost = f"{lesson['seconds']:.0f}", f"{lesson['megabytes']:.0f}"
        lessons.add_row(lesson["lesson"], str(len(lesson["claims"])), counted, *cost, ending)
    print_tables(claims, lessons, heading=embeddings(table["settings"], unchanged))


def print_tables(*tables: "Table", heading: str) -> None:
    """Print the tables that have rows, wide enough to be read in a file."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, NARROWEST_TABLE)
    if heading:
        console.print(heading, markup=False, highlight=False)
    console.print(*(table for table in tables if table.row_count))


def complaints(table: dict) -> list[str]:
    """Return a sentence for each claim that fell, each lesson that stopped, and each claim that is not one sentence.

    Examples
    --------
    >>> claim = {"statement": "It wins", "values": [2, 0.5, None], "held": [True, False, False]}
    >>> lesson = {"lesson": "01_a", "stopped": [{"seed": 3, "where": "cell 2 (x): E: y"}], "unclear": []}
    >>> for sentence in complaints({"seeds": [1, 2, 3], "lessons": [lesson | {"claims": [claim]}]}):
    ...     print(sentence)
    01_a, seed 3: stopped in cell 2 (x): E: y
    01_a: holds at 1 of 3 seeds, not at 2 (0.5), 3 (no number): It wins
    """
    sentences = []
    for lesson in table["lessons"]:
        name = lesson["lesson"]
        sentences += [f"{name}, seed {one['seed']}: stopped in {one['where']}" for one in lesson["stopped"]]
        sentences += [f"{name}: {fault}" for fault in lesson["unclear"]]
        for claim in lesson["claims"]:
            seen = list(zip(table["seeds"], claim["values"], claim["held"], strict=True))
            fell = ", ".join(f"{seed} ({number(value)})" for seed, value, held in seen if not held)
            if fell:
                times = f"{sum(claim['held'])} of {len(seen)}"
                sentences.append(f"{name}: holds at {times} seeds, not at {fell}: {claim['statement']}")
    return sentences


def spread(values: Sequence[float | None]) -> list[str]:
    """Return the lowest, the median and the highest of the numbers that there are.

    Examples
    --------
    >>> spread([0.5, None, 0.25, 0.125])
    ['0.125', '0.25', '0.5']
    """
    finite = [value for value in values if value is not None]
    return [number(of(finite)) for of in (min, median, max)] if finite else ["no number"] * 3


def number(value: float | None) -> str:
    """Return a measured number as claims print it."""
    from lessons_lib.claims import readable

    return "no number" if value is None else readable(value)


def bound(claim: dict) -> str:
    """Return the bounds of a claim in words.

    Examples
    --------
    >>> bound({"at_least": 0.05, "at_most": None}), bound({"at_least": 0, "at_most": 1.5})
    ('at least 0.05', 'at least 0, at most 1.5')
    """
    words = {"at_least": "at least", "at_most": "at most"}
    return ", ".join(f"{word} {claim[key]:g}" for key, word in words.items() if claim[key] is not None)


def embeddings(settings: Mapping[str, str], unchanged: Sequence[str]) -> str:
    """Say what the lessons ran on, if it is not their own; and which ran as they are.

    Examples
    --------
    >>> embeddings({"VECTORS": "glove"}, ["02_pretraining"])
    'vectors: glove; as they are, without a line to replace: 02_pretraining'
    >>> embeddings({}, [])
    ''
    """
    parts = [f"{name.lower()}: {value}" for name, value in settings.items()]
    parts += [f"as they are, without a line to replace: {', '.join(unchanged)}"] if unchanged else []
    return "; ".join(parts)
