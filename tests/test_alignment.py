"""Laying one space over another: against scipy, against a rotation that is known, and with what can go wrong."""

import numpy as np
import pytest
from gensim.models import KeyedVectors

from lessons_lib.alignment import known_pairs, nearest_across, precision_across, procrustes, rotation_between


def vectors_of(matrix, prefix=""):
    vectors = KeyedVectors(matrix.shape[1])
    vectors.add_vectors([f"{prefix}{number}" for number in range(len(matrix))], matrix.astype(np.float32))
    return vectors


def a_rotation(dims, seed=3):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(dims, dims)))[0]


@pytest.fixture
def rows():
    return np.random.default_rng(0).normal(size=(60, 8))


@pytest.fixture
def turned(rows):
    """Two spaces, the second one the first turned; word "7" of the one is "f7" of the other."""
    return vectors_of(rows), vectors_of(rows @ a_rotation(8), "f")


def test_same_rotation_as_scipy(rows):
    from scipy.linalg import orthogonal_procrustes

    other = np.random.default_rng(1).normal(size=rows.shape)
    assert np.allclose(procrustes(rows, other), orthogonal_procrustes(rows, other)[0])


def test_a_known_rotation_is_found_again(rows):
    assert np.allclose(procrustes(rows, rows @ a_rotation(8)), a_rotation(8))


def test_rotation_keeps_lengths_and_angles(rows):
    rotation = procrustes(rows, np.random.default_rng(1).normal(size=rows.shape))
    assert np.allclose(rotation @ rotation.T, np.eye(8))


def test_to_fewer_dimensions_and_to_more(rows):
    for dims in (5, 11):
        target = np.random.default_rng(2).normal(size=(60, dims))
        rotation = procrustes(rows, target)
        assert rotation.shape == (8, dims)
        small = rotation.T @ rotation if dims < 8 else rotation @ rotation.T
        assert np.allclose(small, np.eye(min(dims, 8)))


@pytest.mark.parametrize(
    ("source", "target"),
    [(np.ones((3, 2)), np.ones((4, 2))), (np.ones(3), np.ones(3)), (np.empty((0, 2)), np.empty((0, 2))),
     (np.ones((2, 2)), np.array([[np.nan, 1], [1, 1]]))],
)  # fmt: skip
def test_rows_that_do_not_fit_are_refused(source, target):
    with pytest.raises(ValueError, match=r"row for each pair|NaN"):
        procrustes(source, target)


def test_anchors_repair_a_turned_space(turned):
    first, second = turned
    pairs = [(str(number), f"f{number}") for number in range(60)]
    before = precision_across(first, second, pairs)
    rotation = rotation_between(first, second, pairs[:20])
    after = precision_across(first, second, pairs[20:], rotation)
    assert before.at[1].value < 0.2
    assert after.at[1].value == after.at[5].value == 1.0
    assert (after.asked, after.missing) == (40, 0)


def test_too_few_anchors_do_not_repair_it(turned):
    first, second = turned
    pairs = [(str(number), f"f{number}") for number in range(60)]
    assert precision_across(first, second, pairs[20:], rotation_between(first, second, pairs[:2])).at[1].value < 0.5


def test_nearest_across_equals_gensim(turned):
    first, second = turned
    found = nearest_across(first, second, ["3", "9"], a_rotation(8), n=4)
    for word, row in found.iterrows():
        expected = second.similar_by_vector(first.get_vector(word, norm=True) @ a_rotation(8), topn=4)
        assert list(row) == [name for name, _ in expected]


def test_more_words_than_a_batch(monkeypatch, turned):
    first, second = turned
    words = first.index_to_key
    whole = nearest_across(first, second, words, n=3)
    monkeypatch.setattr("lessons_lib.alignment.BATCH", 7)
    assert nearest_across(first, second, words, n=3).equals(whole)


def test_any_of_several_right_words_counts(turned):
    first, _ = turned
    found = precision_across(first, first, [("1", "2"), ("1", "1"), ("5", "6"), ("nobody", "1")], at=(1,))
    assert found.at[1].value == 0.5
    assert (found.asked, found.missing) == (2, 1)
    assert found.answers.loc["1", "right"] == "1, 2"


def test_bad_questions_get_clear_errors(turned):
    first, second = turned
    with pytest.raises(ValueError, match="None of 1 pairs has vectors on both sides"):
        rotation_between(first, second, [("f1", "1")])
    with pytest.raises(ValueError, match="Item 1 is no pair of words: 'ab'"):
        known_pairs(first, second, [("1", "f1"), "ab"])
    with pytest.raises(KeyError, match="the first is 'f3'"):
        nearest_across(first, second, ["1", "f3"])
    with pytest.raises(ValueError, match="n=61; expected 1 to 60"):
        nearest_across(first, second, ["1"], n=61)
    with pytest.raises(ValueError, match="8 and 3 dimensions with no rotation"):
        nearest_across(first, vectors_of(np.ones((4, 3))), ["1"], n=1)
    with pytest.raises(ValueError, match=r"a rotation of shape \(3, 8\)"):
        nearest_across(first, second, ["1"], np.ones((3, 8)))


def test_the_bundled_novels_meet_after_a_rotation():
    from lessons_lib import load
    from lessons_lib.texts import translations

    english, french = load("novels-english"), load("novels-french")
    table = translations("french")
    parts = {part: rows[["english", "translation"]].to_records(index=False).tolist()
             for part, rows in table.groupby("part")}  # fmt: skip
    found = precision_across(english, french, parts["test"], rotation_between(english, french, parts["train"]))
    assert found.at[5].value > found.at[1].value > 0.2
    assert precision_across(english, french, parts["test"]).at[5].value < 0.05
