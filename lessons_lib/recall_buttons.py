"""The buttons of ``recall``: a card, its answer, and four grades, in a notebook where widgets work."""

import time
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from lessons_lib.cards import Option
from lessons_lib.recall_queue import Queue
from lessons_lib.recall_report import outlook, wait_text
from lessons_lib.rendering import box
from lessons_lib.repetition import GRADES, MEANINGS, Memory, grade, intervals

if TYPE_CHECKING:
    from ipywidgets import VBox

MOST = 5  # buttons: options of a question, or grades
LONG = "lessons-long"  # the class of buttons whose text runs over several lines where one is too short
STYLE = f"<style>.{LONG} {{white-space: normal; line-height: 1.4; padding: 0.3em 0.8em; text-align: left}}</style>"
DOUBLE_CLICK = 0.4  # seconds: a second click within them was meant for the button that has just gone


def show_buttons(look: Callable[[], Queue]) -> "VBox":
    """Display the next card with its buttons and return the widget that holds them.

    Parameters
    ----------
    look : callable
        Returns what there is to ask now; called before every card.
    """
    from IPython.display import display

    panel = Panel(look)
    panel.ask()
    display(panel.widget)
    return panel.widget


class Panel:
    """One card at a time: the text, a line of status, and buttons that stay the same objects, so that focus stays.

    Parameters
    ----------
    look : callable
        Returns what there is to ask now.
    """

    def __init__(self, look: Callable[[], Queue]) -> None:
        from ipywidgets import HTML, Button, Layout, VBox

        self.look = look
        self.said = ""
        self.text, self.status = HTML(), HTML()
        wide = {"width": "auto", "max_width": "40em", "height": "auto", "min_height": "2.2em"}
        self.buttons = [Button(layout=Layout(**wide)) for _ in range(MOST)]
        for number, button in enumerate(self.buttons):
            button.add_class(LONG)
            button.on_click(lambda _, number=number: self.press(number))
        self.chosen: Callable[[int], object] = lambda number: None
        self.shown_at = 0.0
        self.widget = VBox([self.text, *self.buttons, self.status])

    def press(self, number: int) -> None:
        """Take a click on a button, unless it is the second half of a double click."""
        if time.monotonic() - self.shown_at >= DOUBLE_CLICK:
            self.chosen(number)

    def ask(self) -> None:
        """Show the next card, or say when there will be one."""
        found = self.look()
        if not found.asked:
            self.show([box("neutral", *map(escape, outlook(found)))], [], lambda number: None)
            return
        memory = found.asked[0]
        card = memory.card
        place = f"Lesson {int(card.lesson)}{'' if memory.due else ', new'}; {len(found.asked)} to go"
        question = box("question", f"<small>{place}</small>", f"<b>{escape(card.front)}</b>")
        if card.options:
            texts = [option.text for option in card.options]
            self.show([question], texts, lambda number: self.explain(memory, question, card.options[number]))
        else:
            answer = box("neutral", escape(card.back))
            self.show([question], ["Show the answer"], lambda number: self.offer(memory, [question, answer]))

    def explain(self, memory: Memory, question: str, option: Option) -> None:
        """Explain the option that was chosen; a wrong one is recorded as not known."""
        shown = [question, _explained(option)]
        if option.right:
            self.offer(memory, shown)
            return
        shown += [_explained(other) for other in memory.card.options if other.right]
        self.record(memory, 1)
        self.show(shown, ["Next"], lambda number: self.ask())

    def offer(self, memory: Memory, shown: list[str]) -> None:
        """Show an answer and ask how well it was known."""
        waits = intervals(memory)
        names = [f"{name}: {MEANINGS[number]} (in {wait_text(waits[number])})" for number, name in GRADES.items()]
        self.said = "How well did you know it?"
        self.show(shown, names, lambda number: (self.record(memory, number + 1), self.ask()))

    def record(self, memory: Memory, number: int) -> None:
        """Record a grade and say when the card comes back."""
        wait = wait_text(grade(memory.card, number).interval)
        self.said = f"Recorded as {GRADES[number]}: comes back in {wait}."

    def show(self, shown: list[str], names: list[str], chosen: Callable[[int], object]) -> None:
        """Show boxes and as many buttons as there are names; ``chosen`` is called with the place of the one pressed."""
        self.text.value = STYLE + "".join(shown)
        self.chosen, self.shown_at = chosen, time.monotonic()
        for number, button in enumerate(self.buttons):
            button.description = names[number] if number < len(names) else ""
            button.layout.display = "" if number < len(names) else "none"
        self.status.value = f'<small role="status" aria-live="polite">{escape(self.said)}</small>'


def _explained(option: Option) -> str:
    """Return the box that explains an option."""
    kind, verdict = ("right", "Right.") if option.right else ("wrong", "Not this one.")
    return box(kind, f"<b>{verdict}</b> {escape(option.text)}", escape(option.why))
