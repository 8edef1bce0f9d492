"""The vector of a marked stretch of a text, for every layer: the mean over the pieces that it was cut into."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lessons_lib.contextual.encoding import length_batches, pad
from lessons_lib.contextual.models import Transformer, load_transformer


def span_vectors(
    texts: Sequence[str],
    spans: Sequence[tuple[int, int]],
    model: str | Path | Transformer = "mini-bert",
    precision: str = "float32",
) -> np.ndarray:
    """Return the vectors of one stretch of each text, shape (n_layers + 1, n_texts, n_dims), float32.

    Parameters
    ----------
    texts : sequence of str
    spans : sequence of (int, int)
        First character of the stretch and the one after its last, for each text.
    model, precision
        See :func:`load_transformer`.

    Raises
    ------
    ValueError
        A stretch holds no piece: it is empty, or lies behind the end of what the transformer can read.

    Examples
    --------
    >>> span_vectors(["The bank of the river."], [(4, 8)]).shape
    (5, 1, 384)
    """
    import torch

    if len(texts) != len(spans):
        raise ValueError(f"{len(texts)} texts and {len(spans)} spans: one span a text is needed.")
    transformer = load_transformer(model, precision)
    different = list(dict.fromkeys(texts))  # a text with several stretches is calculated once
    number_of = {text: number for number, text in enumerate(different)}
    asked: list[list[int]] = [[] for _ in different]
    for row, text in enumerate(texts):
        asked[number_of[text]].append(row)
    cut = transformer.tokenizer(different, truncation=True, max_length=transformer.longest, return_offsets_mapping=True)
    found = np.zeros((transformer.n_layers + 1, len(texts), transformer.n_dims), dtype=np.float32)
    for batch in length_batches([len(pieces) for pieces in cut["input_ids"]]):
        numbers, inside = pad([cut["input_ids"][number] for number in batch], transformer.tokenizer.pad_token_id or 0)
        with torch.inference_mode():
            layers = transformer.network(numbers, attention_mask=inside, output_hidden_states=True).hidden_states
        hidden = torch.stack(layers).float()
        for place, number in enumerate(batch):
            for row in asked[number]:
                first, last = _pieces_inside(cut["offset_mapping"][number], spans[row], texts[row])
                found[:, row] = hidden[:, place, first:last].mean(1).numpy()
    return found


def _pieces_inside(offsets: list[tuple[int, int]], span: tuple[int, int], text: str) -> tuple[int, int]:
    """Return the first piece of a stretch and the one after its last."""
    start, end = span
    inside = [place for place, (low, high) in enumerate(offsets) if max(low, start) < min(high, end)]
    if not inside:
        raise ValueError(
            f"No piece between characters {start} and {end} of {text[:60]!r} ({len(offsets)} pieces were read). "
            "The span is empty, or behind the end of what the transformer reads."
        )
    return inside[0], inside[-1] + 1
