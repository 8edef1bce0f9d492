"""Accuracy against the number of training texts on three tasks: data/experiments/learning_curves.json.

Change sizes, seeds and arms in ``TASKS``. One file a task and size is kept in build/experiments/ until the end.
"""

import json
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version

import numpy as np
import pandas as pd
import torch

from authoring.pretrain.files import DATA, ROOT, write_atomically
from lessons_lib import curves
from lessons_lib.arms import BASELINES, Texts
from lessons_lib.bundled import load_vectors
from lessons_lib.domain import documentation_task, documentation_vectors
from lessons_lib.texts import reviews, topic_sentences

WORK = ROOT / "build" / "experiments" / "learning_curves"
FILE = DATA / "experiments" / "learning_curves.json"
SEEDS = (0, 1, 2, 3, 4)
N_VALIDATION = 400  # of topics and documentation; of reviews see curves.N_VALIDATION
DOMAIN_EPOCHS = 2  # of the vectors trained on the documentation, as in the lesson
SETTINGS = {
    "seeds": list(SEEDS), "rates": list(curves.RATES), "strengths": list(curves.STRENGTHS),
    "seeds_that_try_all_settings": curves.SEARCHED, "most_epochs": 20, "patience": 4, "domain_epochs": DOMAIN_EPOCHS,
}  # fmt: skip


@dataclass
class Task:
    """Texts, vectors and sizes of one learning curve."""

    train: Texts
    test: Texts
    vectors: object
    sizes: tuple[int, ...]
    arms: tuple[str, ...] = (*curves.ARMS, *BASELINES)
    validation: Texts | None = None
    groups: dict[str, np.ndarray] = field(default_factory=dict)


def of_split(table: pd.DataFrame, label: str) -> dict[str, Texts]:
    """Return the parts of a frame with a column split: name -> (texts, labels)."""
    return {name: (list(part.text), list(part[label])) for name, part in table.groupby("split")}


def some(part: Texts) -> Texts:
    """Return N_VALIDATION texts of a part, drawn at random, the same ones every time."""
    places = np.random.default_rng(0).choice(len(part[1]), N_VALIDATION, replace=False)
    return [part[0][place] for place in places], [part[1][place] for place in places]


def reviews_task() -> Task:
    """Return the reviews, judged on all test reviews, on ordinary ones and on those with unseen sentiment words."""
    table = reviews()
    parts, unseen = of_split(table, "label"), table[table.split == "test"].unseen.to_numpy()
    groups = {"ordinary": ~unseen, "unseen": unseen}
    return Task(parts["train"], parts["test"], load_vectors(), (20, 50, 100, 200, 500, 1000), groups=groups)


def topics_task() -> Task:
    """Return sentences with the topic of their article."""
    parts = of_split(topic_sentences(), "topic")
    parts["validation"] = some(parts["validation"])
    sizes = (24, 80, 200, 600, 1600, 3700)
    return Task(parts["train"], parts["test"], load_vectors(), sizes, validation=parts["validation"])


def documentation_curve() -> Task:
    """Return documentation sentences with their library: vectors trained on the domain against general ones."""
    table = documentation_task()
    parts = of_split(table, "label")
    parts["validation"] = some(parts["validation"])
    vectors = {
        "general": load_vectors(),
        "documentation": documentation_vectors(table, epochs=DOMAIN_EPOCHS, seed=0),
    }
    starts = ("general", "documentation", "random")
    arms = tuple(f"{start} {kind}" for start in starts for kind in ("frozen", "tuned"))
    sizes = (24, 80, 320, 1280, 5120, 16_000)
    return Task(parts["train"], parts["test"], vectors, sizes, (*arms, *BASELINES), parts["validation"])


TASKS: dict[str, Callable[[], Task]] = {
    "reviews": reviews_task,
    "topics": topics_task,
    "documentation": documentation_curve,
}


def pieces_of(name: str) -> dict[int, dict]:
    """Return what is finished of a task: size -> runs, seconds and numbers of texts."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in WORK.glob(f"{name}-*.json")]
    return {piece["size"]: piece for piece in sorted(found, key=lambda piece: piece["size"])}


def measure(name: str) -> None:
    """Measure the sizes of a task that are not finished."""
    task = TASKS[name]()
    for size in task.sizes:
        path = WORK / f"{name}-{size}.json"
        if not path.is_file():
            piece = one_size(task, size)
            with write_atomically(path) as temporary:
                temporary.write_text(json.dumps(piece), encoding="utf-8")
            write()
            print(f"{name}, {size:,} texts: {piece['seconds']:.0f} s of processor time", flush=True)


def one_size(task: Task, size: int) -> dict:
    """Return the runs of a task at one size, with the processor time that they took."""
    begin = time.process_time()
    runs = curves.learning_curve(
        task.train, task.test, task.vectors, [size], SEEDS, task.arms, task.validation, task.groups, curves.RATES,
        SETTINGS["most_epochs"], SETTINGS["patience"],
    )  # fmt: skip
    texts = {"train": len(task.train[1]), "test": len(task.test[1])}
    seconds = time.process_time() - begin
    return {
        "size": size, "seconds": round(seconds, 1), "texts": texts,
        "runs": json.loads(runs.to_json(orient="records", double_precision=6)),
    }  # fmt: skip


def write() -> None:
    """Write the record of all that is finished."""
    tasks = {name: list(pieces_of(name).values()) for name in TASKS}
    libraries = ("numpy", "scipy", "scikit-learn", "gensim", "torch", "pandas", "matplotlib", "networkx")
    log = {
        "made": "python -m authoring.experiments learning_curves",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in libraries},
        "settings": SETTINGS,
        "texts": {name: pieces[0]["texts"] for name, pieces in tasks.items() if pieces},
        "seconds": {name: {piece["size"]: piece["seconds"] for piece in pieces} for name, pieces in tasks.items()},
    }
    runs = {name: [row for piece in pieces for row in piece["runs"]] for name, pieces in tasks.items() if pieces}
    with write_atomically(FILE) as temporary:
        temporary.write_text(json.dumps({"log": log, "runs": runs}) + "\n", encoding="utf-8")


def build(force: bool = False) -> None:
    """Measure all tasks, writing the record after every size."""
    torch.set_num_threads(1)
    if force:
        for path in WORK.glob("*.json"):
            path.unlink()
    for name in TASKS:
        measure(name)
    write()
