"""Policies of fine-tuning and measures of forgetting, held against plain torch, gensim and hand-computed cases."""

import numpy as np
import pytest
import torch

from lessons_lib.fine_tuning import POLICIES, Policy, fine_tune, fine_tuning_policies
from lessons_lib.forgetting import Ruler, drift, frequent_words, moved_vectors, nearest_rows, neighbours_lost, yardstick
from lessons_lib.indexing import index_texts, make_table

TEXTS = ["good film good plot", "bad film", "good acting", "bad bad plot", "good plot", "bad acting film"] * 6
LABELS = ["+", "-", "+", "-", "+", "-"] * 6


@pytest.fixture(scope="module")
def vectors():
    from gensim.models import KeyedVectors

    words = ["film", "good", "bad", "plot", "acting", "great", "poor", *(f"w{n}" for n in range(20))]
    made = KeyedVectors(4)
    made.add_vectors(words, np.random.default_rng(0).normal(size=(len(words), 4)).astype(np.float32))
    return made


@pytest.fixture(scope="module")
def bundled():
    from lessons_lib import load_vectors

    return load_vectors("word2vec")


@pytest.fixture
def prepared(vectors):
    table = make_table(vectors, TEXTS, ["great poor"])
    return table, (index_texts(TEXTS, table.words), np.array([int(label == "+") for label in LABELS]))


def tuned_rows(prepared, policy, **options):
    table, part = prepared
    model, fit = fine_tune(table, part, part, policy, 2, epochs=6, **options)
    return model.table.detach().numpy(), table.matrix[: table.n_trained], fit


def test_a_frozen_table_stays_and_a_full_one_moves(prepared):
    rows, start, _ = tuned_rows(prepared, POLICIES["frozen"])
    np.testing.assert_array_equal(rows, start)
    rows, start, _ = tuned_rows(prepared, POLICIES["full"])
    assert (rows[2:] != start[2:]).any(axis=1).all()


def test_each_policy_moves_the_rows_less_than_full(prepared):
    moved = {
        name: np.linalg.norm(np.subtract(*tuned_rows(prepared, policy)[:2]))
        for name, policy in {**POLICIES, "pull": Policy(pull=1.0), "gradual": Policy(frozen_epochs=3)}.items()
    }
    assert 0 == moved["frozen"] < min(moved["small rate"], moved["pull"], moved["gradual"])
    assert max(moved["small rate"], moved["pull"], moved["gradual"]) < moved["full"]


def test_gradual_unfreezing_begins_after_its_epochs(prepared):
    seen = []
    table, part = prepared

    def watch(model, epoch):
        seen.append(bool((model.table.detach().numpy() != table.matrix[: table.n_trained]).any()))

    fine_tune(table, part, part, Policy(frozen_epochs=2), 2, epochs=4, after_epoch=watch)
    assert seen == [False, False, True, True]


def test_patience_does_not_end_a_run_before_the_table_joins_in(prepared):
    table, (rows, labels) = prepared
    flipped = rows, 1 - labels  # validation only gets worse
    _, fit = fine_tune(table, (rows, labels), flipped, Policy(frozen_epochs=4), 2, epochs=20, patience=2)
    assert len(fit.history) == 1 + 4 + 2


def test_the_library_trains_as_the_loop_of_the_lesson(prepared):
    """Full batch, no shuffling to speak of: the same numbers as plain torch with two parameter groups and a pull."""
    from lessons_lib.classifiers import BagOfEmbeddings

    table, (rows, labels) = prepared
    last = {}

    def keep(model, epoch):
        last["rows"] = model.table.detach().numpy().copy()

    fine_tune(table, (rows[:8], labels[:8]), (rows, labels), Policy(0.1, 0, 0.05), 2, 0.02, epochs=5, after_epoch=keep)
    model = BagOfEmbeddings(table.matrix, 2, rows[:8], table.n_trained)
    start = model.table.detach().clone()
    optimiser = torch.optim.Adam(
        [{"params": [model.table], "lr": 0.002}, {"params": model.head.parameters(), "lr": 0.02}]
    )
    for _ in range(5):
        loss = torch.nn.functional.cross_entropy(model(torch.tensor(rows[:8])), torch.tensor(labels[:8]))
        loss = loss + 0.05 * ((model.table - start) ** 2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    np.testing.assert_allclose(last["rows"], model.table.detach().numpy(), atol=1e-5)


def test_a_policy_without_sense_is_refused():
    with pytest.raises(ValueError, match="0 or more"):
        Policy(table_share=-1)


def test_policies_are_compared_on_the_same_texts(vectors):
    tests = {"all": (TEXTS, LABELS), "one": (["great film"], ["+"])}
    runs = fine_tuning_policies(TEXTS, LABELS, tests, vectors, sizes=[10, 20], seeds=[0, 1], n_validation=8, epochs=8)
    assert len(runs) == len(POLICIES) * 2 * 2
    assert set(runs.policy) == set(POLICIES)
    assert runs["all"].between(0, 1).all() and runs.one.isin([0, 1]).all()
    assert (runs[runs.policy == "frozen"][["neighbours_lost", "drift"]] == 0).all().all()
    assert (runs[runs.policy == "full"].drift > 0).all()
    assert runs[(runs.policy == "full") & (runs["size"] == 20)]["all"].mean() > 0.9
    again = fine_tuning_policies(TEXTS, LABELS, tests, vectors, sizes=[10, 20], seeds=[0, 1], n_validation=8, epochs=8)
    assert runs.equals(again)


def test_vectors_that_know_no_pair_are_measured_in_the_other_ways(vectors):
    found = Ruler(vectors).measure(["good"], np.full((1, 4), 9.0))
    assert set(found) == {"neighbours_lost", "drift"}


def test_too_few_texts_are_refused(vectors):
    with pytest.raises(ValueError, match="1,200 texts: 1,000 to train on and 200 to choose the epoch"):
        fine_tuning_policies(TEXTS, LABELS, {}, vectors, sizes=[1000])
    with pytest.raises(ValueError, match="36 texts and 35 labels"):
        fine_tuning_policies(TEXTS, LABELS[:-1], {}, vectors, sizes=[10], n_validation=5)


def test_moved_vectors_replace_the_rows_of_their_words_only(vectors):
    before = vectors.vectors.copy()
    after = moved_vectors(vectors, ["bad", "quux"], np.ones((2, 4), dtype=np.float32))
    np.testing.assert_array_equal(vectors.vectors, before)
    assert (after["bad"] == 1).all()
    others = [word for word in vectors.index_to_key if word != "bad"]
    np.testing.assert_array_equal(after[others], vectors[others])
    with pytest.raises(ValueError, match=r"these have the shape \(3, 4\)"):
        moved_vectors(vectors, ["bad"], np.ones((3, 4)))


def test_nearest_rows_are_those_of_gensim(bundled):
    rows = np.array([bundled.key_to_index[word] for word in ("king", "boring", "water")])
    for row, found in zip(rows, nearest_rows(bundled.vectors, rows), strict=True):
        expected = [word for word, _ in bundled.most_similar(bundled.index_to_key[row], topn=10)]
        assert [bundled.index_to_key[n] for n in found] == expected


def test_neighbours_lost_counts_what_is_gone(bundled):
    twice = moved_vectors(bundled, ["king"], 2 * bundled["king"][None])
    assert neighbours_lost(bundled, twice, ["king", "queen"]).tolist() == [0, 0]  # length does not matter
    turned = moved_vectors(bundled, ["king"], -bundled["king"][None])
    lost = neighbours_lost(bundled, turned, ["king", "water"])
    assert lost[0] == 1 and lost[1] == 0
    assert neighbours_lost(bundled, bundled).tolist() == [0] * 300


def test_vectors_with_other_words_cannot_be_compared(bundled, vectors):
    with pytest.raises(ValueError, match="not the same in order"):
        neighbours_lost(bundled, vectors, ["good"])


def test_drift_by_hand():
    before, after = np.array([[3.0, 4.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [0.0, 0.0]])
    assert drift(before, after).tolist() == [1, 0]
    with pytest.raises(ValueError, match="the same is needed"):
        drift(before, after[:1])


def test_the_ruler_agrees_with_the_single_measures(bundled):
    words = ["good", "bad", "film", "tiger", "cat", "zzyzx"]
    rows = np.random.default_rng(0).normal(size=(6, 100)).astype(np.float32)
    after = moved_vectors(bundled, words, rows)
    found = Ruler(bundled).measure(words, rows)
    assert found["wordsim_lost"] == yardstick(bundled, "wordsim353") - yardstick(after, "wordsim353") != 0
    assert found["neighbours_lost"] == pytest.approx(neighbours_lost(bundled, after, frequent_words(bundled)).mean())
    assert found["drift"] == pytest.approx(drift(bundled[words[:-1]], rows[:-1]).mean(), rel=1e-5)


def test_yardstick_needs_pairs(vectors):
    with pytest.raises(ValueError, match="too few to rank"):
        yardstick(vectors, "simlex999")


def test_the_splits_keep_domains_and_articles_apart():
    from lessons_lib.texts import reviews
    from lessons_lib.tuning_record import domain_split, split_reviews

    domain_of = reviews().drop_duplicates("text").set_index("text").domain
    inside = {}
    for seed in (0, 1):
        texts, labels, tests = domain_split(seed)
        inside[seed] = set(domain_of[texts])
        assert len(texts) == len(labels) == 600 and len(inside[seed]) == 4
        assert set(domain_of[tests["same domains"][0]]) == inside[seed]
        assert not set(domain_of[tests["other domains"][0]]) & inside[seed]
        assert not set(texts) & set(tests["same domains"][0])
    assert inside[0] != inside[1]
    texts, _, tests = split_reviews()
    assert len(texts) == 1200 and len(tests["unseen words"][0]) == 160


def test_the_record_is_complete_and_agrees_with_a_run():
    """One recorded run made again: the record comes from this code and these texts."""
    from lessons_lib import load_vectors
    from lessons_lib.tuning_record import recorded, recorded_gains, recorded_policies, split_reviews

    log = recorded()["log"]
    for task, n_sizes in {"reviews": 4, "domains": 4, "topics": 4}.items():
        runs = recorded_policies(task)
        assert len(runs) == len(POLICIES) * n_sizes * 5
        assert runs.notna().all().all()
    assert recorded_gains().groupby("task").size().to_dict() == {"reviews": 25, "topics": 25, "documentation": 25}
    settings = {key: log["settings"][key] for key in ("rate", "epochs", "patience")}
    again = fine_tuning_policies(
        *split_reviews(), load_vectors(), {"full": POLICIES["full"]}, [200], [3], n_validation=200, **settings
    ).iloc[0]
    old = recorded_policies("reviews").query("policy == 'full' and size == 200 and seed == 3").iloc[0]
    assert again.ordinary == pytest.approx(old.ordinary, abs=0.02)
    assert again.neighbours_lost == pytest.approx(old.neighbours_lost, abs=0.005)
    with pytest.raises(KeyError, match="No runs of 'films' are recorded"):
        recorded_policies("films")
