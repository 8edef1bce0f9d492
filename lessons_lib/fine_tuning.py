"""Five ways to tune pre-trained vectors on a task, and what each gains and forgets: policies x sizes x seeds.

    fine_tuning_policies   train under every policy, for several numbers of texts and seeds: one row a run
    fine_tune              train once under one policy

The runs that ship with the course, made by the first, are in ``tuning_record``.

A policy says how the embedding table may move while the layers behind it learn. The training loop is ``train``;
here is only what differs between policies.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.forgetting import Ruler
from lessons_lib.indexing import Table, index_texts, make_table
from lessons_lib.inputs import labelled, need_kinds, need_vectors

if TYPE_CHECKING:
    import pandas as pd
    from gensim.models import KeyedVectors
    from torch import Tensor

    from lessons_lib.classifiers import BagOfEmbeddings
    from lessons_lib.learning import Fit, Part

Texts = Sequence[str | Sequence[str]]


@dataclass(frozen=True)
class Policy:
    """How the embedding table may move.

    Attributes
    ----------
    table_share : float
        Learning rate of the table as a share of the rate of the layers behind it; 0 keeps the table frozen.
    frozen_epochs : int
        The table stays still for so many epochs, then moves with its rate.
    pull : float
        Weight of the penalty ``pull * sum((table - start) ** 2)`` in the loss of each batch.

    Examples
    --------
    >>> Policy(table_share=0.1)
    Policy(table_share=0.1, frozen_epochs=0, pull=0.0)
    """

    table_share: float = 1.0
    frozen_epochs: int = 0
    pull: float = 0.0

    def __post_init__(self) -> None:
        if min(self.table_share, self.frozen_epochs, self.pull) < 0:
            raise ValueError(f"Shares, epochs and pulls are 0 or more, got {self}.")


POLICIES = {
    "frozen": Policy(table_share=0),
    "full": Policy(),
    "small rate": Policy(table_share=0.1),
    "gradual": Policy(frozen_epochs=5),
    "pull": Policy(pull=0.003),
}


def fine_tune(
    table: Table,
    training: "Part",
    validation: "Part",
    policy: Policy,
    n_labels: int,
    rate: float = 0.01,
    epochs: int = 20,
    patience: int | None = None,
    seed: int = 0,
    after_epoch: Callable[["BagOfEmbeddings", int], None] | None = None,
) -> tuple["BagOfEmbeddings", "Fit"]:
    """Train a bag of embeddings under a policy; return the model of the best epoch, and the record of the run.

    Parameters
    ----------
    table : Table
        From ``make_table``: the rows below ``table.n_trained`` may move.
    training, validation : (ndarray of shape (n_texts, longest), ndarray of shape (n_texts,)), int64
        From ``index_texts``, and numbers of labels from 0.
    policy : Policy
    n_labels : int
        Number of classes.
    rate : float
        Learning rate of the layers behind the table (Adam).
    epochs, patience, seed, after_epoch
        As for ``train``; with frozen epochs the patience counts from the last of them.

    Examples
    --------
    >>> from lessons_lib import load_vectors, make_table
    >>> texts, labels = ["good film", "bad film"] * 8, np.array([1, 0] * 8)
    >>> table = make_table(load_vectors(), texts)
    >>> part = index_texts(texts, table.words), labels
    >>> model, fit = fine_tune(table, part, part, Policy(), n_labels=2, epochs=3)
    >>> float(fit.best.validation_accuracy)
    1.0
    """
    from lessons_lib.classifiers import BagOfEmbeddings
    from lessons_lib.learning import train

    model = BagOfEmbeddings(table.matrix, n_labels, training[0], table.n_trained, seed=seed)
    start = model.table.detach().clone()
    model.table.requires_grad_(policy.frozen_epochs == 0)

    def pull(model: "BagOfEmbeddings") -> "Tensor":
        return policy.pull * ((model.table - start) ** 2).sum()

    def thaw(model: "BagOfEmbeddings", epoch: int) -> None:
        model.table.requires_grad_(epoch >= policy.frozen_epochs)
        if after_epoch is not None:
            after_epoch(model, epoch)

    fit = train(
        model,
        training,
        validation,
        rate=rate,
        table_rate=rate * policy.table_share,
        epochs=epochs,
        patience=None if patience is None else patience + policy.frozen_epochs,
        seed=seed,
        penalty=pull if policy.pull else None,
        after_epoch=thaw,
    )
    return model, fit


def fine_tuning_policies(
    texts: Texts,
    labels: Sequence,
    tests: Mapping[str, tuple[Texts, Sequence]],
    vectors: "KeyedVectors",
    policies: Mapping[str, Policy] = POLICIES,
    sizes: Iterable[int] = (100, 200, 400, 1000),
    seeds: Iterable[int] = range(5),
    n_validation: int = 200,
    rate: float = 0.01,
    epochs: int = 20,
    patience: int | None = 5,
    queries: Sequence[str] | None = None,
) -> "pd.DataFrame":
    """Measure what each policy gains and forgets, for several numbers of training texts and several seeds.

    For each seed the texts are shuffled; the first ``n_validation`` choose the epoch, the next ``size`` are trained on.
    All policies meet the same texts, the same order and the same first weights.

    Parameters
    ----------
    texts, labels : sequences of one length
        Texts (or lists of words) to train on, and their labels of any kind.
    tests : mapping
        Name of a test -> (texts, labels). Each becomes a column of accuracies.
    vectors : KeyedVectors
        Pre-trained vectors, any source and size.
    policies : mapping
        Name -> ``Policy``.
    sizes, seeds : iterables of int
    n_validation : int
        Texts kept aside for choosing the epoch.
    rate, epochs, patience
        As for ``fine_tune``.
    queries : sequence of str, optional
        Words whose neighbours are compared; ``frequent_words(vectors)`` by default.

    Returns
    -------
    DataFrame
        One row a policy, size and seed: policy, size, seed, best_epoch, the accuracy on each test, and the measures of
        ``Ruler.measure``.

    Raises
    ------
    ValueError
        There are fewer texts than the largest size and the validation texts need, not as many labels as texts, or a
        test has a label that the training texts lack.
    TypeError
        ``tests`` is no mapping, or texts, labels or vectors are of another type.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> texts, labels = ["good film", "bad film", "good plot", "bad plot"] * 10, ["+", "-", "+", "-"] * 10
    >>> own = {"sizes": [20], "seeds": [0], "n_validation": 10, "queries": ["king"]}
    >>> runs = fine_tuning_policies(texts, labels, {"reviews": (texts, labels)}, load_vectors(), **own)
    >>> runs[["policy", "reviews"]].values.tolist()[:2]
    [['frozen', 1.0], ['full', 1.0]]
    """
    import pandas as pd

    need_vectors(vectors, "fine_tuning_policies")
    if not isinstance(tests, Mapping):
        raise TypeError(f'tests: a mapping {{"name": (texts, labels)}} is needed, got {type(tests).__name__}.')
    texts, labels, sizes = list(texts), list(labels), list(sizes)
    if len(texts) != len(labels) or len(texts) < max(sizes) + n_validation:
        raise ValueError(
            f"{len(texts):,} texts and {len(labels):,} labels; as many labels as texts are needed, and "
            f"{max(sizes) + n_validation:,} texts: {max(sizes):,} to train on and {n_validation:,} to choose the epoch."
        )
    texts, labels = labelled((texts, labels), "texts")
    names = need_kinds(labels)
    numbers = np.searchsorted(names, labels)
    asked = {name: labelled(part, f"test {name!r}", known=labels) for name, part in tests.items()}
    judged = {name: (part, np.searchsorted(names, wanted)) for name, (part, wanted) in asked.items()}
    ruler, rows = Ruler(vectors, queries), []
    for seed in seeds:
        order = np.random.default_rng(seed).permutation(len(texts))
        held_out, pool = order[:n_validation], order[n_validation:]
        for size in sizes:
            parts = [([texts[i] for i in chosen], numbers[chosen]) for chosen in (pool[:size], held_out)]
            results = _try_policies(parts, judged, ruler, policies, len(names), seed, rate, epochs, patience)
            rows += [{"policy": name, "size": size, "seed": seed, **found} for name, found in results]
    return pd.DataFrame(rows)


def _try_policies(
    parts: list[tuple[list, np.ndarray]],
    judged: Mapping[str, tuple[Texts, np.ndarray]],
    ruler: Ruler,
    policies: Mapping[str, Policy],
    n_labels: int,
    seed: int,
    rate: float,
    epochs: int,
    patience: int | None,
) -> Iterator[tuple[str, dict[str, float]]]:
    """Train under each policy on the same texts; yield name and results of each."""
    from lessons_lib.learning import predicted

    (training, labels), (held_out, held_out_labels) = parts
    others = [text for texts, _ in [(held_out, None), *judged.values()] for text in texts]
    table = make_table(ruler.vectors, training, others, seed)
    part = index_texts(training, table.words), labels.astype(np.int64)
    validation = index_texts(held_out, table.words), held_out_labels.astype(np.int64)
    tests = {name: (index_texts(texts, table.words), wanted) for name, (texts, wanted) in judged.items()}
    words = table.words[: table.n_trained]
    for name, policy in policies.items():
        model, fit = fine_tune(table, part, validation, policy, n_labels, rate, epochs, patience, seed)
        found = {"best_epoch": fit.best_epoch}
        found |= {test: float((predicted(model, rows) == wanted).mean()) for test, (rows, wanted) in tests.items()}
        yield name, found | ruler.measure(words, model.table.detach().numpy())
