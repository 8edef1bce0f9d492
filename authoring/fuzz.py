"""Damage small files of vectors in every way and look what the readers do: ``python -m authoring.fuzz --files 100000``.

For every file ``load`` must return vectors or raise ``VectorFileError``, within 2 seconds of processor time and
10 times the file plus 50 MB of memory. And what it returns in silence must be right: a plain reader without any mercy
reads the same file, and either agrees or finds it damaged, and then there must have been a warning. fastText's format
is compared with gensim. ``inspect`` must agree with ``load`` on whether the file can be read.
"""

import argparse
import bz2
import gzip
import io
import lzma
import os
import random
import re
import resource
import sys
import tempfile
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from lessons_lib.formats import VectorFileError, inspect, load

SECONDS, FACTOR, FREE = 2.0, 10, 50_000_000
WORDS = "the of cat naïve 猫 NaN null 2000 . -0.5 é true café x".split()
NUMBER = rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
EXTREMES = [0, 1, 2**31 - 1, 2**31, 2**32 - 1, 2**40, 2**63 - 1, 2**64 - 1]
PIECES = [
    b" ",
    b"\n",
    b"\r\n",
    b"\0",
    b"\t",
    b"nan",
    b"1e999",
    b"5 3\n",
    b"\xff",
    b"\xef\xbb\xbf",
    b"-",
    b"99999999999999",
]
Vectors = dict[str, np.ndarray]


class FuzzError(AssertionError):
    """A reader did what it must not do."""


def text_of(words: list[str], matrix: np.ndarray, header: bool) -> bytes:
    """Return GloVe's format, with a header word2vec's."""
    lines = [" ".join([word, *(f"{number:.6g}" for number in row)]) for word, row in zip(words, matrix, strict=True)]
    return ((f"{len(words)} {matrix.shape[1]}\n" if header else "") + "\n".join(lines) + "\n").encode()


def binary_of(words: list[str], matrix: np.ndarray, line_ends: bool) -> bytes:
    """Return word2vec's binary format."""
    rows = zip(words, matrix, strict=True)
    body = b"".join(word.encode() + b" " + row.tobytes() + b"\n" * line_ends for word, row in rows)
    return f"{len(words)} {matrix.shape[1]}\n".encode() + body


def zip_of(content: bytes) -> bytes:
    """Return a zip archive with one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vectors.txt", content)
    return buffer.getvalue()


def arrays_of(words: list[str], matrix: np.ndarray) -> bytes:
    """Return numpy's .npz."""
    buffer = io.BytesIO()
    np.savez(buffer, words=np.array(words), vectors=matrix)
    return buffer.getvalue()


def whole_files(rng: random.Random) -> dict[str, bytes]:
    """Return one whole small file of every format."""
    from gensim.test.utils import datapath

    numbers = np.random.default_rng(rng.randrange(2**32))
    words = rng.sample(WORDS, rng.randint(2, len(WORDS)))
    matrix = numbers.normal(size=(len(words), rng.randint(1, 7))).astype(np.float32)
    glove, text = text_of(words, matrix, False), text_of(words, matrix, True)
    fixtures = Path(__file__).resolve().parents[1] / "tests/fixtures"
    return {
        "glove": glove,
        "text": text,
        "long text": text_of([f"w{i}" for i in range(300)], numbers.normal(size=(300, 3)), True),
        "windows": text.replace(b"\n", b"\r\n"),
        "utf-16": text.decode().encode("utf-16"),
        "latin": glove.decode().replace("猫", "neko").encode("latin-1"),
        "binary": binary_of(words, matrix, True),
        "dense binary": binary_of(words, matrix, False),
        "gzip": gzip.compress(glove),
        "bzip2": bz2.compress(text),
        "xz": lzma.compress(text),
        "zip": zip_of(glove),
        "npz": arrays_of(words, matrix),
        "fasttext": Path(datapath("toy-model.bin")).read_bytes(),
        "old fasttext": Path(datapath("lee_fasttext.bin")).read_bytes()[:150_000],
        "quantised": (fixtures / rng.choice(["whole.ftz", "pruned.ftz"])).read_bytes(),
    }


def damage(content: bytes, rng: random.Random) -> bytes:
    """Return the content with one to three damages."""
    data = bytearray(content)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        near_start = rng.random() < 0.4
        at = rng.randrange(min(len(data), 120) if near_start and data else len(data) + 1)
        length = rng.choice([1, 1, 2, 4, 8, rng.randint(1, 100)])
        kind = rng.randrange(8)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at : at + length] = rng.randbytes(length)
        elif kind == 2:
            del data[at : at + length]
        elif kind == 3:
            del data[at:]
        elif kind == 4:
            data[at:at] = data[at : at + length]
        elif kind == 5:
            data[at : at + rng.choice([4, 8])] = rng.choice(EXTREMES).to_bytes(8, "little")[: rng.choice([4, 8])]
        elif kind == 6:
            data[at:at] = rng.choice(PIECES)
        else:
            data[at : at + length] = b"0" * length
    return bytes(data)


def plain_text(content: bytes) -> Vectors | None:
    """Read a text file without any mercy: None if anything is unusual about it."""
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return None
    if lines.pop() or not lines or "\0" in content.decode():
        return None
    header = re.fullmatch(r"[ \t]*(\d+)[ \t]+(\d+)[ \t]*", lines[0], re.ASCII)
    rows = [line.rstrip(" ").split(" ") for line in (lines[1:] if header else lines)]
    words = [row[0] for row in rows]
    sizes = {len(row) - 1 for row in rows}
    if len(sizes) != 1 or len(set(words)) != len(words) or not all(words):
        return None
    if header and (int(header[1]), int(header[2])) != (len(rows), *sizes):
        return None
    if not all(re.fullmatch(NUMBER, number.strip("\t\r\v\f").encode()) for row in rows for number in row[1:]):
        return None
    with np.errstate(over="ignore"):
        found = {row[0]: np.array([float(number) for number in row[1:]]).astype(np.float32) for row in rows}
    return found if all(np.isfinite(vector).all() for vector in found.values()) else None


def plain_binary(content: bytes) -> Vectors | None:
    """Read a binary file without any mercy."""
    header = re.match(rb"[ \t]*(\d{1,9})[ \t]+(\d{1,9})[ \t]*\r?\n", content)
    if not header:
        return None
    count, dims, at = int(header[1]), int(header[2]), header.end()
    found: Vectors = {}
    for _ in range(count):
        blank = content.find(b" ", at)
        row = content[blank + 1 : blank + 1 + 4 * dims]
        if blank < 0 or len(row) < 4 * dims:
            return None
        try:
            word = content[at:blank].lstrip(b"\n").decode("utf-8")
        except UnicodeDecodeError:
            return None
        if not word or word in found or not np.isfinite(np.frombuffer(row, "<f4")).all():
            return None
        found[word] = np.frombuffer(row, "<f4")
        at = blank + 1 + 4 * dims
    return None if content[at:].strip(b"\n") else found


def packed(unpack: Callable[[bytes], bytes]) -> Callable[[bytes], Vectors | None]:
    """Return the plain reader of a packed text."""

    def read(content: bytes) -> Vectors | None:
        try:
            return plain_text(unpack(content))
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError):
            return None
        except (NotImplementedError, IndexError):
            return None

    return read


def _unzip(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = archive.namelist()
        return archive.read(name)


def of_gensim(content: bytes) -> Vectors | None:
    """Read fastText's format with gensim (only after ``load`` has read it, which checks the lengths)."""
    from gensim.models.fasttext import load_facebook_vectors

    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        file.write(content)
        file.flush()
        vectors = load_facebook_vectors(file.name)
    return {word: vectors[word] for word in vectors.index_to_key}


PLAIN: dict[str, Callable[[bytes], Vectors | None]] = {
    **dict.fromkeys(("glove", "text", "long text"), plain_text),
    **dict.fromkeys(("binary", "dense binary"), plain_binary),
    "gzip": packed(gzip.decompress),
    "bzip2": packed(bz2.decompress),
    "xz": packed(lzma.decompress),
    "zip": packed(_unzip),
    "fasttext": of_gensim,
}


def peak() -> int:
    """Return the most memory that this process has had so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def try_file(path: Path, kind: str, allowed: int, look: bool) -> str:
    """Load one file and return what came of it: ``read``, ``warned`` or ``refused``; raise ``FuzzError`` if amiss."""
    content, started, vectors = path.read_bytes(), time.process_time(), None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            vectors = load(path)
        except VectorFileError as error:
            if not (str(error) and error.found and error.expected and error.remedy and error.file):
                raise FuzzError(f"an error that says too little: {error}") from error
        except Exception as error:
            raise FuzzError(f"{type(error).__name__}: {error}") from error
    if (seconds := time.process_time() - started) > SECONDS:
        raise FuzzError(f"{seconds:.1f} s")
    if peak() > allowed + FACTOR * len(content):
        raise FuzzError(f"{(peak() - allowed + FREE) / 1e6:.0f} MB of memory for {len(content):,} bytes")
    if look and inspect(path).readable != (vectors is not None) and kind not in ("npz", "fasttext", "quantised"):
        raise FuzzError("inspect and load differ on whether the file can be read")
    if vectors is None:
        return "refused"
    if any(issubclass(each.category, UserWarning) for each in caught):
        return "warned"
    if kind in PLAIN:
        try:
            expected = PLAIN[_sniffed(kind, content)](content)
        except (AssertionError, ValueError):  # gensim drops words whose count is zero, or stumbles over a NaN setting
            return "read"
        compare(vectors, expected)
    return "read"


def _sniffed(kind: str, content: bytes) -> str:
    """Return the plain reader's name: a damaged header can make a binary file one of text, and the reverse."""
    if kind in ("text", "long text", "binary", "dense binary") and plain_text(content) is not None:
        return "text"
    return "binary" if kind == "text" and plain_binary(content) is not None else kind


def compare(vectors: "object", expected: Vectors | None) -> None:
    """Raise ``FuzzError`` if vectors that were read in silence are not those of the plain reader."""
    if expected is None:
        raise FuzzError("a damaged file was read in silence")
    if vectors.key_to_index.keys() != expected.keys():
        raise FuzzError(f"other words: {sorted(vectors.key_to_index.keys() ^ expected.keys())[:5]}")
    for word, vector in expected.items():
        if not np.array_equal(vectors.vectors[vectors.key_to_index[word]], vector, equal_nan=True):
            raise FuzzError(f"another vector of {word!r}")


def run(files: int, seed: int = 0, keep: Path | None = None) -> dict[str, int]:
    """Try ``files`` damaged files.

    Parameters
    ----------
    files : int
        Number of files.
    seed : int
        The same seed gives the same files.
    keep : Path, optional
        Folder for the files that a reader stumbled over; without it the first one ends the run.

    Returns
    -------
    dict
        Outcome -> number of files: read, warned, refused, failed.
    """
    rng = random.Random(seed)
    counts = dict.fromkeys(("read", "warned", "refused", "failed"), 0)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("LESSONS_CACHE", f"{folder}/cache")
        path = Path(folder, "file")
        for kind, content in whole_files(random.Random(seed)).items():  # libraries are imported, memory is taken
            path.write_bytes(content)
            if try_file(path, kind, sys.maxsize, True) == "refused" and kind != "old fasttext":
                raise FuzzError(f"a whole file is refused: {kind}")
        allowed = peak() + FREE
        for number in range(files):
            if number % 50 == 0:
                whole = whole_files(rng)
            kind = rng.choice(list(whole))
            path.write_bytes(damage(whole[kind], rng))
            try:
                counts[try_file(path, kind, allowed, number % 3 == 0)] += 1
            except FuzzError as error:
                counts["failed"] += 1
                allowed = max(allowed, peak() + FREE)  # the most that was ever taken never falls again
                if keep is None:
                    raise FuzzError(f"file {number} of seed {seed} ({kind}): {error}") from error
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{seed}-{number}-{kind.replace(' ', '-')}").write_bytes(path.read_bytes())
                print(f"file {number} of seed {seed} ({kind}): {error}", flush=True)
    return counts


def main() -> int:
    """Run from the command line; return 1 if a reader failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir(), "fuzz"), help="folder for failures")
    arguments = parser.parse_args()
    started = time.process_time()
    counts = run(arguments.files, arguments.seed, arguments.keep)
    print(", ".join(f"{outcome} {count:,}" for outcome, count in counts.items()), end="")
    print(f"; {time.process_time() - started:,.0f} s of processor time")
    return int(counts["failed"] > 0)


if __name__ == "__main__":
    sys.exit(main())
