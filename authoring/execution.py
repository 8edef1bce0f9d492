"""Run a notebook in a kernel, strictly, and say which line of its source failed."""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbformat import NotebookNode

from authoring.errors import REMEDY, BuildError
from authoring.markers import line_number
from authoring.outputs import code_cells
from authoring.sources import Draft

OnCell = Callable[[str, int, int], None]  # notebook, cells done, cells in all
SECONDS_A_CELL = 600


def execute(root: Path, draft: Draft, on_cell: OnCell | None) -> None:
    """Run the draft in its folder; what it prints becomes its outputs.

    Parameters
    ----------
    root : Path
        The checkout.
    draft : Draft
        The notebook to run; its code cells receive outputs and execution counts.
    on_cell : callable or None
        Called as ``on_cell(notebook, cells_done, cells_total)`` after each code cell.

    Raises
    ------
    BuildError
        A cell fails or takes longer than ``SECONDS_A_CELL``: the message names cell, source line and error.
    """
    (root / draft.path).parent.mkdir(exist_ok=True)
    begun: list[int] = []
    language = dict(draft.notebook.metadata.language_info)
    with tempfile.TemporaryDirectory(prefix="lessons-") as home:
        try:
            _client(root, draft, begun, on_cell).execute(env=_environment(root, home))
        except (CellControlSignal, DeadKernelError) as error:
            raise BuildError(_failure(draft, begun[-1] if begun else 0, error)) from error
    draft.notebook.metadata.language_info = language  # the kernel's own names the patch version of Python


def _client(root: Path, draft: Draft, begun: list[int], on_cell: OnCell | None) -> NotebookClient:
    """Prepare the execution of a draft; ``begun`` will list the cells that were begun."""

    def tell(cell: NotebookNode, cell_index: int, execute_reply: dict) -> None:
        if on_cell is not None:
            on_cell(draft.path, len(begun), len(code_cells(draft.notebook)))

    return NotebookClient(
        draft.notebook,
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # the kernel's own notices are not the author's concern
        resources={"metadata": {"path": str((root / draft.path).parent)}},
        on_cell_execute=lambda cell, cell_index: begun.append(cell_index),
        on_cell_executed=tell,
    )


def _environment(root: Path, home: str) -> dict[str, str]:
    """Return the environment of a build: plain text, strict claims, no learner's files, this root's library."""
    inherited = {key: value for key, value in os.environ.items() if key != "LESSONS_SEED"}
    search_path = os.pathsep.join(filter(None, [str(root), inherited.get("PYTHONPATH")]))
    return inherited | {"LESSONS_PLAIN": "1", "LESSONS_STRICT": "1", "LESSONS_HOME": home, "PYTHONPATH": search_path}


def _failure(draft: Draft, index: int, error: Exception) -> str:
    """Say which cell failed (``index`` counts from 0, with the Colab cell), at which line of the source, and why."""
    name = getattr(error, "ename", type(error).__name__)
    reason = getattr(error, "evalue", str(error).strip().partition("\n")[0])
    trace = re.sub(r"\x1b\[[\d;]*m", "", getattr(error, "traceback", ""))
    found = re.search(r"Cell In\[\d+\], line (\d+)", trace)
    code = draft.notebook.cells[index].source.splitlines()
    line = min(int(found[1]), len(code)) if found else 1
    executed = [each for each in draft.lines if each.kind != "stub"]
    place = f"{draft.source}, line {line_number(executed, max(index - 1, 0), line)}"
    return (
        f"{place}: cell {index + 1} of {draft.path} raised {name}: {reason}\n    {code[line - 1].strip()}\n"
        f"{draft.path} stays as it was. Repair the cell and {REMEDY}."
    )
