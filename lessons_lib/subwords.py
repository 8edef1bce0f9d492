"""Parts of words: character n-grams, vectors for n-grams or pieces that add up to given word vectors."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Cutter = Callable[[str], Iterable]  # a word -> its parts


def char_ngrams(word: str, shortest: int = 3, longest: int = 6) -> list[str]:
    """Return the character n-grams of a word between the marks ``<`` and ``>``, in the order that fastText has them.

    Parameters
    ----------
    word : str
        Without the marks.
    shortest, longest : int
        Least and greatest number of characters of an n-gram, the marks included.

    References
    ----------
    Bojanowski, Grave, Joulin and Mikolov (2017), "Enriching word vectors with subword information", *TACL* 5.

    Examples
    --------
    >>> char_ngrams("cat", 3, 4)
    ['<ca', '<cat', 'cat', 'cat>', 'at>']
    """
    marked = f"<{word}>"
    ends = range(shortest, longest + 1)
    return [marked[start : start + n] for start in range(len(marked)) for n in ends if start + n <= len(marked)]


class Parts:
    """Numbers for the parts of words: which parts there are is learnt from a list of words.

    Parameters
    ----------
    words : iterable of str
        The words to learn the parts from.
    cut : callable
        Cuts a word into parts, such as :func:`char_ngrams` or a tokenizer.
    least : int
        Parts that fewer words have are left out.

    Examples
    --------
    >>> parts = Parts(["cat", "cats"], lambda word: list(word), least=2)
    >>> parts.names
    ['a', 'c', 't']
    >>> parts.matrix(["tact"]).toarray().tolist()
    [[1.0, 1.0, 2.0]]

    Attributes
    ----------
    names : list of str
        The parts, in the order of the columns of a matrix.
    learnt : csr_matrix, shape (n_words, n_parts)
        The matrix of the words that the parts were learnt from.
    """

    def __init__(self, words: Iterable[str], cut: Cutter = char_ngrams, least: int = 1) -> None:
        from collections import Counter

        cuts = [list(cut(word)) for word in words]
        counts = Counter(part for parts in cuts for part in set(parts))
        self.cut = cut
        self.names = sorted(part for part, count in counts.items() if count >= least)
        self.number = {part: number for number, part in enumerate(self.names)}
        self.learnt = self._counted(cuts)

    def matrix(self, words: Iterable[str]) -> "csr_matrix":
        """Return how often each word has each part, shape (n_words, n_parts); parts never met are left out."""
        return self._counted([self.cut(word) for word in words])

    def _counted(self, cuts: list[Iterable]) -> "csr_matrix":
        from scipy.sparse import csr_matrix

        rows = [[self.number[part] for part in parts if part in self.number] for parts in cuts]
        ends = np.cumsum([0, *map(len, rows)])
        columns = np.fromiter((number for row in rows for number in row), dtype=np.int32, count=ends[-1])
        counts = csr_matrix((np.ones(ends[-1], np.float32), columns, ends), shape=(len(rows), len(self.names)))
        counts.sum_duplicates()
        return counts


class PartVectors:
    """Vectors for the parts of words, fitted so that the parts of each known word add up to its vector.

    The vector of a word is the mean of all word vectors plus the sum of the vectors of its parts, divided by the root
    of their number. Fitted by least squares with a ridge; words that were not there get a vector from their parts.

    Parameters
    ----------
    words : list of str
        Words with known vectors.
    vectors : ndarray, shape (n_words, n_dims)
        Their vectors.
    cut : callable
        Cuts a word into parts.
    least : int
        Parts that fewer words have are left out.
    ridge : float
        Weight of the penalty on long part vectors; more of it is more caution.

    References
    ----------
    Zhao, Mudgal and Liang (2018), "Generalizing word embeddings using bag of subwords", *EMNLP*.

    Examples
    --------
    >>> learnt = PartVectors(["ab", "ac"], np.array([[1.0, 0.0], [0.0, 1.0]]), list, ridge=0.001)
    >>> learnt(["b", "c"]).argmax(axis=1).tolist()
    [0, 1]
    """

    def __init__(
        self, words: list[str], vectors: np.ndarray, cut: Cutter = char_ngrams, least: int = 1, ridge: float = 0.3
    ) -> None:
        if len(words) != len(vectors):
            raise ValueError(f"Each word needs a vector: got {len(words):,} words and {len(vectors):,} vectors.")
        self.parts, self.mean = Parts(words, cut, least), np.asarray(vectors, np.float32).mean(axis=0)
        self.vectors = ridge_regression(_scaled(self.parts.learnt), vectors - self.mean, ridge)

    def __call__(self, words: list[str]) -> np.ndarray:
        """Return vectors put together from parts, shape (n_words, n_dims); the mean for a word without a known part."""
        return _scaled(self.parts.matrix(words)) @ self.vectors + self.mean

    def vector(self, word: str) -> np.ndarray:
        """Return the vector of one word, shape (n_dims,): the same as of a list of it, and faster."""
        numbers = [self.parts.number[part] for part in self.parts.cut(word) if part in self.parts.number]
        return self.vectors[numbers].sum(axis=0) / np.sqrt(max(1, len(numbers))).astype(np.float32) + self.mean


def _scaled(counts: "csr_matrix") -> "csr_matrix":
    """Divide each row by the root of the number of its parts."""
    from scipy.sparse import diags

    return diags(1 / np.sqrt(np.maximum(counts.sum(axis=1).A1, 1)).astype(np.float32)) @ counts


def ridge_regression(inputs: "csr_matrix", targets: np.ndarray, ridge: float, rounds: int = 12) -> np.ndarray:
    """Return the weights W that make ``inputs @ W`` near ``targets`` and stay small themselves.

    Conjugate gradients on (X'X + ridge) W = X'Y, all columns at once; a few rounds are enough, and stopping early
    works like some more ridge.

    Parameters
    ----------
    inputs : csr_matrix, shape (n_items, n_inputs)
    targets : ndarray, shape (n_items, n_dims)
    ridge : float
        Above 0.
    rounds : int
        Steps of the method.

    References
    ----------
    Hestenes and Stiefel (1952), "Methods of conjugate gradients for solving linear systems".
    """
    weights = np.zeros((inputs.shape[1], targets.shape[1]), np.float32)
    across = inputs.T.tocsr()
    left = across @ np.asarray(targets, np.float32)
    step, size = left.copy(), (left * left).sum(axis=0)
    for _ in range(rounds):
        image = across @ (inputs @ step) + ridge * step
        along = size / np.maximum((step * image).sum(axis=0), 1e-12)
        weights += along * step
        left -= along * image
        new_size = (left * left).sum(axis=0)
        step = left + new_size / np.maximum(size, 1e-12) * step
        size = new_size
    return weights
