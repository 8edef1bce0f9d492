"""The copy in the cache: right, found again, shared between processes, whole after kill -9."""

import multiprocessing
import os
import random
import signal
import sys
import time
import warnings
from contextlib import contextmanager

import numpy as np
import psutil
import pytest

from lessons_lib import VectorFileWarning, inspect, load
from lessons_lib.formats import cache

ROWS, DIMS = 6000, 50


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    matrix = np.random.default_rng(0).normal(size=(ROWS, DIMS)).astype(np.float32)
    path = tmp_path_factory.mktemp("files") / "file.txt"
    pattern = " ".join(["%.9g"] * DIMS)
    path.write_text("".join(f"word{i} {pattern % tuple(row)}\n" for i, row in enumerate(matrix.tolist())))
    os.utime(path, ns=(10**18, 10**18 + 123_456_789))
    return path, matrix


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LESSONS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "vectors"


FORKING = multiprocessing.get_context("fork") if "fork" in multiprocessing.get_all_start_methods() else None
unix = pytest.mark.skipif(FORKING is None or sys.platform == "darwin", reason="forks, and reads /proc")


def use(path, pipe):
    pipe.recv()
    vectors = load(path)
    vectors.most_similar("word5")
    pipe.send(float(vectors.vectors.sum(dtype="float64")))  # all pages are touched
    pipe.recv()


@contextmanager
def users(path, count):
    """Start processes that load a file at the same time, and yield them and the sums of what they have read."""
    pipes = [FORKING.Pipe() for _ in range(count)]
    children = [FORKING.Process(target=use, args=(path, inner)) for _, inner in pipes]
    for child in children:
        child.start()
    for outer, _ in pipes:
        outer.send("load")
    yield children, [outer.recv() if outer.poll(120) else None for outer, _ in pipes]
    for (outer, _), child in zip(pipes, children, strict=True):
        outer.send("end")
        child.join(60)
        assert child.exitcode == 0


def test_the_copy_equals_what_was_read(file, folder):
    path, matrix = file
    first, second = load(path), load(path)
    for vectors in (first, second):
        assert vectors.index_to_key == [f"word{i}" for i in range(ROWS)]
        assert vectors.key_to_index["word77"] == 77
        np.testing.assert_array_equal(vectors.vectors, matrix)
        np.testing.assert_array_equal(vectors.norms, np.linalg.norm(matrix, axis=1))
    (copy,) = folder.iterdir()
    assert sorted(each.name for each in copy.iterdir()) == ["about.json", "norms.npy", "vectors.npy", "words.txt"]
    np.testing.assert_array_equal(np.load(copy / "vectors.npy", allow_pickle=False), matrix)
    assert load(path, limit=7).vectors.shape == (7, DIMS)
    report = inspect(path)
    assert (report.format, report.words, report.dims, report.problems) == ("GloVe", ROWS, DIMS, [])


def test_a_change_in_memory_stays_there(file):
    vectors = load(file[0])
    vectors.vectors[0] = 0
    assert not vectors.vectors[0].any()
    np.testing.assert_array_equal(load(file[0]).vectors, file[1])


def test_the_copy_belongs_to_the_content_not_to_the_name(file, folder, tmp_path):
    path = tmp_path / "again.txt"
    path.write_bytes(file[0].read_bytes())
    load(file[0])
    load(path)
    assert len(list(folder.iterdir())) == 1
    times = path.stat()
    path.write_bytes(path.read_bytes().replace(b"word0 ", b"wordX ", 1))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # same place, size, time of change
    assert load(path).index_to_key[0] == "wordX"
    assert len(list(folder.iterdir())) == 2


def test_a_file_that_was_just_written_is_not_remembered_by_its_times(tmp_path):
    path = tmp_path / "new.txt"
    for letter in "abcdef":  # all within the resolution of the file system's clock
        path.write_text(f"{letter} 1 2\n")
        first = cache.content_key(path)
        path.write_text(f"{letter.upper()} 1 2\n")
        assert cache.content_key(path) != first


def test_flaws_are_told_again_by_the_copy(file, tmp_path):
    path = tmp_path / "flawed.txt"
    path.write_bytes(file[0].read_bytes() + file[0].read_bytes()[:40_000].rpartition(b"\n")[0] + b"\n")
    messages = []
    for _ in range(2):
        with pytest.warns(VectorFileWarning, match="again") as caught:
            assert len(load(path)) == ROWS
        messages.append(str(caught[0].message))
    assert messages[0] == messages[1]
    assert inspect(path).problems[0].count > 10


@pytest.mark.parametrize("name", ["about.json", "norms.npy", "vectors.npy", "words.txt"])
@pytest.mark.parametrize("damage", ["cut", "empty", "zeros", "gone"])
def test_a_damaged_copy_is_made_again(file, folder, name, damage):
    load(file[0])
    (copy,) = folder.iterdir()
    content = (copy / name).read_bytes()
    if damage == "gone":
        (copy / name).unlink()
    else:
        changed = {
            "cut": content[: len(content) // 2],
            "empty": b"",
            "zeros": content[:200] + bytes(max(0, len(content) - 200)),
        }
        (copy / name).write_bytes(changed[damage])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(load(file[0]).vectors, file[1])
        np.testing.assert_array_equal(load(file[0]).vectors, file[1])


@unix
def test_two_processes_build_at_once(file, folder):
    with users(file[0], 2) as (_, sums):
        assert sums == [float(file[1].sum(dtype="float64"))] * 2
    assert len(list(folder.iterdir())) == 1


@unix
def test_kill_at_any_moment_leaves_no_corrupt_copy(file, folder):
    """Ten kills here; ``KILLS=50`` for the long form. A process is forked with everything imported, so it is cheap."""
    load(file[0])
    cache.remove(next(folder.iterdir()).name)
    random.seed(0)
    started = time.perf_counter()
    load(file[0])
    duration = time.perf_counter() - started
    for _ in range(int(os.environ.get("KILLS", "10"))):
        for copy in folder.iterdir():
            cache.remove(copy.name)
        child = os.fork()
        if not child:
            load(file[0])
            os._exit(0)
        time.sleep(random.uniform(0, duration * 1.2))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = [cache.find(copy.name) for copy in folder.iterdir() if not copy.name.startswith(cache.BUILDING)]
        assert None not in found
        np.testing.assert_array_equal(load(file[0]).vectors, file[1])
        assert len(list(folder.iterdir())) == 1  # what the killed process left is swept away


def test_what_a_living_builder_writes_is_left_alone(folder):
    builder = cache.Builder("key", 3)
    cache.sweep()
    assert builder.folder.is_dir()
    cache.sweep(alive=lambda process: False)
    assert not builder.folder.exists()
    builder.discard()


@unix
def test_the_pages_of_the_vectors_are_there_once(file):
    load(file[0])
    with users(file[0], 8) as (children, _):
        shared = sum(
            mapping.pss
            for child in children
            for mapping in psutil.Process(child.pid).memory_maps(grouped=False)
            if mapping.path.endswith("vectors.npy") and mapping.path.startswith(os.environ["LESSONS_CACHE"])
        )
    assert 0.9 * file[1].nbytes < shared < 1.25 * file[1].nbytes
