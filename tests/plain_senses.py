"""The senses of a word told apart in the plainest way, a sentence at a time: what the library is held against."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.text import tokenise

if TYPE_CHECKING:
    import pandas as pd


def right_senses(vectors: np.ndarray, senses: "pd.DataFrame") -> np.ndarray:
    """Tell for each sentence whether the nearest centroid (cosine) among the senses of its word is the right one.

    Parameters
    ----------
    vectors : ndarray, shape (n_sentences, n_dims)
        A vector of the word, as each sentence has it. Equal vectors give equal cosines, and a draw is shared out.
    senses : DataFrame
        One row a sentence, with the columns word and sense.

    Returns
    -------
    ndarray, shape (n_sentences,)
        1 for right, 0 for wrong, 1/k for a draw of k senses with the right one among them.
    """
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    right = np.zeros(len(senses))
    for _, rows in senses.reset_index(drop=True).groupby("word"):
        names = sorted(rows.sense.unique())
        members = {name: rows.index[rows.sense == name].to_numpy() for name in names}
        for place, sense in rows.sense.items():
            centroids = np.array([vectors[members[name][members[name] != place]].mean(0) for name in names])
            cosines = centroids @ unit[place] / np.maximum(np.linalg.norm(centroids, axis=1), 1e-12)
            best = np.isclose(cosines, cosines.max(), atol=1e-6)
            right[place] = best[names.index(sense)] / best.sum()
    return right


def _target_span(text: str, position: int) -> tuple[int, int]:
    """Return the first and last character of token number ``position``, found in order as ``tokenise`` cut it."""
    lowered, place = text.lower().replace("\u2019", "'"), 0
    for number, word in enumerate(tokenise(text)):
        place = lowered.index(word, place)
        if number == position:
            return place, place + len(word)
        place += len(word)
    raise IndexError(f"{text!r} has no token number {position}; tokenise finds {len(tokenise(text))}.")


def layer_vectors(folder: Path, senses: "pd.DataFrame") -> np.ndarray:
    """Return the vector of the target (mean of its pieces) in each sentence, shape (n_layers + 1, n_sentences, n_dims).

    ``folder`` is a Hugging Face folder; layer 0 is the input of the first layer.
    """
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    found, longest = [], model.config.max_position_embeddings
    for text, position in zip(senses.text, senses.position, strict=True):
        start, end = _target_span(text, position)
        encoded = tokenizer(text, return_tensors="pt", return_offsets_mapping=True, truncation=True, max_length=longest)
        spans = encoded.pop("offset_mapping")[0]
        inside = (spans[:, 0] < end) & (spans[:, 1] > start)
        with torch.inference_mode():
            layers = model(**encoded, output_hidden_states=True).hidden_states
        found.append(np.stack([layer[0, inside].mean(0).numpy() for layer in layers]))
    return np.stack(found, axis=1)
