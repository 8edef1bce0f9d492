"""The arms of a learning curve: subsets, tables and one run of a network or of a baseline.

``prepare`` draws the texts of a seed and indexes them; ``run`` trains one arm on them with one setting.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.indexing import EXTRA, PADDING, UNKNOWN, Table, cut, index_texts, make_table, random_rows
from lessons_lib.inputs import need_kinds, need_vectors
from lessons_lib.means import mean_vectors

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

Texts = tuple[Sequence[str | Sequence[str]], Sequence]
BASELINES = ("TF-IDF", "mean vector")
STARTS = ("shuffled", "random")  # beside the names of vectors


@dataclass(frozen=True)
class Subset:
    """The texts of one seed and size, cut into words, with numbers for labels; ``train`` comes first in ``words``."""

    seed: int
    words: dict[str, list[list[str]]]
    labels: dict[str, np.ndarray]
    n_labels: int
    vectors: dict[str, "KeyedVectors"]

    def table(self, name: str) -> Table:
        """Return the table of some vectors for these texts."""
        return make_table(
            self.vectors[name], self.words["train"], self.words["validation"] + self.words["test"], self.seed
        )


def draw(labels: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Return ``size`` places drawn without replacement, equally from all labels; what is left over goes by chance.

    Examples
    --------
    >>> places = draw(np.array([0] * 90 + [1] * 10), 10, np.random.default_rng(0))
    >>> int((places < 90).sum())
    5
    """
    kinds = rng.permutation(np.unique(labels))
    if size < len(kinds):
        raise ValueError(f"Size {size:,} is too small: there are {len(kinds)} labels, and each needs a text.")
    wanted = {kind: size // len(kinds) + (place < size % len(kinds)) for place, kind in enumerate(kinds)}
    for kind, number in wanted.items():
        if (found := int((labels == kind).sum())) < number:
            raise ValueError(f"Size {size:,} asks for {number:,} texts of label {kind}, and there are {found:,}.")
    return np.concatenate(
        [rng.choice(np.flatnonzero(labels == kind), number, False) for kind, number in wanted.items()]
    )


def prepare(
    parts: Mapping[str, Texts],
    vectors: "KeyedVectors | Mapping[str, KeyedVectors]",
    size: int,
    seed: int,
    n_validation: int,
) -> Subset:
    """Draw the training texts of a seed. Without a part ``validation`` set it aside first, the same for all seeds."""
    named = dict(vectors) if isinstance(vectors, Mapping) else {"pretrained": vectors}
    for own in named.values():
        need_vectors(own, "learning_curve")
    if len({own.vector_size for own in named.values()}) != 1:
        raise ValueError(f"Vectors of one size are needed, got {[own.vector_size for own in named.values()]}.")
    texts = {name: list(part[0]) for name, part in parts.items()}
    labels = {name: np.asarray(part[1]) for name, part in parts.items()}
    kinds = need_kinds(labels["train"])
    if "validation" not in parts:
        aside = draw(labels["train"], min(n_validation, len(labels["train"]) // 5), np.random.default_rng(0))
        left = np.setdiff1d(np.arange(len(labels["train"])), aside)
        texts["validation"], labels["validation"] = [texts["train"][place] for place in aside], labels["train"][aside]
        texts["train"], labels["train"] = [texts["train"][place] for place in left], labels["train"][left]
    drawn = draw(labels["train"], size, np.random.default_rng([seed, size]))
    texts["train"], labels["train"] = [texts["train"][place] for place in drawn], labels["train"][drawn]
    words = {name: cut(texts[name]) for name in ("train", "validation", "test")}
    if not any(words["train"]):
        raise ValueError(f"The {size:,} training texts have no words: nothing can be learnt from them.")
    return Subset(seed, words, {name: np.searchsorted(kinds, own) for name, own in labels.items()}, len(kinds), named)


def run(
    arm: str, subset: Subset, settings: Sequence[float], epochs: int, patience: int | None, groups: Mapping
) -> list[dict]:
    """Train one arm with each of the settings and return a row for each."""
    trained = (
        _baseline(arm, subset, settings) if arm in BASELINES else _network(arm, subset, settings, epochs, patience)
    )
    rows = []
    for setting, (row, predictions) in zip(settings, trained, strict=True):
        hits = predictions == subset.labels["test"]
        own = {f"accuracy {name}": float(hits[np.asarray(mask)].mean()) for name, mask in groups.items()}
        accuracy = float(hits.mean())
        rows.append({"arm": arm, "seed": subset.seed, "accuracy": accuracy, **own, "setting": setting, **row})
    return rows


def start_of(arm: str, subset: Subset) -> tuple[np.ndarray, list[str], int]:
    """Return the table that an arm begins with, the word of each row, and the number of trained rows.

    ``random`` knows the words of its training texts and no others, as a model made from scratch would.
    ``shuffled`` has the rows of the pre-trained table, each at another word.
    """
    start, _, kind = arm.rpartition(" ")
    if kind not in ("frozen", "tuned") or start not in (*STARTS, *subset.vectors):
        known = ", ".join((*STARTS, *subset.vectors))
        raise ValueError(f"Unknown arm {arm!r}: one of {known}, then frozen or tuned; or {' or '.join(BASELINES)}.")
    table = subset.table(start if start in subset.vectors else next(iter(subset.vectors)))
    rng = np.random.default_rng([subset.seed, 1])
    matrix, words = table.matrix.copy(), table.words
    if start == "shuffled":
        matrix[len(EXTRA) :] = rng.permutation(matrix[len(EXTRA) :])
    elif start == "random":
        words = words[: table.n_trained]
        matrix = random_rows(table.matrix[table.known], table.n_trained, rng)
        matrix[PADDING], matrix[UNKNOWN] = 0, matrix[len(EXTRA) :].mean(axis=0)
    return matrix, words, table.n_trained


def _network(
    arm: str, subset: Subset, rates: Sequence[float], epochs: int, patience: int | None
) -> Iterator[tuple[dict, np.ndarray]]:
    """Yield what each learning rate makes of the same beginning: the columns of a row, and predictions for test."""
    from lessons_lib.classifiers import BagOfEmbeddings
    from lessons_lib.learning import n_parameters, predicted, train

    matrix, words, n_trained = start_of(arm, subset)
    indices = {name: index_texts(texts, words) for name, texts in subset.words.items()}
    training, validation = ((indices[name], subset.labels[name]) for name in ("train", "validation"))
    frozen = arm.endswith("frozen")
    for rate in rates:
        model = BagOfEmbeddings(matrix, subset.n_labels, indices["train"], n_trained, seed=subset.seed)
        fit = train(model, training, validation, rate, 0 if frozen else None, epochs, patience, seed=subset.seed)
        row = {
            "validation_accuracy": float(fit.best.validation_accuracy),
            "validation_loss": float(fit.best.validation_loss),
            "best_epoch": fit.best_epoch,
            "words_per_second": round(fit.words_per_second),
            "parameters": n_parameters(model, frozen),
            "curve": [round(value, 4) for value in fit.history.validation_accuracy],
        }
        yield row, predicted(model, indices["test"])


def _baseline(arm: str, subset: Subset, strengths: Sequence[float]) -> Iterator[tuple[dict, np.ndarray]]:
    """Yield the same for logistic regression on TF-IDF or on mean vectors, one for each strength."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss
    from sklearn.preprocessing import StandardScaler

    if arm == "TF-IDF":
        weigh, texts = TfidfVectorizer(analyzer=one_and_two, sublinear_tf=True), subset.words
    else:
        vectors = next(iter(subset.vectors.values()))
        weigh, texts = StandardScaler(), {name: mean_vectors(vectors, own) for name, own in subset.words.items()}
    weigh.fit(texts["train"])
    features = {name: weigh.transform(texts[name]) for name in ("train", "validation", "test")}
    truth = subset.labels["validation"]
    for strength in strengths:
        model = LogisticRegression(C=strength, max_iter=500).fit(features["train"], subset.labels["train"])
        chances = model.predict_proba(features["validation"])
        row = {
            "validation_accuracy": float((chances.argmax(axis=1) == truth).mean()),
            "validation_loss": float(log_loss(truth, chances, labels=range(subset.n_labels))),
        }
        yield row, model.predict(features["test"])


def one_and_two(words: list[str]) -> list[str]:
    """Return the words and the pairs of neighbouring words of a text."""
    return words + [f"{a} {b}" for a, b in pairwise(words)]
