"""Predict, then measure: a question before a result, the answer on record, and the two side by side afterwards.

The record is ``predictions.json`` in the learner's folder (see ``store``); ``lessons progress`` shows it.
Leaving every question unanswered is fine: nothing here stops a Run All.
"""

from datetime import UTC, datetime
from html import escape

from lessons_lib import session, store
from lessons_lib.rendering import box, present

TOPIC = "predictions"


def predict(name: str, question: str, options: list[str]) -> None:
    """Ask a question; the answer is recorded under ``name`` until ``reveal`` compares it with the measurement.

    Where widgets work there is a button for each option (Tab and Enter do, too); elsewhere the question is printed,
    and ``answer(name, 2)`` in a cell of your own gives the second option.

    Parameters
    ----------
    name : str
        ``"01-norm"``: lesson, dash, a word. One name, one question.
    question : str
        Plain text that ends with a question mark.
    options : list of str
        Two to five short answers.

    Examples
    --------
    >>> predict("00-sum", "How much is 2 + 2?", ["3", "4"])
    Predict: How much is 2 + 2?
    ...
    """
    if not 2 <= len(options) <= 5:
        raise ValueError(f"predict({name!r}) takes 2 to 5 options, got {len(options)}.")
    record = store.read(TOPIC)
    entry = record.get(name, {})
    if (entry.get("question"), entry.get("options")) != (question, options):  # new, or reworded since the answer
        record[name] = {"question": question, "options": options, "answer": None, "answered_at": None,
                        "measured": None, "right": None}  # fmt: skip
        store.write(TOPIC, record)
    if session.interactive():
        _buttons(name)
    else:
        _print_question(name, question, options)


def answer(name: str, number: int) -> None:
    """Record the answer to a question by the number of the option, 1 for the first.

    Examples
    --------
    >>> answer("00-never-asked", 1)
    Traceback (most recent call last):
    KeyError: "There is no question '00-never-asked' yet: run the cell with predict('00-never-asked', ...) first."
    """
    record = store.read(TOPIC)
    if name not in record:
        raise KeyError(f"There is no question {name!r} yet: run the cell with predict({name!r}, ...) first.")
    options = record[name]["options"]
    if not 1 <= number <= len(options):
        raise ValueError(f"Question {name!r} has the answers 1 to {len(options)}, got {number}.")
    record[name] |= {"answer": number - 1, "answered_at": datetime.now(UTC).isoformat(timespec="seconds")}
    store.write(TOPIC, record)


def reveal(name: str, measured: str, right: int | None = None) -> None:
    """Show the recorded answer beside what was measured.

    Parameters
    ----------
    name : str
        The name given to ``predict``.
    measured : str
        The result in words, made from the measurement.
    right : int, optional
        Number of the option that the measurement supports, 1 for the first; computed, not typed.
        None where no option can be called right.
    """
    record = store.read(TOPIC)
    if name not in record:
        raise KeyError(f"There is no question {name!r} yet: run the cell with predict({name!r}, ...) first.")
    entry = record[name]
    if right is not None and not 1 <= right <= len(entry["options"]):
        raise ValueError(f"Question {name!r} has the options 1 to {len(entry['options'])}, got right={right}.")
    entry |= {"measured": measured, "right": None if right is None else right - 1}
    store.write(TOPIC, record)
    kind, verdict = _verdict(entry)
    present(f"Measured: {measured}\n{verdict}", box(kind, f"<b>Measured:</b> {escape(measured)}", escape(verdict)))


def _verdict(entry: dict) -> tuple[str, str]:
    """Return the kind of box and the sentence that compares answer and measurement."""
    given, right, options = entry["answer"], entry["right"], entry["options"]
    if given is None:
        return "neutral", "You made no prediction here." + (
            f" The answer: {options[right]}." if right is not None else ""
        )
    if right is None:
        return "neutral", f"You predicted: {options[given]}."
    if given == right:
        return "right", f"You predicted: {options[given]}. That is what came out."
    return "wrong", f"You predicted: {options[given]}. What came out: {options[right]}."


def _print_question(name: str, question: str, options: list[str]) -> None:
    numbered = [f"{number}. {option}" for number, option in enumerate(options, 1)]
    how = f'To record your answer without buttons, run: answer("{name}", 1)'
    items = "".join(f"<li>{escape(option)}</li>" for option in options)
    html = box("question", f"<b>Predict.</b> {escape(question)}") + f'<ol style="margin: 0 0 0.4em 1em">{items}</ol>'
    present("\n".join([f"Predict: {question}", *numbered, how]), html + f"<small>{escape(how)}</small>")


def _buttons(name: str) -> None:
    """Show the question with a button for each option, and a line that says what is recorded."""
    from IPython.display import display
    from ipywidgets import HTML, Button, Layout, VBox

    entry = store.read(TOPIC)[name]
    wide = Layout(width="auto", max_width="40em")
    buttons = [Button(tooltip=f"Answer {number}", layout=wide) for number, _ in enumerate(entry["options"], 1)]
    status = HTML()

    def refresh(given: int | None) -> None:
        for number, (button, option) in enumerate(zip(buttons, entry["options"], strict=True)):
            button.description = f"✓ {option}" if number == given else option
            button.button_style = "info" if number == given else ""
        said = "Choose one; you can change it until you run on." if given is None else "Recorded. Now run on and see."
        status.value = f'<small role="status" aria-live="polite">{said}</small>'

    for number, button in enumerate(buttons):
        button.on_click(lambda _, number=number: (answer(name, number + 1), refresh(number)))
    refresh(entry["answer"])
    heading = HTML(box("question", f"<b>Predict.</b> {escape(entry['question'])}"))
    display(VBox([heading, *buttons, status]))
