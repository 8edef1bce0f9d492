"""Flash cards and quiz of all lessons in a notebook: the card that is due, an answer, the next card.

What is asked, and what is recorded, is the same as with ``lessons recall`` in a terminal.
"""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from lessons_lib import session
from lessons_lib.cards import find_lessons
from lessons_lib.recall_queue import NEW_A_DAY, Queue, queue
from lessons_lib.recall_report import outlook, overview, wait_text
from lessons_lib.rendering import box, fold, present
from lessons_lib.repetition import GRADES, MEANINGS, Memory, grade, intervals, now

if TYPE_CHECKING:
    import pandas as pd

_look: Callable[[], Queue] = queue
_shown: Memory | None = None


def recall(*lessons: str, new: int = NEW_A_DAY, everything: bool = False) -> None:
    """Ask the flash cards and questions that are due, one after the other, and record how well you knew them.

    Where widgets work there are buttons; elsewhere the card opens when you click on it,
    and ``know(3)`` in a cell of your own records the grade and shows the next card.

    Parameters
    ----------
    *lessons : str
        Numbers of lessons, ``"3"``. Without them due cards come from all lessons,
        and new cards from those that you have begun, or from all if you have begun none.
    new : int
        How many cards you meet for the first time on one day.
    everything : bool
        Every card once, due or not.
    """
    global _look
    chosen, since = find_lessons(lessons), now() if everything else None
    _look = lambda: queue(chosen, new, since)  # noqa: E731 (what `know` asks for the next card)
    if session.interactive():
        from lessons_lib.recall_buttons import show_buttons

        show_buttons(_look)
    else:
        _show_next()


def know(number: int) -> None:
    """Record how well you knew the card that is shown, and show the next: 1 again, 2 hard, 3 good, 4 easy."""
    if _shown is None:
        raise RuntimeError("No card is shown: run a cell with recall() first.")
    print(f"{GRADES[number]}: comes back in {wait_text(grade(_shown.card, number).interval)}.")
    _show_next()


def recall_overview(*lessons: str) -> "pd.DataFrame":
    """Return a row for each lesson: its cards, how many are new, due, come later, and would be known now."""
    import pandas as pd

    return pd.DataFrame(overview(find_lessons(lessons))).set_index("lesson")


def _show_next() -> None:
    """Show the next card in plain HTML, or say when there will be one."""
    global _shown
    found = _look()
    _shown = next(iter(found.asked), None)
    if _shown is None:
        present("\n".join(outlook(found)), box("neutral", *map(escape, outlook(found))))
        return
    card = _shown.card
    place = f"Lesson {int(card.lesson)}, {found.counts()}."
    waits = intervals(_shown)
    how = "How well did you know it? " + ", ".join(
        f"know({number}) {name}: {MEANINGS[number]} (in {wait_text(waits[number])})" for number, name in GRADES.items()
    )
    lines = [option.text for option in card.options] or [card.back]
    folds = [fold(option.text, verdict(option.right) + option.why) for option in card.options]
    html = box("question", f"<small>{escape(place)}</small>", f"<b>{escape(card.front)}</b>")
    html += "".join(folds or [fold("Answer", card.back)]) + f"<small>{escape(how)}</small>"
    present("\n".join([place, card.front, *("    " + line for line in lines), how]), html)


def verdict(right: bool) -> str:
    """Return the words that begin an explanation."""
    return "Right. " if right else "Not this one. "
