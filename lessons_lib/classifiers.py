"""A bag of embeddings: look words up, take their mean, weigh its numbers. It knows nothing of the order of words."""

import numpy as np
import torch
from torch import Tensor, nn

from lessons_lib.indexing import PADDING


class BagOfEmbeddings(nn.Module):
    """Classifier: mean of the rows of a text, standardised, then one linear layer (or one hidden layer before it).

    The mean is standardised with the mean and the spread that the training texts have at the start. These two are
    fixed, so that every table, frozen or tuned, good or random, hands numbers of the same size on. The last layer
    begins at zero, without an opinion: random weights would be noise that few texts cannot correct.

    Parameters
    ----------
    matrix : ndarray, shape (n_rows, n_dims)
        The embedding table; row 0 is padding and counts for nothing.
    n_labels : int
        Number of classes.
    training : ndarray, shape (n_texts, longest), int64
        Rows of the training texts, from which the features are standardised.
    n_trained : int, optional
        Only rows below this number are parameters; the others are kept as they are. All rows by default.
        Rows that no training text has get no gradient anyway, and leaving them out makes a step several times faster.
    n_hidden : int
        Width of the hidden layer; 0 for none.
    seed : int
        Seed of the weights of the hidden layer.

    Attributes
    ----------
    table : Parameter, shape (n_trained, n_dims)
    head : nn.Module

    Examples
    --------
    >>> rows = np.array([[1, 2], [3, 0]])
    >>> model = BagOfEmbeddings(np.eye(4), n_labels=2, training=rows)
    >>> model.means(torch.from_numpy(rows)).tolist()
    [[0.0, 0.5, 0.5, 0.0], [0.0, 0.0, 0.0, 1.0]]
    """

    def __init__(
        self,
        matrix: np.ndarray,
        n_labels: int,
        training: np.ndarray,
        n_trained: int | None = None,
        n_hidden: int = 0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        n_trained = len(matrix) if n_trained is None else n_trained
        if int(training.max()) >= n_trained:
            raise ValueError(f"Row {training.max()} is in the training texts, but only {n_trained:,} rows are trained.")
        rows = torch.from_numpy(np.array(matrix, dtype=np.float32))
        self.table = nn.Parameter(rows[:n_trained].clone())
        self.register_buffer("rest", rows[n_trained:].clone())
        means = self.means(torch.from_numpy(training)).detach()
        spread = means.std(dim=0, correction=0)
        self.register_buffer("centre", means.mean(dim=0))
        self.register_buffer("spread", torch.where(spread > 1e-6, spread, 1.0))
        n_dims = rows.shape[1]
        last = nn.Linear(n_hidden or n_dims, n_labels)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.head = nn.Sequential(*_hidden(n_dims, n_hidden, seed), last)

    def all_rows(self) -> Tensor:
        """Return the whole table, trained and kept rows, shape (n_rows, n_dims)."""
        return torch.cat([self.table, self.rest]) if len(self.rest) else self.table

    def means(self, indices: Tensor) -> Tensor:
        """Return the mean row of each text without its padding, shape (n_texts, n_dims); zeros for an empty text."""
        rows = self.table if self.training else self.all_rows()
        return nn.functional.embedding_bag(indices, rows, mode="mean", padding_idx=PADDING)

    def features(self, indices: Tensor) -> Tensor:
        """Return the standardised means, shape (n_texts, n_dims)."""
        return (self.means(indices) - self.centre) / self.spread

    def forward(self, indices: Tensor) -> Tensor:
        """Return one score a label (logits), shape (n_texts, n_labels)."""
        return self.head(self.features(indices))


def _hidden(n_dims: int, n_hidden: int, seed: int) -> list[nn.Module]:
    """Return a hidden layer whose weights are drawn from ``seed``, or nothing for a width of 0."""
    if not n_hidden:
        return []
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return [nn.Linear(n_dims, n_hidden), nn.ReLU()]
