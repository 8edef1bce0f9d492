"""From texts to vectors, one a text: in batches of nearly equal length, so that little padding is calculated."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.contextual.models import Transformer, load_transformer
from lessons_lib.inputs import strings

if TYPE_CHECKING:
    import torch

MOST_PIECES = 2_048  # in a batch, padding included: larger batches are not faster and take memory
POOLINGS = ("mean", "first", "max")


def length_batches(lengths: Sequence[int], most_pieces: int = MOST_PIECES) -> list[np.ndarray]:
    """Return the rows of texts in batches, shortest texts first; no batch has more than ``most_pieces``.

    Parameters
    ----------
    lengths : sequence of int
        Pieces of each text.
    most_pieces : int
        Texts x pieces of the longest one; a longer text is a batch of its own.

    Examples
    --------
    >>> [batch.tolist() for batch in length_batches([5, 2, 9, 2], most_pieces=10)]
    [[1, 3], [0], [2]]
    """
    batches, current = [], []
    for row in np.argsort(lengths, kind="stable"):
        if current and (len(current) + 1) * lengths[row] > most_pieces:
            batches.append(np.array(current))
            current = []
        current.append(int(row))
    return [*batches, np.array(current)] if current else batches


def pad(pieces: Sequence[Sequence[int]], padding: int) -> tuple["torch.Tensor", "torch.Tensor"]:
    """Return the piece numbers of some texts as one matrix, and which places are text (1) and which padding (0)."""
    import torch

    longest = max(map(len, pieces))
    numbers = torch.full((len(pieces), longest), padding)
    inside = torch.zeros((len(pieces), longest), dtype=torch.long)
    for row, some in enumerate(pieces):
        numbers[row, : len(some)] = torch.tensor(some)
        inside[row, : len(some)] = 1
    return numbers, inside


def run_batches(
    texts: Sequence[str], transformer: Transformer, most_pieces: int = MOST_PIECES
) -> Iterator[tuple[np.ndarray, tuple["torch.Tensor", ...], "torch.Tensor"]]:
    """Yield, batch after batch: the rows, the hidden states of all layers from 0, and which places are text.

    Texts that are longer than the transformer can read are cut.
    """
    import torch

    limit, padding = transformer.longest, transformer.tokenizer.pad_token_id or 0
    pieces = transformer.tokenizer(list(texts), truncation=True, max_length=limit)["input_ids"] if len(texts) else []
    for rows in length_batches([len(some) for some in pieces], most_pieces):
        numbers, inside = pad([pieces[row] for row in rows], padding)
        mask = None if inside.all() else inside  # without a mask attention is faster
        with torch.inference_mode():
            found = transformer.network(numbers, attention_mask=mask, output_hidden_states=True)
        yield rows, found.hidden_states, inside


def pool(hidden: "torch.Tensor", inside: "torch.Tensor", how: str = "mean") -> "torch.Tensor":
    """Return one vector a text from the vectors of its pieces.

    Parameters
    ----------
    hidden : Tensor, shape (n_texts, n_pieces, n_dims)
    inside : Tensor of 0 and 1, shape (n_texts, n_pieces)
        Which places are text; padding never counts.
    how : str
        ``"mean"`` of the pieces, the ``"first"`` piece ([CLS]), or the ``"max"`` of each dimension.

    Examples
    --------
    >>> import torch
    >>> hidden = torch.tensor([[[1.0], [3.0], [99.0]]])
    >>> pool(hidden, torch.tensor([[1, 1, 0]])).tolist()
    [[2.0]]
    """
    if how not in POOLINGS:
        raise ValueError(f"Pooling {how!r} is unknown. There are: {', '.join(POOLINGS)}; or give a function.")
    hidden, inside = hidden.float(), inside[..., None]
    if how == "first":
        return hidden[:, 0]
    if how == "max":
        return hidden.masked_fill(inside == 0, -float("inf")).amax(1)
    return (hidden * inside).sum(1) / inside.sum(1)


def encode(
    texts: Sequence[str],
    model: str | Path | Transformer = "mini-bert",
    pooling: str | Callable = "mean",
    layer: int = -1,
    precision: str = "auto",
    most_pieces: int = MOST_PIECES,
) -> np.ndarray:
    """Return one vector a text, shape (n_texts, n_dims), float32, in the order of the texts.

    Each different text is calculated once, in batches of nearly equal length.

    Parameters
    ----------
    texts : sequence of str
        What is longer than the transformer can read is cut at the end.
    model : str, Path or Transformer
        ``"mini-bert"`` or the folder of any Hugging Face model.
    pooling : str or callable
        One of ``POOLINGS``, or a function that takes ``(hidden, inside)`` as :func:`pool` does.
    layer : int
        0 is the input of the first layer, -1 the output of the last.
    precision : str
        See :func:`load_transformer`.
    most_pieces : int
        Size of a batch; see :func:`length_batches`.

    Examples
    --------
    >>> encode(["It rains.", "The sun shines."]).shape
    (2, 384)
    """
    texts = strings(texts)
    transformer = load_transformer(model, precision)
    reduce = pooling if callable(pooling) else lambda hidden, inside: pool(hidden, inside, pooling)
    different = list(dict.fromkeys(texts))
    if not different:
        return np.zeros((0, transformer.n_dims), dtype=np.float32)
    vectors = None
    for rows, layers, inside in run_batches(different, transformer, most_pieces):
        found = reduce(layers[layer], inside).float().numpy()
        if vectors is None:  # a function may return more numbers than the transformer has dimensions
            vectors = np.zeros((len(different), found.shape[1]), dtype=np.float32)
        vectors[rows] = found
    row_of = {text: row for row, text in enumerate(different)}
    return vectors[[row_of[text] for text in texts]]
