"""Search: every way of scoring against its formula written out, and the judgement against hand-made rankings."""

import math
from collections import Counter

import numpy as np
import pytest
from gensim.models import KeyedVectors

from lessons_lib import tokenise
from lessons_lib.retrieval import (
    BM25_B,
    BM25_K1,
    mean_vectors,
    ranks_of_first_answer,
    rarity,
    retrieval_scores,
    similarities,
)

DOCUMENTS = ["Sort a list.", "Return the sorted list of a list", "Draw a line", "a a a", ""]
QUESTIONS = ["sort my list", "line", "nothing known"]


@pytest.fixture
def toy():
    vectors = KeyedVectors(2)
    vectors.add_vectors(["sort", "list", "line", "draw"], np.array([[1, 0], [1, 1], [0, 1], [0, 3]], dtype=np.float32))
    return vectors


def test_bm25_is_the_formula():
    counts = [Counter(tokenise(text)) for text in DOCUMENTS]
    lengths = [sum(count.values()) for count in counts]
    mean = sum(lengths) / len(lengths)

    def score(question, count, length):
        total = 0.0
        for word in tokenise(question):
            having = sum(word in other for other in counts)
            rare = math.log(1 + (len(counts) - having + 0.5) / (having + 0.5))
            total += rare * count[word] * (BM25_K1 + 1) / (
                count[word] + BM25_K1 * (1 - BM25_B + BM25_B * length / mean))  # fmt: skip
        return total

    expected = [[score(q, c, n) for c, n in zip(counts, lengths, strict=True)] for q in QUESTIONS]
    np.testing.assert_allclose(similarities("bm25", QUESTIONS, DOCUMENTS), expected, rtol=1e-5)


def test_tfidf_finds_shared_words_and_nothing_else():
    found = similarities("tfidf", QUESTIONS, DOCUMENTS)
    assert found[0].argmax() == 0
    assert found[1].argmax() == 2
    assert not found[2].any()


def test_means_of_vectors_and_their_weights(toy):
    np.testing.assert_allclose(mean_vectors(toy, ["sort list unknown", "unknown"]), [[1, 0.5], [0, 0]])
    np.testing.assert_allclose(mean_vectors(toy, ["sort list"], {"sort": 3.0, "list": 1.0}), [[1, 0.25]])
    np.testing.assert_allclose(mean_vectors(toy, ["sort list"], {"list": 1.0}), [[1, 0.5]])
    found = similarities(toy, ["sort"], ["draw a line", "list"])
    np.testing.assert_allclose(found, [[0, 1 / math.sqrt(2)]], atol=1e-6)


def test_rare_words_weigh_more():
    weights = rarity(["a cat", "a dog", "a dog"])
    assert weights["cat"] > weights["dog"] > weights["a"] == 0


def test_a_function_or_a_model_scores_too():
    by_function = similarities(lambda texts: np.array([[len(text), 1.0] for text in texts]), ["abc"], ["xyz", "a" * 90])
    assert by_function[0, 0] == pytest.approx(1)
    by_model = similarities("mini-bert", ["sort a list"], ["sort a list", "the river"])
    assert by_model[0, 0] == pytest.approx(1, abs=1e-2)
    assert by_model[0, 1] < by_model[0, 0]


@pytest.mark.parametrize(
    ("row", "answers", "rank"),
    [
        ([3, 2, 1], ["a"], 1),
        ([3, 2, 1], ["c"], 3),
        ([3, 2, 1], ["c", "b"], 2),
        ([1, 1, 1], ["a"], 3),
        ([2, 2, 1], ["a", "b"], 1),
    ],
)
def test_ranks_take_the_best_answer_and_count_ties_against_it(row, answers, rank):
    assert ranks_of_first_answer(np.array([row]), [answers], ["a", "b", "c"]).tolist() == [rank]


def test_a_random_ranking_scores_what_chance_gives():
    rng = np.random.default_rng(0)
    names = [str(number) for number in range(50)]
    answers = [[str(rng.integers(50))] for _ in range(2000)]
    scores = retrieval_scores(rng.random((2000, 50)), answers, names)
    assert scores.recall[10].value == pytest.approx(10 / 50, abs=0.03)
    assert scores.mrr.value == pytest.approx(sum(1 / rank for rank in range(1, 51)) / 50, abs=0.02)
    assert scores.mrr.low < scores.mrr.value < scores.mrr.high
    assert list(scores.row()) == ["recall@1", "recall@5", "recall@10", "MRR"]


def test_numbers_that_do_not_fit_are_errors():
    with pytest.raises(ValueError, match=r"shape \(1, 2\); \(1, 3\) is expected"):
        retrieval_scores(np.ones((1, 2)), [["a"]], ["a", "b", "c"])
    with pytest.raises(ValueError, match="Question 0 has no right answer"):
        retrieval_scores(np.ones((1, 2)), [["z"]], ["a", "b"])
