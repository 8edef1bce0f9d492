"""The table of loading: formats and loaders side by side, medians of several programs, and the physical floor."""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median

from lessons_lib.benchmark.files import Files, make_files

FACTS = ("seconds", "cpu_seconds", "peak_bytes", "own_bytes", "query_ms")
ROWS = (
    # what, loader, file, is there a copy, are queries timed
    ("text: reading the bytes", "read", "text", False, False),
    ("text: gensim", "gensim text", "text", False, True),
    ("text: course, first load", "course", "text", False, False),
    ("text: course, later loads", "course", "text", True, True),
    ("gzip: reading the bytes", "read", "packed", False, False),
    ("gzip: gensim", "gensim text", "packed", False, False),
    ("gzip: course, first load", "course", "packed", False, False),
    ("binary: reading the bytes", "read", "binary", False, False),
    ("binary: gensim", "gensim binary", "binary", False, False),
    ("binary: course, first load", "course", "binary", False, False),
)


def measure_loading(words: int, dims: int, runs: int, on_step: Callable[[str], None] = lambda what: None) -> dict:
    """Generate a file of vectors and measure every way to load it.

    Parameters
    ----------
    words, dims : int
        Size of the generated file.
    runs : int
        Programs a row; the medians count. The rows take turns, so that a busy minute does not hit one alone.
    on_step : callable
        Told what comes next.

    Returns
    -------
    dict
        machine, file (sizes), rows (each with its medians and all values), ratios.
    """
    with tempfile.TemporaryDirectory(prefix="lessons-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        on_step(f"writing {words:,} x {dims} vectors in three formats")
        files = make_files(folder, words, dims)
        found: dict[str, list[dict]] = {what: [] for what, *_ in ROWS}
        for run in range(1, runs + 1):
            for what, loader, format_name, with_copy, queries in ROWS:
                on_step(f"run {run} of {runs}: {what}")
                found[what].append(_one(loader, getattr(files, format_name), folder / "cache", with_copy, queries))
        sizes = {key: getattr(files, key).stat().st_size for key in ("text", "packed", "binary")}
    rows = [{"what": what, "runs": runs_of, **medians(runs_of)} for what, runs_of in found.items()]
    size = {"words": words, "dims": dims, "matrix_bytes": files.matrix_bytes, "bytes": sizes}
    return {"machine": machine(), "file": size, "rows": rows, "ratios": ratios(rows, files)}


def _one(loader: str, path: Path, cache: Path, with_copy: bool, queries: bool) -> dict:
    """Measure one load in a program of its own; without ``with_copy`` the cache is emptied first."""
    if not with_copy:
        shutil.rmtree(cache, ignore_errors=True)
    command = [sys.executable, "-m", "lessons_lib.benchmark.measured", loader, str(path)]
    command += ["--queries"] if queries else []
    environment = {**os.environ, "LESSONS_CACHE": str(cache), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError(f"{loader} could not load {path}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def medians(runs: list[dict]) -> dict:
    """Return the median of each fact over the runs.

    Examples
    --------
    >>> medians([{"seconds": 1.0}, {"seconds": 5.0}, {"seconds": 2.0}])
    {'seconds': 2.0}
    """
    return {fact: median(run[fact] for run in runs) for fact in FACTS if fact in runs[0]}


def ratios(rows: list[dict], files: Files) -> dict:
    """Return what the course promises, as numbers."""
    by_name = {row["what"]: row for row in rows}
    gensim, first = by_name["text: gensim"], by_name["text: course, first load"]
    later = by_name["text: course, later loads"]
    return {
        "first_load_faster_than_gensim": gensim["seconds"] / first["seconds"],
        "first_load_faster_than_gensim_cpu": gensim["cpu_seconds"] / first["cpu_seconds"],
        "first_load_over_reading": first["seconds"] / max(by_name["text: reading the bytes"]["seconds"], 1e-9),
        "first_load_memory_over_matrix": first["peak_bytes"] / files.matrix_bytes,
        "gensim_memory_over_matrix": gensim["peak_bytes"] / files.matrix_bytes,
        "later_load_seconds": later["seconds"],
        "query_time_over_gensim": later["query_ms"] / gensim["query_ms"],
    }


def machine() -> dict:
    """Return what the numbers were measured on."""
    import psutil

    names = ("gensim", "numpy", "pandas")
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        **{name: version(name) for name in names},
    }
