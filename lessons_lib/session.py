"""The first call of every lesson: ``setup``. Seeds, threads, quiet libraries, plot style and one line of versions."""

import os
import platform
import random
from dataclasses import dataclass
from importlib.metadata import version

THREADS = 2  # two cores are what Binder, Colab and old laptops have: everybody sees the same times


@dataclass
class Session:
    """What the teaching tools know about the notebook that runs: its lesson and its base seed."""

    lesson: str = ""
    seed: int = 0


current = Session()


def strict() -> bool:
    """Tell whether claims and checks raise errors: only when the environment says ``LESSONS_STRICT=1`` (tests)."""
    return os.environ.get("LESSONS_STRICT") == "1"


def interactive() -> bool:
    """Tell whether widgets can be used: in a notebook with a kernel, unless ``LESSONS_PLAIN=1`` asks for plain text."""
    if os.environ.get("LESSONS_PLAIN") == "1":
        return False
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None


def setup(lesson: str, seed: int | None = None) -> int:
    """Prepare a notebook: seed Python, numpy and torch, use two threads, set the plot style, print the versions.

    Parameters
    ----------
    lesson : str
        Number of the lesson, such as ``"01"``; predictions and claims are recorded under it.
    seed : int, optional
        Base seed of the lesson. Without it ``LESSONS_SEED`` counts, or else 0, which the stored outputs were made with.

    Returns
    -------
    int
        The base seed: whatever is drawn at random in a lesson is drawn from it.

    Examples
    --------
    >>> setup("01", seed=7)
    Lesson 01 is ready: Python ...; seed 7.
    7
    """
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # waiting threads sleep: a crowded server stays fast
    import numpy as np
    import torch

    from lessons_lib.figures import use_style

    current.lesson = lesson
    current.seed = int(os.environ.get("LESSONS_SEED", 0)) if seed is None else seed
    random.seed(current.seed)
    np.random.seed(current.seed)
    torch.manual_seed(current.seed)
    torch.set_num_threads(THREADS)
    use_style()
    names = ("numpy", "scipy", "gensim", "torch")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    print(f"Lesson {lesson} is ready: Python {platform.python_version()}, {versions}; seed {current.seed}.")
    return current.seed
