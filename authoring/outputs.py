"""Notebooks that were built before: read them, tell what was executed in them, and keep their outputs."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode


def read_notebook(path: Path) -> NotebookNode | None:
    """Return a built notebook, None if there is none that can be read."""
    try:
        return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except (OSError, ValueError, nbformat.ValidationError):
        return None


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells of a notebook that a kernel executes.

    Examples
    --------
    >>> cells = [nbformat.v4.new_code_cell("1 + 1"), nbformat.v4.new_code_cell(" "), nbformat.v4.new_raw_cell("a")]
    >>> len(code_cells(nbformat.v4.new_notebook(cells=cells)))
    1
    """
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def course_code(notebook: NotebookNode) -> list[str]:
    """Return the code of a notebook, the Colab cell as an empty string: where the course lives changes no output."""
    return ["" if "colab" in cell.metadata.get("tags", []) else cell.source for cell in code_cells(notebook)]


def ran_in_order(notebook: NotebookNode) -> bool:
    """Tell whether every code cell was executed once, from top to bottom."""
    counts = [cell.execution_count for cell in code_cells(notebook)]
    return counts == list(range(1, len(counts) + 1))


def keep_outputs(path: Path, new: NotebookNode) -> bool:
    """Give ``new`` the outputs of the notebook at ``path``; False if they belong to other code or an older library.

    Parameters
    ----------
    path : Path
        Where the notebook was built before, if it was.
    new : NotebookNode
        The notebook as it is wanted, with its fingerprint; its code cells receive outputs and execution counts.
    """
    old = read_notebook(path)
    if old is None or old.metadata.get("lessons") != new.metadata.lessons:
        return False
    if course_code(old) != course_code(new) or not ran_in_order(old):  # edited or run by hand
        return False
    for new_cell, old_cell in zip(code_cells(new), code_cells(old), strict=True):
        new_cell.outputs, new_cell.execution_count = old_cell.outputs, old_cell.execution_count
    return True
