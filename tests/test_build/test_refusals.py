"""What the builder refuses, where its messages point, and that no answer reaches an exercise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.build import BuildError, build_course, find_drift
from authoring.markers import read_lines
from authoring.notebook import serialise

from .small_course import EXERCISE, LESSON, edition

BLOCK = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n"


@pytest.mark.parametrize(
    ("body", "line", "remedy"),
    [
        ("# %%\n### BEGIN SOLUTION\nx = 1\n", 4, "found '### BEGIN SOLUTION', but the cell ends before"),
        ("# %%\n### BEGIN SOLUTION\nx = 1\n# %%\n### END SOLUTION\n", 4, "the cell ends before this block does"),
        ("# %%\n### END SOLUTION\n", 4, "no block is open"),
        ("# %%\n### END SOLUTION\nx = 1\n### BEGIN SOLUTION\n", 4, "no block is open"),
        ("# %%\n### BEGIN SOLUTION\nx = 1\n" + BLOCK, 6, "(a block was opened in line 4), but a block is open already"),
        ("# %%\n### BEGIN SOLUTION\n" + BLOCK, 5, "blocks do not nest"),
        ("# %%\n### BEGIN SOLUTION\n### END SOLUTION\n", 5, "holds no answer"),
        ("# %%\n### BEGIN SOLUTION\n### STUB x = 0\n### END SOLUTION\n", 6, "holds no answer"),
        ("# %%\n### STUB x = 0\n", 4, "no block is open"),
        ("# %%\n### BEGIN SOLUTION\nx = 1\n### STUB x = 0\n### END SOLUTION\n", 6, "move it up"),
        ("# %% [markdown]\n# ### BEGIN SOLUTION\n", 4, "a line of its own in a code cell"),
        ('# %% [markdown]\n"""\n### BEGIN SOLUTION\n"""\n', 5, "a line of its own in a code cell"),
        ("# %%\nx = 1  ### BEGIN SOLUTION\n", 4, "a line of its own"),
        ("# %%\n# BEGIN SOLUTION\nx = 1\n", 4, "a line of its own"),
        ("# %%\n### begin solution\nx = 1\n", 4, "a line of its own"),
        ("# %%\n### BEGIN SOLUTON\nx = 1\n", 4, "a line of its own"),
        ("# %%\n### BEGIN SOLUTION\n## STUB x = 0\nx = 1\n### END SOLUTION\n", 5, "a line of its own"),
    ],
)
def test_markers_that_do_not_fit_are_named_with_file_line_and_remedy(body, line, remedy):
    with pytest.raises(BuildError) as error:
        read_lines(f"# %% [markdown]\n# # Title\n{body}", "tasks.py")
    assert str(error.value).startswith(f"tasks.py, line {line}: found ")
    assert remedy in str(error.value)


def test_a_stub_that_shows_the_answer_is_refused():
    answer = "share = words.count(word) / len(words)"
    with pytest.raises(BuildError, match=r"tasks\.py, line 3: the stub shows 'share = words"):
        read_lines(f"# %%\n### BEGIN SOLUTION\n### STUB # {answer}\n{answer}\n### END SOLUTION\n", "tasks.py")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import os\n\n" + EXERCISE, "Put nothing above the first"),
        ("# ---\n# jupyter:\n#   kernelspec:\n#     name: python3\n# ---\n\n" + EXERCISE, "Look at its header"),
        (EXERCISE.replace("# # Practise counting", "# Practise counting"), "begin with a title"),
        (EXERCISE.removeprefix("# %% [markdown]\n# # Practise counting\n"), "begin with a title"),
        (
            EXERCISE.replace("    ### BEGIN", "### BEGIN").replace(
                '    """Share of the words that are ``word``."""\n', ""
            ),
            "no Python",
        ),
        (EXERCISE + '\n# %% tags=["solution"]\nshare\n', "only Markdown is tagged 'solution'"),
    ],
)
def test_a_source_that_makes_no_exercise_is_refused(text, message):
    with pytest.raises(BuildError, match=message):
        edition(text)


def test_solution_blocks_belong_into_exercises_and_nowhere_else(course):
    (course / "authoring/lessons/01_count.py").write_text(LESSON + "\n# %%\n" + BLOCK, encoding="utf-8")
    (course / "authoring/exercises/01_count.py").write_text(LESSON, encoding="utf-8")
    first, second = find_drift(course)
    assert first.startswith(
        "authoring/lessons/01_count.py holds a solution block; sources in authoring/exercises hold them"
    )
    assert second.startswith("authoring/exercises/01_count.py holds no solution block")
    with pytest.raises(BuildError, match="holds a solution block"):
        build_course(course)


def test_a_source_that_is_not_utf_8_is_named_with_its_line(course):
    path = course / "authoring/lessons/01_count.py"
    path.write_bytes(LESSON.replace("You will count.", "Vous êtes là.").encode("latin-1"))
    message = "authoring/lessons/01_count.py, line 4: found the byte 0xea, expected UTF-8. Save the file as UTF-8."
    assert find_drift(course) == [message]
    with pytest.raises(BuildError) as error:
        build_course(course)
    assert str(error.value) == message


def test_prose_may_use_the_words_of_the_markers_and_have_headings():
    title = edition(
        EXERCISE.replace("counting", "counting\n#\n# ### A part\n# In the end solution and begin are words.")
    ).cells[0]
    assert title.source.endswith("### A part\nIn the end solution and begin are words.")


@pytest.mark.parametrize("text", ["", '[project.urls]\nRepository = "https://example.org/name"\n', "[project"])
def test_the_address_of_the_repository_must_be_stated(course, text):
    (course / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BuildError, match=r"pyproject\.toml: .*Repository"):
        build_course(course)


def test_a_stub_of_several_lines_keeps_its_indentation():
    text = EXERCISE.replace("### STUB share = None", "### STUB share = (\n### STUB     None\n### STUB\n### STUB )")
    assert edition(text).cells[-1].source == 'share = (\n    None\n\n)\nprint("share:", share)'
    assert "None" not in edition(text, "solutions/01_count.ipynb").cells[-2].source


@settings(deadline=None)  # what is tested is the text, not how busy the machine is
@given(
    depth=st.integers(0, 5),
    unit=st.sampled_from([" ", "  ", "    ", "        ", "\t"]),
    numbers=st.lists(st.integers(10**6, 10**9), min_size=1, max_size=6, unique=True),
    stub=st.booleans(),
    blank=st.sampled_from(["", "  ", "\t"]),
)
def test_no_line_of_an_answer_survives_whatever_the_indentation(depth, unit, numbers, stub, blank):
    outer = "".join(f"{unit * level}if {level} < 9:\n" for level in range(depth))
    indent = unit * depth
    answers = [f"answer_{number} = {number}" for number in numbers]
    body = [
        f"### BEGIN SOLUTION{blank}",
        *(["### STUB hint = 0"] if stub else []),
        *answers,
        f"### END SOLUTION{blank}",
    ]
    text = f"# %% [markdown]\n# # Title\n\n# %%\n{outer}" + "".join(f"{indent}{line}\n" for line in body)
    exercise, solution = (edition(text, f"{folder}/1.ipynb").cells[2].source for folder in ("exercises", "solutions"))
    assert exercise == f"{outer}{indent}{'hint = 0' if stub else '...  # your code here'}"
    assert solution == (outer + "".join(f"{indent}{line}\n" for line in answers)).rstrip("\n")
    assert not any(str(number) in serialise(edition(text)) for number in numbers)
