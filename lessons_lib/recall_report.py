"""What a learner is told of the cards: how many are known, what comes next, and when."""

from collections.abc import Collection
from datetime import datetime, timedelta

from lessons_lib.recall_queue import Queue
from lessons_lib.repetition import memories, now


def outlook(found: Queue) -> list[str]:
    """Return what comes next, a sentence each: what is left, when the next card is due, where new cards are.

    Examples
    --------
    >>> outlook(Queue([], [], [], [], 0, ["02", "03"]))
    ['Nothing is due.',
     'New cards come with the lessons that you begin (not begun: 2, 3), or now: python course.py recall 2']
    """
    left = len(found.asked)
    lines = ["Nothing is due."]
    if left:
        lines = [f"{left} {'card' if left == 1 else 'cards'} to go. Go on: python course.py recall"]
    if found.later:
        first = found.later[0]
        day = f"on {first.due.astimezone():%A}, {first.due.astimezone().day} {first.due.astimezone():%B}"
        lines.append(
            f"The next card comes back {day if first.interval.days else 'in ' + wait_text(first.due - now())}."
        )
    if found.held:
        lines.append(f"{found.held} new ones wait for another day (more today: --new, or new= in a notebook).")
    if found.unopened:
        numbers = ", ".join(str(int(lesson)) for lesson in found.unopened)
        command = f"python course.py recall {int(found.unopened[0])}"
        lines.append(f"New cards come with the lessons that you begin (not begun: {numbers}), or now: {command}")
    return lines


def overview(lessons: Collection[str] = (), at: datetime | None = None) -> list[dict[str, object]]:
    """Return a row for each lesson: how many cards it has, are new, are due, come later, and are likely known now.

    "known" is the sum of the chances that FSRS gives to each card met so far, rounded.
    """
    at = at or now()
    found = memories(lessons, at)
    rows = []
    for lesson in sorted({memory.card.lesson for memory in found}):
        cards = [memory for memory in found if memory.card.lesson == lesson]
        met = [memory for memory in cards if memory.due]
        due = sum(memory.due <= at for memory in met)
        rows.append({"lesson": lesson, "cards": len(cards), "new": len(cards) - len(met), "due": due,
                     "later": len(met) - due, "known": round(sum(memory.chance for memory in met))})  # fmt: skip
    return rows


def wait_text(wait: timedelta) -> str:
    """Return a time to wait in words.

    Examples
    --------
    >>> [wait_text(timedelta(**wait)) for wait in ({"minutes": 10}, {"hours": 5}, {"days": 1}, {"days": 46})]
    ['10 min', '5 hours', '1 day', '46 days']
    >>> wait_text(timedelta(days=365)), wait_text(timedelta(seconds=-3))
    ('12 months', '1 min')
    """
    minutes = max(1, round(wait.total_seconds() / 60))
    for size, name in ((30 * 24 * 60, "month"), (24 * 60, "day"), (60, "hour")):
        if minutes >= size * (2 if name == "month" else 1):
            count = round(minutes / size)
            return f"{count} {name}{'s' if count > 1 else ''}"
    return f"{minutes} min"
