"""Quizzes, flash cards and the glossary: TOML that people write becomes JSON in data/ that lessons and site read.

    authoring/recall/01_vectors.toml  ->  data/recall/01_vectors.json   {"quiz": [...], "cards": [...]}
    authoring/glossary.toml           ->  data/glossary.json            [{"term", "meaning", "lesson"}, ...]

The schemas below say what an entry holds; each description is what an error message says was expected.
"""

import json
import textwrap
import tomllib
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from authoring.errors import BuildError

Schema = dict[str, Any]


def _table(name: str, **columns: Schema) -> Schema:
    """Describe a table that has these keys and no others."""
    what = f"{name} with the keys {', '.join(columns)} and no others"
    keys = {"properties": columns, "required": list(columns), "additionalProperties": False}
    return {"description": what, "type": "object"} | keys


def _tables(description: str, item: Schema, **limits: Any) -> Schema:
    """Describe a list of such tables."""
    return {"description": description, "type": "array", "items": item, "minItems": 1} | limits


TEXT = {
    "description": "text that is not empty, with no blank at either end",
    "type": "string",
    "pattern": r"\A\S((.|\n)*\S)?\Z",
}
QUIZ_ID = {"description": "an id such as '01-q1'", "type": "string", "pattern": r"\A\d\d-q[1-9]\d*\Z"}
LESSON = {"description": "the number of a lesson such as '01'", "type": "string", "pattern": r"\A\d\d\Z"}
RIGHT = {"description": "true or false", "type": "boolean"}
ONE_RIGHT = {
    "maxItems": 5,
    "minItems": 2,
    "contains": {"type": "object", "properties": {"right": {"const": True}}, "required": ["right"]},
    "maxContains": 1,
}
OPTIONS = _tables(
    "2 to 5 options, exactly one of them right", _table("an option", text=TEXT, right=RIGHT, why=TEXT), **ONE_RIGHT
)
RECALL = _table(
    "a file",
    quiz=_tables("[[quiz]] entries", _table("a question", id=QUIZ_ID, question=TEXT, options=OPTIONS)),
    cards=_tables("[[cards]] entries", _table("a card", front=TEXT, back=TEXT)),
)
GLOSSARY = _table("a file", term=_tables("[[term]] entries", _table("a term", term=TEXT, meaning=TEXT, lesson=LESSON)))


def drafts(root: Path) -> dict[str, str]:
    """Return what data/ must hold: path below the root -> text of the JSON file.

    Raises
    ------
    BuildError
        A file is no TOML, or an entry breaks the rules: the message names file and entry, and what was expected.
    """
    wanted = {}
    for path in sorted((root / "authoring" / "recall").glob("*.toml")):
        content = _read(root, path, RECALL)
        _check_quiz_ids(path.relative_to(root).as_posix(), path.stem[:2], [quiz["id"] for quiz in content["quiz"]])
        wanted[f"data/recall/{path.stem}.json"] = _serialise(content)
    if (glossary := root / "authoring" / "glossary.toml").is_file():
        terms = _read(root, glossary, GLOSSARY)["term"]
        _check_terms(glossary.relative_to(root).as_posix(), [entry["term"] for entry in terms])
        wanted["data/glossary.json"] = _serialise(terms)
    return wanted


def built(root: Path) -> list[str]:
    """List the recall files that data/ holds, below the root."""
    paths = [*(root / "data" / "recall").glob("*.json"), *(root / "data").glob("glossary.json")]
    return sorted(path.relative_to(root).as_posix() for path in paths)


def _serialise(content: Any) -> str:
    """Return JSON that a person can read and compare, the same for the same content."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _read(root: Path, path: Path, schema: Schema) -> dict[str, Any]:
    """Read a TOML file and hold it against its schema."""
    name = path.relative_to(root).as_posix()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BuildError(f"{name} is no TOML file: {error}. Repair that place.") from error
    if errors := list(Draft202012Validator(schema).iter_errors(content)):
        error = max(errors, key=lambda each: len(each.absolute_path))  # the deepest is the most precise
        raise BuildError(f"{name}, {_place(content, error)}: {_found(error)}; expected {error.schema['description']}.")
    return content


def _place(content: dict[str, Any], error: ValidationError) -> str:
    """Name the entry, counted from 1, by its id or term if it has one: ``quiz 2 (01-q2), options 1, why``."""
    path = list(error.absolute_path)
    steps = " ".join(f"{step + 1}," if isinstance(step, int) else step for step in path).rstrip(",")
    entry = content[path[0]][path[1]] if len(path) > 1 else {}
    label = (entry.get("id") or entry.get("term") or entry.get("front")) if isinstance(entry, dict) else None
    return f"{steps or 'top level'} ({label})" if label else steps or "top level"


def _found(error: ValidationError) -> str:
    """Say what was found, short enough for one line."""
    says_more = error.validator in ("required", "additionalProperties")
    return textwrap.shorten(error.message if says_more else f"found {error.instance!r}", 120, placeholder=" ...")


def _check_quiz_ids(name: str, lesson: str, ids: Iterable[str]) -> None:
    """Raise an error unless ids are unique and begin with the number of their lesson."""
    seen: set[str] = set()
    for number, quiz_id in enumerate(ids, 1):
        if quiz_id in seen or not quiz_id.startswith(f"{lesson}-"):
            raise BuildError(
                f"{name}, quiz {number}: found the id {quiz_id!r}; expected one that begins with '{lesson}-' "
                "and that no other question of the file has."
            )
        seen.add(quiz_id)


def _check_terms(name: str, terms: list[str]) -> None:
    """Raise an error unless terms are unique and in alphabetical order, capitals ignored."""
    for number, (before, term) in enumerate(pairwise(terms), 2):
        if before.casefold() >= term.casefold():
            raise BuildError(
                f"{name}, term {number}: found {term!r} after {before!r}; expected every term once, "
                "in alphabetical order: move it or delete it."
            )
