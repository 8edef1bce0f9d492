"""From the lines of one source to a notebook in memory; nothing here reads or writes a built file.

``make_notebook`` takes the edition that a folder wants, adds the links, the Colab cell and the tags, and names each
cell by its content; ``serialise`` gives the text of the file.
"""

import ast
import hashlib
from collections import Counter

import jupytext
import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from authoring.errors import BuildError
from authoring.links import COLAB_CELL, launch_links
from authoring.markers import CELL, Line

TAGS_FOR_NBVAL = {"raises-exception": "nbval-raises-exception", "compare": "nbval-check-output"}
JUPYTEXT_METADATA = ("lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"}


def make_notebook(lines: list[Line], name: str, path: str, repository: str) -> NotebookNode:
    r"""Make the edition of a source that belongs at ``path``, without outputs.

    Parameters
    ----------
    lines : list of Line
        What ``read_lines`` returned.
    name, path : str
        The source and the notebook, below the root. What lies in ``exercises/`` gets stubs, everything else answers.
    repository : str
        ``https://github.com/OWNER/NAME``.

    Raises
    ------
    BuildError
        The title is missing, or a cell of an exercise is no Python without its answer.

    Examples
    --------
    >>> from authoring.markers import read_lines
    >>> lines = read_lines("# %% [markdown]\n# # Count\n\n# %%\n1 + 1", "01.py")
    >>> made = make_notebook(lines, "01.py", "notebooks/01.ipynb", "https://github.com/owner/name")
    >>> [cell.cell_type for cell in made.cells], made.cells[-1].source
    (['markdown', 'code', 'code'], '1 + 1')
    """
    exercise = path.startswith("exercises/")
    cells = _read_cells([line for line in lines if line.kind in ("shown", "stub" if exercise else "solution")], name)
    if exercise:
        _refuse_broken_stubs(cells, name)
        cells = [cell for cell in cells if "solution" not in cell.metadata.get("tags", [])]
    cells = _add_course_cells(cells, name, path, repository)
    for cell in cells:
        if tags := cell.metadata.get("tags"):
            cell.metadata["tags"] = [*tags, *(TAGS_FOR_NBVAL[tag] for tag in tags if tag in TAGS_FOR_NBVAL)]
    _set_ids(cells)
    metadata = {"kernelspec": dict(KERNEL), "language_info": dict(LANGUAGE), "lessons": {"source": name}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata, nbformat_minor=5)


def serialise(notebook: NotebookNode) -> str:
    """Return the notebook as text: sorted keys, a newline at the end; same notebook, same text."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def _read_cells(lines: list[Line], name: str) -> list[NotebookNode]:
    """Let jupytext read the lines as cells, and make sure that both agree on where a cell begins."""
    text = "\n".join(line.text for line in lines).lstrip("\n")
    try:
        cells = jupytext.reads(text, fmt="py:percent").cells
    except (nbformat.ValidationError, ValueError) as error:
        raise BuildError(f"{name} cannot be read: {str(error).strip().splitlines()[0]}. Look at its header.") from error
    expected = sum(bool(CELL.match(line.text)) for line in lines)
    if len(cells) != expected:
        raise BuildError(
            f"{name}: {len(cells)} cells were read, but {expected} lines begin one. "
            "Put nothing above the first '# %%' line, and none of these lines into a string."
        )
    for cell in cells:
        for key in JUPYTEXT_METADATA:
            cell.metadata.pop(key, None)
    return cells


def _refuse_broken_stubs(cells: list[NotebookNode], name: str) -> None:
    """Raise an error if a cell is no Python once its answer is out, or is an answer outside of the markers."""
    for number, cell in enumerate(cells, 1):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "code" and "solution" in tags:
            raise BuildError(
                f"{name}, cell {number}: only Markdown is tagged 'solution'; code goes between the markers."
            )
        if cell.cell_type != "code" or "raises-exception" in tags:
            continue
        try:
            code = TransformerManager().transform_cell(cell.source)
            compile(code, name, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except SyntaxError as error:
            raise BuildError(
                f"{name}, cell {number}: without its answer the cell is no Python ({error.msg}): {error.text!r}. "
                "Indent the markers like the answer, or add a '### STUB' line below ### BEGIN SOLUTION."
            ) from error


def _add_course_cells(cells: list[NotebookNode], name: str, path: str, repository: str) -> list[NotebookNode]:
    """Put the launch links below the title and the Colab cell below the title's cell."""
    if not cells or cells[0].cell_type != "markdown" or not cells[0].source.startswith("# "):
        raise BuildError(
            f"{name}: the first cell must be Markdown and begin with a title, '# Turn words into vectors'."
        )
    title, *rest = cells
    links = " · ".join(f"[Open in {where}]({url})" for where, url in launch_links(repository, path).items())
    heading, _, text = title.source.partition("\n")
    title.source = f"{heading}\n{links}\n\n{text.lstrip()}".rstrip()
    colab = nbformat.v4.new_code_cell(COLAB_CELL.format(repository=repository))
    colab.metadata.update(tags=["colab"], jupyter={"source_hidden": True})
    return [title, colab, *rest]


def _set_ids(cells: list[NotebookNode]) -> None:
    """Name every cell by its type, its source and a counter of repeats: an insertion leaves the other names alone."""
    seen: Counter[tuple[str, str]] = Counter()
    for cell in cells:
        key = (cell.cell_type, cell.source)
        cell.id = hashlib.sha256("\0".join((*key, str(seen[key]))).encode()).hexdigest()[:12]
        seen[key] += 1
