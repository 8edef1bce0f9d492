"""Every way in which a built file can differ from its source is told, in a sentence, and nothing is written."""

import shutil
import time

import pytest

from authoring.build import build_course, find_drift

from .small_course import ANSWER, BUILT, EXERCISE, LESSON, NOTEBOOK, SOLUTION, TASK, change, edit_json


def run_nothing(content: dict) -> None:
    """Take all outputs out."""
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []


def show_line(line: str):
    """Return an edit that writes a line into the last cell."""
    return lambda content: content["cells"][-1]["source"].append(f"\n{line}")


def add_output(content: dict) -> None:
    """Give the last cell an output."""
    content["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["0.4\n"]}]


@pytest.mark.parametrize(
    ("path", "edit", "sentence"),
    [
        (
            NOTEBOOK,
            lambda c: c["cells"][0]["source"].append(" Typed here."),
            "first cell 1: run python course.py build",
        ),
        (NOTEBOOK, lambda c: c["cells"][3].update(id="another"), "1 cells differ from authoring/lessons/01_count.py"),
        (NOTEBOOK, lambda c: c["cells"][3]["metadata"].clear(), "1 cells differ"),
        (NOTEBOOK, lambda c: c["cells"].pop(), "1 cells differ"),
        (NOTEBOOK, lambda c: c["metadata"].update(widgets={}), "its metadata differ"),
        (NOTEBOOK, lambda c: c["metadata"]["language_info"].update(version="3.11.0"), "its metadata differ"),
        (NOTEBOOK, lambda c: c["metadata"]["lessons"].update(fingerprint="0"), "its outputs are older than"),
        (NOTEBOOK, run_nothing, "has no outputs"),
        (NOTEBOOK, lambda c: c["cells"][3].update(execution_count=None), "not executed once, from top to bottom"),
        (NOTEBOOK, lambda c: c["cells"][3].update(execution_count=9), "not executed once, from top to bottom"),
        (NOTEBOOK, lambda c: c.clear(), "is damaged"),
        (SOLUTION, run_nothing, "has no outputs"),
        (SOLUTION, show_line("### END SOLUTION"), "still holds the marker 'END SOLUTION'"),
        (TASK, show_line("    ### BEGIN SOLUTION"), "still holds the marker 'BEGIN SOLUTION'"),
        (TASK, show_line("### STUB share = None"), "still holds the marker '### STUB'"),
        (TASK, show_line(f"        # {ANSWER}"), "gives away the answer in line 8 of authoring/exercises/01_count.py"),
        (TASK, add_output, "holds outputs"),
        (TASK, lambda c: c["cells"][-1].update(execution_count=3), "holds outputs"),
    ],
)
def test_drift_of_every_kind_is_told_in_a_sentence(course, path, edit, sentence):
    edit_json(course / path, edit)
    before = {name: (course / name).read_bytes() for name in BUILT}
    problems = find_drift(course)
    assert [problem for problem in problems if problem.startswith(path) and sentence in problem], problems
    assert all(problem.startswith(path) for problem in problems)
    assert {name: (course / name).read_bytes() for name in BUILT} == before


def test_an_exercise_that_equals_its_solution_is_told(course):
    shutil.copy(course / SOLUTION, course / TASK)
    assert f"{TASK} equals its solution: run python course.py build." in find_drift(course)


def test_a_line_that_stands_outside_of_blocks_is_no_secret(course, no_kernel):
    change(
        course / "authoring/exercises/01_count.py", "# # Practise counting", f"# # Practise counting\n#\n# `{ANSWER}`"
    )
    build_course(course)
    assert not any("gives away" in problem for problem in find_drift(course))


def test_an_answer_that_only_the_worked_explanation_shows_is_a_secret(course, no_kernel):
    change(course / "authoring/exercises/01_count.py", "# Divide the count", f"# `{ANSWER}`: divide the count")
    build_course(course)
    edit_json(course / TASK, show_line(f"# {ANSWER}"))
    assert any("gives away the answer in line 8" in problem for problem in find_drift(course))


@pytest.mark.parametrize("name", BUILT)
def test_a_missing_file_is_told(course, name):
    (course / name).unlink()
    assert find_drift(course) == [f"{name} is missing: run python course.py build."]


@pytest.mark.parametrize("name", ["notebooks/02_old.ipynb", "exercises/deep/02_old.ipynb", "data/recall/02_old.json"])
def test_a_file_without_source_is_told(course, name):
    (course / name).parent.mkdir(exist_ok=True)
    (course / name).write_text("{}", encoding="utf-8")
    assert find_drift(course) == [f"{name} has no source in authoring/: delete it."]


def test_checkpoints_are_no_drift(course):
    (course / "notebooks/.ipynb_checkpoints").mkdir()
    shutil.copy(course / NOTEBOOK, course / "notebooks/.ipynb_checkpoints/01_count-checkpoint.ipynb")
    assert find_drift(course) == []


def test_a_source_with_an_error_is_told_and_the_others_are_still_compared(course):
    change(course / "authoring/exercises/01_count.py", "    ### END SOLUTION\n", "")
    (course / NOTEBOOK).unlink()
    missing, unpaired = find_drift(course)
    assert missing.startswith(f"{NOTEBOOK} is missing")
    assert unpaired.startswith("authoring/exercises/01_count.py, line ")


def test_drift_of_seven_lessons_takes_less_than_five_seconds(course, no_kernel):
    long = LESSON + "".join(f"\n# %% [markdown]\n# ## Part {n}\n\n# %%\nx{n} = {n}\nx{n} + 1\n" for n in range(40))
    for number in range(2, 8):
        (course / f"authoring/lessons/0{number}_count.py").write_text(long, encoding="utf-8")
        (course / f"authoring/exercises/0{number}_count.py").write_text(EXERCISE, encoding="utf-8")
    build_course(course)
    begin = time.process_time()
    problems = find_drift(course)
    assert time.process_time() - begin < 5
    assert {problem.split(" ")[0] for problem in problems} == {
        f"{folder}/0{number}_count.ipynb" for number in range(2, 8) for folder in ("notebooks", "solutions")
    }, "built without a kernel, these have no outputs"
