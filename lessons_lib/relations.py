"""Score vectors on word pairs that share a relation, with an interval over pairs, and compare two sets of vectors.

relation_score(vectors, pairs)     every pair of a relation asks every other: min : max :: row : column
score_difference(first, second)    the same draws of pairs for both, so that luck with the pairs cancels
shared_neighbours(first, second)   how many of each word's nearest words two sets agree on
"""

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.inputs import need_columns
from lessons_lib.statistics import Estimate, bootstrap
from lessons_lib.yardsticks import answer_analogies

if TYPE_CHECKING:
    import pandas as pd
    from gensim.models import KeyedVectors


@dataclass(frozen=True)
class RelationScore:
    """How many analogies between pairs of one relation come out right.

    Attributes
    ----------
    estimate : Estimate
        Share of right answers; its interval draws the pairs again, not the questions, since questions share pairs.
    right : ndarray, shape (n_pairs, n_pairs)
        1 and 0 where the pair of the row asked for the second word of the pair of the column; NaN where not asked.
    asked : DataFrame
        The questions with section (the relation), a, b, c, d, answer and right.
    """

    estimate: Estimate
    right: np.ndarray
    asked: "pd.DataFrame"


def relation_questions(pairs: "pd.DataFrame") -> "pd.DataFrame":
    """Return every analogy between two pairs of the same relation whose four words differ.

    Parameters
    ----------
    pairs : DataFrame
        Columns word1, word2 and relation.

    Returns
    -------
    DataFrame
        Columns section (the relation), a, b, c, d, and first and second: the rows (from 0) of the two pairs.

    Examples
    --------
    >>> import pandas as pd
    >>> pairs = pd.DataFrame({"word1": ["row", "axis"], "word2": ["rows", "axes"], "relation": "plural"})
    >>> relation_questions(pairs)[["a", "b", "c", "d"]].values.tolist()
    [['row', 'rows', 'axis', 'axes'], ['axis', 'axes', 'row', 'rows']]
    """
    import pandas as pd

    need_columns(pairs, ["word1", "word2", "relation"], "pairs")
    numbered = list(enumerate(zip(pairs.relation, pairs.word1, pairs.word2, strict=True)))
    rows = [
        (relation, a, b, c, d, first, second)
        for (first, (relation, a, b)), (second, (other, c, d)) in permutations(numbered, 2)
        if relation == other and len({a, b, c, d}) == 4
    ]
    return pd.DataFrame(rows, columns=["section", "a", "b", "c", "d", "first", "second"])


def relation_score(vectors: "KeyedVectors", pairs: "pd.DataFrame", seed: int = 0, rounds: int = 1000) -> RelationScore:
    """Ask vectors all analogies within the relations of some word pairs.

    Parameters
    ----------
    vectors : KeyedVectors
        Any word vectors; a question with a word that they lack is not asked.
    pairs : DataFrame
        Columns word1, word2, relation: ``lessons_lib.texts.documentation_pairs()`` or pairs of your own.
    seed, rounds : int
        Seed and number of the bootstrap draws.

    Raises
    ------
    ValueError
        No question has vectors for all its four words.

    Examples
    --------
    >>> import pandas as pd
    >>> from gensim.models import KeyedVectors
    >>> toy = KeyedVectors(2)
    >>> toy.add_vectors(["row", "rows", "axis", "axes"], np.array([[1, 0], [1, 1], [2, 0], [2, 1]], dtype="f4"))
    >>> pairs = pd.DataFrame({"word1": ["row", "axis"], "word2": ["rows", "axes"], "relation": "plural"})
    >>> relation_score(toy, pairs).estimate.value
    1.0
    """
    asked = answer_analogies(vectors, relation_questions(pairs))
    if asked.empty:
        raise ValueError(
            f"None of the questions of {len(pairs)} pairs has vectors for all four words: is the vocabulary lower-case?"
        )
    right = np.full((len(pairs), len(pairs)), np.nan)
    right[asked["first"], asked["second"]] = asked.right
    return RelationScore(_over_pairs(right, seed, rounds), right, asked)


def score_difference(first: RelationScore, second: RelationScore, seed: int = 0, rounds: int = 1000) -> Estimate:
    """Return by how much the first score is above the second on the questions that both were asked.

    Raises
    ------
    ValueError
        The scores are of different pairs, or have no question in common.

    Examples
    --------
    >>> one = RelationScore(None, np.array([[np.nan, 1.0], [1.0, np.nan]]), None)
    >>> score_difference(one, one).value
    0.0
    """
    if first.right.shape != second.right.shape:
        raise ValueError(f"Scores of the same pairs are needed, got {len(first.right)} and {len(second.right)} pairs.")
    difference = first.right - second.right
    if np.isnan(difference).all():
        raise ValueError("The two scores have no question in common.")
    return _over_pairs(difference, seed, rounds)


def _over_pairs(table: np.ndarray, seed: int, rounds: int) -> Estimate:
    """Return the mean of a table pairs x pairs and its interval over draws of the pairs that were asked about."""
    known = ~np.isnan(table)
    used = np.flatnonzero(known.any(axis=0) | known.any(axis=1))
    values = np.where(known, table, 0.0)

    def share(draw: np.ndarray) -> float:
        cells = np.ix_(draw, draw)
        asked = known[cells].sum()
        return float(values[cells].sum() / asked) if asked else float("nan")

    return bootstrap(share, used, seed=seed, rounds=rounds)


def shared_neighbours(first: "KeyedVectors", second: "KeyedVectors", n: int = 10) -> "pd.Series":
    """Return, for each word that both have, the share of its ``n`` nearest words that the two agree on.

    Both are cut to the words they share, so that the same words can be neighbours.

    Parameters
    ----------
    first, second : KeyedVectors
        Any word vectors; their dimensions may differ.
    n : int
        Size of the neighbourhood, at least 1 and below the number of shared words.

    Returns
    -------
    pandas.Series
        Between 0 and 1, indexed by word in the order of ``first``.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> from lessons_lib.scores import restrict
    >>> few = restrict(load_vectors("word2vec"), load_vectors("word2vec").index_to_key[:50])
    >>> float(shared_neighbours(few, few).mean())
    1.0
    """
    import pandas as pd

    from lessons_lib.scores import restrict

    words = [word for word in first.index_to_key if word in second.key_to_index]
    if len(words) < 2:
        raise ValueError(f"The vectors share {len(words)} words, so no neighbours can be compared. Same case?")
    if not 0 < n < len(words):
        raise ValueError(f"n must lie between 1 and {len(words) - 1} for {len(words)} shared words, got {n}.")
    one, two = (nearest_rows(restrict(vectors, words).get_normed_vectors(), n) for vectors in (first, second))
    return pd.Series([len(set(a) & set(b)) / n for a, b in zip(one, two, strict=True)], index=words)


def nearest_rows(unit: np.ndarray, n: int, batch: int = 1024) -> np.ndarray:
    """Return the rows of the ``n`` nearest words of every word, nearest first, the word itself left out.

    Parameters
    ----------
    unit : ndarray, shape (n_words, n_dims)
        Rows of length 1.
    n : int
        Below n_words.
    batch : int
        Words searched in one matrix product; memory is ``batch`` x n_words x 4 bytes.

    Returns
    -------
    ndarray of int, shape (n_words, n)

    Examples
    --------
    >>> nearest_rows(np.array([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]]), 1).ravel().tolist()
    [1, 0, 1]
    """
    found = []
    for start in range(0, len(unit), batch):
        cosines = unit[start : start + batch] @ unit.T
        cosines[np.arange(len(cosines)), np.arange(start, start + len(cosines))] = -np.inf
        few = np.argpartition(-cosines, n - 1, axis=1)[:, :n]
        order = np.argsort(-np.take_along_axis(cosines, few, axis=1), axis=1)
        found.append(np.take_along_axis(few, order, axis=1))
    return np.concatenate(found)
