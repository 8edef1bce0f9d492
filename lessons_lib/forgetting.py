"""What vectors lose when training moves them: yardsticks, neighbours, drift. Two sets of KeyedVectors are compared.

``moved_vectors`` makes the second set from a trained table; ``Ruler`` takes all three measures of many tables.
All measures are of the kind "more is worse".
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.statistics import spearman
from lessons_lib.yardsticks import WORD_PAIRS, word_pairs

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


def moved_vectors(vectors: "KeyedVectors", words: Sequence[str], rows: np.ndarray) -> "KeyedVectors":
    """Return a copy of vectors in which the rows of some words are replaced; the others stay as they are.

    Parameters
    ----------
    vectors : KeyedVectors
        The vectors before training; they are not changed.
    words : sequence of str
        The word of each row, as in ``Table.words``. Words that ``vectors`` lack are left out.
    rows : ndarray, shape (len(words), n_dims)
        The rows after training.

    Examples
    --------
    >>> from gensim.models import KeyedVectors
    >>> start = KeyedVectors(2)
    >>> start.add_vectors(["good", "bad"], np.eye(2))
    >>> moved_vectors(start, ["bad", "zzyzx"], np.full((2, 2), 7.0)).vectors.tolist()
    [[1.0, 0.0], [7.0, 7.0]]
    """
    from gensim.models import KeyedVectors

    if rows.shape != (len(words), vectors.vector_size):
        raise ValueError(
            f"{len(words):,} words of {vectors.vector_size} numbers need rows of shape "
            f"({len(words)}, {vectors.vector_size}); these have the shape {rows.shape}."
        )
    matrix = vectors.vectors.copy()
    known = [place for place, word in enumerate(words) if word in vectors.key_to_index]
    matrix[[vectors.key_to_index[words[place]] for place in known]] = rows[known]
    moved = KeyedVectors(vectors.vector_size)
    moved.add_vectors(vectors.index_to_key, matrix)
    return moved


def yardstick(vectors: "KeyedVectors", name: str) -> float:
    """Return Spearman's rank correlation with people's ratings, as ``pair_score`` does, but without its interval.

    Examples
    --------
    >>> from lessons_lib import load_vectors, pair_score
    >>> vectors = load_vectors("word2vec")
    >>> yardstick(vectors, "simlex999") == pair_score(vectors, "simlex999").correlation.value
    True
    """
    pairs, index = word_pairs(name), vectors.key_to_index
    rows = [(index.get(a.lower(), -1), index.get(b.lower(), -1)) for a, b in zip(pairs.word1, pairs.word2, strict=True)]
    known = [place for place, row in enumerate(rows) if min(row) >= 0]
    if len(known) < 2:
        raise ValueError(f"{len(known)} of the {len(pairs)} pairs of {name} have two vectors: too few to rank.")
    first, second = vectors.vectors[np.array(rows)[known].T]
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return spearman((first * second).sum(axis=1) / lengths, pairs.rating.to_numpy()[known])


def nearest_rows(matrix: np.ndarray, queries: np.ndarray, n: int = 10) -> np.ndarray:
    """Return the ``n`` rows nearest in cosine to each query row, without itself, nearest first: (n_queries, n).

    Examples
    --------
    >>> nearest_rows(np.array([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]]), np.array([0]), 1).tolist()
    [[1]]
    """
    import torch

    unit = torch.from_numpy(matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12))
    cosines = unit[queries] @ unit.T
    cosines[torch.arange(len(queries)), torch.from_numpy(queries)] = -torch.inf
    return cosines.topk(n, dim=1).indices.numpy()


def neighbours_lost(
    before: "KeyedVectors", after: "KeyedVectors", queries: Sequence[str] | None = None, n: int = 10
) -> np.ndarray:
    """Return, for each query word, the share of its ``n`` nearest words that are no longer among them.

    Parameters
    ----------
    before, after : KeyedVectors
        The same words in the same order.
    queries : sequence of str, optional
        Words that have a vector; ``frequent_words(before)`` by default. Memory is len(queries) x n_words x 4 bytes.
    n : int
        Size of the neighbourhood.

    Returns
    -------
    ndarray, shape (n_queries,)
        0: the same neighbours; 1: all are new.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> vectors = load_vectors("word2vec")
    >>> neighbours_lost(vectors, vectors, ["king", "music"])
    array([0., 0.])
    """
    if before.index_to_key != after.index_to_key:
        raise ValueError(f"The {len(before):,} words before and the {len(after):,} after are not the same in order.")
    rows = _rows_of(before, queries)
    return _share_lost(*(nearest_rows(kv.vectors, rows, n) for kv in (before, after)))


def _rows_of(vectors: "KeyedVectors", queries: Sequence[str] | None) -> np.ndarray:
    """Return the rows of the query words; of frequent words without any."""
    queries = frequent_words(vectors) if queries is None else list(queries)
    if unknown := [word for word in queries if word not in vectors.key_to_index]:
        raise KeyError(f"{len(unknown)} of {len(queries)} query words have no vector, the first is {unknown[0]!r}.")
    if not queries or len(vectors) < 2:
        raise ValueError(f"{len(queries)} query words among {len(vectors)} vectors: neighbours cannot be compared.")
    return np.array([vectors.key_to_index[word] for word in queries])


def _share_lost(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return for each row of numbers the share that is not in the same row of ``after``."""
    pairs = zip(before.tolist(), after.tolist(), strict=True)
    return np.array([1 - len(set(old) & set(new)) / len(old) for old, new in pairs])


def drift(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return how far each row has moved, as a share of its length before: norm(after - before) / norm(before).

    Parameters
    ----------
    before, after : ndarray, shape (n_rows, n_dims)

    Returns
    -------
    ndarray, shape (n_rows,)
        0 or more; a row of zeros that stays has drift 0.

    Examples
    --------
    >>> drift(np.array([[3.0, 4.0], [1.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 0.0]]))
    array([0., 1.])
    """
    if before.shape != after.shape:
        raise ValueError(f"Rows before have the shape {before.shape}, after {after.shape}: the same is needed.")
    return np.linalg.norm(after - before, axis=1) / np.maximum(np.linalg.norm(before, axis=1), 1e-12)


def frequent_words(vectors: "KeyedVectors", n: int = 300, among: int = 5000, seed: int = 0) -> list[str]:
    """Return ``n`` words drawn from the ``among`` most frequent ones (the first rows): queries for neighbours.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> len(frequent_words(load_vectors(), n=5))
    5
    """
    pool = min(among, len(vectors))
    drawn = np.random.default_rng(seed).choice(pool, min(n, pool), replace=False)
    return [vectors.index_to_key[row] for row in drawn]


class Ruler:
    """Measures in three ways what training took from pre-trained vectors; what they were before is measured once.

    Parameters
    ----------
    vectors : KeyedVectors
        The vectors before training.
    queries : sequence of str, optional
        Words whose 10 nearest neighbours are compared; ``frequent_words(vectors)`` by default. Vectors of fewer than
        11 words have as many neighbours as there are.

    Examples
    --------
    >>> from gensim.models import KeyedVectors
    >>> start = KeyedVectors(2)
    >>> start.add_vectors(["good", "bad", "film"], np.array([[3.0, 4.0], [1.0, 0.0], [0.0, 1.0]], dtype="f4"))
    >>> Ruler(start).measure(["good"], np.array([[0.0, 0.0]], dtype="f4"))
    {'neighbours_lost': 0.0, 'drift': 1.0}
    """

    def __init__(self, vectors: "KeyedVectors", queries: Sequence[str] | None = None) -> None:
        self.vectors = vectors
        self.rows = _rows_of(vectors, queries)
        self.n = min(10, len(vectors) - 1)
        self.nearest = nearest_rows(vectors.vectors, self.rows, self.n)
        self.before: dict[str, float] = {}
        for name in WORD_PAIRS:
            try:
                self.before[name] = yardstick(vectors, name)
            except ValueError:  # vectors of another language or case know no pair: the other two measures still hold
                continue

    def measure(self, words: Sequence[str], rows: np.ndarray) -> dict[str, float]:
        """Return what is lost when the rows of some words are replaced.

        Parameters
        ----------
        words : sequence of str
            The words of the trained rows, as in ``Table.words[:n_trained]``.
        rows : ndarray, shape (len(words), n_dims)
            Their rows after training.

        Returns
        -------
        dict
            ``wordsim_lost``, ``simlex_lost``: rank correlation before minus after (absent where fewer than two pairs
            have vectors); ``neighbours_lost``: mean share of the 10 nearest words lost, 0 to 1; ``drift``: mean drift
            of the trained rows that came from the vectors.
        """
        after = moved_vectors(self.vectors, words, rows)
        found = {f"{name.rstrip('0123456789')}_lost": old - yardstick(after, name) for name, old in self.before.items()}
        known = [word for word in words if word in self.vectors.key_to_index]
        lost = _share_lost(self.nearest, nearest_rows(after.vectors, self.rows, self.n))
        found["neighbours_lost"] = float(lost.mean())
        found["drift"] = float(drift(self.vectors[known], after[known]).mean()) if known else 0.0
        return found
