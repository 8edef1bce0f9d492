"""What a larger transformer, all-MiniLM-L6-v2, does on the texts of lesson 7: data/experiments/contextual.json.

It is too large to ship, so the lesson shows these numbers beside those that it measures itself.
The folder of the model: build/pretrain/bert/teacher, which ``python -m authoring.pretrain bert`` fetches and checks.
"""

import json
import platform
import time
from importlib.metadata import version

import torch

from authoring.pretrain.files import DATA, ROOT, WORK, write_atomically
from lessons_lib.commands.machine import processor
from lessons_lib.contextual import encode, load_transformer, sense_accuracy
from lessons_lib.documentation import entries
from lessons_lib.retrieval import ranks_of_first_answer, searched_texts, unit_rows
from lessons_lib.texts import questions, senses

FILE = DATA / "experiments" / "contextual.json"
NAME = "all-MiniLM-L6-v2"
FOLDER = WORK / "bert" / "teacher"


def build(force: bool = False) -> None:
    """Measure the search and the senses and write the record; ``force`` changes nothing, there is no half-way state."""
    torch.set_num_threads(1)
    found, asked, labelled = entries(), questions(), senses()
    transformer = load_transformer(FOLDER, "auto")
    begin, clock = time.process_time(), time.perf_counter()
    documents = encode(searched_texts(found), transformer)
    seconds = {"processor": time.process_time() - begin, "wall": time.perf_counter() - clock}
    similarities = unit_rows(encode(list(asked.question), transformer)) @ unit_rows(documents).T
    ranks = ranks_of_first_answer(similarities, asked.answers, found.name)
    by_layer = sense_accuracy(FOLDER, labelled)
    weights = FOLDER / "model.safetensors"
    record = {
        "made": "python -m authoring.experiments contextual",
        "model": NAME,
        "python": platform.python_version(),
        "processor": processor(),
        "versions": {name: version(name) for name in ("torch", "transformers", "numpy", "scipy", "pandas")},
        "megabytes": round(weights.stat().st_size / 1e6, 1),
        "parameters": sum(weight.numel() for weight in transformer.network.parameters()),
        "precision": str(transformer.network.dtype).removeprefix("torch."),
        "texts": len(found),
        "seconds": {kind: round(value, 1) for kind, value in seconds.items()},
        "ranks": dict(zip(asked.id, ranks.tolist(), strict=True)),
        "senses": by_layer.round(4).to_dict("index"),
    }
    with write_atomically(FILE) as temporary:
        temporary.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"{FILE.relative_to(ROOT)}: {seconds['processor']:.0f} s of processor time for {len(found):,} texts")
