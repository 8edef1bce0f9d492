"""Which card is asked next: due ones first, then some new ones, mixed over the lessons.

Nothing is kept between two questions but the record on disk, so a notebook and a terminal can go on with each other.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from lessons_lib import store
from lessons_lib.cards import lessons as all_lessons
from lessons_lib.repetition import Memory, memories, now

NEW_A_DAY = 20


@dataclass(frozen=True)
class Queue:
    """What there is to ask at one moment.

    Parameters
    ----------
    due, new, again : list of Memory
        Cards that are due; new cards, as many as the day still allows; cards that were not known a moment ago.
    later : list of Memory
        Cards that are not due yet, the next one first.
    held : int
        New cards that wait for another day.
    unopened : list of str
        Lessons whose new cards wait until the lesson has been begun.
    """

    due: list[Memory]
    new: list[Memory]
    again: list[Memory]
    later: list[Memory]
    held: int
    unopened: list[str]

    @property
    def asked(self) -> list[Memory]:
        """The cards to ask, in order."""
        return self.due + self.new + self.again

    def counts(self) -> str:
        """Return how many cards there are to ask, in words.

        Examples
        --------
        >>> Queue([], [], [], [], 0, []).counts()
        '0 cards due, 0 new'
        """
        due = len(self.due) + len(self.again)
        return f"{due} {'card' if due == 1 else 'cards'} due, {len(self.new)} new"


def queue(
    lessons: Collection[str] = (), new: int = NEW_A_DAY, since: datetime | None = None, at: datetime | None = None
) -> Queue:
    """Return what there is to ask now.

    Parameters
    ----------
    lessons : collection of str
        Numbers of lessons, ``"01"``. Without them due cards come from all lessons, and new cards from those that the
        learner has begun, or from all if none has been begun.
    new : int
        How many cards may be met for the first time on one day.
    since : datetime, optional
        Ask every card that was not reviewed since then, due or not, and all new ones.
    at : datetime, optional
        The time for which to tell, in UTC; now without it.
    """
    at = at or now()
    everything = memories((), at)
    here = [memory for memory in everything if not lessons or memory.card.lesson in lessons]
    unmet = [memory for memory in here if not memory.due]
    if since is not None:
        due, fresh, left = [memory for memory in here if memory.due and memory.last < since], unmet, None
    else:
        due = [memory for memory in here if memory.due and memory.due <= at]
        begun = set(lessons) or begun_lessons() or set(all_lessons().values())
        fresh = [memory for memory in unmet if memory.card.lesson in begun]
        left = max(0, new - sum(_same_day(memory.first, at) for memory in everything if memory.first))
    later = sorted((memory for memory in here if memory.due and memory not in due), key=_due)
    again = [memory for memory in later if memory.grades[-1] == 1 and _same_day(memory.last, at)]
    latest = max((memory for memory in everything if memory.last), key=lambda memory: memory.last, default=None)
    after = latest.card.lesson if latest else ""
    return Queue(
        due=mixed(sorted(due, key=_due), after),
        new=mixed(fresh, after)[:left],
        again=again,
        later=[memory for memory in later if memory not in again],
        held=0 if left is None else max(0, len(fresh) - left),
        unopened=sorted({memory.card.lesson for memory in unmet} - {memory.card.lesson for memory in fresh}),
    )


def _due(memory: Memory) -> datetime:
    return memory.due


def mixed(found: Iterable[Memory], after: str = "") -> list[Memory]:
    """Put cards of several lessons in turn, each lesson's in their order, beginning with the lesson after ``after``."""
    places: Counter[str] = Counter()
    order = []
    for memory in found:
        lesson = memory.card.lesson
        order.append((places[lesson], lesson <= after, lesson, memory))
        places[lesson] += 1
    return [memory for *_, memory in sorted(order, key=lambda entry: entry[:3])]


def begun_lessons() -> set[str]:
    """Return the lessons of which a question or an exercise is on record."""
    names = [name for topic in ("predictions", "exercises") for name in store.read(topic)]
    return {name.split("-")[0] for name in names} & set(all_lessons().values())


def _same_day(time: datetime, at: datetime) -> bool:
    """Tell whether two times fall on one day of the learner's calendar."""
    return time.astimezone().date() == at.astimezone().date()
