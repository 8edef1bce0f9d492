"""What a learner leaves behind (predictions, tries, cards), one JSON file a topic, never lost to a crash.

The files live in the user's data folder, or in the folder that ``LESSONS_HOME`` names (tests, workshops).
"""

import contextlib
import itertools
import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lessons_lib.locks import one_writer


def home() -> Path:
    """Return the folder of the learner's files; it need not exist yet."""
    if chosen := os.environ.get("LESSONS_HOME"):
        return Path(chosen)
    from platformdirs import user_data_path

    return user_data_path("embeddings-course", appauthor=False)


def read(topic: str) -> dict[str, Any]:
    """Return what is stored under ``topic``, an empty dict if nothing is.

    A file that cannot be read is kept beside the new one (``.damaged``) and a warning says where.
    """
    path = home() / f"{topic}.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        content = error
    if isinstance(content, dict):
        return content
    kept = _free_name(path)
    os.replace(path, kept)
    warnings.warn(f"{path} could not be read ({content}); it is kept as {kept} and a new one begins.", stacklevel=2)
    return {}


def keep_aside(topic: str) -> Path:
    """Copy the file of ``topic`` to a name of its own beside it, and return the copy."""
    path = home() / f"{topic}.json"
    return Path(shutil.copy2(path, _free_name(path)))


def _free_name(path: Path) -> Path:
    """Return the first of ``.damaged``, ``.damaged-2``, ``.damaged-3`` ... that is not taken."""
    names = itertools.chain([".damaged"], (f".damaged-{number}" for number in itertools.count(2)))
    return next(kept for kept in map(path.with_suffix, names) if not kept.exists())


@contextlib.contextmanager
def changing(topic: str) -> Iterator[dict[str, Any]]:
    """Yield what is stored under ``topic``, and store it when the block ends; other programs wait for their turn.

    Two programs that change a topic in this way at the same time lose nothing. If the block raises an error,
    nothing is stored.
    """
    with one_writer(home() / f".{topic}.lock"):
        content = read(topic)
        yield content
        write(topic, content)


def write(topic: str, content: dict[str, Any]) -> Path:
    """Store ``content`` under ``topic``: written to the side, then moved into place. Return the file."""
    path = home() / f"{topic}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{topic}.", suffix=".part", dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path
