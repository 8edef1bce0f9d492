"""The one folder of all that can be made or fetched again: downloads, copies of vectors, tables of documentation."""

import os
from pathlib import Path


def cache_root() -> Path:
    """Return the folder of all that can be made or fetched again; it need not exist yet.

    ``LESSONS_CACHE`` names another one, which a room of learners can share.

    Examples
    --------
    >>> cache_root().is_absolute()
    True
    """
    if chosen := os.environ.get("LESSONS_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("embeddings-course", appauthor=False)
