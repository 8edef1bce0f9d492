"""What stands around a word: means of the vectors of its neighbours, from sentences that were not trained on."""

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

EVERYDAY = 1e-3  # a word with this share of the running words counts half


def count_neighbours(sentences: list[list[str]], window: int = 5) -> tuple[dict[str, int], "csr_matrix"]:
    """Count which words stand within ``window`` places of each other in the same sentence.

    Returns
    -------
    number : dict
        Word -> its row and column.
    counts : csr_matrix, shape (n_words, n_words)
        How often the word of the column stands near the word of the row.

    Examples
    --------
    >>> number, counts = count_neighbours([["a", "b", "c"]], window=1)
    >>> counts.toarray().astype(int).tolist()
    [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    """
    from scipy.sparse import csr_matrix

    number = {word: i for i, word in enumerate(dict.fromkeys(word for words in sentences for word in words))}
    ids = np.array([number[word] for words in sentences for word in words], dtype=np.int32)
    sentence = np.repeat(np.arange(len(sentences)), [len(words) for words in sentences])
    pairs = [(ids[:-step], ids[step:], sentence[:-step] == sentence[step:]) for step in range(1, window + 1)]
    before = np.concatenate([left[same] for left, _, same in pairs])
    after = np.concatenate([right[same] for _, right, same in pairs])
    ones = np.ones(2 * len(before), np.float32)
    both = (np.concatenate([before, after]), np.concatenate([after, before]))
    return number, csr_matrix((ones, both), shape=(len(number), len(number)))


def context_means(
    vectors: dict[str, np.ndarray], words: list[str], sentences: list[list[str]], window: int = 5
) -> np.ndarray:
    """Return the mean vector of the neighbours of each word, everyday words counting less.

    A neighbour weighs a / (a + p), where p is its share of the running words and a is ``EVERYDAY``.

    Parameters
    ----------
    vectors : mapping of str to ndarray
        The known vectors: a dict, or KeyedVectors.
    words : list of str
        Words to describe; they need no vector.
    sentences : list of lists of str
        Text with these words in it.
    window : int
        How many places to each side count as near.

    Returns
    -------
    ndarray, shape (n_words, n_dims)
        Zeros for a word that has no known neighbour.

    References
    ----------
    Arora, Liang and Ma (2017), "A simple but tough-to-beat baseline for sentence embeddings", *ICLR*, for the weights.
    """
    number, counts = count_neighbours(sentences, window)
    frequency = Counter(word for text in sentences for word in text)
    total = frequency.total()
    known = [word for word in number if word in vectors]
    weights = np.array([EVERYDAY / (EVERYDAY + frequency[word] / total) for word in known], dtype=np.float32)
    table = np.array([vectors[word] for word in known], dtype=np.float32)
    rows = [number.get(word, -1) for word in words]
    near = counts[np.maximum(rows, 0)][:, [number[word] for word in known]]
    found = (near @ (weights[:, None] * table)) / np.maximum(near @ weights, 1e-9)[:, None]
    found[np.array(rows) < 0] = 0
    return found
