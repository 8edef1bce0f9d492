"""How vectors fill their space: anisotropy, and the repair that takes out what all of them share."""

import numpy as np


def anisotropy(vectors: np.ndarray, n_pairs: int = 10_000, seed: int = 0) -> float:
    """Return the mean cosine of random pairs of different rows: 0 if directions are spread evenly, 1 if all are equal.

    Parameters
    ----------
    vectors : ndarray, shape (n_items, n_dims)
    n_pairs : int
        Pairs that are drawn.
    seed : int
        Seed of the draw.

    References
    ----------
    Ethayarajh (2019), "How Contextual are Contextualized Word Representations?", EMNLP.

    Examples
    --------
    >>> round(anisotropy(np.eye(5) + 3), 2)
    0.98
    """
    rng = np.random.default_rng(seed)
    first = rng.integers(0, len(vectors), n_pairs)
    second = (first + rng.integers(1, len(vectors), n_pairs)) % len(vectors)
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return float(np.einsum("ij,ij->i", unit[first], unit[second]).mean())


def all_but_the_top(vectors: np.ndarray, n_directions: int = 1) -> np.ndarray:
    """Return the vectors minus their mean and minus their ``n_directions`` strongest common directions.

    Parameters
    ----------
    vectors : ndarray, shape (n_items, n_dims)
    n_directions : int
        0 takes out the mean only.

    References
    ----------
    Mu and Viswanath (2018), "All-but-the-Top", ICLR.

    Examples
    --------
    >>> repaired = all_but_the_top(np.random.default_rng(0).normal(3, 1, (100, 20)), 2)
    >>> abs(anisotropy(repaired)) < 0.05
    True
    """
    centred = vectors - vectors.mean(axis=0)
    if n_directions == 0:
        return centred
    _, directions = np.linalg.eigh(centred.T @ centred)  # sorted from weak to strong, one a column
    strongest = directions[:, -n_directions:]
    return centred - (centred @ strongest) @ strongest.T
