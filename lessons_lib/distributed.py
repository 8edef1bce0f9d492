"""The embedding step as a Ray Data job: the same code on one machine and on a cluster.

Ray is not part of the course's set of libraries: ``pip install -e .[ray]`` adds it.
"""

import time
from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np

TEXTS_A_BATCH = 512


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
        """Add the column ``vector`` to a batch with the column ``text``."""
        from lessons_lib.contextual import encode

        return batch | {"vector": encode(batch["text"].tolist(), self.transformer)}


def embed_with_ray(texts: Sequence[str], model: str = "mini-bert", workers: int = 1) -> tuple[np.ndarray, float]:
    """Return the vectors of the texts, in their order, and the seconds of the job without the start of Ray.

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
    begin = time.perf_counter()
    done = job.take_all()
    seconds = time.perf_counter() - begin
    done.sort(key=lambda row: row["row"])
    return np.stack([row["vector"] for row in done]), seconds
