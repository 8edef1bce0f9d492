"""The embedding step as a Ray Data job with 1 and 2 workers: data/experiments/ray_throughput.json.

Needs the extra: ``pip install -e .[ray]``. The model is the bundled one; its weights do not change the time.
"""

import json
import os
import platform
import time
from importlib.metadata import version

import numpy as np
import torch

from authoring.pretrain.files import DATA, ROOT, write_atomically
from lessons_lib.commands.machine import processor
from lessons_lib.contextual import encode, load_transformer
from lessons_lib.distributed import embed_with_ray
from lessons_lib.documentation import entries
from lessons_lib.retrieval import searched_texts

FILE = DATA / "experiments" / "ray_throughput.json"
TEXTS = 2_048
WORKERS = (1, 2)


def build(force: bool = False) -> None:
    """Encode the same texts without Ray and with 1 and 2 workers, compare the vectors and write the record."""
    import ray

    texts = searched_texts(entries())[:TEXTS]
    torch.set_num_threads(1)
    transformer = load_transformer("mini-bert", "auto")
    begin = time.perf_counter()
    alone = encode(texts, transformer)
    runs = [{"workers": 0, "seconds": round(time.perf_counter() - begin, 2)}]
    ray.init(num_cpus=max(WORKERS), include_dashboard=False, object_store_memory=400_000_000, logging_level="ERROR")
    for workers in WORKERS:
        vectors, seconds = embed_with_ray(texts, "mini-bert", workers)
        difference = float(np.abs(vectors - alone).max())
        runs.append({"workers": workers, "seconds": round(seconds, 2), "largest_difference": round(difference, 4)})
    ray.shutdown()
    for run in runs:
        run["texts_per_second"] = round(TEXTS / run["seconds"])
    record = {
        "made": "python -m authoring.experiments ray_throughput",
        "python": platform.python_version(),
        "processor": processor(),
        "load_average": round(os.getloadavg()[0], 1),
        "versions": {name: version(name) for name in ("ray", "torch", "transformers", "numpy")},
        "texts": TEXTS,
        "runs": runs,
    }
    with write_atomically(FILE) as temporary:
        temporary.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"{FILE.relative_to(ROOT)}: {runs}")
