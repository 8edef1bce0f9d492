"""The part of README.md that comes from the table of claims: written when the table is stored, compared by a test."""

import re

PART = re.compile(r"(<!-- claims: begin -->\n).*?(<!-- claims: end -->)", re.DOTALL)


def block(table: dict | None) -> str:
    """Return the lines between the markers: a sentence and a row a lesson; nothing while there is no table.

    Examples
    --------
    >>> block(None)
    ''
    """
    if table is None:
        return ""
    first, last = table["seeds"][0], table["seeds"][-1]
    rows = [row(lesson) for lesson in table["lessons"]]
    return "\n".join([
        f"{table['claims']} claims, base seeds {first} to {last}: {table['held']} of {table['pairs']} pairs of a claim "
        f"and a seed hold ({share(table)}).",
        f"Of {varying(table)} claims the number changes with the seed; of the others it is the same at every one.",
        f"Measured on {table['date']} with version {table['course']} ({table['machine']}; "
        f"Python {table['python']}; lessons at a time: {table['at_a_time']}).",
        "",
        "| lesson | claims | pairs that hold | seconds, median | MB, highest |",
        "|---|---|---|---|---|",
        *rows,
        "",
    ])  # fmt: skip


def row(lesson: dict) -> str:
    """Return the row of a lesson.

    Examples
    --------
    >>> claim = {"held": [True, True, False]}
    >>> row({"lesson": "01_vectors", "claims": [claim], "seconds": 30.4, "megabytes": 612})
    '| [1](notebooks/01_vectors.ipynb) | 1 | 2 of 3 | 30 | 612 |'
    """
    verdicts = [held for claim in lesson["claims"] for held in claim["held"]]
    number = lesson["lesson"].split("_")[0].lstrip("0")
    link = f"[{number}](notebooks/{lesson['lesson']}.ipynb)"
    held = f"{sum(verdicts)} of {len(verdicts)}"
    return f"| {link} | {len(lesson['claims'])} | {held} | {lesson['seconds']:.0f} | {lesson['megabytes']:,} |"


def varying(table: dict) -> int:
    """Return how many claims have a number that is not the same at every seed.

    Examples
    --------
    >>> varying({"lessons": [{"claims": [{"values": [1, 1]}, {"values": [1, 2]}, {"values": [1, None]}]}]})
    2
    """
    return sum(len(set(claim["values"])) > 1 for lesson in table["lessons"] for claim in lesson["claims"])


def share(table: dict) -> str:
    """Return the share of pairs that hold, rounded down: only all of them are 100 %.

    Examples
    --------
    >>> share({"held": 1999, "pairs": 2000}), share({"held": 2, "pairs": 2}), share({"held": 0, "pairs": 0})
    ('99.9 %', '100 %', '0 %')
    """
    if not table["pairs"] or table["held"] == table["pairs"]:
        return "100 %" if table["pairs"] else "0 %"
    return f"{table['held'] * 1000 // table['pairs'] / 10:.1f} %"


def fill(text: str, table: dict | None) -> str:
    """Return the text of README.md with the part that ``table`` gives.

    Raises
    ------
    ValueError
        The markers are not there exactly once.
    """
    if len(PART.findall(text)) != 1:
        raise ValueError("README.md must hold <!-- claims: begin --> and <!-- claims: end --> once.")
    return PART.sub(lambda match: f"{match[1]}{block(table)}{match[2]}", text)
