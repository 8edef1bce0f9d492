"""``lessons glossary``: the course's terms, from ``data/glossary.json``."""

import json
from typing import Annotated

import typer

from lessons_lib.bundled import DamagedFileError, data_folder
from lessons_lib.commands.checkout import stop


def glossary(
    term: Annotated[str | None, typer.Argument(help="A term or a part of one; without it, all are listed.")] = None,
) -> None:
    """Explain a term of the course, or list them all."""
    try:
        path = data_folder() / "glossary.json"
    except DamagedFileError as error:
        stop(str(error))
    if not path.is_file():
        stop(f"{path} is missing. Make it: python course.py build")
    entries = json.loads(path.read_text(encoding="utf-8"))
    found = matches(entries, term or "")
    if not found:
        stop(f"The glossary has no term with {term!r}. All of them: lessons glossary")
    for entry in found:
        typer.echo(f"{typer.style(entry['term'], bold=True)} (lesson {int(entry['lesson'])}): {entry['meaning']}")


def matches(entries: list[dict], wanted: str) -> list[dict]:
    """Return the entry called ``wanted``, or else all entries whose term contains it; case does not count.

    Examples
    --------
    >>> entries = [{"term": "cosine"}, {"term": "Token"}, {"term": "token coverage"}]
    >>> [entry["term"] for entry in matches(entries, "token")]
    ['Token']
    >>> [entry["term"] for entry in matches(entries, "cov")]
    ['token coverage']
    """
    wanted = wanted.casefold()
    same = [entry for entry in entries if entry["term"].casefold() == wanted]
    return same or [entry for entry in entries if wanted in entry["term"].casefold()]
