"""The verbs of `lessons`: exit codes, tables and messages, on tiny notebooks and on files damaged on purpose."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import psutil
import pytest
from typer.testing import CliRunner, Result

from lessons_lib import bundled, store
from lessons_lib.commands import app, checkout, doctor, execution, lab, run, test

HOLDS = 'from lessons_lib.claims import claim\nclaim("Two is at least one", 2, at_least=1)'
FAILS = 'from lessons_lib.claims import claim\nclaim("Two is at least three", 2, at_least=3)'


def lessons(*arguments: str | Path) -> Result:
    """Run `lessons` with ``arguments`` in this process."""
    return CliRunner().invoke(app(), [str(argument) for argument in arguments])


def write_notebook(path: Path, *sources: str) -> Path:
    """Write a notebook with a title and a code cell for each source."""
    cells = [nbformat.v4.new_markdown_cell("# A title"), *map(nbformat.v4.new_code_cell, sources)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_run_prints_the_claims_and_ends_well_if_all_hold(tmp_path):
    path = write_notebook(tmp_path / "01_small.ipynb", HOLDS, "")
    before = path.read_bytes()
    shown = lessons("run", path)
    assert shown.exit_code == 0, shown.output
    assert "Two is at least one" in shown.stdout
    assert "1 of 1 hold" in shown.stdout
    assert path.read_bytes() == before


def test_run_fails_if_a_claim_fails_and_goes_on_to_the_next_lesson(tmp_path):
    paths = [write_notebook(tmp_path / "01_a.ipynb", FAILS, HOLDS), write_notebook(tmp_path / "02_b.ipynb", HOLDS)]
    shown = lessons("run", *paths)
    assert shown.exit_code == 1
    assert "1 of 2 hold" in shown.stdout
    assert "1 of 1 hold" in shown.stdout
    assert "01_a: does not hold: Two is at least three" in shown.stderr


def test_run_names_lesson_cell_and_error_if_a_cell_raises(tmp_path):
    shown = lessons("run", write_notebook(tmp_path / "01_small.ipynb", HOLDS, "count = 0\n1 / count"))
    assert shown.exit_code == 1
    assert "01_small stopped in cell 3 (count = 0): ZeroDivisionError: division by zero" in shown.stderr
    assert "1 of 1 hold" in shown.stdout, "claims before the error are shown"


def test_run_tells_of_a_kernel_that_dies(tmp_path):
    shown = lessons("run", write_notebook(tmp_path / "01_small.ipynb", "import os\nos._exit(3)"))
    assert shown.exit_code == 1
    assert "cell 2 (import os)" in shown.stderr
    assert "DeadKernelError" in shown.stderr


def test_run_passes_the_seed_and_keeps_the_learners_record(tmp_path, monkeypatch):
    monkeypatch.setenv("LESSONS_STRICT", "1")
    source = (
        "import os\nfrom lessons_lib import store\nstore.write('predictions', {'from': 'a run without a screen'})\n"
        "assert os.environ['LESSONS_PLAIN'] == '1' and 'LESSONS_STRICT' not in os.environ\n"
        "raise SystemError(os.environ.get('LESSONS_SEED'))"
    )
    path = write_notebook(tmp_path / "01_small.ipynb", source)
    assert execution.execute(path, seed=5).error.endswith("SystemError: 5")
    assert execution.execute(path).error.endswith("SystemError: None")
    assert store.read("predictions") == {}


def test_run_measures_time_and_memory_of_the_kernel_and_its_children(tmp_path):
    child = "import time; block = bytearray(b'x') * 150_000_000; time.sleep(1)"
    source = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}], check=True)"
    outcome = execution.execute(write_notebook(tmp_path / "01_small.ipynb", source))
    assert outcome.passed, outcome.error
    assert outcome.seconds > 1
    bare_kernel = psutil.Process().memory_info().rss / 1e6
    assert 150 < outcome.megabytes < 150 + 2 * bare_kernel


def test_run_knows_lessons_by_number_and_name(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    paths = [write_notebook(tmp_path / "notebooks" / name, HOLDS) for name in ("01_vectors.ipynb", "02_more.ipynb")]
    monkeypatch.setattr(run, "checkout", lambda verb, needs: tmp_path)
    assert run.find([]) == paths
    assert run.find(["2"]) == run.find(["02_more"]) == run.find(["02"]) == paths[1:]
    assert run.find(["2", "1"]) == paths
    shown = lessons("run", "3")
    assert shown.exit_code == 2
    assert "No lesson is called 3. There are: 01_vectors, 02_more." in shown.stderr
    shown = lessons("run", tmp_path / "03_none.ipynb")
    assert shown.exit_code == 2
    assert "03_none.ipynb" in shown.stderr


@pytest.fixture
def small_data(tmp_path, monkeypatch):
    """Put a data folder with one file in the place of the course's; return the file."""
    file = tmp_path / "vectors.bin"
    file.write_bytes(b"0123456789")
    digest = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"  # SHA-256 of those ten digits
    registry = {"vectors.bin": {"bytes": 10, "sha256": digest}}
    monkeypatch.setattr(bundled, "data_folder", lambda: tmp_path)
    monkeypatch.setattr(bundled, "registry", lambda: registry)
    monkeypatch.setattr(doctor, "CHECKS", {"bundled files": doctor.check_bundled_files})
    return file


def test_doctor_is_content_with_whole_files(small_data):
    shown = lessons("doctor")
    assert shown.exit_code == 0
    assert "OK      1 files" in shown.stdout


@pytest.mark.parametrize("content", [b"0123456780", b"012345678", None], ids=["changed", "shorter", "missing"])
def test_doctor_names_a_damaged_file_and_the_remedy(small_data, content):
    small_data.unlink() if content is None else small_data.write_bytes(content)
    shown = lessons("doctor")
    assert shown.exit_code == 1
    assert "NOT OK  damaged: vectors.bin: restore them: git checkout -- data" in shown.stdout


def test_doctor_checks_this_machine(root):
    assert doctor.check_python().startswith(f"{sys.version_info[0]}.{sys.version_info[1]}")
    assert doctor.check_kernel() == "starts and answers"
    assert doctor.check_memory().endswith("GB free")
    assert doctor.check_disk().endswith("GB free")
    assert "in the tested versions" in doctor.check_libraries()


@pytest.mark.parametrize(
    ("check", "limit", "found"), [("check_memory", "MEMORY_NEEDED", "GB"), ("check_disk", "DISK_NEEDED", "GB")]
)
def test_doctor_tells_of_too_little_room(monkeypatch, check, limit, found):
    monkeypatch.setattr(doctor, limit, 1e6)
    with pytest.raises(doctor.DiagnosisError, match=found):
        getattr(doctor, check)()


def test_doctor_tells_of_other_versions_than_tested(tmp_path, monkeypatch):
    (tmp_path / "requirements.lock").write_text("torch==0.1\ngensim==0.2\nno-such-package==1\n", encoding="utf-8")
    monkeypatch.setattr(doctor, "find_checkout", lambda: tmp_path)
    with pytest.raises(doctor.DiagnosisError, match=r"torch .* \(tested: 0.1\), gensim .* \(tested: 0.2\)"):
        doctor.check_libraries()


def test_progress_says_how_to_begin():
    store.write("predictions", {})
    shown = lessons("progress")
    assert shown.exit_code == 0
    assert "Open lesson 1 (python course.py lab)" in shown.stdout


def test_progress_shows_predictions_beside_measurements():
    answered = {"question": "Which wins?", "options": ["this", "that"], "answered_at": "2026-01-01T10:00:00+00:00"}
    record = {
        "01-a": answered | {"answer": 0, "measured": "71 %", "right": 0},
        "01-b": answered | {"answer": 0, "measured": "12 %", "right": 1},
        "01-c": answered | {"answer": 1, "measured": None, "right": None},
        "01-d": answered | {"answer": None, "measured": "5 %", "right": 1},
    }
    store.write("predictions", record)
    shown = lessons("progress").stdout
    store.write("predictions", {})
    assert "71 %: this\n    as predicted" in shown
    assert "12 %: that\n    otherwise than predicted" in shown
    assert "3 predicted, 2 measured, 1 right" in shown
    assert "01-d" not in shown


def test_glossary_explains_a_term_and_lists_all(tmp_path, monkeypatch):
    entries = [
        {"term": "cosine", "meaning": "an angle as a number", "lesson": "01"},
        {"term": "token", "meaning": "a running word", "lesson": "02"},
    ]
    monkeypatch.setattr("lessons_lib.commands.glossary.data_folder", lambda: tmp_path)
    missing = lessons("glossary")
    assert missing.exit_code == 1
    assert "python course.py build" in missing.stderr
    (tmp_path / "glossary.json").write_text(json.dumps(entries), encoding="utf-8")
    assert lessons("glossary", "COS").stdout == "cosine (lesson 1): an angle as a number\n"
    assert len(lessons("glossary").stdout.splitlines()) == 2
    unknown = lessons("glossary", "vowel")
    assert unknown.exit_code == 1
    assert "no term with 'vowel'" in unknown.stderr


def test_build_check_lists_the_drift(monkeypatch):
    import authoring.build

    monkeypatch.setattr(authoring.build, "find_drift", lambda root: ["notebooks/01.ipynb differs", "b is missing"])
    shown = lessons("build", "--check")
    assert shown.exit_code == 1
    assert shown.stderr == "notebooks/01.ipynb differs\nb is missing\n2 differ from their sources.\n"
    monkeypatch.setattr(authoring.build, "find_drift", lambda root: [])
    assert lessons("build", "--check").exit_code == 0
    assert lessons("build", "--check", "1").exit_code == 2


def test_build_passes_its_arguments_on_and_tells_what_was_written(root, monkeypatch):
    import authoring.build

    calls = []

    def build_course(path, everything, only, on_cell):
        calls.append((path, everything, only))
        on_cell("notebooks/01.ipynb", 1, 2)
        if only == ["9"]:
            raise authoring.build.BuildError("No lesson is called 9.")
        return ["notebooks/01.ipynb"]

    monkeypatch.setattr(authoring.build, "build_course", build_course)
    shown = lessons("build", "--all", "1")
    assert (shown.exit_code, calls) == (0, [(root, True, ["1"])])
    assert "written: notebooks/01.ipynb" in shown.stdout
    failed = lessons("build", "9")
    assert (failed.exit_code, failed.stderr) == (1, "No lesson is called 9.\n")


def test_test_runs_ruff_then_pytest_and_passes_arguments_and_exit_code_on(monkeypatch):
    codes, ran = iter([0, 5]), []

    def fake_run(command, cwd):
        ran.append(command[2:])
        return subprocess.CompletedProcess(command, next(codes))

    monkeypatch.setattr(test.subprocess, "run", fake_run)
    shown = lessons("test", "-k", "claims", "--maxfail=1")
    assert shown.exit_code == 5
    assert ran[0][:2] == ["ruff", "check"]
    assert ran[1][-3:] == ["-k", "claims", "--maxfail=1"]
    codes = iter([1])
    assert lessons("test").exit_code == 1
    assert len(ran) == 3, "pytest does not start if ruff complains"


def test_lab_is_quiet_local_and_asks_nobody_for_news(root):
    options = dict(line.removeprefix("--").split("=", 1) for line in lab.arguments(root, browser=False, port=9999))
    assert options["ServerApp.root_dir"] == str(root)
    assert (options["ServerApp.port"], options["ServerApp.open_browser"]) == ("9999", "False")
    assert options["LabApp.news_url"] == "None"
    assert options["LabApp.check_for_updates_class"] == "jupyterlab.NeverCheckForUpdate"
    assert options["LabApp.default_url"] == "/lab/tree/notebooks/01_vectors.ipynb"
    assert "ServerApp.ip" not in options, "the server listens on this machine only"


@pytest.mark.parametrize("verb", ["lab", "run", "test", "build"])
def test_without_a_checkout_a_verb_says_what_it_needs_and_where_to_get_it(monkeypatch, verb):
    monkeypatch.setattr(checkout, "find_checkout", lambda: None)
    shown = lessons(verb)
    assert shown.exit_code == 1
    assert f"`lessons {verb}` needs" in shown.stderr
    assert f"git clone {checkout.repository()}" in shown.stderr


def test_help_starts_at_once(processor_seconds):
    assert processor_seconds([sys.executable, "-m", "lessons_lib.commands", "--help"]) < 0.7
