"""When a card comes back: spaced repetition, and a learner's answers on disk.

``recall.json`` in the learner's folder (see ``store``) holds what happened and nothing else: of each card the time and
the grade of every review. When a card is due is computed from that, by FSRS, so that a later version of the algorithm
can go on with the same record. Cards that left the course stay on record and are not asked. Intervals of a day and more
are counted in days of the learner's calendar: what was known in the evening is due from the morning on.

References
----------
FSRS, the Free Spaced Repetition Scheduler: Ye, Su and Cao (2022), "A Stochastic Shortest Path Algorithm for Optimizing
Spaced Repetition Scheduling", KDD. The package ``fsrs`` is its reference implementation in Python.
"""

import warnings
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

from lessons_lib import store
from lessons_lib.cards import Card, all_cards

if TYPE_CHECKING:
    import fsrs

TOPIC = "recall"
GRADES = {1: "again", 2: "hard", 3: "good", 4: "easy"}
MEANINGS = {1: "not known", 2: "with effort", 3: "after some thought", 4: "at once"}
STEP = timedelta(minutes=10)  # after which a card that was not known comes back
LONGEST = 365  # days: the course is reviewed at least once a year


@dataclass(frozen=True)
class Memory:
    """What the answers so far say of a card.

    Parameters
    ----------
    card : Card
        The card.
    grades : tuple of int
        All grades, the latest last; empty for a new card.
    first, last, due : datetime or None
        First and latest review, and from when on the card is due, in UTC; None for a new card.
    interval : timedelta or None
        Between the latest review and the next: minutes, or whole days.
    chance : float
        How likely the card is known now, between 0 and 1, as FSRS estimates it; 0 for a new card.
    """

    card: Card
    grades: tuple[int, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    due: datetime | None = None
    interval: timedelta | None = None
    chance: float = 0.0


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def memories(lessons: Collection[str] = (), at: datetime | None = None) -> list[Memory]:
    """Return what is known of every card of some lessons (``"01"``), or of all; a card that was reworded is due.

    Parameters
    ----------
    lessons : collection of str
        Numbers of lessons, ``"01"``; none for all.
    at : datetime, optional
        The time for which to tell, in UTC; now without it.
    """
    at, record = at or now(), read_record()
    cards = (card for card in all_cards() if not lessons or card.lesson in lessons)
    return [_memory(card, record[card.name], at) if card.name in record else Memory(card) for card in cards]


def grade(card: Card, number: int, at: datetime | None = None) -> Memory:
    """Record how well a card was known, 1 to 4 as in ``GRADES``; return what is known of it now.

    Two programs that grade at the same time wait for each other, and both answers are kept.
    """
    if number not in GRADES:
        raise ValueError(f"A grade is 1, 2, 3 or 4 ({', '.join(GRADES.values())}), got {number!r}.")
    at = at or now()
    read_record()
    with store.changing(TOPIC) as record:
        entry = record.setdefault(card.name, {"version": card.version, "reviews": []})
        entry["version"] = card.version
        entry["reviews"].append([at.astimezone(UTC).isoformat(), number])
    return _memory(card, entry, at)


def intervals(memory: Memory, at: datetime | None = None) -> dict[int, timedelta]:
    """Return after which time the card would come back, for each grade.

    Examples
    --------
    >>> new = Memory(all_cards()[0])
    >>> intervals(new)[1]
    datetime.timedelta(seconds=600)
    """
    at = at or now()
    known = _replay(read_record().get(memory.card.name, {"reviews": []})["reviews"])
    after = {number: _review(known, number, at) for number in GRADES}
    return {number: known.due - known.last_review for number, known in after.items()}


def read_record() -> dict[str, dict]:
    """Return the record; entries that are damaged are taken out of it, after the whole file was copied aside."""
    record = store.read(TOPIC)
    if all(map(_is_whole, record.values())):
        return record
    with store.changing(TOPIC) as record:
        if damaged := [name for name, entry in record.items() if not _is_whole(entry)]:
            kept = store.keep_aside(TOPIC)
            for name in damaged:
                del record[name]
            warnings.warn(
                f"What was recorded of {', '.join(damaged)} could not be read; these cards count as new. "
                f"The file as it was is kept as {kept}.",
                stacklevel=2,
            )
    return record


def _is_whole(entry: object) -> bool:
    """Tell whether an entry of the record is as ``grade`` writes it.

    Examples
    --------
    >>> _is_whole({"version": "0123abcd", "reviews": [["2026-01-01T10:00:00+00:00", 3]]})
    True
    >>> _is_whole({"version": "0123abcd", "reviews": [["yesterday", 3]]})
    False
    """
    try:
        zones = [datetime.fromisoformat(text).tzinfo for text, number in entry["reviews"] if number in GRADES]
        return None not in zones and len(zones) == len(entry["reviews"]) > 0 and isinstance(entry["version"], str)
    except (TypeError, KeyError, ValueError):
        return False


def _memory(card: Card, entry: dict, at: datetime) -> Memory:
    """Compute what an entry of the record says of its card."""
    known = _replay(entry["reviews"])
    times = [datetime.fromisoformat(text).astimezone(UTC) for text, _ in entry["reviews"]]
    interval = known.due - known.last_review
    due = times[-1] + interval
    if interval.days:  # from the beginning of that day
        due = datetime.combine(times[-1].astimezone().date() + interval, time.min).astimezone(UTC)
    due = due if entry["version"] == card.version else min(due, at)
    chance = _scheduler().get_card_retrievability(known, _calendar_day(at))
    return Memory(card, tuple(number for _, number in entry["reviews"]), times[0], times[-1], due, interval, chance)


def _replay(reviews: Iterable[tuple[str, int]]) -> "fsrs.Card":
    """Return FSRS's state of a card after some reviews."""
    import fsrs

    known = fsrs.Card(card_id=0, due=datetime.min.replace(tzinfo=UTC))
    for text, number in reviews:
        known = _review(known, number, datetime.fromisoformat(text))
    return known


def _review(known: "fsrs.Card", number: int, at: datetime) -> "fsrs.Card":
    """Return FSRS's state of a card after one more review."""
    import fsrs

    return _scheduler().review_card(known, fsrs.Rating(number), _calendar_day(at))[0]


def _calendar_day(at: datetime) -> datetime:
    """Return the day of the learner's calendar as FSRS counts days: a time in UTC, the same on every day.

    Examples
    --------
    >>> _calendar_day(datetime(2026, 3, 1, 12)) - _calendar_day(datetime(2026, 2, 28, 23, 59))
    datetime.timedelta(days=1)
    """
    return datetime.combine(at.astimezone().date(), time.min, tzinfo=UTC)


@cache
def _scheduler() -> "fsrs.Scheduler":
    """Return FSRS with its published parameters, without chance, so that the same answers give the same days."""
    import fsrs

    return fsrs.Scheduler(
        learning_steps=[STEP], relearning_steps=[STEP], maximum_interval=LONGEST, enable_fuzzing=False
    )
