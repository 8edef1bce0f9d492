"""Five policies of fine-tuning on three tasks, and what vectors gain on three: data/experiments/fine_tuning.json.

Change tasks, sizes and seeds here, policies in ``lessons_lib.fine_tuning``. One file a task, seed and size is kept in
build/experiments/ until the end.
"""

import json
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version

import pandas as pd
import torch

from authoring.pretrain.files import DATA, ROOT, write_atomically
from lessons_lib.bundled import load_vectors
from lessons_lib.curves import learning_curve
from lessons_lib.documentation import which_library
from lessons_lib.fine_tuning import POLICIES, fine_tuning_policies
from lessons_lib.texts import reviews, topic_sentences
from lessons_lib.tuning_record import domain_split, split_reviews, split_topics

WORK = ROOT / "build" / "experiments" / "fine_tuning"
FILE = DATA / "experiments" / "fine_tuning.json"
SEEDS = (0, 1, 2, 3, 4)
SETTINGS = {"rate": 0.01, "epochs": 20, "patience": 5}


@dataclass(frozen=True)
class Task:
    """Where the texts of a seed come from, how many are trained on, and how many choose the epoch."""

    split: Callable[[int], tuple]
    sizes: tuple[int, ...]
    n_validation: int


TASKS = {
    "reviews": Task(split_reviews, (100, 200, 400, 1000), 200),
    "domains": Task(domain_split, (60, 120, 240, 480), 120),
    "topics": Task(split_topics, (200, 600, 1800, 5400), 500),
}

GAINS_SIZE = 1000
GAINS_ARMS = ("pretrained frozen", "random frozen", "pretrained tuned", "random tuned", "TF-IDF")
GAINS: dict[str, Callable[[], tuple[pd.DataFrame, str]]] = {
    "reviews": lambda: (reviews().query("not unseen"), "label"),
    "topics": lambda: (topic_sentences(), "topic"),
    "documentation": lambda: (which_library(), "label"),
}


def measure(name: str, force: bool) -> dict:
    """Return the runs of a task and what they took, from the files of finished pieces where there are some."""
    vectors, pieces = load_vectors(), []
    for seed in SEEDS:
        for size in TASKS[name].sizes:
            path = WORK / f"{name}-{seed}-{size}.json"
            if force or not path.is_file():
                piece = _one_piece(name, seed, size, vectors)
                path.parent.mkdir(parents=True, exist_ok=True)
                with write_atomically(path) as temporary:
                    temporary.write_text(json.dumps(piece), encoding="utf-8")
                print(f"{name}, seed {seed}, {size:,} texts: {piece['seconds']:.1f} s of processor time", flush=True)
            pieces.append(json.loads(path.read_text(encoding="utf-8")))
    return {
        "runs": [row for piece in pieces for row in piece["runs"]],
        "processor_seconds": round(sum(piece["seconds"] for piece in pieces)),
        "n_validation": TASKS[name].n_validation,
    }


def _one_piece(name: str, seed: int, size: int, vectors: object) -> dict:
    task = TASKS[name]
    texts, labels, tests = task.split(seed)
    begin = time.process_time()
    runs: pd.DataFrame = fine_tuning_policies(
        texts, labels, tests, vectors, sizes=[size], seeds=[seed], n_validation=task.n_validation, **SETTINGS
    )
    rows = json.loads(runs.to_json(orient="records", double_precision=6))
    return {"runs": rows, "seconds": time.process_time() - begin}


def gains(name: str, force: bool) -> list[dict]:
    """Return the runs of pre-trained and random tables, frozen and tuned, and of TF-IDF, on one task."""
    path = WORK / f"gains-{name}.json"
    if force or not path.is_file():
        table, label = GAINS[name]()
        parts = {part: (list(own.text), list(own[label])) for part, own in table.groupby("split")}
        runs = learning_curve(
            parts["train"], parts["test"], load_vectors(), [GAINS_SIZE], SEEDS, GAINS_ARMS,
            parts.get("validation"), rates=(SETTINGS["rate"],), epochs=SETTINGS["epochs"],
            patience=SETTINGS["patience"],
        ).assign(task=name)  # fmt: skip
        columns = ["task", "arm", "size", "seed", "accuracy", "best_epoch"]
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(path) as temporary:
            temporary.write_text(runs[columns].to_json(orient="records", double_precision=6), encoding="utf-8")
        print(f"gains on {name} measured", flush=True)
    return json.loads(path.read_text(encoding="utf-8"))


def build(force: bool = False) -> None:
    """Measure all tasks and write the record."""
    torch.set_num_threads(1)
    tasks = {name: measure(name, force) for name in TASKS}
    gained = [row for name in GAINS for row in gains(name, force)]
    log = {
        "made": "python -m authoring.experiments fine_tuning",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("numpy", "scipy", "gensim", "torch", "pandas")},
        "settings": SETTINGS | {"seeds": list(SEEDS)},
        "policies": {name: asdict(policy) for name, policy in POLICIES.items()},
        "processor_seconds": sum(task["processor_seconds"] for task in tasks.values()),
    }
    FILE.parent.mkdir(parents=True, exist_ok=True)
    with write_atomically(FILE) as temporary:
        temporary.write_text(json.dumps({"log": log, "tasks": tasks, "gains": gained}) + "\n", encoding="utf-8")
    print(f"{FILE.relative_to(ROOT)}: {FILE.stat().st_size / 1e6:.2f} MB")
