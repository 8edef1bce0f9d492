"""Static vectors made from a transformer: a word read by itself, or the mean of the word over many sentences."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.contextual.encoding import encode
from lessons_lib.contextual.models import Transformer
from lessons_lib.contextual.senses import word_spans
from lessons_lib.contextual.spans import span_vectors
from lessons_lib.text import tokenise

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


def words_alone(
    words: Sequence[str], model: str | Path | Transformer = "mini-bert", layer: int = -1, precision: str = "auto"
) -> "KeyedVectors":
    """Return a vector a word: the transformer reads the word by itself, and the mean of its pieces is kept.

    The marks at both ends of the text are left out of the mean.

    Parameters
    ----------
    words : sequence of str
        Different words.
    model, precision
        See :func:`load_transformer`.
    layer : int
        0 is the input of the first layer, -1 the output of the last.

    References
    ----------
    Bommasani, Davis and Cardie (2020), "Interpreting Pretrained Contextualized Representations via Reductions to
    Static Embeddings", ACL: "decontextualized".

    Examples
    --------
    >>> words_alone(["cat", "dog"])["cat"].shape
    (384,)
    """

    def without_marks(hidden: "torch.Tensor", inside: "torch.Tensor") -> "torch.Tensor":  # noqa: F821
        kept = inside.clone()
        kept[:, 0] = 0
        kept[range(len(kept)), inside.sum(1) - 1] = 0
        return (hidden.float() * kept[..., None]).sum(1) / kept.sum(1, keepdim=True)

    return keyed(words, encode(words, model, without_marks, layer, precision))


def words_in_sentences(
    texts: Iterable[str],
    words: Iterable[str],
    model: str | Path | Transformer = "mini-bert",
    layer: int = -1,
    most: int = 10,
    precision: str = "auto",
) -> "KeyedVectors":
    """Return a vector a word: the mean of its vectors in up to ``most`` sentences that contain it.

    Words that no text contains are left out.

    Parameters
    ----------
    texts : iterable of str
        Sentences, read in order.
    words : iterable of str
        Words as ``tokenise`` cuts them.
    most : int
        Sentences a word at most: the first ones.

    References
    ----------
    As :func:`words_alone`: "aggregated".

    Examples
    --------
    >>> words_in_sentences(["The cat sat.", "A cat slept."], ["cat", "dog"]).index_to_key
    ['cat']
    """
    wanted, found = dict.fromkeys(words, 0), []
    for text in texts:
        for position, word in enumerate(tokenise(text)):
            if wanted.get(word, most) < most:
                wanted[word] += 1
                found.append((text, position, word))
    if not found:
        raise ValueError("No text contains any of the words: are the words in lower case?")
    chosen, positions, names = zip(*found, strict=True)
    rows = span_vectors(chosen, word_spans(chosen, positions), model, precision)[layer]
    kept = [word for word, count in wanted.items() if count]
    number = {word: row for row, word in enumerate(kept)}
    sums = np.zeros((len(kept), rows.shape[1]), dtype=np.float32)
    np.add.at(sums, [number[name] for name in names], rows)
    return keyed(kept, sums / np.array([wanted[word] for word in kept])[:, None])


def keyed(words: Sequence[str], rows: np.ndarray) -> "KeyedVectors":
    """Return words and their rows as gensim's KeyedVectors."""
    from gensim.models import KeyedVectors

    made = KeyedVectors(rows.shape[1])
    made.add_vectors(list(words), np.ascontiguousarray(rows, dtype=np.float32))
    return made
