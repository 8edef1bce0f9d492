"""Read matrices from .npz, .npy and safetensors; the words stand in the same file or beside it. No pickle is opened."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lessons_lib.formats.errors import Flaws, refuse
from lessons_lib.formats.gathering import Gatherer, Memory
from lessons_lib.formats.source import AGAIN, Source, Stream

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

BESIDE = ("{stem}.txt", "words.txt", "vocab.txt", "{stem}.vocab.txt", "tokenizer.json")
LARGEST_HEADER = 10_000_000  # bytes
FLOATS = {"F16": "<f2", "F32": "<f4", "F64": "<f8", "BF16": None}


class _Reader:
    """The file object that numpy's reader wants, over a stream."""

    def __init__(self, stream: Stream):
        self._stream = stream

    def read(self, count: int = -1) -> bytes:
        return self._stream.read(1 << 40 if count < 0 else count)


def read_array_header(stream: Stream, name: str) -> tuple[tuple[int, ...], np.dtype]:
    """Read the head of an .npy file and return shape and type, after comparing them with the size of the file."""
    reader = _Reader(stream)
    try:
        version = np.lib.format.read_magic(reader)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, column_order, dtype = read(reader)
    except (ValueError, EOFError, KeyError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        refuse(f"a head of {name} that is damaged ({reason[:100]})", "numpy's .npy format", AGAIN, byte=0)
    if dtype.hasobject:
        refuse(f"Python objects in {name}: a pickle, which runs a program when it is opened", "numbers or text",
               "Save the words as text: np.savez(file, words=np.array(words, dtype=str), ...).", byte=0)  # fmt: skip
    size, left = int(np.prod(shape, dtype=object)) * dtype.itemsize, stream.left()
    if column_order and len(shape) > 1:
        refuse(f"columns before rows in {name}", "rows before columns", "Save np.ascontiguousarray(matrix).", byte=0)
    if min(shape, default=0) < 0 or dtype.itemsize == 0 or (left is not None and size != left):
        refuse(f"{left:,} bytes of numbers in {name}", f"{size:,}, as its head says", AGAIN, byte=stream.done)
    return shape, dtype


def _read_array(stream: Stream, name: str) -> np.ndarray:
    shape, dtype = read_array_header(stream, name)
    count = int(np.prod(shape, dtype=object))
    return stream.array(count, dtype.str, f"the numbers of {name}").reshape(shape)


@contextmanager
def npz_streams(source: Source) -> Iterator[dict[str, Any]]:
    """Open an .npz file: name of an array -> a function that opens its stream."""
    with zipfile.ZipFile(source.path) as archive, open(source.path, "rb") as packed:

        def opened(info: zipfile.ZipInfo) -> Stream:
            packed.seek(0, 2)
            try:
                return Stream(archive.open(info), packed, info.file_size)
            except (RuntimeError, OSError, EOFError, zipfile.BadZipFile, ValueError) as error:
                refuse(f"{info.filename}, which cannot be unpacked ({error})", "a whole archive", AGAIN)

        yield {info.filename.removesuffix(".npy"): lambda info=info: opened(info) for info in source.members}


def npz_parts(source: Source) -> tuple[str, str, tuple[int, int]]:
    """Return the names of the words' array and of the matrix, and the shape of the matrix."""
    with npz_streams(source) as streams:
        heads = {name: read_array_header(open_(), name) for name, open_ in streams.items()}
    matrices = [name for name, (shape, dtype) in heads.items() if len(shape) == 2 and dtype.kind == "f"]
    words = [name for name, (shape, dtype) in heads.items() if len(shape) == 1 and dtype.kind in "US"]
    listed = ", ".join(f"{name} {dtype} {shape}" for name, (shape, dtype) in heads.items())
    if len(matrices) != 1 or len(words) != 1 or heads[words[0]][0][0] != heads[matrices[0]][0][0]:
        refuse(f"the arrays {listed}", "one matrix of floats and one array of as many words",
               "Save them so: np.savez(file, words=np.array(words, dtype=str), vectors=matrix).")  # fmt: skip
    return words[0], matrices[0], heads[matrices[0]][0]


def read_npz(source: Source, limit: int | None, flaws: Flaws) -> "KeyedVectors":
    """Read an .npz file with one matrix of floats, (n_words, n_dims), and one array of words."""
    words_name, matrix_name, _ = npz_parts(source)
    with npz_streams(source) as streams:
        words = _read_array(streams[words_name](), words_name)
        matrix = _read_array(streams[matrix_name](), matrix_name)
    if words.dtype.kind == "S":
        texts = [word.decode("utf-8", "surrogateescape") for word in words.tolist()]
    else:
        texts = words.tolist()
    return _gathered(texts, matrix, limit, flaws)


def read_npy(source: Source, stream: Stream, limit: int | None, flaws: Flaws) -> "KeyedVectors":
    """Read an .npy file with a matrix of floats whose words stand in a text file beside it."""
    shape, dtype = read_array_header(stream, source.inner_name)
    if len(shape) != 2 or dtype.kind != "f":
        refuse(
            f"an array of {dtype} with shape {shape}", "a matrix of floats, a row a word", "Save the matrix.", byte=0
        )
    words = words_beside(source.path, shape[0])
    count = shape[0] * shape[1]
    return _gathered(words, stream.array(count, dtype.str, "the numbers").reshape(shape), limit, flaws)


def words_beside(path: Path, count: int) -> list[str]:
    """Return the words of a matrix from a file beside it: a word a line, or a tokenizer.json."""
    files = [path.with_name(pattern.format(stem=path.stem)) for pattern in BESIDE]
    tried = {file: _tokens(file) if file.suffix == ".json" else _lines(file) for file in files if file.is_file()}
    for words in tried.values():
        if len(words) == count:
            return words
    there = ", ".join(f"{file.name} with {len(words):,} words" for file, words in tried.items())
    return refuse(
        f"a matrix of {count:,} rows without words{f' (there is {there})' if there else ''}",
        "its words in the same order, a word a line, in a file beside it",
        f"Save them as {files[0]}",
    )


def _lines(file: Path) -> list[str]:
    lines = file.read_bytes().decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines and not lines[-1] else lines


def _tokens(file: Path) -> list[str]:
    """Return the vocabulary of a tokenizer.json in the order of its numbers."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        vocabulary = dict(content["model"]["vocab"]) | {
            each["content"]: each["id"] for each in content.get("added_tokens", [])
        }
        return sorted(vocabulary, key=vocabulary.__getitem__)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def tensors(source: Source) -> dict[str, tuple[str, list[int]]]:
    """Return name -> (type, shape) of a safetensors file from its head."""
    with source.open() as stream:
        length = int(stream.array(1, "<u8", "the length of the head")[0])
        if length > LARGEST_HEADER:
            refuse(f"a head of {length:,} bytes", f"at most {LARGEST_HEADER:,}", AGAIN, byte=0)
        data = stream.array(length, "u1", "the head").tobytes()
    try:
        head = json.loads(data)
        return {
            str(name): (str(entry["dtype"]), [int(size) for size in entry["shape"]])
            for name, entry in head.items()
            if name != "__metadata__"
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        refuse(f"a head that is damaged ({error})", "safetensors' JSON", AGAIN, byte=8)


def matrix_name(source: Source) -> str:
    """Return the name of the only matrix of floats in a safetensors file."""
    found = tensors(source)
    names = [name for name, (dtype, shape) in found.items() if len(shape) == 2 and dtype in FLOATS]
    if len(names) != 1:
        listed = ", ".join(f"{name} {dtype} {shape}" for name, (dtype, shape) in list(found.items())[:6])
        refuse(f"{len(names):,} matrices among {len(found):,} tensors ({listed})", "one matrix, a row a word",
               "If this is a whole model, open it with transformers.")  # fmt: skip
    return names[0]


def read_safetensors(source: Source, limit: int | None, flaws: Flaws) -> "KeyedVectors":
    """Read a safetensors file with one matrix of floats whose words stand in a file beside it."""
    from safetensors import SafetensorError, safe_open

    if source.compression:
        refuse(f"safetensors packed with {source.compression}", "a plain file", "Unpack it first.", byte=0)
    name = matrix_name(source)
    framework = "pt" if tensors(source)[name][0] == "BF16" else "numpy"
    words = words_beside(source.path, tensors(source)[name][1][0])
    try:
        with safe_open(source.path, framework=framework) as file:
            matrix = file.get_tensor(name)
    except (SafetensorError, ValueError, OSError) as error:
        refuse(f"a file that is damaged ({error})", "safetensors", AGAIN, byte=0)
    return _gathered(words, matrix.float().numpy() if framework == "pt" else matrix, limit, flaws)


def _gathered(words: list[str], matrix: np.ndarray, limit: int | None, flaws: Flaws) -> "KeyedVectors":
    from lessons_lib.formats.opening import keyed_vectors

    store = Memory(matrix.shape[1])
    gatherer = Gatherer(store, flaws, limit)
    with np.errstate(over="ignore"):
        gatherer.add(words, matrix.astype(np.float32, copy=False), lambda number: {"line": number + 1})
    if not gatherer.index:
        refuse("no word with a vector", "at least one", AGAIN)
    return keyed_vectors(store.words, store.matrix())
