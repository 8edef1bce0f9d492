"""`lessons run` beyond one run: several seeds, kept results, Ctrl-C, other embeddings, lessons side by side."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from typer.testing import CliRunner, Result

from lessons_lib.commands import app, claims_readme, claims_table, repeated, seeds_table
from lessons_lib.commands.execution import Outcome, read_without_outputs
from lessons_lib.commands.other_embeddings import settings_of
from lessons_lib.commands.side_by_side import Order

CLAIM = "import os\nfrom lessons_lib.claims import claim\nseed = int(os.environ['LESSONS_SEED'])\n"
FALLS_AT_3 = CLAIM + 'claim("The seed is small", seed, at_most=2)'
NOTES = "import os\nfrom pathlib import Path\nwith open({log!r}, 'a') as log: log.write(os.environ['LESSONS_SEED'])\n"


def lessons(*arguments: str | Path) -> Result:
    """Run `lessons` with ``arguments`` in this process."""
    return CliRunner().invoke(app(), [str(argument) for argument in arguments])


def write_notebook(path: Path, *sources: str) -> Path:
    """Write a notebook with a code cell for each source."""
    nbformat.write(nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, sources)]), path)
    return path


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """Put an empty checkout in the place of the course's; return its root."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "README.md").write_text("# A\n\n<!-- claims: begin -->\n<!-- claims: end -->\n\nText.\n")
    for module in ("repeated", "seeds_table"):
        monkeypatch.setattr(f"lessons_lib.commands.{module}.find_checkout", lambda: tmp_path)
    monkeypatch.setattr("lessons_lib.commands.run.checkout", lambda verb, needs: tmp_path)
    return tmp_path


def claim_of(statement: str, value: float | None, holds: bool, at_least: float = 0.5) -> dict:
    return {"statement": statement, "value": value, "at_least": at_least, "at_most": None, "holds": holds}


def table_of(*outcomes: Outcome) -> dict:
    """Return the table of one lesson whose seeds gave these outcomes."""
    seeds = [*range(1, len(outcomes) + 1)]
    pairs = {(outcome.lesson, seed): outcome for seed, outcome in zip(seeds, outcomes, strict=True)}
    return claims_table.make_table(pairs, seeds, {}, 1, {outcome.lesson: "" for outcome in outcomes})


def test_seeds_are_counted_kept_and_run_again_only_when_asked(checkout):
    """One lesson falls at seed 3, the other stops at seed 2; what ended well is kept, what stopped runs again."""
    log = checkout / "log.txt"
    small = write_notebook(checkout / "01_a.ipynb", NOTES.format(log=str(log)), FALLS_AT_3)
    stops = write_notebook(checkout / "02_b.ipynb", CLAIM + "1 / (seed - 2)\n", FALLS_AT_3)
    command = ["run", small, stops, "--seeds", "3", "--jobs", "2", "--out", checkout / "table.json"]
    shown = lessons(*command)
    assert shown.exit_code == 1
    assert "2 claims, 3 seeds: 3 of 6 pairs of a claim and a seed hold (50.0 %)." in shown.stdout
    assert "02_b, seed 2: stopped in cell 1 (import os): ZeroDivisionError: division by zero" in shown.stderr
    assert "01_a: holds at 2 of 3 seeds, not at 3 (3): The seed is small" in shown.stderr
    assert "02_b: holds at 1 of 3 seeds, not at 2 (no number), 3 (3): The seed is small" in shown.stderr
    table = json.loads((checkout / "table.json").read_text())
    first, second = table["lessons"]
    assert first["claims"] == [{"statement": "The seed is small", "at_least": None, "at_most": 2,
                                "values": [1, 2, 3], "held": [True, True, False]}]  # fmt: skip
    assert second["claims"][0]["values"] == [1, None, 3]
    assert [one["seed"] for one in second["stopped"]] == [2]
    assert (first["stopped"], first["unclear"], second["unclear"]) == ([], [], [])
    assert (table["claims"], table["pairs"], table["held"], table["seeds"]) == (2, 6, 3, [1, 2, 3])
    assert first["megabytes"] > 10 and first["seconds"] > 0
    assert sorted(log.read_text()) == ["1", "2", "3"]

    again = lessons(*command)
    assert again.stdout.count("kept from an earlier run") == 5
    assert len(log.read_text()) == 3
    write_notebook(small, NOTES.format(log=str(log)), FALLS_AT_3, "'a changed lesson runs again'")
    assert lessons("run", small, "--seeds", "1").exit_code == 0
    assert len(log.read_text()) == 4
    assert lessons("run", small, "--seeds", "1", "--fresh").exit_code == 0
    assert len(log.read_text()) == 5


@pytest.mark.skipif(os.name == "nt", reason="signals as on Unix")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_run_goes_on_where_it_was_and_leaves_no_program_behind(tmp_path, ending):
    log, go_on = tmp_path / "log.txt", tmp_path / "go on"
    waits = NOTES.format(log=str(log)) + (
        f"import time\nwhile os.environ['LESSONS_SEED'] == '2' and not Path({str(go_on)!r}).exists(): time.sleep(0.1)"
    )
    path = write_notebook(tmp_path / "01_a.ipynb", waits, FALLS_AT_3)
    program = (
        "import sys\nfrom pathlib import Path\nfrom lessons_lib.commands import main, repeated\n"
        f"repeated.find_checkout = lambda: Path({str(tmp_path)!r})\nmain()"
    )
    command = [sys.executable, "-c", program, "run", str(path), "--seeds", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        wait_for(lambda: log.is_file() and "2" in log.read_text())
        family = psutil.Process(running.pid).children(recursive=True)
        assert len(family) >= 2, "the lesson's program and its kernel"
        running.send_signal(ending)
        said = running.communicate(timeout=60)
    assert (running.returncode, "goes on from what is kept" in said[1]) in ((130, True), (-signal.SIGKILL, False))
    wait_for(lambda: not any(process.is_running() and process.status() != "zombie" for process in family))
    assert log.read_text() == "12"
    assert len(list((tmp_path / "build/claims").glob("01_a-seed-1-*.json"))) == 1
    go_on.touch()
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert log.read_text() == "122", "the first seed is not run again"
    assert "2 of 2 pairs" in done.stdout


def wait_for(condition: object, seconds: float = 60) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_a_program_that_dies_is_told_from_a_lesson_that_falls(checkout, monkeypatch):
    monkeypatch.setattr(sys, "executable", "false")
    path = write_notebook(checkout / "01_a.ipynb", FALLS_AT_3)
    shown = lessons("run", path)
    assert shown.exit_code == 1
    assert "01_a stopped in the program that executes it, which ended with code 1: it said nothing" in shown.stderr


def test_claims_are_told_apart_by_statement_and_place_and_faults_are_named():
    numbers = [claim_of(f"At {n} words it wins", n, True) for n in (10, 20)]
    other = [claim_of("At 11 words it wins", 11, True), numbers[1]]
    lost = [numbers[0]]
    stopped = Outcome("01_a", lost, 1, 1, "cell 4 (x): KeyError: 1")
    table = table_of(Outcome("01_a", numbers, 1, 1), Outcome("01_a", other, 3, 2), Outcome("01_a", lost, 2, 1), stopped)
    lesson = table["lessons"][0]
    assert [claim["values"] for claim in lesson["claims"]] == [[10, 11, 10, 10], [20, 20, None, None]]
    assert [claim["held"] for claim in lesson["claims"]] == [[True] * 4, [True, True, False, False]]
    assert lesson["unclear"] == [
        "the statement changes with the seed: At 10 words it wins",
        "at seed 3 there is no claim: At 20 words it wins",
    ]
    assert (lesson["seconds"], lesson["megabytes"]) == (2, 2), "the median of those that ended, the highest of all"
    bounds = table_of(*(Outcome("01_a", [claim_of("It wins", 1, True, bound)], 1, 1) for bound in (0.1, 0.2)))
    assert bounds["lessons"][0]["unclear"] == ["the bound changes with the seed: It wins"]


def test_the_full_table_is_stored_and_shown_in_readme(checkout, monkeypatch):
    for name in ("01_a", "02_b"):
        write_notebook(checkout / "notebooks" / f"{name}.ipynb", "1")
    orders = []

    def run_kept(asked, jobs, fresh, on_cell, on_end):
        orders.extend(asked)
        claims = [claim_of(f"Claim {n}", 1.25, True) for n in range(10)]
        return {(order.path.stem, order.seed): Outcome(order.path.stem, claims, 30.4, 612.3) for order in asked}

    monkeypatch.setattr(repeated, "run_kept", run_kept)
    shown = lessons("run", "--seeds", "5", "--jobs", "2")
    assert shown.exit_code == 0, shown.output
    assert [order.label for order in orders[:3]] == ["01_a, seed 1", "02_b, seed 1", "01_a, seed 2"]
    table = json.loads((checkout / seeds_table.TABLE).read_text())
    readme = (checkout / "README.md").read_text()
    assert readme == f"# A\n\n<!-- claims: begin -->\n{claims_readme.block(table)}<!-- claims: end -->\n\nText.\n"
    assert "20 claims, base seeds 1 to 5: 100 of 100 pairs of a claim and a seed hold (100 %)." in readme
    assert "Of 0 claims the number changes with the seed" in readme
    assert "| [2](notebooks/02_b.ipynb) | 10 | 50 of 50 | 30 | 612 |" in readme
    assert lessons("run", "--seeds", "5").exit_code == 0
    for partly in (["1", "--seeds", "5"], ["--seeds", "4"], ["--seeds", "5", "--model", "mini-bert"]):
        before = (checkout / seeds_table.TABLE).stat().st_mtime_ns
        monkeypatch.setattr("lessons_lib.commands.run.without_line", lambda paths, settings: [])
        assert lessons("run", *partly).exit_code == 0
        refused = lessons("run", *partly, "--out", checkout / seeds_table.TABLE)
        assert (refused.exit_code, "choose another --out" in refused.stderr) == (2, True)
        assert (checkout / seeds_table.TABLE).stat().st_mtime_ns == before


def test_less_than_the_bar_or_a_lesson_that_stopped_ends_with_1(checkout, monkeypatch):
    path = write_notebook(checkout / "01_a.ipynb", "1")
    ends = {}
    for held, error in ((19, ""), (18, ""), (20, "cell 9 (x): E: y")):
        claims = [claim_of(f"Claim {'x' * n}", 1, n < held) for n in range(20)]
        monkeypatch.setattr(
            repeated, "run_kept", lambda *_, c=claims, e=error: {("01_a", 1): Outcome("01_a", c, 1, 1, e)}
        )
        ends[held] = lessons("run", path, "--seeds", "1").exit_code
    assert ends == {19: 0, 18: 1, 20: 1}


def test_options_that_exclude_each_other_are_refused_before_anything_runs(tmp_path):
    path = write_notebook(tmp_path / "01_a.ipynb", "raise SystemExit")
    for arguments, said in {
        ("--seed", "1", "--seeds", "2"): "give one of the two",
        ("--fresh",): "add --seeds 5",
        ("--out", "x.json"): "add --seeds 5",
        ("--vectors", "word3vec"): "No vectors and no file are called 'word3vec'",
        ("--vectors", "mini-lm"): "lessons fetch NAME",
        ("--vectors", "glove-6b-100"): "glove-6b-100 is not here. With a network: lessons fetch glove-6b-100",
        ("--vectors", str(path)): "cannot be read",
        ("--model", "mini-burt"): "mini-bert",
        ("--model", str(tmp_path)): "holds no config.json",
        ("--vectors", "glove"): 'There is nothing to replace: no line VECTORS = "..." in 01_a.',
    }.items():
        shown = lessons("run", path, *arguments)
        assert (shown.exit_code, shown.stdout) == (2, ""), arguments
        assert said in shown.stderr
    twice = lessons("run", path, path, "--seeds", "2")
    assert (twice.exit_code, "same name" in twice.stderr) == (2, True)


def test_vectors_and_model_are_replaced_in_memory_and_named_in_the_table(checkout):
    source = 'VECTORS = "word2vec"\nMODEL = "mini-bert"\nNO_VECTORS = "x"\n'
    claims = (
        "from lessons_lib.claims import claim\n"
        'claim(f"{VECTORS} {MODEL} {NO_VECTORS}", int(VECTORS == "glove"), at_least=1)'
    )
    path = write_notebook(checkout / "01_a.ipynb", source, claims)
    other = write_notebook(checkout / "02_b.ipynb", "1")
    before = path.read_bytes()
    shown = lessons("run", path, other, "--vectors", "glove", "--jobs", "2")
    assert shown.exit_code == 0, shown.output
    assert "vectors: glove; as they are, without a line to replace: 02_b" in shown.stdout
    assert "glove mini-bert x" in shown.stdout
    assert path.read_bytes() == before
    model = lessons("run", path, "--model", "mini-bert")
    assert (model.exit_code, "word2vec mini-bert x" in model.stdout) == (1, True)
    assert "model: mini-bert" in model.stdout


def test_files_and_folders_become_absolute_paths(tmp_path, monkeypatch, root):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a b.txt").write_text("word 1 2\nother 3 4\n")
    bert = root / "data/models/mini-bert"
    monkeypatch.chdir(tmp_path)
    found = settings_of("a b.txt", os.path.relpath(bert))
    assert found == {"VECTORS": str(tmp_path / "a b.txt"), "MODEL": str(bert)}
    assert settings_of("fasttext", "mini-bert") == {"VECTORS": "fasttext", "MODEL": "mini-bert"}
    assert settings_of(None, None) == {}


def test_what_is_kept_belongs_to_code_seed_and_embeddings_and_not_to_prose(checkout):
    path = write_notebook(checkout / "01_a.ipynb", "1")
    places = {repeated.place(Order(path, seed, settings)) for seed in (1, 2) for settings in ({}, {"VECTORS": "glove"})}
    assert len(places) == 4
    notebook = read_without_outputs(path)
    notebook.cells.append(nbformat.v4.new_markdown_cell("Prose."))
    nbformat.write(notebook, path)
    assert repeated.place(Order(path, 1)) in places
    write_notebook(path, "2")
    assert repeated.place(Order(path, 1)) not in places
    damaged = checkout / "damaged.json"
    damaged.write_text('{"lesson": "01_a", "cla')
    assert repeated.read(damaged) is None, "a damaged result is no result"
