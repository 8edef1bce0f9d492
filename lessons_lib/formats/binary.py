"""Read word2vec's binary format: a header line, then word, blank, float32 numbers, with or without a line end."""

from collections.abc import Iterator

import numpy as np

from lessons_lib.formats.detect import HEADER
from lessons_lib.formats.errors import Flaws, Problem, VectorFileError, refuse
from lessons_lib.formats.gathering import Gatherer
from lessons_lib.formats.source import AGAIN, Stream

BLOCK = 1 << 22
LONGEST_WORD = 10_000  # bytes
MOST_DIMS = 1_000_000


def read_header(stream: Stream) -> tuple[int, int]:
    """Return the numbers of words and of dimensions from the first line."""
    line = stream.peek(64).partition(b"\n")[0]
    found = HEADER.fullmatch(line)
    words, dims = int(found[1]), int(found[2])
    stream.read(len(line) + 1)
    if not 0 < dims <= MOST_DIMS:
        refuse(f"a header that promises {dims:,} dimensions", f"1 to {MOST_DIMS:,}", AGAIN, byte=0)
    return words, dims


def read_binary(stream: Stream, header: tuple[int, int], gatherer: Gatherer, flaws: Flaws) -> None:
    """Read the words and vectors after the header.

    Parameters
    ----------
    stream : Stream
        Stands behind the header.
    header : tuple of int
        Numbers of words and of dimensions.
    gatherer : Gatherer
        Takes words and rows.
    flaws : Flaws
        Takes what is noted.

    Raises
    ------
    VectorFileError
        The file is shorter than its header promises (nothing is read then, unless there is a limit),
        or the words are not where they should be.
    """
    promised, dims = header
    left = stream.left()
    if left is not None and promised * (4 * dims + 1) > left and gatherer.limit is None:
        count = sum(len(words) for words, *_ in records(stream, dims, promised))
        refuse_short(stream.done, count, promised, dims)  # records() has refused it already if it was cut
    for words, rows, starts in records(stream, dims, promised):
        gatherer.add(words, rows, lambda number, starts=starts: {"byte": starts[number]})
        if gatherer.full:
            return
    if gatherer.seen < promised:
        refuse_short(stream.done, gatherer.seen, promised, dims)
    rest = stream.peek(BLOCK)
    if rest.strip(b"\n"):
        _read_more(stream, header, gatherer, flaws)


def _read_more(stream: Stream, header: tuple[int, int], gatherer: Gatherer, flaws: Flaws) -> None:
    """Read what stands behind the last promised word, if it is whole words."""
    start = stream.done
    try:
        for words, rows, starts in records(stream, header[1], None):
            gatherer.add(words, rows, lambda number, starts=starts: {"byte": starts[number]})
    except VectorFileError:
        refuse(
            f"bytes behind the last of {header[0]:,} words with {header[1]:,} dimensions that are no more words",
            "the end of the file",
            f"The first line does not fit what follows. {AGAIN}",
            byte=start,
        )
    found = f"a header that promises {header[0]:,} words before {gatherer.seen:,}"
    problem = Problem(found, f"{gatherer.seen:,}", "All of them are read. Correct the first line.", byte=0)
    flaws.note("header", problem)


def refuse_short(byte: int, count: int, promised: int, dims: int) -> None:
    """Refuse a file that is shorter than its header says."""
    whole = f" The {count:,} whole ones can be read: load(..., limit={count})." if count else ""
    refuse(
        f"the end of the file after {count:,} whole words",
        f"{promised:,} words with {dims:,} dimensions, as the first line says",
        f"The download is not complete, or the first line is wrong: get the file again.{whole}",
        byte=byte,
    )


def records(stream: Stream, dims: int, promised: int | None) -> Iterator[tuple[list[str], np.ndarray, list[int]]]:
    """Yield words, rows and the bytes where they start, block by block, until ``promised`` words or the end."""
    width, buffer, at, count = 4 * dims, b"", 0, 0
    line_ends: bool | None = None
    while promised is None or count < promised:
        base = stream.done - (len(buffer) - at)
        data = stream.read(max(BLOCK, width))
        buffer, at, ended = buffer[at:] + data, 0, not data
        words, rows, starts = [], [], []
        while promised is None or count < promised:
            blank = buffer.find(b" ", at, at + LONGEST_WORD)
            end = blank + 1 + width
            if blank < 0 or end > len(buffer):
                break
            if count:
                line_ends = _same_ends(line_ends, buffer[at : at + 1] == b"\n", base + at)
            words.append(buffer[at:blank].lstrip(b"\n").decode("utf-8", "surrogateescape"))
            rows.append(buffer[blank + 1 : end])
            starts.append(base + at)
            at, count = end, count + 1
        if words:
            yield words, np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), dims), starts
        if blank_is_missing(buffer, at) and (promised is None or count < promised):
            refuse(f"no blank behind a word in {LONGEST_WORD:,} bytes", "word, blank, numbers",
                   f"The words are not where they should be. {AGAIN}", byte=base + at)  # fmt: skip
        if ended:
            if promised is None and not buffer[at:].strip(b"\n"):
                return
            if promised is None or count < promised:
                refuse_short(base + len(buffer), count, promised or count, dims)
    stream.unread(buffer[at:])


def blank_is_missing(buffer: bytes, at: int) -> bool:
    """Tell whether the next word is longer than words are."""
    return len(buffer) - at >= LONGEST_WORD and buffer.find(b" ", at, at + LONGEST_WORD) < 0


def _same_ends(before: bool | None, now: bool, byte: int) -> bool:
    if before is not None and before != now:
        expected = "a line end there, as behind the vectors before" if before else "none, as behind the vectors before"
        refuse(f"{'a' if now else 'no'} line end behind a vector", expected,
               f"The words are not where they should be. {AGAIN}", byte=byte)  # fmt: skip
    return now
