"""Quizzes, flash cards and glossary: what they become, and how an entry that breaks the rules is named."""

import json

import pytest

from authoring.build import BuildError, build_course, find_drift

from .small_course import RECALL, change

QUIZ, TERMS = "authoring/recall/01_count.toml", "authoring/glossary.toml"


def test_recall_data_become_json_that_keeps_the_order(built_once):
    recall = json.loads((built_once[0] / "data/recall/01_count.json").read_text(encoding="utf-8"))
    assert [quiz["id"] for quiz in recall["quiz"]] == ["01-q1"]
    assert [option["right"] for option in recall["quiz"][0]["options"]] == [True, False]
    assert recall["cards"] == [{"front": "Vector", "back": "Numbers in a fixed order"}]
    glossary = json.loads((built_once[0] / "data/glossary.json").read_text(encoding="utf-8"))
    assert [(entry["term"], entry["lesson"]) for entry in glossary] == [("dimension", "01"), ("Vector", "01")]


def test_recall_data_that_differ_are_told(course):
    change(course / "authoring/glossary.toml", "How many numbers", "The number of numbers")
    change(course / "data/recall/01_count.json", "A set has no order.", "")
    assert find_drift(course) == [
        f"data/{name} differs from its source in authoring/: run python course.py build."
        for name in ("recall/01_count.json", "glossary.json")
    ]


@pytest.mark.parametrize(
    ("path", "old", "new", "place", "expected"),
    [
        (QUIZ, "right = false", "right = true", "quiz 1, options (01-q1)", "exactly one of them right"),
        (QUIZ, "right = true", "right = false", "quiz 1, options (01-q1)", "exactly one of them right"),
        (QUIZ, "right = true", 'right = "yes"', "quiz 1, options 1, right (01-q1)", "true or false"),
        (QUIZ, 'why = "A set has no order."', "", "quiz 1, options 2 (01-q1)", "text, right, why"),
        (QUIZ, '"A set has no order."', '" "', "quiz 1, options 2, why (01-q1)", "text that is not empty"),
        (QUIZ, "why =", "reason = 1\nwhy =", "quiz 1, options 1 (01-q1)", "and no others"),
        (QUIZ, 'id = "01-q1"', 'id = "q1"', "quiz 1, id (q1)", "'01-q1'"),
        (QUIZ, 'id = "01-q1"', 'id = "02-q1"', "quiz 1:", "begins with '01-'"),
        (QUIZ, "[[cards]]", RECALL[: RECALL.index("[[cards]]")] + "[[cards]]", "quiz 2:", "no other question"),
        (QUIZ, RECALL[RECALL.index("[[cards]]") :], "", "top level", "quiz, cards"),
        (QUIZ, 'back = "Numbers in a fixed order"', "", "cards 1 (Vector)", "front, back"),
        (QUIZ, "[[cards]]", "[[cards]", "is no TOML file", "line 1"),
        (TERMS, 'term = "Vector"', 'term = "dimension"', "term 2:", "alphabetical order"),
        (TERMS, 'term = "Vector"', 'term = "cosine"', "term 2:", "alphabetical order"),
        (TERMS, 'lesson = "01"', 'lesson = "1"', "term 1, lesson (dimension)", "number of a lesson"),
    ],
)
def test_recall_entries_that_break_the_rules_are_named(course, path, old, new, place, expected):
    change(course / path, old, new)
    with pytest.raises(BuildError) as error:
        build_course(course)
    assert str(error.value).startswith(path)
    assert place in str(error.value)
    assert expected in str(error.value)
    assert str(error.value) in find_drift(course)


def test_a_question_takes_two_to_five_options(course):
    option = RECALL[RECALL.rindex("[[quiz.options]]") : RECALL.index("[[cards]]")]
    text = (course / QUIZ).read_text(encoding="utf-8")
    for copies, fits in ((-1, False), (3, True), (4, False)):
        options = text.replace(option, option * (1 + copies))
        (course / QUIZ).write_text(options, encoding="utf-8")
        assert any("2 to 5 options" in problem for problem in find_drift(course)) is not fits
