"""One load in a program of its own: ``python -m lessons_lib.benchmark.measured LOADER FILE`` prints its cost as JSON.

A program of its own, because memory that was taken once stays with a program, and because a kernel that opens a
lesson is one too. Memory is what is added between the imports and the end of the load, at its highest.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

QUERIES = 30


def read_bytes(path: str) -> None:
    """Read the file and do nothing with it: no loader can be faster."""
    with open(path, "rb") as file:
        while file.read(1 << 20):
            pass


def gensim_text(path: str) -> object:
    """Load GloVe's text with gensim's call for it."""
    from gensim.models import KeyedVectors

    return KeyedVectors.load_word2vec_format(path, no_header=True)


def gensim_binary(path: str) -> object:
    """Load word2vec's binary format with gensim's call for it."""
    from gensim.models import KeyedVectors

    return KeyedVectors.load_word2vec_format(path, binary=True)


def course(path: str) -> object:
    """Load any file with the course's call, which leaves a copy and uses one that is there."""
    from lessons_lib.formats import load

    return load(path)


LOADERS: dict[str, Callable[[str], object]] = {
    "read": read_bytes,
    "gensim text": gensim_text,
    "gensim binary": gensim_binary,
    "course": course,
}


def highest_memory() -> int:
    """Return the most resident memory that this program ever had, in bytes."""
    status = Path("/proc/self/status")
    if status.is_file():  # Linux: ru_maxrss would count the memory of the program that started this one
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    import psutil

    memory = psutil.Process().memory_info()
    if hasattr(memory, "peak_wset"):  # Windows
        return memory.peak_wset
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS counts in bytes


def measure(loader: str, path: str, queries: bool) -> dict:
    """Return what one load costs.

    Returns
    -------
    dict
        seconds (wall), cpu_seconds, peak_bytes (added at the highest), own_bytes (added, and shared with no other
        program), and query_ms (median of ``most_similar``) if ``queries``.
    """
    import psutil

    if loader != "read":  # imports are no part of a load, neither gensim's nor the course's
        import gensim.models  # noqa: F401
        import pandas  # noqa: F401

        import lessons_lib.formats  # noqa: F401

    me = psutil.Process()
    before, own_before = me.memory_info().rss, me.memory_full_info().uss
    cpu, started = time.process_time(), time.perf_counter()
    vectors = LOADERS[loader](path)
    found = {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - cpu,
        "peak_bytes": max(highest_memory() - before, 0),
        "own_bytes": max(me.memory_full_info().uss - own_before, 0),
    }
    if queries and vectors is not None:
        found["query_ms"] = query_time(vectors)
    return found


def query_time(vectors: object) -> float:
    """Return the median time of ``most_similar`` in milliseconds; the first call, which computes norms, is left out."""
    words = vectors.index_to_key[:: max(len(vectors.index_to_key) // QUERIES, 1)][:QUERIES]
    vectors.most_similar(words[0])
    times = []
    for word in words:
        started = time.perf_counter()
        vectors.most_similar(word)
        times.append(time.perf_counter() - started)
    return sorted(times)[len(times) // 2] * 1000


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.argv[2], "--queries" in sys.argv)))
