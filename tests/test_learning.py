"""Indexing, the bag of embeddings and the training loop, held against plain numpy and torch."""

import time

import numpy as np
import pytest
import torch

from lessons_lib.classifiers import BagOfEmbeddings
from lessons_lib.indexing import (
    EXTRA,
    PADDING,
    UNKNOWN,
    AlignmentError,
    check_alignment,
    cut,
    index_texts,
    make_table,
    random_rows,
)
from lessons_lib.learning import batch_size_for, n_parameters, predicted, train

TRAINING = ["good film good plot", "bad film", "good acting", "bad bad plot zzyzx"]
LABELS = np.array([1, 0, 1, 0])


@pytest.fixture
def vectors():
    from gensim.models import KeyedVectors

    words = ["film", "good", "bad", "plot", "acting", "great", "poor"]
    made = KeyedVectors(3)
    made.add_vectors(words, np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32))
    return made


@pytest.fixture
def table(vectors):
    return make_table(vectors, TRAINING, ["great film", "a quux"])


@pytest.fixture
def part(table):
    return index_texts(TRAINING, table.words), LABELS


def net(table, part, **options):
    return BagOfEmbeddings(table.matrix, 2, part[0], table.n_trained, **options)


def test_rows_are_the_vectors_of_their_words(table, vectors):
    assert table.words == [*EXTRA, "film", "good", "bad", "plot", "acting", "zzyzx", "great"]
    assert table.n_trained == 8
    for word, row in table.row_of.items():
        if word in vectors:
            np.testing.assert_array_equal(table.matrix[row], vectors[word])
    assert not table.matrix[PADDING].any()
    np.testing.assert_allclose(table.matrix[UNKNOWN], table.matrix[table.known].mean(axis=0), rtol=1e-6)
    assert table.matrix.dtype == np.float32
    assert list(table.known) == [word in vectors.key_to_index for word in table.words]
    assert check_alignment(table.words, table.matrix, vectors) == 6


def test_every_word_of_the_vectors_can_have_a_row(vectors):
    table = make_table(vectors, TRAINING, [vectors.index_to_key])
    assert set(vectors.index_to_key) <= set(table.words)
    assert table.n_trained == 8


def test_a_table_needs_words_and_vectors(vectors):
    with pytest.raises(ValueError, match="no words"):
        make_table(vectors, ["", "..."])
    with pytest.raises(ValueError, match="None of the 2 training words has a vector"):
        make_table(vectors, ["Guten Tag"])


@pytest.mark.parametrize("spoil", [lambda m: np.roll(m, 1, axis=0), lambda m: m[::-1], lambda m: m + 0.01])
def test_misaligned_rows_are_found(table, vectors, spoil):
    with pytest.raises(AlignmentError, match="Row 2 is meant for 'film'"):
        check_alignment(table.words, spoil(table.matrix), vectors)


def test_an_alignment_error_names_the_vector_that_stands_there(table, vectors):
    with pytest.raises(AlignmentError, match=r"Row 3 is meant for 'good' and holds the vector of 'film'; 5 rows"):
        spoilt = table.matrix.copy()
        spoilt[3:9] = table.matrix[2:8]
        check_alignment(table.words, spoilt, vectors)
    with pytest.raises(AlignmentError, match="7 rows for 9 words"):
        check_alignment(table.words, table.matrix[2:], vectors)
    with pytest.raises(AlignmentError, match="nothing could be compared"):
        check_alignment(["quux"], np.zeros((1, 3)), vectors)


def test_indexing_pads_cuts_and_marks_unknown_words(table):
    found = index_texts(["good quux", "", ["bad", "film", "plot"]], table.words, longest=2)
    assert found.tolist() == [[3, UNKNOWN], [PADDING, PADDING], [4, 2]]
    assert index_texts([], table.words).shape == (0, 1)
    assert cut(["The King's", ["a", "b"]]) == [["the", "king"], ["a", "b"]]


def test_random_rows_have_the_mean_and_spread_of_the_given_ones():
    like = np.random.default_rng(1).normal([5, -1], [0.1, 2], (500, 2))
    drawn = random_rows(like, 20_000, np.random.default_rng(2))
    np.testing.assert_allclose(drawn.mean(axis=0), like.mean(axis=0), atol=0.05)
    np.testing.assert_allclose(drawn.std(axis=0), like.std(axis=0), rtol=0.05)


def test_features_are_standardised_means_without_padding(table, part):
    model = net(table, part).eval()
    by_hand = np.array([table.matrix[row[row != PADDING]].mean(axis=0) for row in part[0]])
    np.testing.assert_allclose(model.means(torch.tensor(part[0])).detach().numpy(), by_hand, rtol=1e-5)
    features = model.features(torch.tensor(part[0])).detach().numpy()
    np.testing.assert_allclose(features, (by_hand - by_hand.mean(axis=0)) / by_hand.std(axis=0), atol=1e-4)
    empty = model.means(torch.zeros((1, 4), dtype=torch.int64))
    assert not empty.detach().numpy().any()


def test_rows_beyond_the_trained_ones_are_used_and_stay(table, part):
    model = net(table, part)
    train(model, part, part, rate=0.1, epochs=3)
    np.testing.assert_array_equal(model.all_rows()[8:].detach().numpy(), table.matrix[8:])
    assert not np.allclose(model.all_rows()[2].detach().numpy(), table.matrix[2])
    with pytest.raises(ValueError, match="only 4 rows are trained"):
        BagOfEmbeddings(table.matrix, 2, part[0], n_trained=4)


def test_training_only_the_rows_of_the_training_texts_changes_nothing(table, part):
    """The fast way and the plain way (every row a parameter) give the same model."""
    fast, plain = net(table, part), BagOfEmbeddings(table.matrix, 2, part[0])
    for model in (fast, plain):
        train(model, part, part, rate=0.05, epochs=5)
    np.testing.assert_allclose(fast.all_rows().detach().numpy(), plain.table.detach().numpy(), atol=1e-6)


@pytest.mark.parametrize("n_hidden", [0, 5])
def test_a_frozen_table_stays_and_equals_the_model_without_the_shortcut(table, part, n_hidden):
    short, long = net(table, part, n_hidden=n_hidden), net(table, part, n_hidden=n_hidden)
    train(short, part, part, rate=0.05, table_rate=0, epochs=5)
    train(long, part, part, rate=0.05, table_rate=1e-12, epochs=5)
    np.testing.assert_array_equal(short.table.detach().numpy(), table.matrix[:8])
    for mine, theirs in zip(short.head.parameters(), long.head.parameters(), strict=True):
        np.testing.assert_allclose(mine.detach(), theirs.detach(), atol=1e-5)


def test_one_step_equals_plain_torch(table, part):
    """A single full batch with SGD: the head moves by the gradient that the formula gives."""
    model = net(table, part)
    features = model.eval().features(torch.tensor(part[0])).detach().numpy()
    weight, bias = (value.detach().numpy().copy() for value in model.head.parameters())
    scores = features @ weight.T + bias
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    error = (chances - np.eye(2)[LABELS]) / 4
    train(model, part, part, rate=0.5, table_rate=0, epochs=1, batch_size=4, optimiser=torch.optim.SGD)
    np.testing.assert_allclose(model.head[0].weight.detach(), weight - 0.5 * error.T @ features, atol=1e-5)


def test_a_table_may_have_a_rate_of_its_own(table, part):
    moved = {}
    for rate in (0.001, 0.01):
        model = net(table, part)
        train(model, part, part, rate=0.01, table_rate=rate, epochs=2, batch_size=4)  # the last layer begins at zero
        moved[rate] = np.abs(model.table.detach().numpy() - table.matrix[:8]).max()
    assert moved[0.01] == pytest.approx(10 * moved[0.001], rel=0.01)  # Adam's first steps have the size of the rate


def test_the_best_epoch_is_kept(table, part):
    flipped = (part[0], 1 - part[1])  # what helps in training harms in validation: the first epoch is the best
    model = net(table, part)
    fit = train(model, part, flipped, rate=0.1, epochs=6)
    assert fit.best_epoch == 1
    scores = model(torch.tensor(flipped[0]))
    loss = torch.nn.functional.cross_entropy(scores.detach(), torch.tensor(flipped[1]))
    assert float(loss) == pytest.approx(fit.best.validation_loss, rel=1e-5)
    assert len(fit.history) == 6
    assert len(train(net(table, part), part, flipped, rate=0.1, epochs=6, patience=2).history) == 3


def test_history_and_speed_are_consistent(table, part):
    model = net(table, part)
    fit = train(model, part, part, rate=0.1, epochs=20)
    assert fit.history.train_accuracy.iloc[-1] == 1
    assert fit.history.train_loss.iloc[-1] < fit.history.train_loss.iloc[0]
    words = (part[0] != PADDING).sum() * 20
    assert fit.words_per_second == pytest.approx(words / fit.history.seconds.sum())
    assert (predicted(model, part[0]) == LABELS).all()


def test_the_same_seed_gives_the_same_model(table, part):
    losses = []
    for seed in (0, 0, 1):
        model = net(table, part, seed=seed)
        losses.append(train(model, part, part, epochs=3, batch_size=1, seed=seed).history.train_loss.iloc[-1])
    assert losses[0] == losses[1] != losses[2]


def test_hooks_are_called(table, part):
    start, epochs = torch.tensor(table.matrix[:8]), []
    free, pulled = net(table, part), net(table, part)
    train(free, part, part, rate=0.05, epochs=10, after_epoch=lambda model, epoch: epochs.append(epoch))
    train(pulled, part, part, rate=0.05, epochs=10, penalty=lambda model: 100 * ((model.table - start) ** 2).sum())
    assert epochs == list(range(1, 11))
    assert (pulled.table - start).norm() < 0.5 * (free.table - start).norm()


def test_unfreezing_from_a_hook(table, part):
    def thaw(model, epoch):
        model.table.requires_grad_(epoch >= 2)

    model = net(table, part)
    model.table.requires_grad_(False)
    moved = []

    def watch(model, epoch):
        moved.append(float((model.table.detach() - torch.tensor(table.matrix[:8])).norm()))
        thaw(model, epoch)

    train(model, part, (part[0], part[1]), rate=0.05, epochs=4, after_epoch=watch)
    assert moved[0] == moved[1] == 0 < moved[2] < moved[3]


def test_parts_must_fit(table, part):
    with pytest.raises(ValueError, match="4 texts and 3 labels"):
        train(net(table, part), (part[0], LABELS[:3]), part)


def test_sizes():
    assert [batch_size_for(n) for n in (1, 240, 3000, 10**6)] == [16, 16, 200, 256]


def test_parameters_are_counted(table, part):
    model = net(table, part, n_hidden=4)
    assert n_parameters(model, frozen=True) == 3 * 4 + 4 + 4 * 2 + 2
    assert n_parameters(model) == 8 * 3 + 26


def test_an_epoch_over_the_reviews_takes_less_than_a_fifth_of_a_second():
    from lessons_lib import load_vectors
    from lessons_lib.texts import reviews

    table = reviews()
    texts = table[table.split == "train"]
    made = make_table(load_vectors("word2vec"), texts.text)
    data = index_texts(texts.text, made.words), (texts.label == "positive").to_numpy().astype(np.int64)
    model = BagOfEmbeddings(made.matrix, 2, data[0], made.n_trained)
    begin = time.process_time()
    fit = train(model, data, data, epochs=5)
    assert min((time.process_time() - begin) / 5, fit.history.seconds.min()) < 0.2
