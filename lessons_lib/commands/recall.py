"""``lessons recall``: flash cards and quiz of all lessons in the terminal; what is known well comes back later."""

import sys
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from lessons_lib import store
from lessons_lib.cards import Card, find_lessons
from lessons_lib.commands.checkout import stop
from lessons_lib.recall_queue import NEW_A_DAY, Queue, queue
from lessons_lib.recall_report import outlook, overview, wait_text
from lessons_lib.repetition import GRADES, MEANINGS, Memory, grade, intervals, now

if TYPE_CHECKING:
    from rich.console import Console

WIDEST = 100  # characters: longer lines are hard to read
STOP_KEYS = ("q", "Q", "\x1b")  # or Escape; Ctrl-C and Ctrl-D are errors that the terminal raises


class Stopped(Exception):  # noqa: N818 (nothing went wrong)
    """The learner wants to stop."""


def recall(
    lessons: Annotated[list[str] | None, typer.Argument(help="Lessons (3) to ask about; without them, all.")] = None,
    new: Annotated[int, typer.Option(min=0, help="How many cards you meet for the first time on one day.")] = NEW_A_DAY,
    everything: Annotated[bool, typer.Option("--all", help="Every card once, due or not.")] = False,
    stats: Annotated[bool, typer.Option("--stats", help="Only show how many cards are new, due and known.")] = False,
) -> None:
    """Ask the flash cards and quiz questions that are due; q or Ctrl-C stops and keeps everything."""
    from rich.console import Console

    try:
        chosen = find_lessons(lessons or [])
    except KeyError as error:
        stop(error.args[0], code=2)
    console = Console(width=min(WIDEST, Console().width), highlight=False)
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: typer.echo(f"Note: {message}", err=True)
        if stats:
            print_overview(console, chosen)
        elif not (sys.stdin.isatty() and console.is_terminal):
            print_waiting(console, queue(chosen, new))
        else:
            since = now() if everything else None
            session(console, lambda: queue(chosen, new, since), typer.getchar)


def session(console: "Console", look: Callable[[], Queue], key: Callable[[], str]) -> int:
    """Ask until nothing is due or the learner stops; return how many cards were answered.

    Parameters
    ----------
    console : Console
        Where cards are shown.
    look : callable
        Returns what there is to ask now; called after every answer.
    key : callable
        Waits for a key and returns it.
    """
    answered = 0
    if (first := look()).asked:
        console.print(f"{first.counts()}. Every answer is kept at once; q stops.")
        console.print(
            ", ".join(f"{number} {GRADES[number]}: {meant}" for number, meant in MEANINGS.items()), style="dim"
        )
    try:
        while asked := look().asked:
            console.print()
            label = "" if asked[0].due else "new · "
            console.rule(f"lesson {int(asked[0].card.lesson)} · {label}{len(asked)} to go", style="dim")
            ask(console, asked[0], key)
            answered += 1
    except (Stopped, KeyboardInterrupt, EOFError):
        console.print("\nStopped.")
    print_ending(console, answered, look())
    return answered


def ask(console: "Console", memory: Memory, key: Callable[[], str]) -> None:
    """Show a card, then its answer, and record how well it was known."""
    card = memory.card
    console.print(f"\n[bold]{escaped(card.front)}[/]\n")
    known = ask_question(console, card, key) if card.options else ask_card(console, card, key)
    if known:
        waits = intervals(memory)
        offers = "   ".join(f"{number} {name} ({wait_text(waits[number])})" for number, name in GRADES.items())
        console.print(f"\nHow well did you know it?\n{offers}", style="dim")
        number = int(wait_for(key, "1234"))
    else:
        number = 1
    console.print(f"{GRADES[number]}: comes back in {wait_text(grade(card, number).interval)}", style="dim")


def ask_card(console: "Console", card: Card, key: Callable[[], str]) -> bool:
    """Wait for a key, then show the back of a flash card."""
    console.print("Say the answer to yourself, then press Space.", style="dim")
    wait_for(key, " \r\n")
    console.print(f"\n{escaped(card.back)}")
    return True


def ask_question(console: "Console", card: Card, key: Callable[[], str]) -> bool:
    """Ask a question of a quiz, explain the option that was chosen, and tell whether it was right."""
    for number, option in enumerate(card.options, 1):
        console.print(f"  {number}  {escaped(option.text)}")
    console.print(f"\nPress 1 to {len(card.options)}.", style="dim")
    chosen = card.options[int(wait_for(key, "".join(str(n) for n in range(1, len(card.options) + 1)))) - 1]
    verdict = "[green]Right.[/]" if chosen.right else "[red]Not this one.[/]"
    console.print(f"\n> {escaped(chosen.text)}\n{verdict} {escaped(chosen.why)}")
    if not chosen.right:
        right = next(option for option in card.options if option.right)
        console.print(f"\nRight is: {escaped(right.text)}\n{escaped(right.why)}")
    return chosen.right


def wait_for(key: Callable[[], str], keys: str) -> str:
    """Wait until one of ``keys`` is pressed and return it; raise Stopped if the learner stops."""
    while (pressed := key()) not in STOP_KEYS:
        if pressed and pressed in keys:
            return pressed
    raise Stopped


def print_ending(console: "Console", answered: int, waiting: Queue) -> None:
    """Say how much was done and when to come back."""
    console.print(f"\n{answered} {'answer' if answered == 1 else 'answers'} recorded.")
    for line in outlook(waiting):
        console.print(line, soft_wrap=True)


def print_waiting(console: "Console", waiting: Queue) -> None:
    """Say what there is to ask, where no keys can be pressed."""
    console.print(f"{waiting.counts()}. In a terminal they are asked one by one.")
    for line in outlook(waiting):
        console.print(line, soft_wrap=True)


def print_overview(console: "Console", lessons: list[str]) -> None:
    """Print a line a lesson, the sum, and where the record lies."""
    from rich.table import Table

    rows = overview(lessons)
    table = Table(show_footer=True)
    table.add_column("lesson", "all")
    for name in ("cards", "new", "due", "later", "known"):
        table.add_column(name, str(sum(row[name] for row in rows)), justify="right")
    for row in rows:
        table.add_row(str(int(row["lesson"])), *(str(row[name]) for name in list(row)[1:]))
    console.print(table)
    console.print("known: how many you would know now, as the schedule expects.")
    console.print(f"Stored in {store.home()}", soft_wrap=True)


def escaped(text: str) -> str:
    """Return text in which square brackets mean themselves."""
    from rich.markup import escape

    return escape(text)
