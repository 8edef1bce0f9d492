"""Lay one vector space over another by a rotation, and measure how often the right word is the nearest across.

pairs of words -> procrustes(rows, rows) -> rotation -> nearest_across, precision_across
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.inputs import need_vectors
from lessons_lib.statistics import Estimate, bootstrap

if TYPE_CHECKING:
    import pandas as pd
    from gensim.models import KeyedVectors

Pairs = Iterable[tuple[str, str]]  # or a DataFrame of two columns
BATCH = 1024  # words searched in one matrix product


def procrustes(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the rotation (with or without a mirror) that lays the rows of ``source`` nearest to those of ``target``.

    The rotation R minimises the summed squared distance between ``source @ R`` and ``target``; of X'Y = U S V' it is
    R = U V'. Lengths and angles stay as they are, as long as the two have the same number of dimensions; otherwise
    what has no room in the smaller space is dropped.

    Parameters
    ----------
    source, target : ndarray, shape (n_pairs, n_dims) and (n_pairs, m_dims)
        Row i of the one belongs to row i of the other.

    Returns
    -------
    ndarray, shape (n_dims, m_dims)

    References
    ----------
    Schönemann (1966), "A generalized solution of the orthogonal Procrustes problem", *Psychometrika* 31.

    Examples
    --------
    >>> turned = np.array([[0.0, 1.0], [-1.0, 0.0]])  # the axes, a quarter turn further
    >>> (procrustes(np.eye(2), turned) - turned).max().round(6) + 0
    np.float64(0.0)
    """
    source, target = np.asarray(source, float), np.asarray(target, float)
    if source.ndim != 2 or target.ndim != 2 or len(source) != len(target) or not len(source):
        raise ValueError(f"Two matrices with a row for each pair are needed, got {source.shape} and {target.shape}.")
    if not (np.isfinite(source).all() and np.isfinite(target).all()):
        raise ValueError("The rows of the pairs hold NaN or infinity: drop those words first.")
    left, _, right = np.linalg.svd(source.T @ target, full_matrices=False)
    return left @ right


def known_pairs(source: "KeyedVectors", target: "KeyedVectors", pairs: Pairs) -> list[tuple[str, str]]:
    """Return the pairs whose first word ``source`` knows and whose second word ``target`` knows, in their order.

    Raises
    ------
    ValueError
        An item is no pair of texts, or no pair is known on both sides.

    Examples
    --------
    >>> from gensim.models import KeyedVectors
    >>> english, french = KeyedVectors(2), KeyedVectors(2)
    >>> english.add_vectors(["dog", "cat"], np.eye(2))
    >>> french.add_vectors(["chien"], np.eye(1, 2))
    >>> known_pairs(english, french, [("dog", "chien"), ("cat", "chat")])
    [('dog', 'chien')]
    """
    need_vectors(source, "source")
    need_vectors(target, "target")
    pairs = _listed(pairs)
    for number, pair in enumerate(pairs):
        if isinstance(pair, str) or len(pair) != 2 or not all(isinstance(word, str) for word in pair):
            raise ValueError(f"Item {number} is no pair of words: {pair!r}. A list like [('dog', 'chien')] is needed.")
    known = [(a, b) for a, b in pairs if a in source.key_to_index and b in target.key_to_index]
    if not known:
        raise ValueError(
            f"None of {len(pairs)} pairs has vectors on both sides: are words in upper case, or the sides swapped?"
        )
    return known


def _listed(pairs: Pairs) -> list:
    """Return pairs as a list; of a DataFrame its rows."""
    return list(pairs.itertuples(index=False, name=None)) if hasattr(pairs, "columns") else list(pairs)


def rotation_between(source: "KeyedVectors", target: "KeyedVectors", pairs: Pairs) -> np.ndarray:
    """Return the rotation that lays ``source`` over ``target``, fitted on pairs of words, all vectors of length 1.

    Parameters
    ----------
    source, target : KeyedVectors
        Any word vectors.
    pairs : iterable of (str, str)
        A word of ``source`` and the word of ``target`` that it should come to lie on: the anchors. Pairs with an
        unknown word are left out.

    Examples
    --------
    >>> from lessons_lib import load
    >>> rotation_between(load("word2vec", 500), load("glove", 500), [("king", "king"), ("city", "city")]).shape
    (100, 100)
    """
    known = known_pairs(source, target, pairs)
    return procrustes(_unit(source, [a for a, _ in known]), _unit(target, [b for _, b in known]))


def _unit(vectors: "KeyedVectors", words: list[str]) -> np.ndarray:
    return vectors.get_normed_vectors()[[vectors.key_to_index[word] for word in words]]


def nearest_across(
    source: "KeyedVectors", target: "KeyedVectors", words: list[str], rotation: np.ndarray | None = None, n: int = 5
) -> "pd.DataFrame":
    """Return the ``n`` words of ``target`` nearest in cosine to each word of ``source``, nearest first.

    Parameters
    ----------
    source, target : KeyedVectors
        Any word vectors.
    words : list of str
        Words of ``source``.
    rotation : ndarray, shape (n_dims, m_dims), optional
        Turns the vectors of ``source`` first; without it the spaces are compared as they are.
    n : int
        Neighbours a word, from 1 to the number of words of ``target``.

    Returns
    -------
    DataFrame
        One row a word, columns 1 to n.

    Raises
    ------
    KeyError
        A word has no vector in ``source``.
    ValueError
        The dimensions do not fit, or ``n`` is out of range.

    Examples
    --------
    >>> from gensim.models import KeyedVectors
    >>> english, french = KeyedVectors(2), KeyedVectors(2)
    >>> english.add_vectors(["dog", "cat"], np.array([[1.0, 0.1], [0.1, 1.0]]))
    >>> french.add_vectors(["chien", "chat"], np.eye(2))
    >>> nearest_across(english, french, ["cat"], n=2).values.tolist()
    [['chat', 'chien']]
    """
    import pandas as pd

    need_vectors(source, "source")
    need_vectors(target, "target")
    if missing := [word for word in words if word not in source.key_to_index]:
        raise KeyError(
            f"No vector in the source for {len(missing)} of {len(words)} words, the first is {missing[0]!r}."
        )
    if not 1 <= n <= len(target):
        raise ValueError(f"n={n}; expected 1 to {len(target):,}, the number of words of the target.")
    rows = _unit(source, words)
    width = source.vector_size if rotation is None else np.shape(rotation)[-1]
    if width != target.vector_size or (rotation is not None and np.shape(rotation)[0] != source.vector_size):
        turned = "no rotation" if rotation is None else f"a rotation of shape {np.shape(rotation)}"
        raise ValueError(
            f"Vectors of {source.vector_size} and {target.vector_size} dimensions with {turned} cannot be compared."
        )
    rows = rows if rotation is None else rows @ rotation
    unit, found = target.get_normed_vectors(), []
    for start in range(0, len(rows), BATCH):
        cosines = rows[start : start + BATCH] @ unit.T
        few = np.argpartition(-cosines, n - 1, axis=1)[:, :n]
        found.append(np.take_along_axis(few, np.argsort(-np.take_along_axis(cosines, few, 1), axis=1), 1))
    names = np.array(target.index_to_key, dtype=object)
    numbers = np.concatenate(found) if found else np.empty((0, n), int)
    return pd.DataFrame(names[numbers], index=words, columns=range(1, n + 1))


@dataclass(frozen=True)
class Precision:
    """How often the right word is among the nearest across.

    Attributes
    ----------
    at : dict of int to Estimate
        n -> share of the asked words whose right word is among the n nearest, with an interval over words.
    asked, missing : int
        Words asked; pairs left out because a word had no vector.
    answers : DataFrame
        One row an asked word: columns right (its right words), and 1, 2, ... (the nearest).
    """

    at: dict[int, Estimate]
    asked: int
    missing: int
    answers: "pd.DataFrame"


def precision_across(
    source: "KeyedVectors",
    target: "KeyedVectors",
    pairs: Pairs,
    rotation: np.ndarray | None = None,
    at: tuple[int, ...] = (1, 5),
    seed: int = 0,
) -> Precision:
    """Return how often the right word is the nearest, or among the nearest, in the other space.

    Parameters
    ----------
    source, target : KeyedVectors
        Any word vectors; all words of ``target`` are candidates.
    pairs : iterable of (str, str)
        Word of ``source``, right word of ``target``. If a word has several right words, any of them counts.
        For an honest number, none of these words should have been an anchor of the rotation.
    rotation : ndarray, optional
        As for ``nearest_across``.
    at : tuple of int
        Sizes of the list of candidates.
    seed : int
        Seed of the bootstrap over words.

    Examples
    --------
    >>> from lessons_lib import load
    >>> vectors = load("word2vec", 200)
    >>> precision_across(vectors, vectors, [("the", "the"), ("of", "of")]).at[1].value
    1.0
    """
    pairs = _listed(pairs)
    known = known_pairs(source, target, pairs)
    right: dict[str, set[str]] = {}
    for a, b in known:
        right.setdefault(a, set()).add(b)
    found = nearest_across(source, target, list(right), rotation, max(at))
    hits = np.array(
        [[word in right[asked] for word in row] for asked, row in zip(right, found.to_numpy(), strict=True)]
    )
    shares = {n: bootstrap(np.mean, hits[:, :n].any(axis=1), seed=seed) for n in at}
    found.insert(0, "right", [", ".join(sorted(words)) for words in right.values()])
    return Precision(shares, len(right), len(pairs) - len(known), found)
