"""All flash cards and quiz questions of the course as cards that one can be asked.

A flash card is known by its lesson and its front, a question by its id: that is the name under which a learner's
answers are kept (see ``repetition``).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from lessons_lib.bundled import data_folder
from lessons_lib.quizzes import recall_data


@dataclass(frozen=True)
class Option:
    """One answer to a question of a quiz: whether it is right, and why."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Card:
    """A flash card (``back``, no options) or a question of a quiz (``options``, no back).

    Parameters
    ----------
    name : str
        The same as long as the card is the same: ``"01-q1"``, or ``"01-c-"`` and eight digits made from the front.
    lesson : str
        Number of a lesson, such as ``"01"``.
    version : str
        Changes when any word of the card changes.
    """

    name: str
    lesson: str
    front: str
    back: str
    options: tuple[Option, ...]
    version: str


@cache
def all_cards() -> tuple[Card, ...]:
    """Return every card of every lesson: lesson by lesson, flash cards before questions.

    Examples
    --------
    >>> cards = all_cards()
    >>> cards[0].lesson, cards[0].front, cards[0].options
    ('01', 'What is a one-hot vector?', ())
    """
    return tuple(card for lesson in lessons().values() for card in _cards(lesson, recall_data(lesson)))


def lessons() -> dict[str, str]:
    """Return the lessons that have cards, in order: name -> number.

    Examples
    --------
    >>> lessons()["01_vectors"]
    '01'
    """
    names = sorted(path.stem for path in (data_folder() / "recall").glob("[0-9]*_*.json"))
    return {name: name.split("_")[0] for name in names}


def find_lessons(names: Sequence[str]) -> list[str]:
    """Return the numbers of the lessons that ``names`` call for: ``"3"``, ``"03"`` or ``"03_loading"``.

    Raises
    ------
    KeyError
        There is no such lesson.

    Examples
    --------
    >>> find_lessons(["3", "01_vectors"])
    ['01', '03']
    """
    there = lessons()
    called = {name: there.get(name, name.zfill(2)) for name in names}
    if unknown := [name for name, number in called.items() if number not in there.values()]:
        raise KeyError(f"No lesson is called {', '.join(unknown)}. There are: {', '.join(there)}.")
    return sorted(set(called.values()))


def _cards(lesson: str, content: dict) -> list[Card]:
    """Return the cards of what ``data/recall/`` holds for a lesson."""
    cards = [
        Card(f"{lesson}-c-{_digits(entry['front'])}", lesson, entry["front"], entry["back"], (), _digits(entry))
        for entry in content["cards"]
    ]
    questions = [
        Card(entry["id"], lesson, entry["question"], "", tuple(Option(**each) for each in entry["options"]),
             _digits(entry))
        for entry in content["quiz"]
    ]  # fmt: skip
    return cards + questions


def _digits(content: object) -> str:
    """Return eight hexadecimal digits that stand for some text or data."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:8]
