"""The steps of the build, in order: what each reads, what each writes, and when it can be skipped.

A step is a module of this package with a function ``build(sample)`` that writes its files and returns a report (dict)
for the log. Its settings are the constants in capitals at the top of the module.
"""

import hashlib
import importlib
import inspect
import json
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from authoring.pretrain import files


@dataclass(frozen=True)
class Step:
    """One step; paths start with ``shared/``, ``work/``, ``data/`` or ``course/`` (the checkout) and may hold ``*``."""

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]

    @property
    def module(self) -> ModuleType:
        """The module of this package that does the work."""
        return importlib.import_module(f"authoring.pretrain.{self.name}")


TEXT = ("work/corpus.txt", "work/vocabulary.tsv")
STEPS = (
    Step("corpus", ("shared/enwiki-*.jsonl.xz",), TEXT),
    Step("word2vec", TEXT, ("data/vectors/word2vec.bin", "data/vectors/vocabulary.tsv")),
    Step("cooccurrence", TEXT, ("work/cells.npz",)),
    Step("counts", ("work/cells.npz", "work/vocabulary.tsv"), ("data/vectors/counts.bin.gz",)),
    Step("glove", ("work/cells.npz", "work/vocabulary.tsv"), ("data/vectors/glove.txt.gz",)),
    Step("fasttext", TEXT, ("data/vectors/fasttext.bin", "data/vectors/fasttext.vec.gz")),
    Step(
        "novels",
        ("shared/eltec-eng.jsonl.xz", "shared/eltec-fra.jsonl.xz", "course/data/words/english-french.csv"),
        ("data/vectors/novels-english.bin", "data/vectors/novels-french.bin"),
    ),
    Step("scores", ("data/vectors/*.bin", "data/vectors/*.gz"), ("work/scores.json",)),
    Step(
        "dimensions",
        ("work/cells.npz", "work/vocabulary.tsv", "course/data/text/reviews.csv", "course/data/text/topics.csv"),
        ("work/dimensions.json",),
    ),
    Step("curve", (*TEXT, "data/vectors/*.bin", "data/vectors/*.gz"), ("work/curve.json",)),
    Step(
        "bert",
        ("shared/enwiki-*.jsonl.xz", "data/vectors/word2vec.bin"),
        ("data/models/mini-bert/model.safetensors", "data/models/mini-bert/tokenizer.json"),
    ),
    Step(
        "minilm",
        ("shared/enwiki-*.jsonl.xz",),
        ("data/models/cut-minilm/model.safetensors", "data/models/cut-minilm/tokenizer.json"),
    ),
    Step("build_log", ("work/log/*.json",), ("data/build_log.json",)),
    Step("registry", ("data/*", "data/*/*", "data/*/*/*"), ("data/registry.json",)),
    Step("cards", ("data/build_log.json", "data/registry.json"), ("data/README.md",)),
)


def find(name: str) -> Step:
    """Return the step called ``name``."""
    for step in STEPS:
        if step.name == name:
            return step
    raise KeyError(f"No step is called {name!r}. There are: all, {', '.join(step.name for step in STEPS)}")


def resolve(pattern: str) -> list[Path]:
    """Return the files that a path such as ``work/log/*.json`` stands for, sorted; a path without ``*`` as it is."""
    root, rest = pattern.split("/", 1)
    folder = {"shared": files.SHARED, "work": files.WORK, "data": files.DATA, "course": files.ROOT}[root]
    return sorted(path for path in folder.glob(rest) if path.is_file()) if "*" in rest else [folder / rest]


def settings(module: ModuleType) -> dict:
    """Return the constants of a module: names in capitals whose values JSON can hold."""
    plain = (int, float, str, tuple, list, dict, type(None))
    return {name: value for name, value in vars(module).items() if name.isupper() and isinstance(value, plain)}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(step: Step, sample: int | None) -> str:
    """Return a sum over the settings and the inputs of a step: when it changes, the step runs again."""
    outputs = {path for pattern in step.writes for path in resolve(pattern)}
    inputs = [path for pattern in step.reads for path in resolve(pattern) if path not in outputs]
    if missing := [str(path) for path in inputs if not path.is_file()]:
        raise FileNotFoundError(f"Step {step.name} needs {', '.join(missing)}: run the steps before it first (`all`).")
    content = {
        "sample": sample,
        "settings": settings(step.module),
        "inputs": {path.name: sha256(path) for path in inputs},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def run(step: Step, sample: int | None, force: bool = False) -> bool:
    """Run a step unless nothing changed since it ran; write its part of the log. Tell whether it ran."""
    stamp = files.WORK / "stamps" / step.name
    outputs = [path for pattern in step.writes for path in resolve(pattern)]
    now = fingerprint(step, sample)
    if not force and all(path.is_file() for path in outputs) and stamp.is_file() and stamp.read_text() == now:
        print(f"{step.name}: nothing changed, skipped")
        return False
    print(f"{step.name}: runs", flush=True)
    began = time.perf_counter()
    build = step.module.build
    report = build(sample) if "sample" in inspect.signature(build).parameters else build()
    if isinstance(report, dict) and step.name != "build_log":
        log = {"seconds": round(time.perf_counter() - began, 1), "settings": settings(step.module), **report}
        with files.write_atomically(files.WORK / "log" / f"{step.name}.json") as temporary:
            temporary.write_text(json.dumps(log, indent=1, default=str), encoding="utf-8")
    with files.write_atomically(stamp) as temporary:
        temporary.write_text(now)
    return True
