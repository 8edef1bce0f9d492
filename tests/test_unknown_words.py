"""Strategies for unknown words, parts of words, spelling and typos: held against small cases and other libraries."""

import random

import numpy as np
import pytest
from gensim.models import KeyedVectors

from lessons_lib.contexts import context_means, count_neighbours
from lessons_lib.hidden_words import TRUE, mutual_information, oov_strategies
from lessons_lib.spelling import Speller, is_one_slip
from lessons_lib.subwords import Parts, PartVectors, char_ngrams, ridge_regression
from lessons_lib.typos import accuracy_by_typo_rate, add_typos, mean_reader, misspell
from lessons_lib.unknown_words import STRATEGIES, hide_words


def keyed(rows):
    vectors = KeyedVectors(len(next(iter(rows.values()))))
    vectors.add_vectors(list(rows), np.array(list(rows.values()), dtype=np.float32))
    return vectors


@pytest.fixture
def toy():
    """Words whose first number says whether they are of music, the second whether they are of cooking."""
    rng = np.random.default_rng(0)
    music = [f"violin{ending}" for ending in ("", "s", "ist", "ists")] + ["opera", "piano", "pianist"]
    cooking = [f"cook{ending}" for ending in ("", "s", "ing", "ery")] + ["onion", "butter", "buttery"]
    return keyed(
        {word: (0.2, 1, 0) + 0.05 * rng.normal(size=3) for word in music}
        | {word: (0.2, 0, 1) + 0.05 * rng.normal(size=3) for word in cooking}
    )


SENTENCES = [["the", "violin", "and", "opera"], ["the", "cook", "and", "butter"], ["piano", "violin", "opera"]] * 3


def test_hiding_keeps_order_and_rows(toy):
    visible = hide_words(toy, ["opera", "never there"])
    assert visible.index_to_key == [word for word in toy.index_to_key if word != "opera"]
    assert np.array_equal(visible["butter"], toy["butter"])
    assert "opera" in toy


def test_hiding_from_fasttext_takes_the_ngrams_away_too():
    from gensim.models import FastText

    fasttext = FastText([["violin", "cook"]] * 5, vector_size=4, min_count=1, bucket=50, epochs=1).wv
    assert "violin" in fasttext
    with pytest.raises(KeyError):
        hide_words(fasttext, ["violin"])["violin"]


def test_hiding_everything_or_a_bare_word_is_refused(toy):
    with pytest.raises(ValueError, match="All 14 words would be hidden"):
        hide_words(toy, toy.index_to_key)
    with pytest.raises(TypeError, match="put it into a list"):
        hide_words(toy, "opera")


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_has_one_interface(name, toy):
    rows = STRATEGIES[name](toy, ["violinis", "xyzzy"], sentences=SENTENCES, seed=3)
    again = STRATEGIES[name](toy, ["violinis", "xyzzy"], sentences=SENTENCES, seed=3)
    assert rows.shape == (2, 3)
    assert np.isfinite(rows).all()
    assert np.array_equal(rows, again)


def test_strategies_by_hand(toy):
    assert not STRATEGIES["zero"](toy, ["a"]).any()
    assert np.allclose(STRATEGIES["mean"](toy, ["a"]), toy.vectors.mean(axis=0))
    assert np.allclose(STRATEGIES["mean of rare"](toy, ["a"]), toy["buttery"])
    lengths = np.linalg.norm(STRATEGIES["random"](toy, ["a", "b"]), axis=1)
    assert np.allclose(lengths, np.linalg.norm(toy.vectors, axis=1).mean(), rtol=1e-4)
    assert np.array_equal(STRATEGIES["nearest spelling"](toy, ["violinistic"])[0], toy["violinist"])
    assert np.allclose(STRATEGIES["mean of contexts"](toy, ["never there"], SENTENCES), toy.vectors.mean(axis=0))
    with pytest.raises(ValueError, match="needs sentences"):
        STRATEGIES["mean of contexts"](toy, ["a"])


def test_context_means_are_weighted_means_of_what_stands_around():
    vectors = {"a": np.array([1.0, 0.0]), "b": np.array([0.0, 1.0])}
    sentences = [["a", "new", "b"], ["a", "a", "far", "b"]]
    shares = {"a": 3 / 7, "b": 2 / 7}
    weights = {word: 1e-3 / (1e-3 + share) for word, share in shares.items()}
    expected = (weights["a"] * vectors["a"] + weights["b"] * vectors["b"]) / sum(weights.values())
    found = context_means(vectors, ["new", "missing"], sentences, window=1)
    assert np.allclose(found[0], expected, atol=1e-5)
    assert not found[1].any()


def test_neighbours_do_not_cross_sentences():
    number, counts = count_neighbours([["a", "b"], ["c"]], window=5)
    assert counts[number["b"], number["c"]] == 0
    assert counts[number["b"], number["a"]] == 1


@pytest.mark.parametrize("word", ["whale", "a", "señorita", "übermensch", "日本語"])
def test_ngrams_are_gensims(word):
    from gensim.models.fasttext_inner import compute_ngrams_bytes

    assert [ngram.encode() for ngram in char_ngrams(word)] == compute_ngrams_bytes(word, 3, 6)


def test_ridge_regression_is_the_closed_form():
    from scipy.sparse import csr_matrix

    rng = np.random.default_rng(1)
    inputs, targets = rng.normal(size=(30, 5)).astype("float32"), rng.normal(size=(30, 2)).astype("float32")
    exact = np.linalg.solve(inputs.T @ inputs + 0.5 * np.eye(5), inputs.T @ targets)
    assert np.allclose(ridge_regression(csr_matrix(inputs), targets, 0.5, rounds=20), exact, atol=1e-3)


def test_part_vectors_know_kin_and_refuse_unequal_lengths(toy):
    learnt = PartVectors(toy.index_to_key, toy.vectors)
    made = learnt(["violinistic", "cooked", "zzz"])
    assert np.allclose(made, [learnt.vector(word) for word in ("violinistic", "cooked", "zzz")], atol=1e-6)
    assert made[0, 1] > made[0, 2]
    assert made[1, 2] > made[1, 1]
    assert np.allclose(made[2], toy.vectors.mean(axis=0))
    with pytest.raises(ValueError, match="14 words and 3 vectors"):
        PartVectors(toy.index_to_key, toy.vectors[:3])


def test_parts_learn_their_own_matrix():
    parts = Parts(["cat", "cats"], char_ngrams)
    assert (parts.learnt != parts.matrix(["cat", "cats"])).nnz == 0


def slips(word):
    """All texts one slip away, by brute force."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return ({a + b[1:] for a, b in cuts if b} | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
            | {a + x + b for a, b in cuts for x in letters} | {a + x + b[1:] for a, b in cuts if b for x in letters}
            ) - {word}  # fmt: skip


def test_one_slip_is_what_brute_force_finds():
    words = ["form", "from", "for", "farm", "forms", "foam", "mrof", "fomr", "platform", "or", "o"]
    for word in ("form", "fo", "fromm"):
        reached = slips(word)
        assert [is_one_slip(word, other) for other in words] == [other in reached for other in words]


def test_speller_prefers_the_frequent_word_and_gives_up():
    speller = Speller(["form", "farm", "believe"])
    assert speller.one_slip("fxrm") == "form"
    assert speller.nearest(["believer", "qqqq"]) == ["believe", None]
    assert speller.nearest(["form"], slips=False) == ["form"]
    with pytest.raises(ValueError, match="at least one known word"):
        Speller([])


def test_misspell_is_one_slip():
    lot = random.Random(0)
    for _ in range(200):
        assert is_one_slip("embedding", misspell("embedding", lot))


def test_typos_hit_the_asked_share_and_grow_with_the_rate():
    text = " ".join(["something"] * 2000) + " of an art, 3.5!"
    for rate in (0, 0.1, 0.3, 1):
        changed = [word != "something" for word in add_typos(text, rate, seed=1).split()[:2000]]
        assert abs(np.mean(changed) - rate) < 0.03
    assert add_typos(text, 1, seed=1).endswith(" of an art, 3.5!")
    few, many = (add_typos(text, rate, seed=2).split() for rate in (0.1, 0.3))
    assert all(b == a for a, b in zip(few, many, strict=True) if a != "something")
    with pytest.raises(ValueError, match="between 0 and 1"):
        add_typos(text, 30)


def test_typos_cost_a_reader_of_words_more_than_one_that_corrects(toy):
    texts = ["the violinist plays opera piano", "butter onion and cookery"] * 30
    labels = ["music", "cooking"] * 30
    speller = Speller(toy.index_to_key)
    known = toy.key_to_index

    def corrected(word):
        near = word if word in known else speller.one_slip(word)
        return toy[near] if near else None

    readers = {
        "words": mean_reader(lambda word: toy[word] if word in known else None, 3),
        "corrected": mean_reader(corrected, 3),
    }
    table = accuracy_by_typo_rate(readers, (texts, labels), (texts, labels), rates=(0, 1), rounds=2)
    accuracy = table.groupby(["reader", "rate"]).accuracy.mean()
    assert accuracy["words", 0] == accuracy["corrected", 0] == 1
    assert accuracy["words", 1] < accuracy["corrected", 1]
    assert len(table) == 2 * (1 + 2)


def test_mutual_information_is_sklearns():
    from sklearn.metrics import mutual_info_score

    rng = np.random.default_rng(0)
    texts = [[w for w in "abcde" if rng.random() < 0.4] for _ in range(200)]
    labels = rng.integers(0, 3, 200)
    found = mutual_information(texts, labels)
    for word in "abcde":
        nats = mutual_info_score([word in text for text in texts], labels)
        assert found[word] == pytest.approx(nats / np.log(2), abs=1e-9)


def experiment(toy, **changes):
    texts = [["violin", "opera", "violins", "piano"], ["cook", "onion", "cooks", "butter"]] * 20
    settings = {"strategies": {"zero": STRATEGIES["zero"], "mean": STRATEGIES["mean"]}, "bands": {"all": (0, None)},
                "n_words": 2, "rounds": 2, "n_neighbours": 3}  # fmt: skip
    return oov_strategies(toy, texts, ["music", "cooking"] * 20, [True] * 20 + [False] * 20, **settings | changes)


def test_the_experiment_knows_true_vectors_and_nothing_of_zeros(toy):
    table = experiment(toy)
    assert list(table.columns) == ["strategy", "band", "round", "words", "neighbours", "cosine", "accuracy", "texts"]
    means = table.groupby("strategy")[["neighbours", "cosine"]].mean()
    assert means.loc[TRUE].tolist() == pytest.approx([1, 1])
    assert means.loc["zero"].tolist() == [0, 0]
    assert table.equals(experiment(toy))


def test_the_experiment_says_what_is_wrong(toy):
    with pytest.raises(ValueError, match="The band 'none' has 0 words"):
        experiment(toy, bands={"none": (13, 14)})
    with pytest.raises(ValueError, match="Lengths differ: 1 texts, 2 labels"):
        oov_strategies(toy, ["one"], ["a", "b"], [True, False])


def test_wordpiece_covers_words_it_never_saw():
    from lessons_lib.pieces import pieces_of, train_wordpiece

    tokenizer = train_wordpiece(["low lower lowest new newer newest"] * 3, 40)
    assert "".join(piece.removeprefix("##") for piece in pieces_of(tokenizer, "lowert")) == "lowert"
    assert pieces_of(tokenizer, "xyz") == ["[UNK]"]
    with pytest.raises(ValueError, match="too small"):
        train_wordpiece(["a"], 1)
