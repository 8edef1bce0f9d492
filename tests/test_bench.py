"""The benchmark: its files hold the same vectors, its numbers are those of the runs, and the verb stores both parts."""

import json
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from gensim.models import KeyedVectors
from typer.testing import CliRunner

from lessons_lib.benchmark import files, loading, measured
from lessons_lib.benchmark.lessons import measure_lesson
from lessons_lib.commands import app
from lessons_lib.commands import bench as verb


def test_the_three_files_hold_the_same_vectors(tmp_path):
    made = files.make_files(tmp_path, 500, 7)
    text = KeyedVectors.load_word2vec_format(made.text, no_header=True)
    packed = KeyedVectors.load_word2vec_format(made.packed, no_header=True)
    binary = KeyedVectors.load_word2vec_format(made.binary, binary=True)
    assert text.vectors.shape == (500, 7)
    assert made.matrix_bytes == text.vectors.nbytes
    for other in (packed, binary):
        assert other.index_to_key == text.index_to_key
        np.testing.assert_array_equal(other.vectors, text.vectors)


def test_the_same_seed_writes_the_same_file(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        (tmp_path / name).mkdir()
        files.make_files(tmp_path / name, 50, 3, seed)
    contents = [(tmp_path / name / "vectors.txt").read_bytes() for name in "abc"]
    assert contents[0] == contents[1] != contents[2]


def test_every_loader_gives_the_vectors_and_reading_gives_none(tmp_path, monkeypatch):
    monkeypatch.setenv("LESSONS_CACHE", str(tmp_path / "cache"))
    made = files.make_files(tmp_path, 200, 4)
    expected = KeyedVectors.load_word2vec_format(made.text, no_header=True)
    for loader, path in (("gensim text", made.packed), ("gensim binary", made.binary), ("course", made.text)):
        found = measured.LOADERS[loader](str(path))
        assert found.index_to_key == expected.index_to_key
        np.testing.assert_array_equal(found.vectors, expected.vectors)
    assert measured.LOADERS["read"](str(made.text)) is None


def test_memory_is_that_of_the_program_that_loads(tmp_path):
    """A load of a matrix of 16 MB shows up, though this program has had far more memory than that."""
    ballast = np.ones(60_000_000)
    made = files.make_files(tmp_path, 2_000, 2_000)
    del ballast
    found = loading._one("gensim binary", made.binary, tmp_path / "cache", with_copy=False, queries=False)
    assert 0.9 * made.matrix_bytes < found["peak_bytes"] < 4 * made.matrix_bytes
    assert 0.9 * made.matrix_bytes < found["own_bytes"] <= found["peak_bytes"]
    assert 0 < found["seconds"] < 60


def test_medians_and_ratios_by_hand():
    runs = [
        {"seconds": s, "cpu_seconds": s, "peak_bytes": 10 * s, "own_bytes": s, "query_ms": s} for s in (9.0, 1.0, 2.0)
    ]
    assert loading.medians(runs) == {
        "seconds": 2.0, "cpu_seconds": 2.0, "peak_bytes": 20.0, "own_bytes": 2.0, "query_ms": 2.0
    }  # fmt: skip
    rows = [
        {"what": "text: gensim", "seconds": 30.0, "cpu_seconds": 20.0, "peak_bytes": 300, "query_ms": 8.0},
        {"what": "text: course, first load", "seconds": 2.0, "cpu_seconds": 4.0, "peak_bytes": 150},
        {"what": "text: course, later loads", "seconds": 0.25, "query_ms": 4.0},
        {"what": "text: reading the bytes", "seconds": 0.5},
    ]
    found = loading.ratios(rows, files.Files(None, None, None, 25, 1))  # a matrix of 100 bytes
    assert found == {
        "first_load_faster_than_gensim": 15.0,
        "first_load_faster_than_gensim_cpu": 5.0,
        "first_load_over_reading": 4.0,
        "first_load_memory_over_matrix": 1.5,
        "gensim_memory_over_matrix": 3.0,
        "later_load_seconds": 0.25,
        "query_time_over_gensim": 0.5,
    }
    text = verb.promises(found)
    assert "15.0 times as fast as gensim (5.0 times in CPU time)" in text
    assert "1.50 times the matrix (gensim: 3.00)" in text


def test_a_load_that_fails_says_why(tmp_path):
    (tmp_path / "broken.txt").write_text("no vectors at all\n")
    with pytest.raises(RuntimeError, match=r"(?s)gensim text could not load .*broken\.txt:.*Error"):
        loading._one("gensim text", tmp_path / "broken.txt", tmp_path, with_copy=False, queries=False)


def test_the_verb_prints_the_table_and_stores_it(tmp_path, monkeypatch):
    """Measured in this program, because ten programs that import gensim take their time; two tests above use one."""

    def in_this_program(loader: str, path: Path, cache: Path, with_copy: bool, queries: bool) -> dict:
        return measured.measure(loader, str(path), queries)

    monkeypatch.setenv("LESSONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(loading, "_one", in_this_program)
    out = tmp_path / "new" / "bench.json"
    shown = CliRunner().invoke(app(), ["bench", "--quick", "--out", str(out)])
    assert shown.exit_code == 0, shown.output
    for what, *_ in loading.ROWS:
        assert re.search(rf"^{re.escape(what)} +\d+\.\d{{3}} ", shown.stdout, re.MULTILINE), what
    stored = json.loads(out.read_text())["loading"]
    assert [row["what"] for row in stored["rows"]] == [what for what, *_ in loading.ROWS]
    assert all(len(row["runs"]) == 1 and row["seconds"] >= 0 for row in stored["rows"])
    assert stored["file"]["words"] == 2000
    assert stored["machine"]["gensim"]
    verb.store(out, "lessons", [])
    assert set(json.loads(out.read_text())) == {"loading", "lessons"}


def notebook(*cells: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Title"), *map(nbformat.v4.new_code_cell, cells)]
    )


def test_lessons_are_timed_and_the_slowest_cells_named(tmp_path):
    path = tmp_path / "08_test.ipynb"
    nbformat.write(notebook("import time", "# a nap\ntime.sleep(0.6)", "", "time.sleep(0.3)", "1"), path)
    found = measure_lesson(path)
    assert (found["lesson"], found["passed"], found["error"]) == ("08_test", True, "")
    naps = {cell["line"]: cell for cell in found["slowest"] if "import" not in cell["line"]}
    assert naps["# a nap"]["cell"] == 3
    assert 0.6 <= naps["# a nap"]["seconds"] < found["seconds"]
    assert naps["time.sleep(0.3)"]["cell"] == 5


def test_the_verb_prints_lessons_and_ends_with_1_if_one_stopped(tmp_path, monkeypatch):
    slow = {"cell": 3, "line": "# a nap", "seconds": 0.64}
    cost = {"lesson": "08_test", "seconds": 2.06, "megabytes": 81.4, "passed": True, "error": "", "slowest": [slow]}
    monkeypatch.setattr("lessons_lib.benchmark.lessons.measure_lesson", lambda path, on_cell: cost)
    path, out = tmp_path / "08_test.ipynb", tmp_path / "bench.json"
    nbformat.write(notebook("1"), path)
    command = ["bench", "--lessons", str(path), "--out", str(out)]
    shown = CliRunner().invoke(app(), command)
    assert shown.exit_code == 0, shown.output
    assert re.search(r"08_test +2\.1 +81 +OK +0\.6 s: cell 3, # a nap", shown.stdout)
    assert json.loads(out.read_text()) == {"lessons": [cost]}
    cost |= {"passed": False, "error": "cell 3 (1 / 0): ZeroDivisionError: division by zero"}
    stopped = CliRunner().invoke(app(), command)
    assert stopped.exit_code == 1
    assert "STOPPED" in stopped.stdout
    assert CliRunner().invoke(app(), ["bench", "1"]).exit_code == 2


def test_a_lesson_that_stops_has_its_error(tmp_path):
    path = tmp_path / "09_test.ipynb"
    nbformat.write(notebook("1 / 0"), path)
    found = measure_lesson(path)
    assert not found["passed"]
    assert "ZeroDivisionError" in found["error"]
