"""One training loop for every classifier of words: mini-batches as tensors, a record of each epoch, the best one kept.

The table of embeddings can have a learning rate of its own: 0 keeps it frozen. Two hooks serve experiments:
``penalty`` adds to the loss of a batch, ``after_epoch`` may look at the model or change what is trained.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from lessons_lib.classifiers import BagOfEmbeddings
from lessons_lib.indexing import PADDING

if TYPE_CHECKING:
    import pandas as pd

Part = tuple[np.ndarray, np.ndarray]  # rows of words (n_texts, longest) and label numbers (n_texts,), both int64
FAST_ADAM = partial(torch.optim.Adam, fused=True)  # the same numbers as Adam, one pass over memory


@dataclass(frozen=True)
class Fit:
    """What a training run left behind.

    Attributes
    ----------
    history : DataFrame
        One row an epoch, from 1: train_loss, train_accuracy (over the batches of the epoch, as they were met),
        validation_loss, validation_accuracy (after it), seconds (of training alone).
    best_epoch : int
        The epoch of the lowest validation loss; the model has its parameters.
    words_per_second : float
        Words of training texts met in a second of training.
    """

    history: "pd.DataFrame"
    best_epoch: int
    words_per_second: float

    @property
    def best(self) -> "pd.Series":
        """The row of the best epoch."""
        return self.history.loc[self.best_epoch]


def batch_size_for(n_texts: int) -> int:
    """Return a size that gives about 15 steps an epoch, between 16 and 256 texts.

    Examples
    --------
    >>> batch_size_for(20), batch_size_for(1200), batch_size_for(20_000)
    (16, 80, 256)
    """
    return int(np.clip(n_texts // 15, 16, 256))


def train(
    model: BagOfEmbeddings,
    training: Part,
    validation: Part,
    rate: float = 0.01,
    table_rate: float | None = None,
    epochs: int = 30,
    patience: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    optimiser: Callable[[list[dict]], torch.optim.Optimizer] = FAST_ADAM,
    penalty: Callable[[BagOfEmbeddings], Tensor] | None = None,
    after_epoch: Callable[[BagOfEmbeddings, int], None] | None = None,
) -> Fit:
    """Train a model and give it the parameters of its best epoch by validation loss.

    Parameters
    ----------
    model : BagOfEmbeddings
        Changed in place.
    training, validation : (ndarray of shape (n_texts, longest), ndarray of shape (n_texts,)), int64
        Rows of words as ``index_texts`` gives them, and numbers of labels from 0.
    rate : float
        Learning rate of the layers behind the table.
    table_rate : float, optional
        Learning rate of the table: as ``rate`` by default, 0 for a frozen table (its features are computed once).
    epochs : int
        Most epochs.
    patience : int, optional
        Stop after so many epochs without a lower validation loss.
    batch_size : int, optional
        Texts in a mini-batch; ``batch_size_for(n_texts)`` by default.
    seed : int
        Seed of the order of the texts.
    optimiser : callable
        Takes parameter groups (table first) and returns an optimiser; Adam by default.
    penalty : callable, optional
        Added to the loss of each batch: takes the model, returns a scalar tensor. Not with a frozen table.
    after_epoch : callable, optional
        Called with the model and the number of the epoch, from 1.

    Raises
    ------
    ValueError
        The two arrays of a part have different lengths, or a part is empty.

    Examples
    --------
    >>> rows, labels = np.array([[2], [3]] * 4), np.array([0, 1] * 4)
    >>> model = BagOfEmbeddings(np.eye(4), n_labels=2, training=rows)
    >>> train(model, (rows, labels), (rows, labels), epochs=2).history.shape
    (2, 5)
    """
    table_rate = rate if table_rate is None else table_rate
    batch_size = batch_size or batch_size_for(len(training[1]))
    frozen = table_rate == 0
    net = model.head if frozen else model
    inputs, labels = _prepare(model, training, frozen)
    held_out = _prepare(model, validation, frozen)
    groups = [] if frozen else [{"params": [model.table], "lr": table_rate}]
    steps = optimiser([*groups, {"params": list(model.head.parameters()), "lr": rate}])
    order = torch.Generator().manual_seed(seed)
    rows: list[tuple[float, ...]] = []
    best, best_epoch, kept = np.inf, 0, None
    for epoch in range(1, epochs + 1):
        begin = time.perf_counter()
        shuffled = torch.randperm(len(labels), generator=order).split(batch_size)
        learnt = _one_epoch(model, net, steps, inputs, labels, shuffled, penalty)
        seconds = time.perf_counter() - begin
        judged = _judge(net, *held_out)
        rows.append((*learnt, *judged, seconds))
        if judged[0] < best:
            best, best_epoch = judged[0], epoch
            kept = {name: value.detach().clone() for name, value in net.named_parameters()}
        if after_epoch is not None:
            after_epoch(model, epoch)
        if patience is not None and epoch - best_epoch >= patience:
            break
    with torch.no_grad():
        for name, value in net.named_parameters():
            value.copy_(kept[name])
    model.eval()
    return _fit(rows, best_epoch, int((training[0] != PADDING).sum()))


def _prepare(model: BagOfEmbeddings, part: Part, frozen: bool) -> tuple[Tensor, Tensor]:
    """Return inputs and labels as tensors: rows of words, or for a frozen table the finished features."""
    indices, labels = (torch.tensor(array) for array in part)
    if len(indices) != len(labels) or not len(labels):
        raise ValueError(f"{len(indices):,} texts and {len(labels):,} labels: as many labels as texts are needed.")
    if not frozen:
        return indices, labels
    model.eval()
    with torch.no_grad():
        return model.features(indices), labels


def _one_epoch(
    model: BagOfEmbeddings,
    net: torch.nn.Module,
    steps: torch.optim.Optimizer,
    inputs: Tensor,
    labels: Tensor,
    batches: tuple[Tensor, ...],
    penalty: Callable[[BagOfEmbeddings], Tensor] | None,
) -> tuple[float, float]:
    """Take one step a batch; return mean loss (without the penalty) and accuracy as they were met."""
    net.train()
    loss_sum, hits = torch.zeros(()), torch.zeros(())
    for batch in batches:
        scores = net(inputs[batch])
        loss = cross_entropy(scores, labels[batch])
        steps.zero_grad()
        (loss if penalty is None else loss + penalty(model)).backward()
        steps.step()
        loss_sum += loss.detach() * len(batch)
        hits += (scores.detach().argmax(dim=1) == labels[batch]).sum()
    return float(loss_sum) / len(labels), float(hits) / len(labels)


@torch.no_grad()
def _judge(net: torch.nn.Module, inputs: Tensor, labels: Tensor) -> tuple[float, float]:
    """Return mean loss and accuracy on held-out texts."""
    net.eval()
    scores = net(inputs)
    return float(cross_entropy(scores, labels)), float((scores.argmax(dim=1) == labels).float().mean())


def _fit(rows: list[tuple[float, ...]], best_epoch: int, n_words: int) -> Fit:
    import pandas as pd

    columns = ["train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "seconds"]
    history = pd.DataFrame(rows, columns=columns, index=pd.RangeIndex(1, len(rows) + 1, name="epoch"))
    return Fit(history, best_epoch, n_words * len(rows) / history.seconds.sum())


@torch.no_grad()
def predicted(model: BagOfEmbeddings, indices: np.ndarray) -> np.ndarray:
    """Return the number of the best label for each text, shape (n_texts,).

    Examples
    --------
    >>> rows, labels = np.array([[2], [3]] * 4), np.array([0, 1] * 4)
    >>> model = BagOfEmbeddings(np.eye(4), n_labels=2, training=rows)
    >>> fit = train(model, (rows, labels), (rows, labels), epochs=2)
    >>> predicted(model, np.array([[2], [3]])).tolist()
    [0, 1]
    """
    model.eval()
    return model(torch.tensor(indices)).argmax(dim=1).numpy()


def n_parameters(model: torch.nn.Module, frozen: bool = False) -> int:
    """Return how many numbers are trained: all parameters, or those behind a frozen table."""
    return sum(value.numel() for name, value in model.named_parameters() if not (frozen and name == "table"))
