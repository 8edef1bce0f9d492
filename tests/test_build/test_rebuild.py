"""What a second build keeps and what it executes again, what stops it, and the command."""

import pytest

from authoring import build, execution
from authoring.build import BuildError, build_course, find_drift

from .small_course import BUILT, EXERCISE, LESSON, NOTEBOOK, RECALL, TASK, change, edit_json, notebook, sources


def test_a_second_build_changes_no_byte_and_executes_nothing(course, no_kernel):
    before = {name: (course / name).read_bytes() for name in BUILT}
    times = {name: (course / name).stat().st_mtime_ns for name in BUILT}
    assert build_course(course) == []
    assert no_kernel == []
    assert {name: (course / name).read_bytes() for name in BUILT} == before
    assert {name: (course / name).stat().st_mtime_ns for name in BUILT} == times


def test_only_what_changed_is_executed_and_kept_code_keeps_its_id(course):
    before = notebook(course / "notebooks/01_count.ipynb")
    solution = (course / "solutions/01_count.ipynb").read_bytes()
    change(course / "authoring/lessons/01_count.py", "1 + 1", "1 + 2")
    steps: list[str] = []
    assert build_course(course, on_cell=lambda name, done, total: steps.append(name)) == ["notebooks/01_count.ipynb"]
    assert set(steps) == {"notebooks/01_count.ipynb"}
    after = notebook(course / "notebooks/01_count.ipynb")
    assert after["cells"][-2]["outputs"][0]["data"]["text/plain"] == ["3"]
    same = [old["id"] == new["id"] for old, new in zip(before["cells"], after["cells"], strict=True)]
    assert same == [True, True, True, False, True]
    assert (course / "solutions/01_count.ipynb").read_bytes() == solution


@pytest.mark.parametrize("name", ["lessons_lib/__init__.py", "lessons_lib/deep/module.py", "data/registry.json"])
def test_a_change_of_library_or_data_executes_all_again(course, no_kernel, name):
    (course / name).parent.mkdir(exist_ok=True)
    (course / name).write_text('NAME = "changed"\n', encoding="utf-8")
    assert sum("outputs are older than" in problem for problem in find_drift(course)) == 2
    build_course(course)
    assert no_kernel == ["notebooks/01_count.ipynb", "solutions/01_count.ipynb"]


PAGE = "# %% [markdown]\n# # All cards\n\n# %%\n1 + 1\n"


def test_a_page_of_the_whole_course_is_built_and_called_by_its_name(course, no_kernel):
    (course / "authoring/pages").mkdir()
    (course / "authoring/pages/all.py").write_text(PAGE, encoding="utf-8")
    assert find_drift(course) == ["notebooks/all.ipynb is missing: run python course.py build."]
    assert build_course(course, only=["all"]) == ["notebooks/all.ipynb"]
    assert build_course(course, only=["1"]) == []
    assert no_kernel == ["notebooks/all.ipynb"]


def test_changed_cards_execute_their_lesson_and_the_pages_again(course, no_kernel):
    (course / "authoring/pages").mkdir()
    (course / "authoring/pages/all.py").write_text(PAGE, encoding="utf-8")
    build_course(course)

    def older() -> list[str]:
        return [problem.split(":")[0] for problem in find_drift(course) if "outputs are older" in problem]

    assert older() == []
    (course / "authoring/recall/02_more.toml").write_text(RECALL.replace("01-", "02-"), encoding="utf-8")
    assert older() == ["notebooks/all.ipynb"], "these are the cards of another lesson"
    change(course / "authoring/recall/01_count.toml", "A set has no order.", "Sets have no order.")
    assert older() == ["notebooks/01_count.ipynb", "notebooks/all.ipynb"]
    build_course(course, only=["01"])
    assert no_kernel == ["notebooks/all.ipynb", "notebooks/01_count.ipynb"]


def test_commands_do_not_count_as_library(course):
    (course / "lessons_lib/commands/run.py").write_text("x = 1\n", encoding="utf-8")
    assert find_drift(course) == []


def test_line_endings_do_not_count(course):
    for name in ("lessons_lib/__init__.py", "authoring/lessons/01_count.py", "notebooks/01_count.ipynb"):
        (course / name).write_bytes((course / name).read_bytes().replace(b"\n", b"\r\n"))
    assert find_drift(course) == []


def test_everything_executes_what_did_not_change(course, no_kernel):
    build_course(course, everything=True)
    assert no_kernel == ["notebooks/01_count.ipynb", "solutions/01_count.ipynb"]


@pytest.mark.parametrize("name", ["1", "01", "01_count"])
def test_only_names_the_lessons_to_build(course, no_kernel, name):
    (course / "authoring/lessons/02_more.py").write_text(LESSON, encoding="utf-8")
    build_course(course, only=[name])
    assert no_kernel == []
    assert not (course / "notebooks/02_more.ipynb").exists()
    build_course(course, only=["2"])
    assert no_kernel == ["notebooks/02_more.ipynb"]


def test_an_unknown_lesson_is_named_with_those_that_exist(course):
    with pytest.raises(BuildError, match=r"No lesson is called 09\. There are: 01_count"):
        build_course(course, only=["09"])


def test_outputs_survive_a_change_of_address(course, no_kernel):
    before = [cell.get("outputs") for cell in notebook(course / "notebooks/01_count.ipynb")["cells"]]
    change(course / "pyproject.toml", "owner/name", "owner/moved")
    assert any("differ" in problem for problem in find_drift(course))
    assert sorted(build_course(course)) == BUILT[2:]
    after = notebook(course / "notebooks/01_count.ipynb")
    assert no_kernel == []
    assert "owner/moved" in sources(after)[0]
    assert [cell.get("outputs") for cell in after["cells"]] == before
    assert find_drift(course) == []


def test_a_notebook_that_was_run_by_hand_is_executed_again(course, no_kernel):
    edit_json(course / NOTEBOOK, lambda content: content["cells"][3].update(execution_count=9))
    build_course(course)
    assert no_kernel == [NOTEBOOK]


def test_a_cell_edited_in_the_built_notebook_is_executed_again(course, no_kernel):
    change(course / "notebooks/01_count.ipynb", "1 + 1", "1 + 3")
    build_course(course)
    assert no_kernel == ["notebooks/01_count.ipynb"]


def test_a_failing_claim_stops_the_build_and_keeps_the_old_notebook(course):
    before = (course / "notebooks/01_count.ipynb").read_bytes()
    failing = (
        'def claim():\n    if os.environ["LESSONS_STRICT"] == "1":\n        raise ValueError("0.01 is below 0.05")\n'
    )
    lesson = course / "authoring/lessons/01_count.py"
    lesson.write_text(f"{LESSON}\n# %%\n{failing}\n\nclaim()\n", encoding="utf-8")
    line = lesson.read_text(encoding="utf-8").splitlines().index("claim()") + 1
    with pytest.raises(BuildError) as error:
        build_course(course)
    expected = f"authoring/lessons/01_count.py, line {line}: cell 6 of notebooks/01_count.ipynb raised ValueError: 0.01"
    assert str(error.value).startswith(expected)
    assert "\n    claim()\n" in str(error.value)
    assert (course / "notebooks/01_count.ipynb").read_bytes() == before
    assert sorted(path.name for path in (course / "notebooks").iterdir()) == ["01_count.ipynb"]


def test_a_failing_solution_is_located_behind_its_markers_and_keeps_the_exercise(course):
    before = (course / "exercises/01_count.ipynb").read_bytes()
    change(course / "authoring/exercises/01_count.py", 'print("share:", share)', "assert share > 1")
    line = EXERCISE.splitlines().index('print("share:", share)') + 1
    with pytest.raises(BuildError, match=f"line {line}: cell 4 of solutions/01_count.ipynb raised AssertionError"):
        build_course(course)
    assert (course / "exercises/01_count.ipynb").read_bytes() == before


def test_a_cell_that_takes_too_long_stops_the_build(course, monkeypatch):
    monkeypatch.setattr(execution, "SECONDS_A_CELL", 1)
    change(course / "authoring/lessons/01_count.py", "1 + 1", "import time; time.sleep(60)")
    with pytest.raises(BuildError, match=r"cell 4 of notebooks/01_count\.ipynb raised CellTimeoutError"):
        build_course(course)


def test_the_command_checks_builds_and_fails_with_the_reason(course, monkeypatch, capsys, no_kernel):
    monkeypatch.setattr(build, "__file__", str(course / "authoring" / "build.py"))
    assert build.main(["--check"]) == 0
    (course / TASK).unlink()
    assert build.main(["--check"]) == 1
    assert build.main(["01"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"{TASK} is missing: run python course.py build.",
        f"written: {TASK}",
    ]
    assert build.main(["09"]) == 1
    assert "No lesson is called 09" in capsys.readouterr().err
