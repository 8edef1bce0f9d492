"""Check exercises: say what is right, or what kind of wrong, then a hint for each failed try.

One module a lesson holds its checks (``vectors`` for lesson 1, ...). A check is a function that takes the learner's
answer and raises ``Wrong`` with a diagnosis, or returns what to say in praise (None for a plain "Right.");
``@exercise`` gives it a name and exactly three hints:

    @exercise("01-2", "First hint.", "Second hint.", "Third hint.")
    def cosine_similarity(answer):
        expect(call(answer, u, v), 0.5, "For ...", wrong={"that is the dot product: divide by both norms.": 4.0})
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from importlib import import_module
from typing import Any

import numpy as np

from lessons_lib import session, store
from lessons_lib.rendering import box, present

Test = Callable[[Any], str | None]
MODULES = {
    "01": "vectors",
    "02": "pretraining",
    "03": "loading",
    "04": "formats",
    "05": "unknown_words",
    "06": "fine_tuning",
    "07": "contextual",
}
TOPIC = "exercises"


class Wrong(Exception):  # noqa: N818 (an answer is wrong, the program is not)
    """The answer is wrong; the message is the diagnosis the learner reads."""


class Unsolved(Wrong):
    """There is no answer yet: no try is counted, no hint is given."""


class CheckError(AssertionError):
    """A check did not pass (raised only when ``LESSONS_STRICT=1``)."""


@dataclass(frozen=True)
class Exercise:
    """One exercise: its check and its hints, from a nudge to nearly the answer."""

    test: Test
    hints: tuple[str, str, str]


EXERCISES: dict[str, Exercise] = {}


def exercise(name: str, *hints: str) -> Callable[[Test], Test]:
    """Register the decorated check under ``name`` ("01-2": lesson, number) with its three hints."""
    if len(hints) != 3 or name in EXERCISES:
        raise ValueError(f"Exercise {name!r} needs a name of its own and 3 hints, got {len(hints)}.")

    def register(test: Test) -> Test:
        EXERCISES[name] = Exercise(test, hints)
        return test

    return register


def check(name: str, answer: Any) -> None:
    """Check the answer to an exercise and print the result: solved, not yet (with a hint), or still open.

    Parameters
    ----------
    name : str
        Number of the exercise as its heading gives it: ``"01-2"``.
    answer : object
        What the exercise asks for: a function, a number, an array...

    Raises
    ------
    CheckError
        The answer is wrong or missing, and ``LESSONS_STRICT=1``.
    """
    lesson = name.partition("-")[0]
    if lesson in MODULES:
        import_module(f"lessons_lib.checks.{MODULES[lesson]}")
    if name not in EXERCISES:
        raise KeyError(f"There is no exercise {name!r}. Of lesson {lesson} there are: {_names(lesson)}")
    try:
        if answer is None or answer is ...:
            raise Unsolved("Nothing here yet: put your answer in place of the dots and run the cell.")
        praise = EXERCISES[name].test(answer)
    except Unsolved as diagnosis:
        _report(name, str(diagnosis), solved=False, tried=False)
    except Wrong as diagnosis:
        _report(name, str(diagnosis), solved=False)
    except Exception as error:  # whatever the learner's code raises is a diagnosis too, never a crash of the notebook
        _report(name, f"Your code stops with {type(error).__name__}: {error}", solved=False)
    else:
        _report(name, praise or "Right.", solved=True)


def call(function: Callable, *arguments: Any) -> Any:
    """Return what the learner's function gives for ``arguments``; raise ``Unsolved`` if it returns nothing."""
    if not callable(function):
        raise Wrong(f"A function is asked for, and this is {type(function).__name__}. Give its name without brackets.")
    result = function(*arguments)
    if result is None or result is ...:
        raise Unsolved("The function returns nothing yet. (If you have written it: is the return missing?)")
    return result


def expect(
    found: Any, expected: Any, where: str, wrong: Mapping[str, Any] | None = None, tolerance: float = 1e-4
) -> None:
    """Compare a result with the right one; name the mistake if the result is that of a known mistake.

    Parameters
    ----------
    found, expected : array_like
        The learner's result and the right one.
    where : str
        What was asked, to begin the sentence: "For parallel vectors of length 2".
    wrong : mapping, optional
        Diagnosis -> the result that this mistake gives.
    tolerance : float
        Greatest difference that counts as equal.
    """
    if _equal(found, expected, tolerance):
        return
    if np.shape(found) != np.shape(expected):
        shapes = f"shape {np.shape(found)}; shape {np.shape(expected)} is expected"
        raise Wrong(f"{where} you return {_short(found)} of {shapes}.")
    for diagnosis, mistake in (wrong or {}).items():
        if _equal(found, mistake, tolerance):
            raise Wrong(f"{where} you return {_short(found)}: {diagnosis}")
    raise Wrong(f"{where} you return {_short(found)}; {_short(expected)} is expected.")


def _equal(a: Any, b: Any, tolerance: float) -> bool:
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    if a.dtype.kind in "fiub" and b.dtype.kind in "fiub":
        return bool(np.allclose(a.astype(float), b.astype(float), atol=tolerance, rtol=1e-4))
    return bool((a == b).all())


def _short(value: Any) -> str:
    text = f"{float(value):.4g}" if isinstance(value, float | np.floating) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _names(lesson: str) -> str:
    return ", ".join(sorted(name for name in EXERCISES if name.startswith(f"{lesson}-"))) or "none"


def _report(name: str, message: str, *, solved: bool, tried: bool = True) -> None:
    """Count the try, print the message and, after a failed try, the next hint."""
    hint = "" if solved or not tried else _next_hint(name)
    if solved:
        _record(name, solved=True)
    word = "Solved" if solved else "Not yet" if tried else "Open"
    kind = "right" if solved else "wrong" if tried else "neutral"
    lines = [f"{word}, {name}: {message}"] + ([hint] if hint else [])
    html = box(kind, f"<b>{word}, {name}.</b> {escape(message)}", *([escape(hint)] if hint else []))
    present("\n".join(lines), html)
    if not solved and session.strict():
        raise CheckError(lines[0])


def _record(name: str, **changes: Any) -> dict:
    record = store.read(TOPIC)
    record[name] = {"tries": 0, "solved": False} | record.get(name, {}) | changes
    store.write(TOPIC, record)
    return record[name]


def _next_hint(name: str) -> str:
    tries = _record(name)["tries"] + 1
    _record(name, tries=tries)
    hints = EXERCISES[name].hints
    if tries <= len(hints):
        return f"Hint {tries} of {len(hints)}: {hints[tries - 1]}"
    return f"All hints again: {' / '.join(hints)} The worked answer is in solutions/."
