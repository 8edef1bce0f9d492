"""Quiz and flash cards of a lesson: fold-out lines of plain HTML, which work live, on a page and read aloud.

The text comes from ``data/recall/``, which the builder makes from ``authoring/recall/``.
"""

import json
from html import escape

from lessons_lib.bundled import data_folder
from lessons_lib.rendering import box, fold, present


def recall_data(lesson: str) -> dict:
    """Return the quiz and the cards of a lesson: {"quiz": [...], "cards": [...]}.

    Raises
    ------
    KeyError
        There is no such lesson.
    """
    folder = data_folder() / "recall"
    found = sorted(folder.glob(f"{lesson}_*.json"))
    if len(found) != 1:
        raise KeyError(
            f"No quiz for lesson {lesson!r} in {folder}: there are {[p.stem for p in folder.glob('*.json')]}."
        )
    return json.loads(found[0].read_text(encoding="utf-8"))


def quiz(lesson: str) -> None:
    """Show the quiz of a lesson; every option opens on its explanation, the right ones and the wrong ones."""
    html, lines = [], []
    for number, item in enumerate(recall_data(lesson)["quiz"], 1):
        html.append(box("question", f"<b>{number}.</b> {escape(item['question'])}"))
        lines.append(f"{number}. {item['question']}")
        for option in item["options"]:
            verdict = "Right. " if option["right"] else "Not this one. "
            html.append(fold(option["text"], verdict + option["why"]))
            lines.append(f"   - {option['text']}")
    present("\n".join(lines), "".join(html))


def flash_cards(lesson: str) -> None:
    """Show the flash cards of a lesson: the front is seen, the back opens."""
    cards = recall_data(lesson)["cards"]
    html = "".join(fold(card["front"], card["back"]) for card in cards)
    present("\n".join(f"{card['front']}\n    {card['back']}" for card in cards), html)
