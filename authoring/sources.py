"""Which sources there are, and which notebooks each one becomes.

    authoring/lessons/01_vectors.py    ->  notebooks/01_vectors.ipynb
    authoring/exercises/01_vectors.py  ->  solutions/01_vectors.ipynb, exercises/01_vectors.ipynb
    authoring/pages/recall.py          ->  notebooks/recall.ipynb      of the whole course, with no number

Outputs belong to a fingerprint, which every executed notebook carries: of its source, its quiz and cards, the library
and the data.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from authoring.errors import BuildError
from authoring.links import read_repository
from authoring.markers import Line, read_lines
from authoring.notebook import make_notebook

EDITIONS = {
    "lessons": ("notebooks",),
    "exercises": ("solutions", "exercises"),  # a solution must pass before its task
    "pages": ("notebooks",),
}


@dataclass(frozen=True)
class Draft:
    """A notebook as its source wants it, without outputs, and where it belongs."""

    source: str  # path of the source below the root
    lines: list[Line]
    path: str  # path of the notebook below the root
    notebook: NotebookNode

    @property
    def executed(self) -> bool:
        """Whether the notebook is kept with outputs."""
        return not self.path.startswith("exercises/")


def list_sources(root: Path, only: Sequence[str] | None = None) -> list[Path]:
    """List the sources of lessons, exercises and pages, all or those named.

    Parameters
    ----------
    root : Path
        The checkout.
    only : sequence of str, optional
        Lessons, as ``"01"``, ``"1"`` or ``"01_vectors"``.

    Raises
    ------
    BuildError
        No source has one of these names.
    """
    paths = [path for folder in EDITIONS for path in sorted((root / "authoring" / folder).glob("[!_]*.py"))]
    if not only:
        return paths
    wanted = {name: [p for p in paths if name == p.stem or name.zfill(2) == p.stem.split("_")[0]] for name in only}
    if unknown := [name for name, found in wanted.items() if not found]:
        raise BuildError(f"No lesson is called {', '.join(unknown)}. There are: {', '.join(p.stem for p in paths)}.")
    return [path for path in paths if any(path in found for found in wanted.values())]


def editions(source: Path) -> list[str]:
    """Return the paths, below the root, of the notebooks that a source becomes.

    Examples
    --------
    >>> editions(Path("authoring/exercises/01_vectors.py"))
    ['solutions/01_vectors.ipynb', 'exercises/01_vectors.ipynb']
    """
    return [f"{folder}/{source.stem}.ipynb" for folder in EDITIONS[source.parent.name]]


def make_drafts(root: Path, source: Path) -> list[Draft]:
    """Make every edition of one source.

    Parameters
    ----------
    root, source : Path
        The checkout, and a source in it.

    Raises
    ------
    BuildError
        The source is not UTF-8, its markers or its title are not as they should be, or it lies in the wrong folder.
    """
    name = source.relative_to(root).as_posix()
    text = _read_text(source, name)
    lines, repository, fingerprint = read_lines(text, name), read_repository(root), _fingerprint(root, source, text)
    answers = any(line.kind == "solution" for line in lines)
    if answers != (source.parent.name == "exercises"):
        found, remedy = ("a", "move the task there") if answers else ("no", "write one, or move the file to lessons/")
        raise BuildError(f"{name} holds {found} solution block; sources in authoring/exercises hold them: {remedy}.")
    drafts = [Draft(name, lines, path, make_notebook(lines, name, path, repository)) for path in editions(source)]
    for draft in drafts:
        if draft.executed:
            draft.notebook.metadata.lessons.fingerprint = fingerprint
    return drafts


def _read_text(source: Path, name: str) -> str:
    """Read a source, which is UTF-8."""
    try:
        return source.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        found = f"the byte 0x{error.object[error.start]:02x}"
        raise BuildError(f"{name}, line {line}: found {found}, expected UTF-8. Save the file as UTF-8.") from error


def _fingerprint(root: Path, source: Path, text: str) -> str:
    """Return the SHA-256 of all that outputs come from: text, recall, library (not its commands), data registry."""
    library = (root / "lessons_lib").rglob("*.py")
    paths = [path for path in library if (root / "lessons_lib" / "commands") not in path.parents]
    shown = {"lessons": f"{source.stem}.toml", "pages": "*.toml"}  # a lesson shows its cards, a page those of all
    recall = (root / "authoring" / "recall").glob(shown.get(source.parent.name, "-"))
    total = hashlib.sha256(text.encode())
    for path in [*sorted([*paths, *recall], key=Path.as_posix), root / "data" / "registry.json"]:
        if path.is_file():
            total.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
            total.update(path.read_bytes().replace(b"\r\n", b"\n"))  # the same checkout on Windows
    return total.hexdigest()
