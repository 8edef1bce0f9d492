"""Association tests against the paper's formula and all divisions; removing a direction; Ray where it is installed."""

from itertools import combinations

import numpy as np
import pytest

from lessons_lib import load_vectors
from lessons_lib.association import (
    association_test,
    direction,
    seed_sensitivity,
    sentence_vectors,
    what_remains,
    without_direction,
)
from lessons_lib.texts import association_tests

SETS = [
    "rose lily daisy lotus".split(),
    "gun sword spear rifle".split(),
    "love peace joy".split(),
    "hate war evil".split(),
]


@pytest.fixture(scope="module")
def vectors():
    return load_vectors()


def by_the_book(vectors, first, second, good, bad):
    """Effect size and exact p-value as Caliskan et al. define them, word by word."""

    def leaning(word):
        return np.mean([vectors.similarity(word, x) for x in good]) - np.mean(
            [vectors.similarity(word, x) for x in bad]
        )

    leanings = {word: leaning(word) for word in [*first, *second]}
    effect = np.mean([leanings[w] for w in first]) - np.mean([leanings[w] for w in second])

    def difference(some):
        return np.mean([leanings[w] for w in some]) - np.mean([leanings[w] for w in leanings if w not in some])

    divisions = [difference(some) for some in combinations(leanings, len(first))]
    return effect / np.std(list(leanings.values()), ddof=1), np.mean(np.array(divisions) >= difference(first) - 1e-12)


def test_effect_and_p_value_are_those_of_the_paper(vectors):
    effect, exact = by_the_book(vectors, *SETS)
    test = association_test(vectors, *SETS)
    assert test.effect == pytest.approx(effect, abs=1e-5)
    assert test.p_value == pytest.approx(exact, abs=0.005)
    reverse = association_test(vectors, SETS[1], SETS[0], SETS[2], SETS[3])
    assert reverse.effect == pytest.approx(-effect, abs=1e-5)
    assert reverse.p_value > 0.9


def test_p_values_of_nothing_are_spread_evenly(vectors):
    rng = np.random.default_rng(0)
    words = [word for word in vectors.index_to_key[500:5000] if word.isalpha()]
    found = []
    for _ in range(100):
        drawn = rng.choice(words, 32, replace=False)
        found.append(association_test(vectors, *np.split(drawn, 4), rounds=200).p_value)
    assert 0.01 <= np.mean(np.array(found) < 0.1) <= 0.22


def test_unknown_words_are_left_out_and_named_and_too_few_are_an_error(vectors):
    test = association_test(vectors, [*SETS[0], "qwxz"], *SETS[1:])
    assert test.missing == ["qwxz"]
    assert test.effect == association_test(vectors, *SETS).effect
    with pytest.raises(ValueError, match="The second target has 2 words with a vector, at least 3"):
        association_test(vectors, SETS[0], ["gun", "sword", "qwxz"], *SETS[2:])


def test_halves_of_the_words_spread_around_the_effect(vectors):
    table = association_tests()
    part = table[table.test == 6]
    sets = [list(part[part.role == role].word) for role in ("target1", "target2", "attribute1", "attribute2")]
    spread = seed_sensitivity(vectors, *sets)
    assert len(spread) == 200
    assert spread.min() < association_test(vectors, *sets).effect < spread.max()
    assert spread.std() > 0.02


def test_a_removed_direction_is_gone_and_the_groups_are_not(vectors):
    pairs = [("he", "she"), ("man", "woman"), ("father", "mother"), ("son", "daughter"), ("his", "her")]
    gender = direction(vectors, pairs)
    assert np.linalg.norm(gender) == pytest.approx(1)
    assert all(vectors.get_vector(a, norm=True) @ gender > vectors.get_vector(b, norm=True) @ gender for a, b in pairs)
    removed = without_direction(vectors, gender)
    assert abs(removed.vectors @ gender).max() < 1e-5
    np.testing.assert_allclose(np.linalg.norm(removed.vectors, axis=1), 1, atol=1e-5)
    words = [word for word in vectors.index_to_key[:5000] if word.isalpha()]
    ranked = sorted(words, key=lambda word: -float(vectors.get_vector(word, norm=True) @ gender))
    drawn = list(np.random.default_rng(0).permutation(words)[:200])
    assert what_remains(removed, ranked[:100], ranked[-100:]) > what_remains(removed, drawn[:100], drawn[100:]) + 0.2
    assert what_remains(removed, drawn[:100], drawn[100:]) == pytest.approx(0.5, abs=0.15)


def test_sentence_vectors_are_the_words_inside_the_sentences():
    from lessons_lib.contextual import span_vectors

    found = sentence_vectors(["amy", "unbelievable", "amy"], templates=["This is {}.", "{} is here."])
    expected = (span_vectors(["This is amy."], [(8, 11)])[-1, 0] + span_vectors(["amy is here."], [(0, 3)])[-1, 0]) / 2
    assert found.index_to_key == ["amy", "unbelievable"]
    np.testing.assert_allclose(found["amy"], expected, atol=2e-5)


def test_a_ray_job_gives_the_same_vectors():
    ray = pytest.importorskip("ray")
    from lessons_lib.contextual import encode
    from lessons_lib.distributed import embed_with_ray

    texts = [f"Text number {number}." for number in range(40)]
    ray.init(num_cpus=2, include_dashboard=False, object_store_memory=200_000_000, logging_level="ERROR")
    try:
        vectors, seconds = embed_with_ray(texts, "mini-bert", workers=2)
    finally:
        ray.shutdown()
    np.testing.assert_allclose(vectors, encode(texts, "mini-bert"), atol=0.05)
    assert seconds > 0
