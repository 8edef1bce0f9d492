"""Compare what was built with what the sources say, without executing and without writing."""

import copy
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from nbformat import NotebookNode

from authoring import recall_data
from authoring.errors import REMEDY, BuildError
from authoring.markers import TOLD_APART
from authoring.outputs import code_cells, course_code, ran_in_order, read_notebook
from authoring.sources import EDITIONS, Draft, editions, list_sources, make_drafts

_SURVIVOR = re.compile(r"(BEGIN|END)[ _-]SOLUTION|### ?STUB")


def find_drift(root: Path) -> list[str]:
    """Tell what in the built folders is not what the sources say.

    Parameters
    ----------
    root : Path
        The checkout.

    Returns
    -------
    list of str
        One sentence a problem, with the file and what to do; empty if all is as the sources say.
    """
    root = Path(root).resolve()
    problems, expected = [], set()
    for source in list_sources(root):
        expected.update(editions(source))
        try:
            for draft in make_drafts(root, source):
                problems += _compare(root, draft)
        except BuildError as error:
            problems.append(str(error))
    present = [path for folders in EDITIONS.values() for folder in folders for path in (root / folder).rglob("*.ipynb")]
    names = [path.relative_to(root).as_posix() for path in present if ".ipynb_checkpoints" not in path.parts]
    problems += [f"{name} has no source in authoring/: delete it." for name in sorted({*names} - expected)]
    return list(dict.fromkeys([*problems, *_compare_recall(root)]))  # what is wrong with all is told once


def _compare(root: Path, draft: Draft) -> Iterator[str]:
    """Yield what is wrong with one built notebook."""
    built = read_notebook(root / draft.path)
    if built is None:
        state = "is damaged" if (root / draft.path).exists() else "is missing"
        yield f"{draft.path} {state}: {REMEDY}."
        return
    for survivor in sorted({match[0] for match in _SURVIVOR.finditer((root / draft.path).read_text(encoding="utf-8"))}):
        yield f"{draft.path} still holds the marker {survivor!r}: {REMEDY}."
    pairs = zip_longest(map(_identity, built.cells), map(_identity, draft.notebook.cells))
    if differing := [number for number, (found, wanted) in enumerate(pairs, 1) if found != wanted]:
        yield f"{draft.path}: {len(differing)} cells differ from {draft.source}, first cell {differing[0]}: {REMEDY}."
    found, wanted = copy.deepcopy(built.metadata), copy.deepcopy(draft.notebook.metadata)
    older = found.get("lessons", {}).pop("fingerprint", None) != wanted.lessons.pop("fingerprint", None)
    if found != wanted:
        yield f"{draft.path}: its metadata differ from what the builder writes: {REMEDY}."
    if older and draft.executed:
        yield f"{draft.path}: its outputs are older than {draft.source}, lessons_lib or data/registry.json: {REMEDY}."
    yield from _compare_outputs(draft, built)
    if not draft.executed:
        yield from _compare_answers(root, draft, built)


def _identity(cell: NotebookNode) -> tuple[str, str, str, dict]:
    """Return what makes a cell the one that the source wants: all but its outputs."""
    return cell.cell_type, cell.get("id", ""), cell.source, cell.metadata


def _compare_outputs(draft: Draft, built: NotebookNode) -> Iterator[str]:
    """Yield whether outputs are where they should not be, or not where they should."""
    code = code_cells(built)
    outputs = any(cell.outputs for cell in code)
    if draft.executed and not outputs:
        yield f"{draft.path} has no outputs: {REMEDY}."
    elif draft.executed and not ran_in_order(built):
        yield f"{draft.path}: its code cells were not executed once, from top to bottom: {REMEDY}."
    elif not draft.executed and (outputs or any(cell.execution_count for cell in code)):
        yield f"{draft.path} holds outputs, and an exercise has none: {REMEDY}."


def _compare_answers(root: Path, draft: Draft, exercise: NotebookNode) -> Iterator[str]:
    """Yield the answers that a built exercise gives away."""
    shown = _text(draft.notebook)  # a line that also stands outside of the blocks is no secret
    found = _text(exercise)
    for line in draft.lines:
        answer = line.text.strip()
        if line.kind == "solution" and len(answer) >= TOLD_APART and answer in found and answer not in shown:
            yield f"{draft.path} gives away the answer in line {line.number} of {draft.source}: {REMEDY}."
    solution = read_notebook(root / draft.path.replace("exercises/", "solutions/"))
    if solution is not None and course_code(solution) == course_code(exercise):
        yield f"{draft.path} equals its solution: {REMEDY}."


def _text(notebook: NotebookNode) -> str:
    """Return the text of all cells."""
    return "\n".join(cell.source for cell in notebook.cells)


def _compare_recall(root: Path) -> Iterator[str]:
    """Yield what is wrong with quizzes, cards and glossary in data/."""
    try:
        wanted = recall_data.drafts(root)
    except BuildError as error:
        yield str(error)
        return
    for path, text in wanted.items():
        if not (root / path).is_file():
            yield f"{path} is missing: {REMEDY}."
        elif (root / path).read_text(encoding="utf-8", errors="replace") != text:
            yield f"{path} differs from its source in authoring/: {REMEDY}."
    for path in recall_data.built(root):
        if path not in wanted:
            yield f"{path} has no source in authoring/: delete it."
