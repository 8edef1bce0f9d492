"""A text as the mean of the vectors of its words."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.inputs import need_vectors, several, words_of

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


def mean_vectors(
    vectors: "KeyedVectors", texts: Sequence[str | Sequence[str]], weights: Mapping[str, float] | None = None
) -> np.ndarray:
    """Return the mean of the vectors of the known words of each text, zeros for a text without one.

    Parameters
    ----------
    vectors : KeyedVectors
        Words without a row of their own are left out, also with fastText.
    texts : sequence of str, or of lists of str
        Texts, or texts cut into words.
    weights : mapping, optional
        Word -> weight in the mean; a word that is not in it gets the largest weight.

    Returns
    -------
    ndarray, shape (n_texts, n_dims), float32

    Examples
    --------
    >>> from gensim.models import KeyedVectors
    >>> toy = KeyedVectors(2)
    >>> toy.add_vectors(["sort", "list"], np.array([[2.0, 0.0], [0.0, 1.0]]))
    >>> mean_vectors(toy, ["Sort a list", ["sort"], ""]).tolist()
    [[1.0, 0.5], [2.0, 0.0], [0.0, 0.0]]
    """
    need_vectors(vectors, "mean_vectors")
    texts = several(texts)
    means = np.zeros((len(texts), vectors.vector_size), dtype=np.float32)
    rarest = max(weights.values(), default=1.0) if weights is not None else 1.0
    for number, text in enumerate(texts):
        known = [word for word in words_of(text, number) if word in vectors.key_to_index]
        rows = vectors.vectors[[vectors.key_to_index[word] for word in known]]
        if known and weights is None:
            means[number] = rows.mean(axis=0)
        elif (weight := np.array([weights.get(word, rarest) for word in known] if known else [])).sum() > 0:
            means[number] = weight @ rows / weight.sum()
    return means
