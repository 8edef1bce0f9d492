"""Learning curves: fair draws, what each arm begins with, intervals, and curves on texts made for the purpose."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from lessons_lib import arms, curves
from lessons_lib.arms import draw, prepare, run, start_of
from lessons_lib.curve_figure import plot_curves, spread
from lessons_lib.indexing import EXTRA, UNKNOWN
from lessons_lib.means import mean_vectors

LETTERS = [a + b for a in "abcde" for b in "uvwxyz"]
FOOD, METAL = [f"food{letters}" for letters in LETTERS], [f"metal{letters}" for letters in LETTERS]


@pytest.fixture(scope="module")
def vectors():
    """Words of two kinds that lie apart in every dimension: the vectors know what unseen words are."""
    from gensim.models import KeyedVectors

    rows = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32)
    rows[:30] += 1.5
    rows[30:] -= 1.5
    made = KeyedVectors(8)
    made.add_vectors(FOOD + METAL, rows)
    return made


def texts(n, seed, words_a=FOOD, words_b=METAL):
    rng = np.random.default_rng(seed)
    drawn = [" ".join(rng.choice(words, 4)) for words in (words_a, words_b) for _ in range(n // 2)]
    return drawn, ["food"] * (n // 2) + ["metal"] * (n // 2)


@pytest.fixture(scope="module")
def runs(vectors):
    train, test = texts(100, 1, FOOD[:10], METAL[:10]), texts(200, 2, FOOD[10:], METAL[10:])
    groups = {"first": np.arange(200) < 100}
    lines = []
    found = curves.learning_curve(train, test, vectors, [10, 40], (0, 1, 2), groups=groups, report=lines.append)
    assert lines == ["10 texts: 8 arms, 3 seeds", "40 texts: 8 arms, 3 seeds"]
    return found


def test_words_never_seen_in_training_are_known_to_pretrained_arms_alone(runs):
    at = runs[runs["size"] == 40].groupby("arm").accuracy.mean()
    assert min(at[["pretrained frozen", "pretrained tuned", "mean vector"]]) > 0.9
    for arm in ("random tuned", "random frozen", "TF-IDF"):
        assert at[arm] == pytest.approx(0.5, abs=0.1)
    assert at["shuffled tuned"] < 0.8


def test_one_row_a_run_with_one_setting_a_size_and_arm(runs):
    assert len(runs) == 2 * 3 * 8
    assert not runs.duplicated(["arm", "size", "seed"]).any()
    assert (runs.groupby(["arm", "size"]).setting.nunique() == 1).all()
    networks = runs[~runs.arm.isin(arms.BASELINES)]
    assert networks.setting.isin(curves.RATES).all()
    assert runs[runs.arm.isin(arms.BASELINES)].setting.isin(curves.STRENGTHS).all()
    assert (networks.curve.str.len() >= networks.best_epoch).all()
    frozen = networks.arm.str.endswith("frozen")
    assert (networks.parameters[frozen] == 8 * 2 + 2).all()
    assert (networks.parameters[~frozen] > 8 * 2 + 2).all()


def test_accuracy_of_groups_adds_up(runs):
    rest = 2 * runs.accuracy - runs["accuracy first"]
    assert rest.between(-1e-9, 1 + 1e-9).all()


def test_the_same_call_gives_the_same_runs(vectors):
    data = texts(60, 1)
    again = [curves.learning_curve(data, data, vectors, [10], (0, 1), ["random tuned", "TF-IDF"]) for _ in range(2)]
    pd.testing.assert_frame_equal(*(table.drop(columns="words_per_second") for table in again))


def test_the_best_setting_has_the_lowest_mean_loss_over_the_searching_seeds():
    rows = [(0, 1, 0.2), (0, 2, 0.3), (1, 1, 0.9), (1, 2, 0.3), (2, 1, 0.0)]
    rows = [{"seed": seed, "setting": setting, "validation_loss": loss} for seed, setting, loss in rows]
    assert curves.best_setting(rows, searched=2) == 2  # mean 0.3 against 0.55; the third seed has no say
    assert curves.best_setting(rows, searched=1) == 1


def test_draws_are_balanced_and_without_repetition():
    labels = np.array([0] * 50 + [1] * 30 + [2] * 20)
    places = draw(labels, 31, np.random.default_rng(0))
    assert len(set(places)) == 31
    assert sorted(np.bincount(labels[places])) == [10, 10, 11]
    with pytest.raises(ValueError, match="asks for 30 texts of label 2, and there are 20"):
        draw(labels, 90, np.random.default_rng(0))
    with pytest.raises(ValueError, match="3 labels, and each needs a text"):
        draw(labels, 2, np.random.default_rng(0))


def test_validation_texts_are_set_aside_once_and_never_trained_on(vectors):
    train = [f"{FOOD[i % 30]} {METAL[i // 30]}" for i in range(90)], [0, 1] * 45
    parts = {"train": train, "test": train}
    drawn = [prepare(parts, vectors, 72, seed, 200) for seed in (0, 1)]
    assert drawn[0].words["validation"] == drawn[1].words["validation"]
    assert len(drawn[0].words["validation"]) == 18
    for subset in drawn:
        assert not {*map(tuple, subset.words["validation"])} & {*map(tuple, subset.words["train"])}
    assert drawn[0].words["train"] != drawn[1].words["train"]


def test_what_the_arms_begin_with(vectors):
    parts = {"train": texts(40, 1, FOOD[:5], METAL[:5]), "test": texts(40, 2)}
    subset = prepare(parts, vectors, 20, 0, 8)
    matrix, words, n_trained = start_of("pretrained tuned", subset)
    assert {word: matrix[row].tolist() for row, word in enumerate(words) if word in vectors} == {
        word: vectors[word].tolist() for word in words[len(EXTRA) :]
    }
    shuffled, same_words, _ = start_of("shuffled frozen", subset)
    assert same_words == words
    assert sorted(map(tuple, shuffled)) == sorted(map(tuple, matrix))
    assert not np.array_equal(shuffled, matrix)
    random, seen, n_seen = start_of("random tuned", subset)
    assert n_seen == len(seen) == len(random) == n_trained < len(words)
    np.testing.assert_allclose(random[UNKNOWN], random[len(EXTRA) :].mean(axis=0), rtol=1e-5)
    for arm in ("pretrained", "pre-trained tuned", "random melted"):
        with pytest.raises(ValueError, match="then frozen or tuned; or TF-IDF or mean vector"):
            start_of(arm, subset)


def test_named_vectors_are_arms_and_must_have_one_size(vectors):
    from gensim.models import KeyedVectors

    data, other = texts(60, 1), KeyedVectors(8)
    other.add_vectors(FOOD + METAL, np.zeros((60, 8), dtype=np.float32))
    both = {"good": vectors, "useless": other}
    found = curves.learning_curve(data, data, both, [20], (0,), ["good frozen", "useless frozen"])
    assert found.set_index("arm").accuracy["good frozen"] > 0.95
    assert found.set_index("arm").accuracy["useless frozen"] == 0.5
    small = KeyedVectors(2)
    small.add_vectors(["a"], np.zeros((1, 2), dtype=np.float32))
    with pytest.raises(ValueError, match=r"one size are needed, got \[8, 2\]"):
        curves.learning_curve(data, data, {"a": vectors, "b": small}, [20], (0,), ["a frozen"])


def test_the_frozen_network_agrees_with_logistic_regression_on_mean_vectors(vectors):
    train, test = texts(100, 1, FOOD[:20], METAL[:20]), texts(200, 2)
    subset = prepare({"train": train, "test": test}, vectors, 60, 0, 20)
    network = run("pretrained frozen", subset, [0.01], 60, None, {})[0]
    plain = run("mean vector", subset, [0.1], 0, None, {})[0]
    assert network["accuracy"] == pytest.approx(plain["accuracy"], abs=0.02)


def test_mean_vectors_by_hand(vectors):
    found = mean_vectors(vectors, [[*FOOD[:2], "nothing"], ["nothing"]])
    np.testing.assert_allclose(found[0], (vectors[FOOD[0]] + vectors[FOOD[1]]) / 2, rtol=1e-6)
    assert not found[1].any()


def test_interval_is_that_of_scipy():
    values = [0.7, 0.75, 0.72, 0.8]
    found = curves.mean_interval(values)
    expected = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
    np.testing.assert_allclose((found.low, found.high), expected)
    wide = curves.mean_interval(values, of_new_runs=2)
    assert wide.high - wide.low == pytest.approx((found.high - found.low) * np.sqrt((1 / 4 + 1 / 2) / (1 / 4)))
    with pytest.raises(ValueError, match="at least two runs, got 1"):
        curves.mean_interval([0.5])


def test_a_prediction_interval_holds_new_means_as_often_as_it_says():
    rng = np.random.default_rng(3)
    inside = []
    for _ in range(2000):
        interval = curves.mean_interval(rng.normal(size=5), of_new_runs=3)
        inside.append(interval.low <= rng.normal(size=3).mean() <= interval.high)
    assert np.mean(inside) == pytest.approx(0.95, abs=0.015)


def test_differences_are_paired(runs):
    found = curves.difference(runs, "pretrained frozen", "TF-IDF", 40)
    own = runs[runs["size"] == 40].set_index(["arm", "seed"]).accuracy
    by_seed = own["pretrained frozen"] - own["TF-IDF"]
    assert found == curves.mean_interval(by_seed)
    with pytest.raises(ValueError, match="No runs of magic"):
        curves.difference(runs, "magic", "TF-IDF", 40)


def test_a_crossing_lies_where_the_lines_meet():
    lines = {"a": (0.6, 0.6, 0.6), "b": (0.4, 0.5, 0.8)}
    rows = [
        (seed, size, arm, value)
        for seed in (0, 1)
        for arm, values in lines.items()
        for size, value in zip((10, 100, 1000), values, strict=True)
    ]
    runs = pd.DataFrame(rows, columns=["seed", "size", "arm", "accuracy"])
    found = curves.crossing(runs, "a", "b")
    np.testing.assert_allclose(found, 10 ** (2 + 1 / 3))  # a third of the way from 100 to 1,000, in logarithms
    with pytest.raises(ValueError, match="Seed 0: a does not overtake b between 10 and 1000"):
        curves.crossing(runs, "b", "a")


def test_summary_has_a_row_for_each_arm_and_size(runs):
    summary = curves.over_seeds(runs)
    assert len(summary) == 16
    assert (summary.n_seeds == 3).all()
    assert ((summary.low <= summary.value) & (summary.value <= summary.high)).all()


def test_a_figure_has_every_arm_in_its_panel(runs):
    summary = curves.over_seeds(runs)
    figure = plot_curves({"Toy": summary}, {"Toy": summary.head(4)})
    names = [{text.get_text() for text in axes.texts} for axes in figure.axes]
    assert names == [{"pretrained", "shuffled", "random", "TF-IDF", "mean vector"}] * 2


@pytest.mark.parametrize("values", [[0, 0, 0], [0, 0.5, 0.6, 3], [1, 2, 3]])
def test_labels_are_moved_apart_in_order(values):
    places = spread(list(map(float, values)), 1.0)
    assert (np.diff(places) >= 1 - 1e-9).all()
    assert np.mean(places) == pytest.approx(np.mean(values))
