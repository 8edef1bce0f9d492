"""Which lines of a source are shown to all, which are answers, and which stand in their place in an exercise.

    ### BEGIN SOLUTION
    ### STUB ranked = ...            optional: what the exercise shows in place of the answer
    ranked = sorted(words)
    ### END SOLUTION

To change what stands in place of an answer without ``### STUB``, change ``DEFAULT_STUB``.
"""

import re
from dataclasses import dataclass

from authoring.errors import BuildError

DEFAULT_STUB = "...  # your code here"
TOLD_APART = 15  # characters; shorter lines ("return total") are no secret: they stand everywhere
CELL = re.compile(r"\s*#\s*%%+(\s.*)?$")  # begins a cell in the percent format

_PROSE = re.compile(r"\[(markdown|md|raw)\]")
_MARKER = re.compile(r"(\s*)### (BEGIN SOLUTION|END SOLUTION|STUB)(?: (.*))?$")
_LIKE_A_MARKER = re.compile(r"(?i:#\s*(BEGIN|END)[\s_-]*SOLUTION)|##\s*STUB\b")
_NEXT = {  # state, what the line is -> next state; a pair that is missing is an error of the author
    ("outside", "text"): "outside",
    ("outside", "cell"): "outside",
    ("outside", "BEGIN SOLUTION"): "begun",
    ("begun", "STUB"): "stubbed",
    ("begun", "text"): "solution",
    ("stubbed", "STUB"): "stubbed",
    ("stubbed", "text"): "solution",
    ("solution", "text"): "solution",
    ("solution", "END SOLUTION"): "outside",
}
_REMEDIES = {
    ("outside", "END SOLUTION"): "no block is open: put ### BEGIN SOLUTION above it, or delete it",
    ("outside", "STUB"): "no block is open: a stub stands directly below ### BEGIN SOLUTION",
    ("solution", "STUB"): "a stub stands directly below ### BEGIN SOLUTION, before the answer: move it up",
    ("begun", "END SOLUTION"): "the block holds no answer: write one, or delete both markers",
    ("stubbed", "END SOLUTION"): "the block holds no answer: write one below the stub",
    "BEGIN SOLUTION": "a block is open already, and blocks do not nest: close it with ### END SOLUTION first",
    "cell": "the cell ends before this block does: close it with ### END SOLUTION",
    "unclear": "a marker is a line of its own in a code cell: ### BEGIN SOLUTION, ### END SOLUTION or ### STUB code",
}


@dataclass(frozen=True)
class Line:
    """One line of a source: its number in the file, its text, and who sees it (``shown``, ``solution``, ``stub``)."""

    number: int
    text: str
    kind: str = "shown"


def read_lines(text: str, name: str) -> list[Line]:
    r"""Read a percent source and tell what every line is for; markers are resolved and gone.

    Parameters
    ----------
    text : str
        The source.
    name : str
        What error messages call it: its path below the root.

    Raises
    ------
    BuildError
        Markers are unpaired, nested, misspelt or in a Markdown cell, or a stub gives a line of the answer away.

    Examples
    --------
    >>> source = "# %%\ndef one():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
    >>> [(line.number, line.text, line.kind) for line in read_lines(source, "one.py")[2:]]
    [(3, '    ...  # your code here', 'stub'), (4, '    return 1', 'solution')]
    """
    lines: list[Line] = []
    state, prose, begin = "outside", False, Line(0, "")
    for number, content in enumerate([*text.removesuffix("\n").split("\n"), "# %%"], 1):  # "# %%" ends the last cell
        token = _token(content, prose)
        if (state, token) not in _NEXT:
            raise BuildError(_complaint(name, Line(number, content), state, token, begin))
        if token == "cell":
            prose = bool(_PROSE.search(content))
        if token == "BEGIN SOLUTION":
            begin = Line(number, content)
        elif token == "STUB":
            lines.append(Line(number, re.sub(r"### STUB ?", "", content, count=1).rstrip(), "stub"))
        elif token in ("text", "cell"):
            if state == "begun":
                lines.append(Line(begin.number, begin.text[: begin.text.index("#")] + DEFAULT_STUB, "stub"))
            lines.append(Line(number, content, "shown" if state == "outside" else "solution"))
        state = _NEXT[state, token]
    _refuse_telling_stubs(lines, name)
    return lines[:-1]


def _token(text: str, prose: bool) -> str:
    """Name what a line is: a marker, the start of a ``cell``, ``text``, or ``unclear`` (nearly a marker)."""
    if (marker := _MARKER.match(text.rstrip())) and not prose and (marker[2] == "STUB" or marker[3] is None):
        return marker[2]
    if _LIKE_A_MARKER.search(text) or (text.lstrip().startswith("### ") and not prose):
        return "unclear"
    return "cell" if CELL.match(text) else "text"


def _complaint(name: str, line: Line, state: str, token: str, begin: Line) -> str:
    """Say what is wrong with a marker."""
    if token == "cell":
        line, state = begin, "outside"  # what is missing belongs to the line that opened the block
    opened = "" if state == "outside" else f" (a block was opened in line {begin.number})"
    remedy = _REMEDIES.get((state, token)) or _REMEDIES[token]
    return f"{name}, line {line.number}: found {line.text.strip()!r}{opened}, but {remedy}."


def _refuse_telling_stubs(lines: list[Line], name: str) -> None:
    """Raise an error if a stub shows a whole line of an answer."""
    answers = [line.text.strip() for line in lines if line.kind == "solution" and len(line.text.strip()) >= TOLD_APART]
    for line in lines:
        for answer in answers:
            if line.kind == "stub" and answer in line.text:
                raise BuildError(
                    f"{name}, line {line.number}: the stub shows {answer!r}, which is a line of an answer. "
                    "Move that line out of the block, or let the stub say less."
                )


def line_number(lines: list[Line], cell: int, line: int) -> int:
    r"""Return the number in the source of a line (from 1) of a cell (from 0, counted as the source counts them).

    Examples
    --------
    >>> line_number(read_lines("# %% [markdown]\n# Title\n\n# %%\n1 / 0", "one.py"), cell=1, line=1)
    5
    """
    starts = [position for position, each in enumerate(lines) if CELL.match(each.text)]
    return lines[min(starts[cell] + line, len(lines) - 1)].number
