"""The embedding step as a Ray Data job: the same code on one machine and on a cluster.

Ray is not part of the course's set of libraries: ``pip install -e .[ray]`` adds it.
"""

import time
from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np

TEXTS_A_BATCH = 256


def ray_is_installed() -> bool:
    """Tell whether Ray Data can be used here."""
    return find_spec("ray") is not None


class Encoder:
    """What each worker runs: it opens the transformer once and then turns batch after batch into vectors."""

    def __init__(self, model: str, threads: int = 1) -> None:
        import torch

        from lessons_lib.contextual import load_transformer

        torch.set_num_threads(threads)
        self.transformer = load_transformer(model, "auto")

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Add the columns ``vector``, ``began`` and ``ended`` (clock, seconds) to a batch with the column ``text``."""
        from lessons_lib.contextual import encode

        began = time.time()
        vectors = encode(batch["text"].tolist(), self.transformer)
        clock = {name: np.full(len(vectors), value) for name, value in (("began", began), ("ended", time.time()))}
        return batch | {"vector": vectors} | clock


def embed_with_ray(texts: Sequence[str], model: str = "mini-bert", workers: int = 1) -> tuple[np.ndarray, float]:
    """Return the vectors of the texts, in their order, and the seconds from the first batch to the last.

    The start of Ray and of its workers is not in the seconds.

    Parameters
    ----------
    texts : sequence of str
    model : str
        Name or folder; on a cluster every machine needs it.
    workers : int
        Processes, each with one processor core and a transformer of its own.
    """
    import ray

    rows = [{"row": row, "text": text} for row, text in enumerate(texts)]
    data = ray.data.from_items(rows, override_num_blocks=max(workers, len(rows) // TEXTS_A_BATCH))
    job = data.map_batches(
        Encoder,
        fn_constructor_args=(model,),
        batch_size=TEXTS_A_BATCH,
        compute=ray.data.ActorPoolStrategy(size=workers),
    )
    done = sorted(job.take_all(), key=lambda row: row["row"])
    seconds = max(row["ended"] for row in done) - min(row["began"] for row in done)
    return np.stack([row["vector"] for row in done]), float(seconds)
