"""Step: count vectors. Co-occurrence, positive pointwise mutual information (PPMI), truncated SVD.

    build/pretrain/cells.npz  ->  data/vectors/counts.bin.gz   30,000 words x 100 numbers, word2vec's binary format

The numbers are rounded to half precision before they are packed, which halves the file and changes no score.
References: Levy, Goldberg and Dagan (2015), TACL 3; Bullinaria and Levy (2012), Behavior Research Methods 44.
"""

import numpy as np
from gensim.models import KeyedVectors
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from authoring.pretrain import files, formats
from authoring.pretrain.cooccurrence import read_vocabulary
from lessons_lib.scores import summary

DIMS = 100
SMOOTHING = 0.75  # power on the counts of the context word: rare contexts count less
SHIFT = 0.0  # taken off every PMI value before negative ones become 0 (word2vec's log k)
WEIGHTING = 0.25  # power on the singular values, chosen by measurement among WEIGHTINGS
WEIGHTINGS = (0.0, 0.25, 0.5, 0.75, 1.0)
SEED = 0


def ppmi(cells: sparse.csr_array, smoothing: float = SMOOTHING, shift: float = SHIFT) -> sparse.csr_array:
    """Return the positive pointwise mutual information of a co-occurrence matrix, in nats.

    ``log(p(word, context) / (p(word) p(context)^smoothing / Z)) - shift``, and 0 where that is negative.

    Examples
    --------
    >>> ppmi(sparse.csr_array([[0.0, 2.0], [2.0, 0.0]]), smoothing=1.0).toarray().round(3)
    array([[0.   , 0.693],
           [0.693, 0.   ]])
    """
    cells = sparse.coo_array(cells)
    words = np.asarray(cells.sum(axis=1)).ravel()
    contexts = np.asarray(cells.sum(axis=0)).ravel() ** smoothing
    p_words, p_contexts = words / words.sum(), contexts / contexts.sum()
    rows, columns = cells.coords
    values = np.log(cells.data / words.sum() / (p_words[rows] * p_contexts[columns])) - shift
    kept = values > 0
    return sparse.csr_array((values[kept], (rows[kept], columns[kept])), shape=cells.shape)


def factorise(matrix: sparse.csr_array, dims: int = DIMS, seed: int = SEED) -> tuple[np.ndarray, np.ndarray]:
    """Return the left singular vectors (n_words, dims) and the singular values (dims,), largest first."""
    left, values, _ = randomized_svd(matrix, min(dims, min(matrix.shape) - 1), n_iter=4, random_state=seed)
    return left, values


def to_vectors(words: dict[str, int], matrix: np.ndarray) -> KeyedVectors:
    """Return vectors with their words and counts, rounded to half precision."""
    vectors = KeyedVectors(matrix.shape[1])
    vectors.add_vectors(list(words), matrix.astype(np.float16).astype(np.float32))
    vectors.expandos["count"] = np.array(list(words.values()))
    return vectors


def train() -> tuple[KeyedVectors, dict]:
    """Return the vectors and the scores of every weighting of the singular values."""
    words = read_vocabulary(files.WORK / "vocabulary.tsv")
    cells = sparse.load_npz(files.WORK / "cells.npz")
    left, values = factorise(ppmi(cells, SMOOTHING, SHIFT).astype(np.float32), DIMS, SEED)
    weighted = {power: to_vectors(words, left * (values / values[0]) ** power) for power in WEIGHTINGS}
    scores = {f"weighting {power}": summary(vectors) for power, vectors in weighted.items()}
    return weighted[WEIGHTING], {"cells": int(cells.nnz), **scores}


def trial() -> dict:
    """Return the scores with the settings as they are now."""
    return train()[1]


def build(sample: int | None = None) -> dict:
    """Write counts.bin.gz and return the scores of every weighting."""
    vectors, by_weighting = train()
    formats.save_word2vec_binary(vectors, files.DATA / "vectors" / "counts.bin.gz")
    return {"words": len(vectors), "dims": vectors.vector_size, "by_weighting": by_weighting}
