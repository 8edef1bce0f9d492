"""Build the course: sources in authoring/ become notebooks/, solutions/, exercises/ and the recall files in data/.

    python -m authoring.build [--check] [--all] [LESSON ...]

``build_course`` executes what changed since it was last built; ``find_drift`` proves, without executing or writing,
that what lies in the folders is what the sources say.

    sources.py      which source becomes which notebooks        markers.py      what is an answer, what a stub
    notebook.py     from lines to a notebook in memory          links.py        Binder, Colab, the repository
    outputs.py      what was executed before, and is kept       execution.py    the kernel, and where a cell failed
    recall_data.py  quizzes, flash cards, glossary              drift.py        built files against their sources
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from authoring import recall_data
from authoring.drift import find_drift
from authoring.errors import BuildError
from authoring.execution import OnCell, execute
from authoring.notebook import serialise
from authoring.outputs import keep_outputs
from authoring.pretrain.files import write_atomically
from authoring.sources import list_sources, make_drafts

__all__ = ["BuildError", "build_course", "find_drift"]


def build_course(
    root: Path, everything: bool = False, only: Sequence[str] | None = None, on_cell: OnCell | None = None
) -> list[str]:
    """Build what changed: execute lessons and solutions, strip exercises, copy the recall data.

    Parameters
    ----------
    root : Path
        The checkout.
    everything : bool
        Execute every notebook again, not only those whose source, library or data changed.
    only : sequence of str, optional
        Lessons to build, as ``"01"``, ``"1"`` or ``"01_vectors"``; without it, all.
    on_cell : callable, optional
        Called as ``on_cell(notebook, cells_done, cells_total)`` after each code cell.

    Returns
    -------
    list of str
        The files that were written, below the root; a file that would stay the same is not written.

    Raises
    ------
    BuildError
        A source cannot be built or a cell fails. Notebooks that were finished before stay, and so does the old one.
    """
    root = Path(root).resolve()
    drafts = [draft for source in list_sources(root, only) for draft in make_drafts(root, source)]
    written = [path for path, text in recall_data.drafts(root).items() if _write(root / path, text)]
    for draft in drafts:
        if draft.executed and (everything or not keep_outputs(root / draft.path, draft.notebook)):
            execute(root, draft, on_cell)
        if _write(root / draft.path, serialise(draft.notebook)):
            written.append(draft.path)
    return written


def _write(path: Path, text: str) -> bool:
    """Move ``text`` into place if the file differs; tell whether it did."""
    if path.is_file() and path.read_text(encoding="utf-8", errors="replace") == text:
        return False
    with write_atomically(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the builder from the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m authoring.build", description="Build the course from authoring/.")
    parser.add_argument("only", nargs="*", metavar="LESSON", help="01, or 01_vectors; without it, all")
    parser.add_argument("--all", action="store_true", dest="everything", help="execute what did not change, too")
    parser.add_argument("--check", action="store_true", help="only say what differs from the sources; write nothing")
    options = parser.parse_args(arguments)
    root = Path(__file__).resolve().parents[1]
    if options.check:
        problems = find_drift(root)
        print("\n".join(problems) or "Everything that is built is what the sources say.")
        return int(bool(problems))
    try:
        written = build_course(root, options.everything, options.only, on_cell=_show)
    except BuildError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    print("\n".join(f"written: {path}" for path in written) or "Nothing had changed.")
    return 0


def _show(notebook: str, done: int, total: int) -> None:
    """Show how far a notebook is, on one line."""
    print(f"\r{notebook}: cell {done} of {total}", end="\n" if done == total else "", flush=True)


if __name__ == "__main__":
    sys.exit(main())
