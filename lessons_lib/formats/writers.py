"""Write vectors in the formats of the field, each to the side first and then into place.

Text holds nine significant digits, as many as it takes for every float32 to come back bit for bit.
"""

import gzip
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

FORBIDDEN = re.compile(r"[\0\t\n\v\f\r ]")
ROWS = 1000


@contextmanager
def _open_to_write(path: str | Path) -> Iterator[IO[bytes]]:
    """Open a file for bytes beside its place, packed if its name ends with .gz; move it into place when whole."""
    path = Path(path)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            if path.suffix == ".gz":
                with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
                    yield packed
            else:
                yield file
        Path(temporary).chmod(0o666 & ~_umask())
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _checked(vectors: "KeyedVectors") -> tuple[list[bytes], np.ndarray]:
    """Return the words as UTF-8 and the matrix as float32, or say which word or vector cannot be written."""
    matrix = np.ascontiguousarray(vectors.vectors[: len(vectors.index_to_key)], dtype="<f4")
    if not len(matrix):
        raise ValueError(
            "found no words; expected at least one: the readers take a file without words for a damaged one"
        )
    words = []
    for word in vectors.index_to_key:
        try:
            words.append(word.encode("utf-8"))
        except (UnicodeEncodeError, AttributeError):
            raise ValueError(f"found the word {word!r}; expected text that UTF-8 can hold: rename it") from None
        if not word or FORBIDDEN.search(word):
            raise ValueError(
                f"found the word {word!r}; expected one without blanks, line ends and zero bytes, which these formats "
                f"use between words: rename it, for example with word.replace(' ', '_')"
            )
    for start in range(0, len(matrix), ROWS):
        good = np.isfinite(matrix[start : start + ROWS]).all(axis=1)
        if not good.all():
            word = vectors.index_to_key[start + int(np.argmin(good))]
            raise ValueError(f"found NaN or infinity in the vector of {word!r}; expected numbers: repair or drop it")
    return words, matrix


def _lines(words: list[bytes], matrix: np.ndarray) -> Iterator[bytes]:
    numbers = " ".join(["%.9g"] * matrix.shape[1])
    for start in range(0, len(matrix), ROWS):
        for word, row in zip(words[start : start + ROWS], matrix[start : start + ROWS].tolist(), strict=True):
            yield word + b" " + (numbers % tuple(row)).encode() + b"\n"


def save_word2vec(vectors: "KeyedVectors", path: str | Path, binary: bool = False) -> None:
    """Write word2vec's format: a line with the numbers of words and dimensions, then the words and their vectors.

    Parameters
    ----------
    vectors : KeyedVectors
        Words and vectors; of fastText's the vectors of the known words are written, without subwords.
    path : str or Path
        The file; packed if its name ends with ``.gz``.
    binary : bool
        Write 4-byte floats: smaller and faster. Otherwise text, which people can read.

    Raises
    ------
    ValueError
        A word has a blank or a line end in it, or a vector NaN or infinity.

    Examples
    --------
    >>> import tempfile
    >>> from gensim.models import KeyedVectors
    >>> vectors = KeyedVectors(2)
    >>> vectors.add_vectors(["cat", "dog"], [[0.1, 2.0], [-0.5, 1.5]])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_word2vec(vectors, Path(folder, "pets.txt"))
    ...     print(Path(folder, "pets.txt").read_text())
    2 2
    cat 0.100000001 2
    dog -0.5 1.5
    """
    words, matrix = _checked(vectors)
    with _open_to_write(path) as file:
        file.write(f"{matrix.shape[0]} {matrix.shape[1]}\n".encode())
        if binary:
            for word, row in zip(words, matrix, strict=True):
                file.write(word + b" " + row.tobytes() + b"\n")
        else:
            file.writelines(_lines(words, matrix))


def save_vec(vectors: "KeyedVectors", path: str | Path) -> None:
    """Write fastText's ``.vec``: the same text as word2vec's, a header and then a word and its numbers a line.

    Parameters and errors are those of ``save_word2vec``.
    """
    save_word2vec(vectors, path)


def save_glove(vectors: "KeyedVectors", path: str | Path) -> None:
    """Write GloVe's format: a word and its numbers a line, without a header.

    Parameters and errors are those of ``save_word2vec``.
    """
    words, matrix = _checked(vectors)
    with _open_to_write(path) as file:
        for number, line in enumerate(_lines(words, matrix)):
            if number == 0:
                if line.startswith(b"\xef\xbb\xbf"):
                    line = b"\xef\xbb\xbf" + line  # readers take the first one for the mark of an encoding
                if re.fullmatch(rb"\d+ \d+\n", line):
                    line = line[:-1] + b".0\n"  # readers would take this line for a header
            file.write(line)
