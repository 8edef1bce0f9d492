"""Step: GloVe. Weighted least squares on the logarithm of co-occurrence, with AdaGrad, one cell at a time.

    build/pretrain/cells.npz  ->  data/vectors/glove.txt.gz   30,000 words x 100 numbers, GloVe's text format, packed

Every word has a vector w and a bias b, every context a vector c and a bias d; for each cell x of the matrix
``f(x) (w.c + b + d - log x)^2`` is made smaller, with ``f(x) = min(1, (x / X_MAX) ** ALPHA)``. What ships is w + c.
Two threads write to the same numbers without waiting for each other, as the original does.
Reference: Pennington, Socher and Manning (2014), EMNLP.
"""

from dataclasses import dataclass

import numpy as np
from gensim.models import KeyedVectors
from numba import njit, prange, set_num_threads
from scipy import sparse
from tqdm import trange

from authoring.pretrain import files, formats
from authoring.pretrain.cooccurrence import read_vocabulary
from lessons_lib.scores import summary

DIMS = 100
X_MAX = 50.0
ALPHA = 0.75
LEAST = 0.5  # smaller cells are left out: two words that met once, far apart
LEARNING_RATE = 0.075
EPOCHS = 100
SEED = 0
THREADS = 2
SAVE_EVERY = 10  # epochs


@dataclass
class State:
    """What training changes: ``vectors`` (2 n_words, DIMS + 1), words first; the last column is the bias.

    ``squares`` has the same shape: the sum of squared gradients, which AdaGrad divides by.
    """

    vectors: np.ndarray
    squares: np.ndarray
    losses: list[float]

    @classmethod
    def start(cls, n_words: int, dims: int, seed: int) -> "State":
        """Return small random vectors and sums of 1, as the original program starts."""
        shape = (2 * n_words, dims + 1)
        vectors = (np.random.default_rng(seed).random(shape, dtype=np.float32) - 0.5) / (dims + 1)
        return cls(vectors, np.ones(shape, dtype=np.float32), [])


@njit(parallel=True, fastmath=True, cache=True)
def epoch(
    rows: np.ndarray,
    columns: np.ndarray,
    logs: np.ndarray,
    weights: np.ndarray,
    vectors: np.ndarray,
    squares: np.ndarray,
    rate: float,
) -> float:
    """Update the vectors once for every cell, in the order given, and return the mean loss.

    Parameters
    ----------
    rows, columns : ndarray of int32, shape (n_cells,)
        Word and context; contexts count from ``n_words``.
    logs, weights : ndarray of float32, shape (n_cells,)
        Logarithm of the cell, and its weight f(x).
    vectors, squares : ndarray of float32, shape (2 n_words, dims + 1)
        Changed in place; the last column holds the biases.
    rate : float
        Learning rate.
    """
    n_cells, dims = len(rows), vectors.shape[1] - 1
    n_chunks = 64
    losses = np.zeros(n_chunks)
    for chunk in prange(n_chunks):
        total = 0.0
        for cell in range(chunk * n_cells // n_chunks, (chunk + 1) * n_cells // n_chunks):
            word, context = vectors[rows[cell]], vectors[columns[cell]]
            word_squares, context_squares = squares[rows[cell]], squares[columns[cell]]
            error = word[dims] + context[dims] - logs[cell]
            for place in range(dims):
                error += word[place] * context[place]
            total += weights[cell] * error * error
            step = np.float32(min(max(weights[cell] * error, -10.0), 10.0))
            for place in range(dims):
                word_step, context_step = step * context[place], step * word[place]
                word[place] -= rate * word_step / np.sqrt(word_squares[place])
                context[place] -= rate * context_step / np.sqrt(context_squares[place])
                word_squares[place] += word_step * word_step
                context_squares[place] += context_step * context_step
            word[dims] -= rate * step / np.sqrt(word_squares[dims])
            context[dims] -= rate * step / np.sqrt(context_squares[dims])
            word_squares[dims] += step * step
            context_squares[dims] += step * step
        losses[chunk] = total
    return losses.sum() / n_cells


def load_or_start(n_words: int) -> State:
    """Return the state that an interrupted run with the same settings left, or a fresh one."""
    path = files.WORK / "glove.npz"
    if path.is_file():
        with np.load(path) as saved:
            if saved["settings"].tolist() == [DIMS, X_MAX, ALPHA, LEARNING_RATE, SEED, n_words]:
                return State(saved["vectors"], saved["squares"], saved["losses"].tolist())
    return State.start(n_words, DIMS, SEED)


def save(state: State) -> None:
    """Keep the state, so that an interrupted run can go on."""
    settings = [DIMS, X_MAX, ALPHA, LEARNING_RATE, SEED, len(state.vectors) // 2]
    with files.write_atomically(files.WORK / "glove.npz") as temporary, open(temporary, "wb") as file:
        np.savez(file, vectors=state.vectors, squares=state.squares, losses=state.losses, settings=settings)


def train(epochs: int) -> tuple[KeyedVectors, State]:
    """Return the vectors (word + context) and the state after ``epochs`` passes over the cells."""
    vocabulary = read_vocabulary(files.WORK / "vocabulary.tsv")
    cells = sparse.coo_array(sparse.load_npz(files.WORK / "cells.npz"))
    order = np.random.default_rng(SEED).permutation(np.flatnonzero(cells.data >= LEAST))
    rows, columns = (index[order].astype(np.int32) for index in cells.coords)
    values = cells.data[order].astype(np.float32)
    logs, weights = np.log(values), np.minimum(1, (values / X_MAX) ** ALPHA).astype(np.float32)
    set_num_threads(THREADS)
    state, n_words = load_or_start(len(vocabulary)), len(vocabulary)
    for number in trange(
        len(state.losses), epochs, desc="glove", unit=" epochs", initial=len(state.losses), total=epochs
    ):
        state.losses.append(
            round(
                epoch(rows, columns + n_words, logs, weights, state.vectors, state.squares, np.float32(LEARNING_RATE)),
                5,
            )
        )
        if (number + 1) % SAVE_EVERY == 0:
            save(state)
    vectors = KeyedVectors(DIMS)
    vectors.add_vectors(list(vocabulary), (state.vectors[:n_words] + state.vectors[n_words:])[:, :DIMS])
    return vectors, state


def trial() -> dict:
    """Return the scores with the settings as they are now."""
    return summary(train(EPOCHS)[0])


def build(sample: int | None = None) -> dict:
    """Write glove.txt.gz and return the loss of every epoch."""
    vectors, state = train(EPOCHS if sample is None else 5)
    formats.save_text(vectors, files.DATA / "vectors" / "glove.txt.gz", header=False, digits=3)
    return {"words": len(vectors), "dims": DIMS, "loss_by_epoch": state.losses}
