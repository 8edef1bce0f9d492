"""The memory-mapped copy of a file of vectors: read once, then there at once, and shared by all kernels.

A copy is a folder ``vectors/KEY`` in the cache with ``vectors.npy`` and ``norms.npy`` (float32), ``words.txt`` (UTF-8,
a word a line) and ``about.json``. KEY is the SHA-256 of the file. A copy is built in a folder of its own beside its
place and then renamed: whoever finds it, finds it whole. ``known/`` remembers which file had which sum.
"""

import hashlib
import io
import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

VERSION = 1  # of what the readers make of a file: raise it when they change
HEADER = 128  # bytes of an .npy header with a shape of any length that occurs
BUILDING = ".building-"
COARSE = 1_000_000_000  # ns; file systems without fractions of a second
SAMPLES = 64  # rows whose norm is compared when a copy is opened


def cache_folder() -> Path:
    """Return the folder of everything that can be made again: ``LESSONS_CACHE``, or the user's cache folder."""
    if chosen := os.environ.get("LESSONS_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("embeddings-course", appauthor=False)


def copies_folder() -> Path:
    """Return the folder of the copies; it need not exist yet."""
    return cache_folder() / "vectors"


class Copy(NamedTuple):
    """An opened copy."""

    words: list[str]
    vectors: np.ndarray
    norms: np.ndarray
    about: dict[str, Any]


def content_key(path: Path) -> str:
    """Return the SHA-256 of a file, remembered by its place, size, times and inode, so that it is computed once.

    A file that was changed a moment ago is not remembered: its times could stay the same at the next change.
    """
    path = path.resolve()
    note = cache_folder() / "known" / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.json"
    state = _state(path)
    try:
        remembered = json.loads(note.read_text(encoding="utf-8"))
        if remembered["state"] == state:
            return str(remembered["sum"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    started = time.time_ns()
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    newest = max(state[1], state[2])
    margin = 3 * COARSE if state[1] % COARSE == 0 else COARSE // 10
    if _state(path) == state and started - newest > margin:
        _write(note, {"state": state, "sum": found})
    return found


def _state(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev]


def _write(path: Path, content: dict) -> None:
    """Write a small file to the side and move it into place; a cache that cannot be written is no error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".note.", suffix=".part", dir=path.parent)
        try:
            with open(handle, "w", encoding="utf-8") as file:
                json.dump(content, file)
            os.replace(temporary, path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError:
        return


def find(key: str, words: list[str] | None = None) -> Copy | None:
    """Return the copy under ``key``, None if there is none; one that is damaged is removed.

    ``words`` spares reading them, for whoever has just built the copy.
    """
    folder = copies_folder() / key
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        if words is None:
            words = (folder / "words.txt").read_bytes().decode("utf-8").split("\n")[:-1]
        # Copy on write: pages are shared until someone changes a number, and that change stays with them.
        # A read-only map would crash the kernel when torch trains on the matrix in place.
        vectors = np.load(folder / "vectors.npy", mmap_mode="c", allow_pickle=False).view(np.ndarray)
        norms = np.load(folder / "norms.npy", allow_pickle=False)
        if _is_whole(words, vectors, norms, about):
            return Copy(words, vectors, norms, about)
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        pass
    if folder.exists():
        remove(key)
    return None


def facts_of(key: str) -> dict[str, Any] | None:
    """Return what is known about the copy under ``key`` without opening it, None if there is none."""
    try:
        about = json.loads((copies_folder() / key / "about.json").read_text(encoding="utf-8"))
        return about if about.keys() >= {"words", "dims", "encoding", "problems"} else None
    except (OSError, ValueError, AttributeError):
        return None


def _is_whole(words: list[str], vectors: np.ndarray, norms: np.ndarray, about: dict[str, Any]) -> bool:
    """Tell whether the parts fit together; a hole that a crash of the machine left shows in the norms."""
    shape = (about["words"], about["dims"])
    if len(words) != shape[0] or vectors.shape != shape or norms.shape != shape[:1] or vectors.dtype != np.float32:
        return False
    rows = np.linspace(0, shape[0] - 1, min(SAMPLES, shape[0])).astype(int)
    return bool(np.allclose(np.linalg.norm(vectors[rows], axis=1), norms[rows], rtol=1e-4))


def remove(key: str) -> None:
    """Remove a copy; those who have it open keep it."""
    shutil.rmtree(copies_folder() / key, ignore_errors=True)


class Builder:
    """Writes a copy while a reader reads; a store for ``gathering.Gatherer``.

    Parameters
    ----------
    key : str
        Name of the copy.
    dims : int
        Number of dimensions.

    Raises
    ------
    OSError
        The cache cannot be written.
    """

    def __init__(self, key: str, dims: int):
        self.key, self.dims, self._count = key, dims, 0
        copies_folder().mkdir(parents=True, exist_ok=True)
        sweep()
        mark = f"{BUILDING}{platform.node()}-{os.getpid()}-"
        self.folder = Path(tempfile.mkdtemp(prefix=mark, dir=copies_folder()))
        self._norms: list[np.ndarray] = []
        self._vectors = open(self.folder / "vectors.npy", "wb")  # noqa: SIM115 - closed in publish() or discard()
        self._words = open(self.folder / "words.txt", "wb")  # noqa: SIM115
        self._vectors.write(b"\0" * HEADER)

    def add(self, words: list[str], rows: np.ndarray) -> None:
        """Take words and their rows."""
        rows = np.ascontiguousarray(rows, dtype="<f4")
        self._vectors.write(rows.data)
        self._words.write("\n".join([*words, ""]).encode("utf-8"))
        self._norms.append(np.linalg.norm(rows, axis=1))
        self._count += len(words)

    def publish(self, about: dict[str, Any]) -> None:
        """Finish the files and move the folder into its place; a copy that is there already stays."""
        self._vectors.seek(0)
        self._vectors.write(_npy_header((self._count, self.dims)))
        self._close()
        np.save(self.folder / "norms.npy", np.concatenate([np.empty(0, np.float32), *self._norms]))
        content = about | {"words": self._count, "dims": self.dims}
        (self.folder / "about.json").write_text(json.dumps(content), encoding="utf-8")
        try:
            self.folder.rename(copies_folder() / self.key)
        except OSError:
            if not (copies_folder() / self.key / "about.json").is_file():
                raise
            self.discard()  # another kernel was faster

    def discard(self) -> None:
        """Remove what was written."""
        self._close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _close(self) -> None:
        self._vectors.close()
        self._words.close()


def _npy_header(shape: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "<f4", "fortran_order": False, "shape": shape})
    header = buffer.getvalue()
    if len(header) != HEADER:
        raise OSError(f"numpy writes .npy headers of {len(header)} bytes, not {HEADER}")
    return header


def sweep(alive: Callable[[int], bool] | None = None) -> None:
    """Remove what builders left behind that were killed: those of this machine that run no more, and old ones."""
    if alive is None:
        from psutil import pid_exists as alive
    for folder in copies_folder().glob(f"{BUILDING}*"):
        node, process, _ = folder.name.removeprefix(BUILDING).rsplit("-", 2)
        try:
            old = time.time() - folder.stat().st_mtime > 86_400
        except OSError:
            continue
        if old or (node == platform.node() and not alive(int(process))):
            shutil.rmtree(folder, ignore_errors=True)
