"""Scores on pairs with a relation and agreement of neighbours, held against gensim and against plain loops."""

import numpy as np
import pandas as pd
import pytest
from gensim.models import KeyedVectors

from lessons_lib.relations import nearest_rows, relation_questions, relation_score, score_difference, shared_neighbours


def vectors_of(words, matrix):
    vectors = KeyedVectors(matrix.shape[1])
    vectors.add_vectors(list(words), matrix.astype(np.float32))
    return vectors


def some_pairs(n=8):
    kinds = ["plural"] * (n // 2) + ["opposite"] * (n - n // 2)
    return pd.DataFrame({"word1": [f"a{i}" for i in range(n)], "word2": [f"b{i}" for i in range(n)], "relation": kinds})


def noisy_vectors(pairs, noise, seed=0):
    """Second word = first word + the step of its relation + noise."""
    rng = np.random.default_rng(seed)
    first = rng.normal(size=(len(pairs), 30))
    steps = {kind: rng.normal(size=30) for kind in pairs.relation.unique()}
    second = first + np.stack([steps[kind] for kind in pairs.relation]) + noise * rng.normal(size=first.shape)
    return vectors_of([*pairs.word1, *pairs.word2], np.concatenate([first, second]))


def test_questions_stay_inside_a_relation_and_have_four_different_words():
    pairs = pd.DataFrame({"word1": ["min", "max", "row", "min"], "word2": ["max", "min", "rows", "minimum"],
                          "relation": ["opposite", "opposite", "plural", "short"]})  # fmt: skip
    assert relation_questions(pairs).empty  # min : max :: max : min has two different words only
    questions = relation_questions(some_pairs())
    assert len(questions) == 2 * 4 * 3
    assert (questions.drop_duplicates(["a", "c"]).shape[0]) == len(questions)


def test_answers_are_those_of_gensim():
    pairs = some_pairs()
    vectors = noisy_vectors(pairs, noise=1.2)
    asked = relation_score(vectors, pairs).asked
    theirs = [vectors.most_similar(positive=[b, c], negative=[a], topn=1)[0][0]
              for a, b, c in zip(asked.a, asked.b, asked.c, strict=True)]  # fmt: skip
    assert asked.answer.tolist() == theirs
    assert 0 < asked.right.mean() < 1  # the comparison could have failed


def test_the_score_is_the_mean_over_questions_and_its_interval_holds_it():
    pairs = some_pairs(20)
    score = relation_score(noisy_vectors(pairs, noise=1.2), pairs)
    assert score.estimate.value == pytest.approx(score.asked.right.mean())
    assert score.estimate.value == pytest.approx(np.nanmean(score.right))
    assert score.estimate.low < score.estimate.value < score.estimate.high


def test_intervals_over_pairs_are_wider_than_over_questions():
    from lessons_lib import bootstrap

    pairs = some_pairs(30)
    score = relation_score(noisy_vectors(pairs, noise=1.5), pairs)
    over_questions = bootstrap(np.mean, score.asked.right.to_numpy(float))
    assert score.estimate.high - score.estimate.low > 1.3 * (over_questions.high - over_questions.low)


def test_better_vectors_score_higher_and_the_difference_says_so():
    pairs = some_pairs(20)
    good, bad = (relation_score(noisy_vectors(pairs, noise), pairs) for noise in (0.3, 1.5))
    difference = score_difference(good, bad)
    assert difference.value == pytest.approx(good.estimate.value - bad.estimate.value)
    assert difference.low > 0
    assert score_difference(bad, good).high < 0


def test_a_difference_counts_only_questions_that_both_were_asked():
    pairs = some_pairs(8)
    all_words, fewer = noisy_vectors(pairs, 1.0), noisy_vectors(pairs[:4], 1.0)
    whole, part = relation_score(all_words, pairs), relation_score(fewer, pairs)
    expected = np.nanmean((whole.right - part.right)[:4, :4])
    assert score_difference(whole, part).value == pytest.approx(expected)


def test_bad_input_is_refused_with_the_way_out():
    pairs = some_pairs(4)
    with pytest.raises(KeyError, match="lacks relation"):
        relation_questions(pairs.drop(columns="relation"))
    with pytest.raises(ValueError, match="lower-case"):
        relation_score(vectors_of(["Row"], np.ones((1, 3))), pairs)
    one, other = (relation_score(noisy_vectors(p, 0.5), p) for p in (pairs, some_pairs(6)))
    with pytest.raises(ValueError, match="4 and 6 pairs"):
        score_difference(one, other)
    with pytest.raises(ValueError, match="between 1 and 7"):
        shared_neighbours(noisy_vectors(pairs, 1), noisy_vectors(pairs, 1), n=8)


def test_nearest_rows_are_those_of_gensim_in_order_and_in_batches():
    vectors = vectors_of([f"w{i}" for i in range(50)], np.random.default_rng(1).normal(size=(50, 6)))
    rows = nearest_rows(vectors.get_normed_vectors(), 5, batch=7)
    for word, found in zip(vectors.index_to_key, rows, strict=True):
        assert [vectors.index_to_key[row] for row in found] == [near for near, _ in vectors.most_similar(word, topn=5)]


def test_shared_neighbours_are_counted_on_shared_words_only():
    rng = np.random.default_rng(2)
    words = [f"w{i}" for i in range(40)]
    first = vectors_of(words, rng.normal(size=(40, 5)))
    second = vectors_of([*words[::-1][:30], "other"], rng.normal(size=(31, 7)))
    found = shared_neighbours(first, second, n=4)
    assert found.index.tolist() == [word for word in words if word in second.key_to_index]
    kept = found.index.tolist()
    one, two = (vectors_of(kept, vectors[kept]) for vectors in (first, second))
    by_loop = [len({w for w, _ in one.most_similar(word, topn=4)} & {w for w, _ in two.most_similar(word, topn=4)}) / 4
               for word in kept]  # fmt: skip
    assert found.tolist() == by_loop
    assert 0 < found.mean() < 0.5
