"""Tell the senses of a word apart: accuracy of the nearest sense centroid, for any vectors and every layer.

A sentence is given to the sense whose centroid (the mean vector of its sentences) is nearest in cosine;
the sentence that is asked about is left out of its own centroid.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.contextual.models import Transformer
from lessons_lib.contextual.spans import span_vectors
from lessons_lib.inputs import need_columns, need_vectors
from lessons_lib.statistics import bootstrap
from lessons_lib.text import tokenise

if TYPE_CHECKING:
    import pandas as pd
    from gensim.models import KeyedVectors


def sense_accuracy(
    vectors: "np.ndarray | KeyedVectors | str | Path | Transformer", senses: "pd.DataFrame", seed: int = 0
) -> "pd.DataFrame":
    """Measure how often vectors tell the sense of a word in its sentence.

    Parameters
    ----------
    vectors : ndarray, KeyedVectors, str, Path or Transformer
        Shape (n_sentences, n_dims): a vector of the word for each sentence. Shape (n_layers, n_sentences, n_dims): of
        each layer. Static word vectors: the word's own vector and the mean of the 20 words around it are measured.
        Name or folder of a transformer: every layer is measured.
    senses : DataFrame
        One row a sentence: columns word and sense; for static vectors and transformers also text and position
        (number of the word among ``tokenise(text)``). Any sense-labelled set in this form will do.
    seed : int
        Seed of the bootstrap over sentences.

    Returns
    -------
    DataFrame
        One row a kind of vector: columns accuracy, low, high (95 % interval).

    Raises
    ------
    KeyError
        The table lacks a column.
    IndexError
        A position is behind the end of its text.
    ValueError
        A sense has one sentence only, no word has two senses, or there is not a vector for each sentence.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"word": "bank", "sense": ["money", "money", "river", "river"]})
    >>> found = sense_accuracy(np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.1, 0.9]]), table)
    >>> found.loc["vectors", "accuracy"]
    np.float64(1.0)
    """
    import pandas as pd

    need_columns(senses, ["word", "sense"], "senses")
    if senses.groupby("word").sense.nunique().max() < 2:
        raise ValueError("senses: no word has two senses, so there is nothing to tell apart.")
    kinds = {name: right_senses(found, senses) for name, found in _kinds(vectors, senses).items()}
    rows = {name: tuple(bootstrap(np.mean, right, seed=seed)) for name, right in kinds.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["accuracy", "low", "high"])


def _kinds(vectors: object, senses: "pd.DataFrame") -> dict[str, np.ndarray]:
    """Return name -> vectors of shape (n_sentences, n_dims) for whatever ``sense_accuracy`` accepts."""
    if isinstance(vectors, np.ndarray) and vectors.ndim == 2:
        return {"vectors": vectors}
    if isinstance(vectors, str | Path | Transformer):
        vectors = layer_vectors(senses, vectors)
    if isinstance(vectors, np.ndarray):
        if vectors.ndim != 3:
            raise ValueError(f"Vectors of the shape {vectors.shape}: 2 axes are needed, or 3 with layers first.")
        return {f"layer {number}": found for number, found in enumerate(vectors)}
    need_vectors(vectors, "sense_accuracy")
    return {"word alone": own_vectors(vectors, senses), "mean of 20 neighbours": neighbour_means(vectors, senses)}


def right_senses(vectors: np.ndarray, senses: "pd.DataFrame") -> np.ndarray:
    """Tell for each sentence whether the nearest centroid (cosine) among the senses of its word is the right one.

    Parameters
    ----------
    vectors : ndarray, shape (n_sentences, n_dims)
        A vector of the word, as each sentence has it. Equal vectors give equal cosines, and a draw is shared out.
    senses : DataFrame
        One row a sentence, with the columns word and sense; every sense needs two sentences.

    Returns
    -------
    ndarray, shape (n_sentences,)
        1 for right, 0 for wrong, 1/k for a draw of k senses with the right one among them.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"word": "bank", "sense": ["money", "money", "river", "river"]})
    >>> right_senses(np.array([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.9, 0.0]]), table).tolist()
    [1.0, 1.0, 0.0, 0.0]
    """
    if len(vectors) != len(senses):
        raise ValueError(f"{len(vectors)} vectors for {len(senses)} sentences: one vector a sentence is needed.")
    right = np.zeros(len(senses))
    for _, rows in senses.reset_index(drop=True).groupby("word"):
        labels, names = rows.sense.factorize()
        if np.bincount(labels).min() < 2:
            raise ValueError(f"A sense of {rows.word.iloc[0]!r} has one sentence only: at least two are needed.")
        own = vectors[rows.index].astype(np.float64)
        sums = np.stack([own[labels == label].sum(0) for label in range(len(names))])
        counts = np.bincount(labels)
        for place, label in enumerate(labels):
            others, left = sums.copy(), counts.copy()
            others[label] -= own[place]
            left[label] -= 1
            centroids = others / left[:, None]
            length = np.linalg.norm(centroids, axis=1) * np.linalg.norm(own[place])
            cosines = centroids @ own[place] / np.maximum(length, 1e-12)
            best = np.isclose(cosines, cosines.max(), atol=1e-6)
            right[rows.index[place]] = best[label] / best.sum()
    return right


def own_vectors(vectors: "KeyedVectors", senses: "pd.DataFrame") -> np.ndarray:
    """Return the static vector of the word of each sentence, zeros for a word without one.

    Examples
    --------
    >>> import pandas as pd
    >>> from gensim.models import KeyedVectors
    >>> toy = KeyedVectors(2)
    >>> toy.add_vectors(["bank"], np.array([[1.0, 2.0]]))
    >>> own_vectors(toy, pd.DataFrame({"word": ["bank", "shore"]})).tolist()
    [[1.0, 2.0], [0.0, 0.0]]
    """
    rows = {word: vectors[word] if word in vectors else np.zeros(vectors.vector_size) for word in set(senses.word)}
    return np.stack([rows[word] for word in senses.word]).astype(np.float32)


def neighbour_means(vectors: "KeyedVectors", senses: "pd.DataFrame", width: int = 10) -> np.ndarray:
    """Return for each sentence the mean vector of the words around the target, ``width`` on each side.

    Unknown words are left out; a sentence without a known neighbour gets zeros.

    Examples
    --------
    >>> import pandas as pd
    >>> from gensim.models import KeyedVectors
    >>> toy = KeyedVectors(2)
    >>> toy.add_vectors(["river", "bank"], np.array([[1.0, 2.0], [9.0, 9.0]]))
    >>> neighbour_means(toy, pd.DataFrame({"text": ["The river bank"], "position": [2]})).tolist()
    [[1.0, 2.0]]
    """
    need_columns(senses, ["text", "position"], "senses")
    means = np.zeros((len(senses), vectors.vector_size), dtype=np.float32)
    for row, (text, position) in enumerate(zip(senses.text, senses.position, strict=True)):
        words = tokenise(text)
        if not 0 <= position < len(words):
            raise IndexError(_no_token(text, position))
        around = words[max(0, position - width) : position] + words[position + 1 : position + 1 + width]
        known = [word for word in around if word in vectors.key_to_index]
        if known:
            means[row] = vectors[known].mean(0)
    return means


def word_spans(texts: Sequence[str], positions: Sequence[int]) -> list[tuple[int, int]]:
    """Return where token number ``position`` of each text stands: its first character and the one after its last.

    Examples
    --------
    >>> word_spans(["The bank's roof"], [1])
    [(4, 8)]
    """
    return [_span(text, position) for text, position in zip(texts, positions, strict=True)]


def _span(text: str, position: int) -> tuple[int, int]:
    lowered, place = text.lower().replace("\u2019", "'"), 0
    for number, word in enumerate(tokenise(text)):
        place = lowered.index(word, place)
        if number == position:
            return place, place + len(word)
        place += len(word)
    raise IndexError(_no_token(text, position))


def _no_token(text: str, position: int) -> str:
    return f"{text!r} has no token number {position}; tokenise finds {len(tokenise(text))}."


def layer_vectors(senses: "pd.DataFrame", model: str | Path | Transformer = "mini-bert") -> np.ndarray:
    """Return the vector of the marked word of each sentence, shape (n_layers + 1, n_sentences, n_dims).

    Parameters
    ----------
    senses : DataFrame
        Columns text and position.
    model : str, Path or Transformer
        Layer 0 is the input of its first layer.

    Examples
    --------
    >>> import pandas as pd
    >>> layer_vectors(pd.DataFrame({"text": ["A bank lends."], "position": [1]})).shape
    (5, 1, 384)
    """
    need_columns(senses, ["text", "position"], "senses")
    return span_vectors(list(senses.text), word_spans(senses.text, senses.position), model)
