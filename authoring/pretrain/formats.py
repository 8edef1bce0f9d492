"""Write vectors in the formats of the field, each to the side first and then into place."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from gensim.models import KeyedVectors

from authoring.pretrain.files import write_atomically


@contextmanager
def open_to_write(path: Path) -> Iterator[IO[bytes]]:
    """Open ``path`` for bytes, packed if its name ends with .gz; the same content always gives the same file."""
    with write_atomically(path) as temporary, open(temporary, "wb") as file:
        if path.suffix == ".gz":
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
                yield packed
        else:
            yield file


def save_word2vec_binary(vectors: KeyedVectors, path: Path) -> None:
    """Write word2vec's binary format: a line with both sizes, then word, space and float32 numbers, word after word."""
    with open_to_write(path) as file:
        file.write(f"{len(vectors)} {vectors.vector_size}\n".encode())
        for word, vector in zip(vectors.index_to_key, vectors.vectors, strict=True):
            file.write(word.encode() + b" " + vector.astype("<f4").tobytes() + b"\n")


def save_text(vectors: KeyedVectors, path: Path, header: bool, digits: int = 4) -> None:
    """Write a word and its numbers a line: GloVe's format without ``header``, fastText's .vec with it; never -0."""
    with open_to_write(path) as file:
        if header:
            file.write(f"{len(vectors)} {vectors.vector_size}\n".encode())
        for word, vector in zip(vectors.index_to_key, np.round(vectors.vectors, digits) + 0.0, strict=True):
            numbers = " ".join(np.format_float_positional(number, digits, trim="-") for number in vector)
            file.write(f"{word} {numbers}\n".encode())
