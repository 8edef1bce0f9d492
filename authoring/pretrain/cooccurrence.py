"""Step: how often each pair of words stands close together, the only thing that count vectors and GloVe see.

    build/pretrain/corpus.txt  ->  build/pretrain/cells.npz   a sparse matrix, words x words, symmetric

Two words at distance d (1 to WINDOW) inside a sentence add 1/d to their cell. Words outside the vocabulary count for
the distance and get no cell. The counting happens in a full matrix (30,000 x 30,000 x 4 bytes = 3.6 GB of memory).
"""

from pathlib import Path

import numpy as np
from numba import njit
from scipy import sparse
from tqdm import tqdm

from authoring.pretrain import files

WINDOW = 10
LEAST = 0.0  # cells smaller than this are left out of the file
UNKNOWN, SENTENCE_END = -1, -2


def read_vocabulary(path: Path) -> dict[str, int]:
    """Return word -> count from vocabulary.tsv, most frequent first."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {word: int(count) for word, count in (line.split("\t") for line in lines)}


def encode(corpus: Path, vocabulary: dict[str, int]) -> np.ndarray:
    """Return the running words of a corpus file as numbers, int32; sentences end with ``SENTENCE_END``."""
    number = {word: place for place, word in enumerate(vocabulary)}
    parts = []
    with open(corpus, encoding="utf-8") as file:
        for line in tqdm(file, desc="words to numbers", unit=" sentences", mininterval=2):
            words = [number.get(word, UNKNOWN) for word in line.split()]
            words.append(SENTENCE_END)
            parts.append(np.array(words, dtype=np.int32))
    return np.concatenate(parts)


@njit(cache=True, nogil=True)
def add_pairs(numbers: np.ndarray, window: int, cells: np.ndarray) -> None:
    """Add 1/distance to ``cells[earlier, later]`` for every two words of a sentence at most ``window`` apart."""
    for place in range(len(numbers)):
        if numbers[place] < 0:
            continue
        for distance in range(1, min(window, place) + 1):
            other = numbers[place - distance]
            if other == SENTENCE_END:
                break
            if other >= 0:
                cells[other, numbers[place]] += 1.0 / distance


def count(numbers: np.ndarray, n_words: int, window: int, least: float) -> sparse.csr_array:
    """Return the symmetric co-occurrence matrix, shape (n_words, n_words), cells of at least ``least`` only.

    Examples
    --------
    >>> count(np.array([0, 1, 2]), 3, window=2, least=0).toarray()
    array([[0. , 1. , 0.5],
           [1. , 0. , 1. ],
           [0.5, 1. , 0. ]], dtype=float32)
    """
    cells = np.zeros((n_words, n_words), dtype=np.float32)
    add_pairs(numbers, window, cells)
    rows = []
    for start in range(0, n_words, 1000):  # cells + cells.T, a thousand rows at a time
        block = cells[start : start + 1000] + cells[:, start : start + 1000].T
        block[block < max(least, 1e-9)] = 0
        rows.append(sparse.csr_array(block))
    return sparse.vstack(rows, format="csr")


def build(sample: int | None = None) -> dict:
    """Write cells.npz and return its size, for the log."""
    vocabulary = read_vocabulary(files.WORK / "vocabulary.tsv")
    cells = count(encode(files.WORK / "corpus.txt", vocabulary), len(vocabulary), WINDOW, LEAST)
    with files.write_atomically(files.WORK / "cells.npz") as temporary, open(temporary, "wb") as file:
        sparse.save_npz(file, cells, compressed=False)
    return {"cells": int(cells.nnz), "sum": round(float(cells.sum()))}
