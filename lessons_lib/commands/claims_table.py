"""The table of claims over several base seeds: how often each held, and where its number lay.

``make_table`` returns what goes into ``notebooks/claims.json``, which README (and a site) read:
``date``, ``course``, ``machine``, ``python``, ``libraries``, ``settings``, ``seeds``, ``at_a_time`` (lessons),
``claims``, ``pairs``, ``held`` (of the pairs of a claim and a seed), and for each of ``lessons`` its name, ``seconds``
(median), ``megabytes`` (highest), ``stopped`` (seed and place of errors), ``unclear`` (faults of its claims), and
``claims``: ``statement``, ``at_least``, ``at_most``, ``values`` and ``held``, one entry a seed.
"""

import platform
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from statistics import median

from lessons_lib.commands.execution import Outcome
from lessons_lib.commands.machine import processor

FORMAT = 1  # changes when a reader of the file would have to
BAR = 0.95  # of all pairs of a claim and a seed


def make_table(
    outcomes: Mapping[tuple[str, int], Outcome],
    seeds: Sequence[int],
    settings: Mapping[str, str],
    jobs: int,
    code: Mapping[str, str],
) -> dict:
    """Return the table.

    Parameters
    ----------
    outcomes : mapping
        (name of the lesson, seed) -> what came of it; every lesson with every seed.
    seeds : sequence of int
        In the order of the columns.
    settings : mapping
        What was replaced, such as ``{"VECTORS": "glove"}``.
    jobs : int
        How many lessons ran at a time: times depend on it.
    code : mapping
        Name of the lesson -> SHA-256 of its code cells.
    """
    from lessons_lib import __version__
    from lessons_lib.commands.repeated import versions

    names = sorted({name for name, _ in outcomes})
    lessons = [
        {"lesson": name, "code": code[name], **of_lesson([outcomes[name, seed] for seed in seeds], seeds)}
        for name in names
    ]
    verdicts = [held for lesson in lessons for claim in lesson["claims"] for held in claim["held"]]
    return {
        "format": FORMAT,
        "date": datetime.now(UTC).date().isoformat(),
        "course": __version__,
        "machine": processor(),
        "python": platform.python_version(),
        "libraries": versions(),
        "settings": dict(settings),
        "seeds": list(seeds),
        "at_a_time": jobs,
        "claims": sum(len(lesson["claims"]) for lesson in lessons),
        "pairs": len(verdicts),
        "held": sum(verdicts),
        "lessons": lessons,
    }


def of_lesson(outcomes: Sequence[Outcome], seeds: Sequence[int]) -> dict:
    """Return the entry of one lesson: what it took, where it stopped, and its claims over the seeds."""
    finished = [outcome for outcome in outcomes if not outcome.error] or outcomes
    claims, unclear = line_up(outcomes, seeds)
    return {
        "seconds": round(median(outcome.seconds for outcome in finished), 1),
        "megabytes": round(max(outcome.megabytes for outcome in outcomes)),
        "stopped": [
            {"seed": seed, "where": outcome.error}
            for seed, outcome in zip(seeds, outcomes, strict=True)
            if outcome.error
        ],
        "unclear": unclear,
        "claims": claims,
    }


def line_up(outcomes: Sequence[Outcome], seeds: Sequence[int]) -> tuple[list[dict], list[str]]:
    """Return the claims of a lesson with a value and a verdict for each seed, and what is wrong with their sentences.

    A claim is known by its statement, numbers aside, and by its place among those of the same statement.
    A claim that a seed has not made did not hold there.
    """
    made = [dict(identified(outcome.claims)) for outcome in outcomes]
    claims, unclear = [], []
    for key in dict.fromkeys(key for one in sorted(made, key=len, reverse=True) for key in one):
        found = [one.get(key) for one in made]
        first = next(claim for claim in found if claim)
        for part, name in {"statement": "statement", "at_least": "bound", "at_most": "bound"}.items():
            if len({claim[part] for claim in found if claim}) > 1:
                unclear.append(f"the {name} changes with the seed: {first['statement']}")
        for seed, outcome, claim in zip(seeds, outcomes, found, strict=True):
            if claim is None and not outcome.error:
                unclear.append(f"at seed {seed} there is no claim: {first['statement']}")
        claims.append({
            **{part: first[part] for part in ("statement", "at_least", "at_most")},
            "values": [rounded(claim["value"]) if claim else None for claim in found],
            "held": [bool(claim and claim["holds"]) for claim in found],
        })  # fmt: skip
    return claims, list(dict.fromkeys(unclear))


def rounded(value: float | None) -> float | None:
    """Return a number with six digits that count.

    Examples
    --------
    >>> rounded(0.123456789), rounded(None)
    (0.123457, None)
    """
    return None if value is None else float(f"{value:.6g}")


def identified(claims: Sequence[dict]) -> list[tuple[tuple[str, int], dict]]:
    """Return each claim with what it is known by.

    Examples
    --------
    >>> [key for key, _ in identified([{"statement": "At 2.5 it wins"}, {"statement": "At 3 it wins"}])]
    [('At # it wins', 0), ('At # it wins', 1)]
    """
    keyed, seen = [], {}
    for claim in claims:
        statement = re.sub(r"\d+(?:[.,]\d+)*", "#", claim["statement"])
        seen[statement] = seen.get(statement, -1) + 1
        keyed.append(((statement, seen[statement]), claim))
    return keyed
