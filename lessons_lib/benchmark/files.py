"""The files that loading is measured on: random numbers written as GloVe writes them, so that nothing is downloaded."""

import gzip
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROWS = 10_000  # written at a time
LETTERS = np.array(list("etaoinshrdlucmfwypvbgkqjxz"))
LEVEL = 3  # of gzip: packing at the highest takes minutes and unpacks no slower


@dataclass(frozen=True)
class Files:
    """The same vectors in three formats.

    Attributes
    ----------
    text, packed, binary : Path
        GloVe's text, the same packed with gzip, and word2vec's binary format.
    words, dims : int
    """

    text: Path
    packed: Path
    binary: Path
    words: int
    dims: int

    @property
    def matrix_bytes(self) -> int:
        """Bytes of the numbers as float32."""
        return self.words * self.dims * 4


def make_files(folder: Path, words: int, dims: int, seed: int = 0) -> Files:
    """Write random vectors in three formats into ``folder``, five significant digits a number as in GloVe's files.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     files = make_files(Path(folder), 3, 2)
    ...     len(files.text.read_text().splitlines()), files.matrix_bytes
    (3, 24)
    """
    files = Files(folder / "vectors.txt", folder / "vectors.txt.gz", folder / "vectors.bin", words, dims)
    generator = np.random.default_rng(seed)
    with open(files.text, "w", encoding="ascii", newline="\n") as text, open(files.binary, "wb") as binary:
        binary.write(f"{words} {dims}\n".encode())
        for start in range(0, words, ROWS):
            n_rows = min(ROWS, words - start)
            names = _names(start, n_rows, generator)
            lines = _lines(generator.normal(0, 0.4, (n_rows, dims)))
            text.writelines(f"{name} {line}\n" for name, line in zip(names, lines, strict=True))
            values = np.array([line.split(" ") for line in lines], dtype="<f4")
            binary.writelines(name.encode() + b" " + row.tobytes() for name, row in zip(names, values, strict=True))
    with open(files.text, "rb") as text, gzip.open(files.packed, "wb", compresslevel=LEVEL) as packed:
        shutil.copyfileobj(text, packed, 1 << 20)
    return files


def _names(start: int, count: int, generator: np.random.Generator) -> list[str]:
    """Return words of three to nine letters, each with its number so that none occurs twice."""
    lengths = generator.integers(3, 10, count)
    letters = LETTERS[np.minimum(generator.geometric(0.12, lengths.sum()) - 1, len(LETTERS) - 1)]
    ends = lengths.cumsum()
    return [
        f"{''.join(letters[end - length : end])}{number:x}"
        for number, (length, end) in enumerate(zip(lengths, ends, strict=True), start)
    ]


def _lines(values: np.ndarray) -> list[str]:
    """Return the rows as text."""
    pattern = " ".join(["%.5g"] * values.shape[1])
    return [pattern % tuple(row) for row in values.tolist()]
