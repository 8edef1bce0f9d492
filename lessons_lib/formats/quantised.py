"""Product quantisation as in fastText's ``.ftz``: a row is cut into pieces, each the number of one of 256 centroids.

After ``QuantMatrix`` and ``ProductQuantizer`` of fastText 0.9.2; Jégou, Douze and Schmid (2011),
"Product quantization for nearest neighbor search", https://doi.org/10.1109/TPAMI.2010.57.
"""

import struct

import numpy as np

from lessons_lib.formats.errors import refuse
from lessons_lib.formats.source import AGAIN, Stream

CENTROIDS = 256


class QuantisedMatrix:
    """A matrix whose rows are decoded when they are asked for.

    Parameters
    ----------
    codes : numpy.ndarray
        uint8 of shape (n_rows, n_pieces): the number of a centroid for each piece of a row.
    tables : list of numpy.ndarray
        For each piece its 256 centroids, float32 of shape (256, n_dims_of_the_piece).
    norms : numpy.ndarray, optional
        Length of each row, float32, if the pieces are those of rows of length 1.
    """

    def __init__(self, codes: np.ndarray, tables: list[np.ndarray], norms: np.ndarray | None = None):
        self._codes, self._tables, self._norms = codes, tables, norms
        self.shape = (len(codes), sum(table.shape[1] for table in tables))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: "int | slice | np.ndarray") -> np.ndarray:
        """Return decoded rows, float32: of shape (n_dims,) for one number, (n_rows, n_dims) otherwise."""
        codes = self._codes[rows]
        decoded = np.concatenate([table[codes[..., piece]] for piece, table in enumerate(self._tables)], axis=-1)
        if self._norms is None:
            return decoded
        return decoded * self._norms[rows][..., np.newaxis]

    def tail(self, start: int) -> "QuantisedMatrix":
        """Return the rows from ``start`` on, still quantised."""
        norms = None if self._norms is None else self._norms[start:]
        return QuantisedMatrix(self._codes[start:], self._tables, norms)


def read_quantised(stream: Stream, shape: tuple[int, int]) -> QuantisedMatrix:
    """Read a quantised matrix of the given shape.

    Raises
    ------
    VectorFileError
        It has another shape, or its parts do not fit each other or the file.
    """
    start = stream.done
    head = stream.array(21, "u1", "the head of the quantised matrix").tobytes()
    with_norms, rows, dims, size = struct.unpack("<?qqi", head)
    if (rows, dims) != shape:
        refuse(f"a quantised matrix of {rows:,} rows and {dims:,} columns", f"{shape[0]:,} and {shape[1]:,}", AGAIN,
               byte=start)  # fmt: skip
    codes = stream.array(size, "u1", "the codes of the vectors")
    tables = _read_tables(stream, dims)
    if rows * len(tables) != size:
        refuse(f"{size:,} codes", f"{rows:,} rows of {len(tables):,} codes", AGAIN, byte=start)
    norms = None
    if with_norms:
        norm_codes = stream.array(rows, "u1", "the codes of the lengths")
        norms = _read_tables(stream, 1)[0][norm_codes, 0]
    return QuantisedMatrix(codes.reshape(rows, len(tables)), tables, norms)


def _read_tables(stream: Stream, dims: int) -> list[np.ndarray]:
    """Return the centroids of each piece."""
    start = stream.done
    found, pieces, width, last = stream.array(4, "<i4", "the sizes of the pieces").tolist()
    if found != dims or pieces < 1 or width < 1 or not 1 <= last <= width or (pieces - 1) * width + last != dims:
        refuse(f"{pieces:,} pieces of {width:,} and at last {last:,} of {found:,} dimensions",
               f"pieces of {dims:,} dimensions", AGAIN, byte=start)  # fmt: skip
    centroids = stream.array(dims * CENTROIDS, "<f4", "the centroids")
    widths = [width] * (pieces - 1) + [last]
    return [part.reshape(CENTROIDS, -1) for part in np.split(centroids, np.cumsum(np.array(widths) * CENTROIDS)[:-1])]
