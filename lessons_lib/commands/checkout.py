"""Find the checkout that the library runs from, and say plainly when there is none."""

from importlib.metadata import metadata
from pathlib import Path
from typing import NoReturn

import typer


def stop(message: str, code: int = 1) -> NoReturn:
    """Print ``message`` to standard error and end the command with exit code ``code``."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


def repository() -> str:
    """Return the address of the course, as pyproject.toml states it.

    Examples
    --------
    >>> repository().startswith("https://")
    True
    """
    addresses = dict(line.split(", ", 1) for line in metadata("lessons-lib").get_all("Project-URL") or [])
    return addresses["Repository"]


def find_checkout() -> Path | None:
    """Return the root of the checkout, or None if the library was installed from a wheel."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "course.py").is_file() and (root / "pyproject.toml").is_file() else None


def checkout(verb: str, needs: str) -> Path:
    """Return the root of the checkout; without one, end the command and say what ``verb`` ``needs`` from it."""
    root = find_checkout()
    if root is None:
        stop(
            f"`lessons {verb}` needs {needs} of the course's repository, and only the library is installed here.\n"
            f"Get the whole course: git clone {repository()}\nThen, in its folder: python course.py {verb}"
        )
    return root
