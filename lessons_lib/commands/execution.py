"""Execute one lesson without a screen and tell what came of it: its claims, its time, its memory, its error."""

import json
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from lessons_lib.commands.peak_memory import PeakMemory

if TYPE_CHECKING:
    from nbformat import NotebookNode

SECONDS_A_CELL = 600
QUIET_KERNEL = ["--IPKernelApp.log_level=40"]  # errors only: a kernel on this machine needs no advice on encryption


@dataclass(frozen=True)
class Outcome:
    """What came of executing one lesson.

    Attributes
    ----------
    lesson : str
        Name of the notebook without its ending.
    claims : list of dict
        The claims in order, each with statement, value, at_least, at_most and holds.
    seconds : float
        Wall time, the start of the kernel included.
    megabytes : float
        Peak resident memory of the kernel and its children, in MB (10^6 bytes), sampled 20 times a second.
    error : str
        Where and why the execution stopped; empty if every cell ran.
    """

    lesson: str
    claims: list[dict]
    seconds: float
    megabytes: float
    error: str = ""

    @property
    def passed(self) -> bool:
        """Whether every cell ran and every claim holds."""
        return not self.error and all(claim["holds"] for claim in self.claims)


def execute(
    path: Path,
    seed: int | None = None,
    on_cell: Callable[[int, int], None] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Outcome:
    """Execute a notebook in an empty folder; the file itself and the learner's record stay as they are.

    Parameters
    ----------
    path : Path
        The notebook.
    seed : int, optional
        Base seed of the lesson; without it, the lesson's own.
    on_cell : callable, optional
        Called as ``on_cell(cells_done, cells_total)`` after each code cell.
    settings : mapping, optional
        Text that lines such as ``VECTORS = "word2vec"`` say instead: ``{"VECTORS": "glove"}``.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, DeadKernelError

    notebook, error, memory = read_without_outputs(path), "", PeakMemory()
    for name, value in (settings or {}).items():
        replace_setting(notebook, name, value)
    total = sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in notebook.cells)
    reached: list[int] = []
    started = perf_counter()
    with tempfile.TemporaryDirectory(prefix="lessons-", ignore_cleanup_errors=True) as folder, memory:
        client = NotebookClient(
            notebook,
            timeout=SECONDS_A_CELL,
            kernel_name="python3",
            extra_arguments=QUIET_KERNEL,
            resources={"metadata": {"path": folder}},
            on_notebook_start=lambda notebook: memory.watch(client.km.provisioner.pid),
            on_cell_execute=lambda cell, cell_index: reached.append(cell_index),
            on_cell_executed=lambda **_: on_cell and on_cell(len(reached), total),
        )
        try:
            client.execute(env=environment(folder, seed))
        except (CellControlSignal, DeadKernelError) as problem:
            error = describe(notebook, reached, problem)
    return Outcome(path.stem, claims_of(notebook), perf_counter() - started, memory.peak / 1e6, error)


def read_without_outputs(path: Path) -> "NotebookNode":
    """Return the notebook with the outputs of its code cells removed."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def replace_setting(notebook: "NotebookNode", name: str, value: str) -> int:
    r"""Let the lines ``NAME = "..."`` of a notebook say ``value``; return how many there are.

    Examples
    --------
    >>> import nbformat.v4 as v4
    >>> notebook = v4.new_notebook(cells=[v4.new_code_cell('MORE_VECTORS = "a"\nVECTORS = "word2vec"')])
    >>> replace_setting(notebook, "VECTORS", "glove"), notebook.cells[0].source.splitlines()[1]
    (1, 'VECTORS = "glove"')
    """
    found, line = 0, f"{name} = {json.dumps(value, ensure_ascii=False)}"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source, here = re.subn(rf'^{name} = ".*"$', lambda match: line, cell.source, flags=re.MULTILINE)
            found += here
    return found


def environment(folder: str, seed: int | None) -> dict[str, str]:
    """Return the kernel's environment: plain text, claims that report instead of raise, a record of its own."""
    variables = {key: value for key, value in os.environ.items() if key not in ("LESSONS_STRICT", "LESSONS_SEED")}
    variables |= {"LESSONS_PLAIN": "1", "LESSONS_HOME": str(Path(folder) / "record")}
    return variables if seed is None else {**variables, "LESSONS_SEED": str(seed)}


def claims_of(notebook: "NotebookNode") -> list[dict]:
    """Return the claims among the outputs, in order."""
    from lessons_lib.claims import MIME

    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output.data[MIME] for output in outputs if MIME in output.get("data", {})]


def describe(notebook: "NotebookNode", reached: list[int], problem: Exception) -> str:
    """Say in which cell the execution stopped, with the first line of the cell and the error."""
    name, value = getattr(problem, "ename", type(problem).__name__), getattr(problem, "evalue", str(problem))
    if not reached:
        return f"before the first cell: {name}: {value}"
    first_line = notebook.cells[reached[-1]].source.strip().splitlines()[0]
    return f"cell {reached[-1] + 1} ({first_line}): {name}: {value}"
