"""Step: how many dimensions? Count vectors of 10 to 300 dimensions, on the yardsticks and on two tasks.

    build/pretrain/cells.npz  ->  build/pretrain/dimensions.json   scores, accuracies and seconds, for the build log

Everything but the number of dimensions is as in the step ``counts``. The tasks are the reviews and the topics of
data/text: mean vector of a text, standardised, logistic regression whose strength cross-validation chooses, trained
on few and on many texts, several draws of them each.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from gensim.models import KeyedVectors
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from authoring.pretrain import counts, files
from authoring.pretrain.cooccurrence import read_vocabulary
from lessons_lib.means import mean_vectors
from lessons_lib.scores import summary
from lessons_lib.texts import reviews, topic_sentences

DIMS = (10, 25, 50, 100, 200, 300)
SIZES = {"reviews": (50, 200, 1200), "topics": (80, 400, 4000)}  # training texts, the same number of each label
DRAWS = (10, 10, 3)  # of the training texts, for each size
STRENGTHS = (0.001, 0.01, 0.1, 1.0)


def draw(labels: np.ndarray, size: int, seed: int) -> np.ndarray:
    """Return the numbers of ``size`` texts, the same number of each label as far as there are enough."""
    rng = np.random.default_rng(seed)
    names = np.unique(labels)
    each = max(2, size // len(names))
    return np.concatenate([rng.permutation(np.flatnonzero(labels == name))[:each] for name in names])


def accuracies(vectors: KeyedVectors, table: pd.DataFrame, label: str, sizes: tuple[int, ...]) -> dict[str, dict]:
    """Return training size -> mean accuracy on the test texts over the draws, its standard deviation, and the draws."""
    train, test = (table[table.split == part] for part in ("train", "test"))
    rows = {part: mean_vectors(vectors, texts.text) for part, texts in (("train", train), ("test", test))}
    found = {}
    for size, draws in zip(sizes, DRAWS, strict=False):
        values = []
        for seed in range(1 if size >= len(train) else draws):
            chosen = draw(train[label].to_numpy(), size, seed)
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
            search = GridSearchCV(model, {"logisticregression__C": STRENGTHS}, cv=2 if size < 100 else 4)
            search.fit(rows["train"][chosen], train[label].to_numpy()[chosen])
            values.append(float(search.score(rows["test"], test[label])))
        spread = round(float(np.std(values)), 4)
        found[str(size)] = {"accuracy": round(float(np.mean(values)), 4), "spread": spread, "draws": len(values)}
    return found


def measure(vectors: KeyedVectors, tasks: dict[str, Callable[[], tuple]]) -> dict:
    """Return the scores on the yardsticks and the accuracies on the tasks."""
    return {"scores": summary(vectors)} | {name: accuracies(vectors, *task()) for name, task in tasks.items()}


def build(sample: int | None = None) -> dict:
    """Factorise for each number of dimensions not measured yet, write dimensions.json, and return it for the log."""
    words = read_vocabulary(files.WORK / "vocabulary.tsv")
    matrix = counts.ppmi(sparse.load_npz(files.WORK / "cells.npz")).astype(np.float32)
    sizes = SIZES if sample is None else {name: numbers[:1] for name, numbers in SIZES.items()}
    tasks = {
        "reviews": lambda: (reviews(), "label", sizes["reviews"]),
        "topics": lambda: (topic_sentences(), "topic", sizes["topics"]),
    }
    path = files.WORK / "dimensions.json"
    done = _read(path, {"dims": DIMS, "sizes": sizes, "draws": DRAWS, "words": len(words), "cells": int(matrix.nnz)})
    for dims in DIMS if sample is None else DIMS[:2]:
        if str(dims) in done["by_dims"]:
            continue
        began = time.process_time()
        left, values = counts.factorise(matrix, dims)
        seconds = round(time.process_time() - began, 1)
        vectors = counts.to_vectors(words, left * (values / values[0]) ** counts.WEIGHTING)
        done["by_dims"][str(dims)] = {"processor_seconds": seconds, **measure(vectors, tasks)}
        print(dims, done["by_dims"][str(dims)], flush=True)
        with files.write_atomically(path) as temporary:
            temporary.write_text(json.dumps(done, indent=1), encoding="utf-8")
    return done


def _read(path: Path, settings: dict) -> dict:
    """Return what an interrupted run with the same settings has measured, or a new record."""
    settings = json.loads(json.dumps(settings))
    done = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return done if done.get("settings") == settings else {"settings": settings, "by_dims": {}}
