"""The yardsticks against gensim's own evaluation, on the vectors that ship."""

import numpy as np
import pytest
from gensim.test.utils import datapath

from lessons_lib import analogy_questions, analogy_score, answer_analogies, load_vectors, pair_score, word_pairs
from lessons_lib.yardsticks import WORD_PAIRS


@pytest.fixture(scope="module")
def vectors():
    return load_vectors("word2vec")


@pytest.mark.parametrize(("name", "size"), [("wordsim353", 353), ("simlex999", 999)])
def test_pair_score_equals_gensim(vectors, name, size):
    score = pair_score(vectors, name)
    _, theirs, missing_percent = vectors.evaluate_word_pairs(datapath(WORD_PAIRS[name]), restrict_vocab=None)
    assert len(word_pairs(name)) == score.used + score.missing == size
    assert score.correlation.value == pytest.approx(theirs[0], abs=0.002)
    assert score.missing / size * 100 == pytest.approx(missing_percent)
    assert score.correlation.low < score.correlation.value < score.correlation.high


def test_analogy_questions_are_complete():
    questions = analogy_questions()
    assert len(questions) == 19_544
    assert questions.section.nunique() == 14
    assert questions.iloc[0].tolist() == ["capital-common-countries", "athens", "greece", "baghdad", "iraq"]


def test_analogies_equal_gensim_on_a_small_vocabulary(vectors):
    from gensim.models import KeyedVectors

    few = KeyedVectors(vectors.vector_size)
    few.add_vectors(vectors.index_to_key[:4000], vectors.vectors[:4000])
    theirs, sections = few.evaluate_word_analogies(datapath("questions-words.txt"), restrict_vocab=None)
    ours = answer_analogies(few, analogy_questions())
    assert len(ours) == len(sections[-1]["correct"]) + len(sections[-1]["incorrect"])
    assert ours.right.mean() == pytest.approx(theirs, abs=0.002)


def test_excluding_query_words_changes_the_answers(vectors):
    questions = analogy_questions().head(200)
    free = answer_analogies(vectors, questions, exclude=())
    assert (free.answer == free.b).mean() + (free.answer == free.c).mean() > 0.3
    ruled = answer_analogies(vectors, questions)
    assert not ((ruled.answer == ruled.a) | (ruled.answer == ruled.b) | (ruled.answer == ruled.c)).any()


def test_analogy_score_adds_up(vectors):
    table = analogy_score(vectors)
    assert table.asked["semantic"] + table.asked["syntactic"] == table.asked["total"]
    weighted = (table.accuracy * table.asked)[["semantic", "syntactic"]].sum() / table.asked["total"]
    assert table.accuracy["total"] == pytest.approx(weighted)


def test_unknown_benchmark_and_foreign_vocabulary_are_refused(vectors):
    from gensim.models import KeyedVectors

    with pytest.raises(KeyError, match="wordsim353, simlex999"):
        pair_score(vectors, "wordsim")
    shouting = KeyedVectors(2)
    shouting.add_vectors(["KING", "QUEEN"], np.eye(2))
    with pytest.raises(ValueError, match="lower-case"):
        pair_score(shouting, "simlex999")
    with pytest.raises(ValueError, match="lower-case"):
        analogy_score(shouting)
