"""Contextual vectors against the library used directly, one text at a time; senses and geometry against plain loops."""

import numpy as np
import pandas as pd
import pytest
import torch

from lessons_lib import tokenise
from lessons_lib.contextual import (
    all_but_the_top,
    anisotropy,
    encode,
    layer_vectors,
    length_batches,
    load_transformer,
    neighbour_means,
    pool,
    right_senses,
    sense_accuracy,
    span_vectors,
    word_spans,
    words_alone,
    words_in_sentences,
)
from lessons_lib.texts import senses
from tests import plain_senses

TEXTS = ["A bank.", "The river has a muddy bank on this side, and reeds on the other.", "Rain", "It rains.", "Rain"]


@pytest.fixture(scope="module")
def transformer():
    return load_transformer("mini-bert")


@pytest.fixture(scope="module")
def labelled():
    table = senses()
    return table[table.word.isin(table.word.unique()[:2])].groupby(["word", "sense"]).head(4).reset_index(drop=True)


def one_at_a_time(text, transformer):
    """Hidden states of all layers for one text, without any of the course's code."""
    with torch.inference_mode():
        found = transformer.network(**transformer.tokenizer(text, return_tensors="pt"), output_hidden_states=True)
    return [layer[0] for layer in found.hidden_states]


@pytest.mark.parametrize("layer", [0, 2, -1])
def test_batches_give_what_one_text_at_a_time_gives(transformer, layer):
    expected = [one_at_a_time(text, transformer)[layer].mean(0).numpy() for text in TEXTS]
    for most_pieces in (1, 8, 1000):
        np.testing.assert_allclose(
            encode(TEXTS, transformer, layer=layer, most_pieces=most_pieces), expected, atol=2e-5
        )


def test_poolings_are_those_of_the_library(transformer):
    states = [one_at_a_time(text, transformer)[-1] for text in TEXTS]
    np.testing.assert_allclose(encode(TEXTS, transformer, "first"), [s[0].numpy() for s in states], atol=2e-5)
    np.testing.assert_allclose(encode(TEXTS, transformer, "max"), [s.amax(0).numpy() for s in states], atol=2e-5)
    with pytest.raises(ValueError, match=r"'median' is unknown\. There are: mean, first, max"):
        encode(TEXTS, transformer, "median")


def test_a_function_may_pool_to_any_width(transformer):
    both = encode(TEXTS, transformer, lambda h, i: torch.cat([pool(h, i, "mean"), pool(h, i, "max")], 1))
    assert both.shape == (len(TEXTS), 2 * transformer.n_dims)


def test_no_text_gives_no_vector_and_long_text_is_cut(transformer):
    assert encode([], transformer).shape == (0, transformer.n_dims)
    assert np.isfinite(encode(["word " * 1000], transformer)).all()


def test_batches_hold_every_row_once_and_keep_to_the_bound():
    lengths = np.random.default_rng(0).integers(1, 60, 500)
    batches = length_batches(lengths, 300)
    assert sorted(np.concatenate(batches)) == list(range(500))
    assert all(len(batch) * lengths[batch].max() <= 300 for batch in batches)
    padding = sum((lengths[batch].max() - lengths[batch]).sum() for batch in batches)
    assert padding < 0.05 * lengths.sum()


def test_sorted_batches_are_at_least_three_times_as_fast(transformer):
    import time

    texts = [f"{text} {number}" for number in range(150) for text in TEXTS[:2]]
    quick = load_transformer("mini-bert", "auto")
    encode(texts, quick)

    def seconds(way):
        begin = time.process_time()
        way()
        return time.process_time() - begin

    batched = min(seconds(lambda: encode(texts, quick)) for _ in range(3))
    alone = seconds(lambda: [one_at_a_time(text, transformer) for text in texts])
    assert alone >= 3 * batched


def test_spans_are_means_over_the_pieces_of_the_word(transformer):
    text = "Unbelievable embeddings."
    states = one_at_a_time(text, transformer)
    pieces = transformer.tokenizer.tokenize("unbelievable")
    found = span_vectors([text, "It rains.", text], [(0, 12), (3, 8), (0, 12)], transformer)
    for layer, state in enumerate(states):
        np.testing.assert_allclose(found[layer, 0], state[1 : 1 + len(pieces)].mean(0).numpy(), atol=2e-5)
    np.testing.assert_array_equal(found[:, 0], found[:, 2])


@pytest.mark.parametrize("span", [(5, 5), (400, 410)])
def test_a_span_without_a_piece_is_an_error_that_says_where(transformer, span):
    with pytest.raises(ValueError, match=f"No piece between characters {span[0]} and {span[1]}"):
        span_vectors(["It rains."], [span], transformer)


def test_spans_of_words_are_found_where_tokenise_cut():
    text = "The cat's cat sat on the Cat"
    for position, word in enumerate(tokenise(text)):
        ((start, end),) = word_spans([text], [position])
        assert text[start:end].lower() == word
    with pytest.raises(IndexError, match="no token number 9"):
        word_spans(["One two"], [9])


def test_right_senses_is_the_nearest_centroid_without_the_sentence_itself(labelled):
    vectors = np.random.default_rng(1).normal(size=(len(labelled), 7)).astype(np.float32)
    np.testing.assert_array_equal(right_senses(vectors, labelled), plain_senses.right_senses(vectors, labelled))
    same = np.ones((len(labelled), 3))
    of_word = labelled.groupby("word").sense.transform("nunique")
    np.testing.assert_allclose(right_senses(same, labelled), 1 / of_word)


def test_layers_are_those_of_one_sentence_at_a_time(labelled, transformer):
    expected = plain_senses.layer_vectors(transformer.folder, labelled)
    np.testing.assert_allclose(layer_vectors(labelled, transformer), expected, atol=2e-5)


def test_sense_accuracy_takes_vectors_layers_models_and_static_vectors(labelled, transformer):
    from lessons_lib import load_vectors

    by_model = sense_accuracy(transformer, labelled)
    layers = layer_vectors(labelled, transformer)
    pd.testing.assert_frame_equal(by_model, sense_accuracy(layers, labelled))
    pd.testing.assert_frame_equal(by_model, sense_accuracy(transformer.folder, labelled))
    assert sense_accuracy(layers[0], labelled).accuracy.item() == by_model.accuracy["layer 0"]
    static = sense_accuracy(load_vectors(), labelled)
    assert static.accuracy["word alone"] == pytest.approx(
        (1 / labelled.groupby("word").sense.transform("nunique")).mean()
    )
    expected = right_senses(neighbour_means(load_vectors(), labelled), labelled).mean()
    assert static.accuracy["mean of 20 neighbours"] == expected


def test_senses_that_cannot_be_judged_are_errors(labelled):
    with pytest.raises(ValueError, match="3 vectors for"):
        right_senses(np.ones((3, 2)), labelled)
    with pytest.raises(ValueError, match="has one sentence only"):
        right_senses(np.ones((2, 2)), pd.DataFrame({"word": ["a", "a"], "sense": ["x", "y"]}))


def test_anisotropy_is_the_mean_cosine_and_the_repair_takes_it_out():
    rows = np.random.default_rng(0).normal(size=(200, 10)) + 2
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    exact = (unit @ unit.T)[np.triu_indices(200, 1)].mean()
    assert anisotropy(rows) == pytest.approx(exact, abs=0.01)
    for n_directions in (0, 1, 3):
        repaired = all_but_the_top(rows, n_directions)
        assert abs(anisotropy(repaired)) < 0.02
        assert np.linalg.matrix_rank(repaired) == 10 - n_directions


def test_distilled_vectors_of_words(transformer):
    alone = words_alone(["bank", "unbelievable"], transformer)
    expected = one_at_a_time("unbelievable", transformer)[-1][1:-1].mean(0).numpy()
    np.testing.assert_allclose(alone["unbelievable"], expected, atol=2e-5)
    assert len(alone) == len(alone.vectors) == 2
    found = words_in_sentences(
        ["A bank.", "No money.", "The bank's bank."], ["bank", "money", "tree"], transformer, most=2
    )
    assert found.index_to_key == ["bank", "money"]
    first = one_at_a_time("A bank.", transformer)[-1][2].numpy()
    second = one_at_a_time("The bank's bank.", transformer)[-1][2].numpy()
    np.testing.assert_allclose(found["bank"], (first + second) / 2, atol=2e-5)
    with pytest.raises(ValueError, match="in lower case"):
        words_in_sentences(["A bank."], ["Bank"], transformer)


def test_a_folder_that_is_no_model_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"holds no config\.json"):
        load_transformer(tmp_path)
    with pytest.raises(ValueError, match="'float8' is unknown"):
        load_transformer("mini-bert", "float8")
