"""From texts to rows of an embedding table: the vocabulary, the two extra rows, and proof that rows fit words.

Row 0 is padding (it fills short texts up and counts for nothing), row 1 stands for every unknown word.
The words of the training texts come next, and the words that only other texts have come last:
whatever is trained is one block, ``matrix[:n_trained]``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.inputs import need_vectors, several, words_of

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

PADDING, UNKNOWN = 0, 1
EXTRA = ("<padding>", "<unknown>")  # never a token: the tokeniser takes the brackets away


class AlignmentError(ValueError):
    """A row of an embedding table does not hold the vector of its word."""


@dataclass(frozen=True)
class Table:
    """An embedding table and what its rows mean.

    Attributes
    ----------
    words : list of str
        The word of each row; the first two are ``EXTRA``.
    matrix : ndarray, shape (n_rows, n_dims), float32
        One row a word. Row 0 is zeros, row 1 the mean of the known rows.
    known : ndarray of bool, shape (n_rows,)
        Whether the row came from pre-trained vectors; the others were drawn at random.
    n_trained : int
        Rows below this number occur in training texts (the two extra rows included).

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> table = make_table(load_vectors(), ["good film"])
    >>> table.row_of, table.matrix.shape
    ({'<padding>': 0, '<unknown>': 1, 'film': 2, 'good': 3}, (4, 100))
    """

    words: list[str]
    matrix: np.ndarray
    known: np.ndarray
    n_trained: int

    @property
    def row_of(self) -> dict[str, int]:
        """The row of each word."""
        return {word: row for row, word in enumerate(self.words)}


def cut(texts: Iterable[str | Sequence[str]]) -> list[list[str]]:
    """Return texts as lists of words; texts that are lists already stay as they are.

    Raises
    ------
    TypeError
        ``texts`` is a single text or a table, or one of them is neither text nor a list of words.

    Examples
    --------
    >>> cut(["A cat.", ["a", "dog"], ""])
    [['a', 'cat'], ['a', 'dog'], []]
    """
    return [words_of(text, place) for place, text in enumerate(several(texts))]


def make_table(
    vectors: "KeyedVectors",
    training: Iterable[str | Sequence[str]],
    others: Iterable[str | Sequence[str]] = (),
    seed: int = 0,
) -> Table:
    """Return a table for all words of the training texts, and for those of the other texts that have a vector.

    A training word without a vector gets a random row of the same mean and spread, so that it can be learnt.
    A word that has neither a vector nor a training text gets no row: it is unknown.
    Within the words of the training texts, and within the others, those with a vector come first, in the order of the
    file: neighbours in the table have nothing to do with each other.

    Parameters
    ----------
    vectors : KeyedVectors
        Pre-trained vectors, any source and size.
    training, others : iterable of texts, or of lists of words
        The texts a model is trained on, and those it is only asked about.
        ``others=[vectors.index_to_key]`` gives every word of the vectors a row.
    seed : int
        Seed of the random rows.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> table = make_table(load_vectors("word2vec"), ["a good film"], ["a bad zzyzx"])
    >>> table.words, table.n_trained
    (['<padding>', '<unknown>', 'a', 'film', 'good', 'bad'], 5)
    """
    need_vectors(vectors, "make_table")

    def in_order(found: Iterable[str]) -> list[str]:
        return sorted(found, key=lambda word: vectors.key_to_index.get(word, len(vectors)))

    trained = in_order(dict.fromkeys(word for text in cut(training) for word in text))
    if not trained:
        raise ValueError("The training texts have no words: nothing can be learnt from them.")
    seen = set(trained)
    only_asked = dict.fromkeys(word for text in cut(others) for word in text if word not in seen)
    words = [*EXTRA, *trained, *in_order(word for word in only_asked if word in vectors.key_to_index)]
    known = np.array([word in vectors.key_to_index for word in words])
    known[: len(EXTRA)] = False
    if not known.any():
        raise ValueError(f"None of the {len(trained):,} training words has a vector. Same language? Same case?")
    rows = vectors.vectors[[vectors.key_to_index[word] for word, has in zip(words, known, strict=True) if has]]
    matrix = random_rows(rows, len(words), np.random.default_rng(seed))
    matrix[known], matrix[PADDING], matrix[UNKNOWN] = rows, 0, rows.mean(axis=0)
    return Table(words, matrix, known, len(EXTRA) + len(trained))


def random_rows(like: np.ndarray, n_rows: int, rng: np.random.Generator) -> np.ndarray:
    """Return normal random rows with the mean and the standard deviation of each column of ``like``, float32.

    Examples
    --------
    >>> random_rows(np.ones((5, 3)), 2, np.random.default_rng(0)).tolist()
    [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    """
    return rng.normal(like.mean(axis=0), like.std(axis=0), (n_rows, like.shape[1])).astype(np.float32)


def index_texts(texts: Iterable[str | Sequence[str]], words: Sequence[str], longest: int | None = None) -> np.ndarray:
    """Return the rows of the words of each text, filled up with padding.

    Parameters
    ----------
    texts : iterable of texts, or of lists of words
    words : sequence of str
        The word of each row, as in ``Table.words``.
    longest : int, optional
        Cut longer texts after so many words; without it the longest text decides.

    Returns
    -------
    ndarray, shape (n_texts, longest), int64

    Examples
    --------
    >>> index_texts(["good film", "a bad good film"], [*EXTRA, "good", "film", "a"])
    array([[2, 3, 0, 0],
           [4, 1, 2, 3]])
    """
    row_of = {word: row for row, word in enumerate(words)}
    rows = [[row_of.get(word, UNKNOWN) for word in text] for text in cut(texts)]
    width = max(1, max(map(len, rows), default=0)) if longest is None else longest
    indices = np.full((len(rows), width), PADDING, dtype=np.int64)
    for number, row in enumerate(rows):
        indices[number, : len(row[:width])] = row[:width]
    return indices


def check_alignment(words: Sequence[str], matrix: np.ndarray, vectors: "KeyedVectors") -> int:
    """Compare every row with the vector of its word; return how many words were compared.

    Parameters
    ----------
    words : sequence of str
        The word that each row is meant for.
    matrix : ndarray, shape (n_rows, n_dims)
        The table as the model got it.
    vectors : KeyedVectors
        Where the rows came from. Words without a vector are not compared.

    Raises
    ------
    AlignmentError
        The numbers of rows differ, no word could be compared, or a row is not the vector of its word.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> vectors = load_vectors()
    >>> table = make_table(vectors, ["good film zzyzx"])
    >>> check_alignment(table.words, table.matrix, vectors)
    2
    >>> check_alignment(table.words, np.roll(table.matrix, 1, axis=0), vectors)
    Traceback (most recent call last):
    lessons_lib.indexing.AlignmentError: Row 2 is meant for 'film' and holds no vector of this file; ...
    """
    if len(words) != len(matrix):
        raise AlignmentError(f"The table has {len(matrix):,} rows for {len(words):,} words. Does it lack rows 0 and 1?")
    rows = [row for row, word in enumerate(words) if word in vectors.key_to_index]
    if not rows:
        raise AlignmentError(f"None of the {len(words):,} words has a vector: nothing could be compared.")
    expected = vectors.vectors[[vectors.key_to_index[words[row]] for row in rows]]
    same = np.isclose(matrix[rows], expected, atol=1e-6).all(axis=1)
    if not same.all():
        raise AlignmentError(_describe(words, matrix, vectors, rows[int(np.argmin(same))], int((~same).sum())))
    return len(rows)


def _describe(words: Sequence[str], matrix: np.ndarray, vectors: "KeyedVectors", row: int, n_wrong: int) -> str:
    """Return which row is wrong, and whose vector it holds if that can be found."""
    exact = np.isclose(vectors.vectors, matrix[row], atol=1e-6).all(axis=1)
    holder = f"the vector of {vectors.index_to_key[int(exact.argmax())]!r}" if exact.any() else "no vector of this file"
    return f"Row {row} is meant for {words[row]!r} and holds {holder}; {n_wrong:,} rows are wrong. Shifted by a row?"
