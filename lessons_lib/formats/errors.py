"""What can be wrong with a file of vectors: where, what was found, what was expected, what to do."""

import warnings
from dataclasses import dataclass, replace
from typing import NoReturn


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a file.

    Parameters
    ----------
    found, expected, remedy : str
        What is there, what should be, and what to do.
    line : int, optional
        The line where it is first seen, counted from 1.
    byte : int, optional
        Its position, counted from 0, in the unpacked file.
    count : int
        How often it occurs.
    fatal : bool
        True if the file cannot be read because of it.
    """

    found: str
    expected: str
    remedy: str
    line: int | None = None
    byte: int | None = None
    count: int = 1
    fatal: bool = False

    @property
    def where(self) -> str:
        """Return the place: ``line 5``, ``byte 120``, or an empty text if the whole file is meant."""
        if self.line is not None:
            return f"line {self.line:,}"
        return "" if self.byte is None else f"byte {self.byte:,}"

    def __str__(self) -> str:
        times = f" ({self.count:,} times; this is the first)" if self.count > 1 else ""
        place = f"{self.where}: " if self.where else ""
        return f"{place}found {self.found}{times}; expected {self.expected}. {self.remedy}"


class VectorFileError(ValueError):
    """A file of vectors that cannot be read; ``file, line, byte, found, expected, remedy`` say why.

    Examples
    --------
    >>> print(VectorFileError(Problem("2 numbers", "3", "Get the file again.", line=7), file="cat.txt"))
    cat.txt, line 7: found 2 numbers; expected 3. Get the file again.
    """

    def __init__(self, problem: Problem, file: str = ""):
        super().__init__(problem, file)
        self.problem = problem
        self.file = str(file)

    line = property(lambda self: self.problem.line)
    byte = property(lambda self: self.problem.byte)
    found = property(lambda self: self.problem.found)
    expected = property(lambda self: self.problem.expected)
    remedy = property(lambda self: self.problem.remedy)

    def __str__(self) -> str:
        between = ", " if self.problem.where else ": "
        return f"{self.file}{between}{self.problem}" if self.file else str(self.problem)


class VectorFileWarning(UserWarning):
    """A file of vectors was read in spite of flaws; the message counts them."""


def refuse(found: str, expected: str, remedy: str, line: int | None = None, byte: int | None = None) -> NoReturn:
    """Raise the error of a file that cannot be read; ``opening`` adds the name of the file."""
    raise VectorFileError(Problem(found, expected, remedy, line, byte, fatal=True)) from None


class Flaws:
    """The flaws that a reader could live with: of each kind the first place, and how often."""

    def __init__(self) -> None:
        self._kinds: dict[str, Problem] = {}

    def note(self, kind: str, problem: Problem) -> None:
        """Note a flaw; of a kind that is known already only the count grows."""
        known = self._kinds.get(kind)
        self._kinds[kind] = replace(known, count=known.count + problem.count) if known else problem

    def clear(self) -> None:
        """Forget all flaws."""
        self._kinds.clear()

    @property
    def problems(self) -> list[Problem]:
        """Return one problem a kind, in the order of their discovery."""
        return list(self._kinds.values())


def warn(file: str, problems: list[Problem], stacklevel: int = 2) -> None:
    """Give one warning that lists and counts the flaws of a file; none if there are none."""
    if problems:
        listed = "".join(f"\n  {problem}" for problem in problems)
        warnings.warn(f"{file} was read in spite of this:{listed}", VectorFileWarning, stacklevel=stacklevel + 1)
