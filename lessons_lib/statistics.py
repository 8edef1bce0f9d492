"""Intervals and tests: how far to trust a number that was measured once."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Estimate(NamedTuple):
    """A measured value and the ends of its 95 % interval.

    Examples
    --------
    >>> print(Estimate(0.5, 0.4, 0.6))
    0.500 [0.400, 0.600]
    """

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def bootstrap(
    statistic: Callable[..., float], *samples: np.ndarray, rounds: int = 1000, level: float = 0.95, seed: int = 0
) -> Estimate:
    """Return a statistic and its bootstrap interval (percentile method).

    The items are drawn again with replacement, ``rounds`` times, and the statistic is computed each time;
    the interval holds the middle ``level`` of the results. Draws on which the statistic is not a number (a correlation
    of one item drawn again and again) tell nothing and are left out.

    Parameters
    ----------
    statistic : callable
        Takes arrays like ``samples`` and returns a number.
    *samples : ndarray, shape (n_items, ...)
        Paired samples, resampled together along their first axis.
    rounds : int
        Number of resamples.
    level : float
        Share of the resamples inside the interval, between 0 and 1.
    seed : int
        Seed of the resampling.

    References
    ----------
    Efron and Tibshirani (1993), *An Introduction to the Bootstrap*, chapter 13.

    Examples
    --------
    >>> hits = np.array([1] * 80 + [0] * 20)
    >>> bootstrap(np.mean, hits)
    Estimate(value=0.8, low=0.72, high=0.88)
    """
    samples = tuple(np.asarray(sample) for sample in samples)
    n_items = len(samples[0])
    if n_items == 0 or any(len(sample) != n_items for sample in samples):
        raise ValueError(f"Samples of one and the same length above 0 are needed, got {[len(s) for s in samples]}.")
    rng = np.random.default_rng(seed)
    draws = (rng.integers(0, n_items, n_items) for _ in range(rounds))
    values = [statistic(*(sample[draw] for sample in samples)) for draw in draws]
    values = np.asarray(values, dtype=float)
    if np.isnan(values).any() and not np.isnan(values).all():
        values = values[~np.isnan(values)]
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(statistic(*samples)), float(low), float(high))


def spearman(x: np.ndarray, y: np.ndarray) -> float:
    """Return Spearman's rank correlation of two samples, between -1 and 1; ties share their mean rank.

    It is NaN if all values of a sample are equal.

    Same result as ``scipy.stats.spearmanr(x, y).statistic``, fast enough for thousands of resamples.

    Examples
    --------
    >>> spearman(np.array([1, 2, 3]), np.array([10, 100, 1000]))
    1.0
    """
    from scipy.stats import rankdata

    ranks_x, ranks_y = rankdata(x), rankdata(y)
    ranks_x, ranks_y = ranks_x - ranks_x.mean(), ranks_y - ranks_y.mean()
    with np.errstate(invalid="ignore"):
        return float(ranks_x @ ranks_y / np.sqrt((ranks_x @ ranks_x) * (ranks_y @ ranks_y)))


def mantel_test(
    distances_a: np.ndarray, distances_b: np.ndarray, rounds: int = 1000, seed: int = 0
) -> tuple[float, float, np.ndarray]:
    """Compare two distance matrices over the same items: rank correlation and permutation p-value.

    Distances share items, so they are not independent and the usual p-value of a correlation is wrong.
    Shuffling the items of one matrix, rows and columns together, gives what chance alone would produce.

    Parameters
    ----------
    distances_a, distances_b : ndarray, shape (n_items, n_items)
        Symmetric matrices; only the part above the diagonal counts.
    rounds : int
        Number of shuffles.
    seed : int
        Seed of the shuffling.

    Returns
    -------
    correlation : float
        Spearman's rank correlation of the distances, between -1 and 1.
    p_value : float
        Share of shuffles with at least this correlation, counting the real order as one of them (never 0).
    by_chance : ndarray, shape (rounds,)
        The correlation of each shuffle.

    References
    ----------
    Mantel (1967), "The detection of disease clustering and a generalized regression approach", Cancer Research 27.

    Examples
    --------
    >>> towns = np.array([[0.0], [1.0], [3.0], [7.0], [15.0], [31.0]])
    >>> distances = abs(towns - towns.T)
    >>> correlation, p_value, _ = mantel_test(distances, distances)
    >>> round(correlation, 2), p_value < 0.05
    (1.0, True)
    """
    if distances_a.shape != distances_b.shape or distances_a.ndim != 2:
        raise ValueError(f"Two square matrices of one size are needed, got {distances_a.shape}, {distances_b.shape}.")
    upper = np.triu_indices(len(distances_a), k=1)
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(len(distances_a)) for _ in range(rounds)]
    measured = spearman(distances_a[upper], distances_b[upper])
    by_chance = np.array([spearman(distances_a[np.ix_(order, order)][upper], distances_b[upper]) for order in orders])
    return measured, float((1 + (by_chance >= measured).sum()) / (1 + rounds)), by_chance
