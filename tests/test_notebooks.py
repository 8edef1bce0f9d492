"""Every notebook and solution runs under nbval, claims and checks strict; unsolved exercises survive, or fail.

Outputs of cells tagged `compare` in the source are compared with the stored ones; of the others only errors count.
"""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from lessons_lib.commands.execution import execute

ROOT = Path(__file__).resolve().parents[1]
RUN = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("solutions/*.ipynb")])
EXERCISES = sorted(ROOT.glob("exercises/*.ipynb"))
LARGER = {"07_contextual": (90, 1500)}  # seconds and MB of the one lesson that may take more than 60 s and 1 GB


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def nbval(path: Path, home: Path) -> subprocess.CompletedProcess:
    """Run a notebook under nbval in a process of its own, with LESSONS_STRICT=1."""
    environment = os.environ | {"LESSONS_STRICT": "1", "LESSONS_PLAIN": "1", "LESSONS_HOME": str(home)}
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-cell-timeout=600", "-q", "-n", "0",
               "-p", "no:cacheprovider", "--rootdir", str(path.parent), "-c", os.devnull, str(path)]  # fmt: skip
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_there_is_something_to_run():
    assert {path.stem for path in EXERCISES} == {path.stem for path in RUN if path.parent.name == "solutions"}
    assert any(path.parent.name == "notebooks" for path in RUN)


@pytest.mark.parametrize("path", RUN, ids=name)
def test_notebook_runs_and_its_claims_and_checks_hold(path, tmp_path):
    done = nbval(path, tmp_path)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.parametrize("path", [path for path in RUN if path.parent.name == "notebooks"], ids=name)
def test_a_notebook_has_outputs_to_compare(path):
    cells = nbformat.read(path, as_version=4).cells
    compared = [cell for cell in cells if "nbval-check-output" in cell.metadata.get("tags", [])]
    assert compared
    assert all(cell.outputs for cell in compared)


def test_a_changed_output_is_found(tmp_path):
    """The comparison can fail: the same tiny notebook passes as it ran, and fails with another stored output."""
    cell = nbformat.v4.new_code_cell("print(6 * 7)", metadata={"tags": ["nbval-check-output"]})
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, kernel_name="python3").execute()
    for text, code in (("42\n", 0), ("43\n", 1)):
        cell.outputs[0].text = text
        nbformat.write(notebook, tmp_path / "tiny.ipynb")
        assert nbval(tmp_path / "tiny.ipynb", tmp_path).returncode == code


def run_all(path: Path, home: Path, strict: bool) -> None:
    environment = os.environ | {"LESSONS_HOME": str(home), "LESSONS_PLAIN": "1", "LESSONS_STRICT": str(int(strict))}
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, kernel_name="python3", timeout=600).execute(env=environment)


@pytest.mark.parametrize("path", EXERCISES, ids=name)
def test_unsolved_exercises_survive_run_all(path, tmp_path):
    run_all(path, tmp_path, strict=False)


@pytest.mark.parametrize("path", EXERCISES, ids=name)
def test_unsolved_exercises_fail_when_strict(path, tmp_path):
    with pytest.raises(CellExecutionError, match="CheckError"):
        run_all(path, tmp_path, strict=True)


@pytest.mark.parametrize("path", [path for path in RUN if path.parent.name == "notebooks"], ids=name)
def test_claims_hold_with_another_seed_within_the_budget(path):
    """A lesson may take 60 s and 1 GB alone on two cores; beside other tests time counts threefold."""
    outcome = execute(path, seed=1)
    assert outcome.passed, (outcome.error, [claim for claim in outcome.claims if not claim["holds"]])
    seconds, megabytes = LARGER.get(path.stem, (60, 1000))
    assert outcome.megabytes <= megabytes
    assert outcome.seconds <= 3 * seconds
