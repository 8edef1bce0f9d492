"""Intervals and tests against scipy and cases computed by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lessons_lib.statistics import bootstrap, mantel_test, spearman


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=3, max_size=40))
def test_spearman_equals_scipy_ties_included(points):
    x, y = np.array(points, dtype=float).T
    if len(set(x)) > 1 and len(set(y)) > 1:
        assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic)


def test_bootstrap_of_a_mean_agrees_with_scipy():
    sample = np.random.default_rng(1).normal(3, 2, 200)
    ours = bootstrap(np.mean, sample, rounds=4000)
    theirs = stats.bootstrap((sample,), np.mean, method="percentile", n_resamples=4000, rng=2).confidence_interval
    assert ours.value == pytest.approx(sample.mean())
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.02)


def test_bootstrap_resamples_pairs_together():
    x = np.arange(30.0)
    assert bootstrap(spearman, x, x * 2, rounds=50) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("samples", [([],), ([1.0, 2.0], [1.0])])
def test_bootstrap_refuses_samples_that_do_not_fit(samples):
    with pytest.raises(ValueError, match="one and the same length"):
        bootstrap(np.mean, *samples)


def test_bootstrap_is_repeatable_and_depends_on_the_seed():
    sample = np.random.default_rng(0).random(50)
    assert bootstrap(np.mean, sample, seed=3) == bootstrap(np.mean, sample, seed=3)
    assert bootstrap(np.mean, sample, seed=3) != bootstrap(np.mean, sample, seed=4)


def _distances(points):
    return np.linalg.norm(points[:, None] - points, axis=2)


def test_mantel_finds_equal_maps_and_not_unrelated_ones():
    rng = np.random.default_rng(0)
    here, elsewhere = rng.random((40, 2)), rng.random((40, 2))
    correlation, p_value, by_chance = mantel_test(_distances(here), _distances(here), rounds=200)
    assert correlation == pytest.approx(1)
    assert p_value == pytest.approx(1 / 201)
    assert by_chance.shape == (200,)
    assert abs(mantel_test(_distances(here), _distances(elsewhere), rounds=200)[0]) < 0.3


def test_mantel_p_values_of_unrelated_maps_are_spread_evenly():
    rng = np.random.default_rng(5)
    p_values = [mantel_test(*(_distances(rng.random((8, 2))) for _ in "ab"), rounds=60, seed=s)[1] for s in range(80)]
    assert stats.kstest(p_values, "uniform").pvalue > 0.001


def test_mantel_refuses_matrices_of_different_size():
    with pytest.raises(ValueError, match="of one size"):
        mantel_test(np.zeros((3, 3)), np.zeros((4, 4)))
