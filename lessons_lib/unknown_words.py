"""Seven ways to make up a vector for a word that has none, all called alike.

    strategy(vectors, words, sentences=(), seed=0)  ->  ndarray, shape (n_words, n_dims)

``vectors`` are KeyedVectors without these words, most frequent word first; ``sentences`` are lists of words, and only
``mean_of_contexts`` reads them; ``seed`` is for what is drawn at random. ``STRATEGIES`` has them by name.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.contexts import context_means
from lessons_lib.spelling import Speller
from lessons_lib.subwords import PartVectors

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

Strategy = Callable[..., np.ndarray]
RARE = 0.1  # the last tenth of the vocabulary counts as rare


def hide_words(vectors: "KeyedVectors", words: Iterable[str]) -> "KeyedVectors":
    """Return a copy of ``vectors`` without some words, in the same order: as if the file had never had them.

    Parameters
    ----------
    vectors : KeyedVectors
        With fastText's vectors only the table of whole words is taken: n-grams have seen the words and stay behind.
    words : iterable of str
        Words to leave out; words without a vector are left out already.

    Raises
    ------
    ValueError
        No word would remain.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> vectors = load_vectors("word2vec")
    >>> "piano" in vectors, "piano" in hide_words(vectors, ["piano"])
    (True, False)
    """
    from gensim.models import KeyedVectors

    if isinstance(words, str):
        raise TypeError(f"hide_words needs a list of words, got the text {words!r}: put it into a list.")
    hidden = set(words)
    kept = [row for row, word in enumerate(vectors.index_to_key) if word not in hidden]
    if not kept:
        raise ValueError(f"All {len(vectors):,} words would be hidden: leave some.")
    visible = KeyedVectors(vectors.vector_size)
    visible.add_vectors([vectors.index_to_key[row] for row in kept], vectors.vectors[kept])
    return visible


def zero(vectors: "KeyedVectors", words: list[str], sentences: Iterable = (), seed: int = 0) -> np.ndarray:
    """Return zeros: the word adds nothing."""
    return np.zeros((len(words), vectors.vector_size), np.float32)


def mean(vectors: "KeyedVectors", words: list[str], sentences: Iterable = (), seed: int = 0) -> np.ndarray:
    """Return the mean of all vectors, the same for each word: one row for everything unknown."""
    return np.tile(vectors.vectors.mean(axis=0), (len(words), 1))


def random(vectors: "KeyedVectors", words: list[str], sentences: Iterable = (), seed: int = 0) -> np.ndarray:
    """Return random vectors, each word its own, as long as known vectors are on average."""
    drawn = np.random.default_rng(seed).normal(size=(len(words), vectors.vector_size)).astype(np.float32)
    length = np.linalg.norm(vectors.vectors, axis=1).mean()
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True) * length


def mean_of_rare(vectors: "KeyedVectors", words: list[str], sentences: Iterable = (), seed: int = 0) -> np.ndarray:
    """Return the mean of the rarest tenth of the vectors: unknown words are mostly rare ones."""
    n_rare = max(1, int(RARE * len(vectors)))
    return np.tile(vectors.vectors[-n_rare:].mean(axis=0), (len(words), 1))


def nearest_spelling(vectors: "KeyedVectors", words: list[str], sentences: Iterable = (), seed: int = 0) -> np.ndarray:
    """Return the vector of the known word that shares most letter pairs and triples; the mean where none does."""
    found = Speller(vectors.index_to_key).nearest(words, slips=False)
    fallback = vectors.vectors.mean(axis=0)
    return np.array([fallback if word is None else vectors[word] for word in found], dtype=np.float32)


def subwords(vectors: "KeyedVectors", words: list[str], sentences: Iterable = (), seed: int = 0) -> np.ndarray:
    """Return sums of n-gram vectors that were fitted to the known words alone, see :class:`PartVectors`."""
    return PartVectors(vectors.index_to_key, vectors.vectors, least=4)(words)


def mean_of_contexts(
    vectors: "KeyedVectors", words: list[str], sentences: Iterable[list[str]] = (), seed: int = 0
) -> np.ndarray:
    """Return the mean vector of the words that stand around each word in ``sentences``; the mean where it never occurs.

    Raises
    ------
    ValueError
        There are no sentences.
    """
    sentences = list(sentences)
    if not sentences:
        raise ValueError("mean_of_contexts needs sentences with the words in them, as lists of words: got none.")
    found = context_means(vectors, words, sentences)
    found[~found.any(axis=1)] = vectors.vectors.mean(axis=0)
    return found


STRATEGIES: dict[str, Strategy] = {
    "zero": zero,
    "mean": mean,
    "random": random,
    "mean of rare": mean_of_rare,
    "nearest spelling": nearest_spelling,
    "subwords": subwords,
    "mean of contexts": mean_of_contexts,
}
