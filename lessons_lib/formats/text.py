"""Read word and numbers, line by line: GloVe, and with a header word2vec's text and fastText's .vec.

Blocks of whole lines go to pandas' parser, on two threads. A block that it refuses is read again line by line,
from the right: so words with blanks in them are found, and the line that is wrong is named.
"""

import re
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from lessons_lib.formats.detect import HEADER, NUMBER, Layout
from lessons_lib.formats.errors import Flaws, Problem, refuse
from lessons_lib.formats.gathering import Gatherer
from lessons_lib.formats.source import AGAIN, Stream

BLOCK = 1 << 22  # bytes
LONGEST_LINE = 1 << 24
THREADS = 2
AHEAD = 4  # blocks that are parsed or wait for it while another one is stored
FEW = 100  # lines
TRUTH = re.compile(rb"[ \t](true|false)", re.IGNORECASE)
Block = tuple[bytes, int, int, bool]  # lines, number of the first, how many, whether the file ends without a line end


def read_text(stream: Stream, layout: Layout, gatherer: Gatherer, flaws: Flaws) -> None:
    """Read a text file.

    Parameters
    ----------
    stream : Stream
        The text, UTF-8 without a byte order mark, from its start.
    layout : Layout
        As ``detect.layout_of`` returns it.
    gatherer : Gatherer
        Takes words and rows.
    flaws : Flaws
        Takes what is noted.

    Raises
    ------
    VectorFileError
        A line has another number of numbers, or the file ends before its header says.
    """
    lines = 0
    for block, first, count, open_end, parsed in _in_order(blocks(stream, layout), layout):
        if b"\0" in block:
            _refuse_zero_byte(block, first)
        if parsed is None:
            careful(block, first, open_end, layout, gatherer, flaws)
        else:
            words, rows = parsed
            gatherer.add(words, rows, lambda number, first=first: {"line": first + number})
        lines += count
        _note_line_ends(block, first, count, open_end, layout, flaws)
        if gatherer.full:
            return
    _compare_with_header(layout, gatherer, flaws, lines)


def blocks(stream: Stream, layout: Layout) -> Iterator[Block]:
    """Yield blocks of whole lines below the header, each with a line end."""
    rest, line = b"", 1
    while data := stream.read(BLOCK):
        end = data.rfind(b"\n") + 1
        if not end:
            rest += data
            if len(rest) > LONGEST_LINE:
                refuse(f"{len(rest):,} bytes without a line end", "a word and its numbers a line", AGAIN, line=line)
            continue
        block, rest = b"".join((rest, memoryview(data)[:end])), data[end:]
        if line == 1 and layout.header:
            block, line = block.partition(b"\n")[2], 2
        if block:
            count = block.count(b"\n")
            yield block, line, count, False
            line += count
    if line == 1 and layout.header:
        rest = b""
    if rest:
        yield rest + b"\n", line, 1, True


def _in_order(all_blocks: Iterator[Block], layout: Layout) -> Iterator[tuple]:
    """Parse blocks on two threads and yield them, and what was parsed, in the order of the file."""
    waiting: deque[tuple[Block, Future]] = deque()
    first = next(all_blocks, None)
    if first is None:
        return
    yield *first, fast(first[0], first[2], layout)  # most small files end here, without a thread
    with ThreadPoolExecutor(THREADS) as pool:
        for block in all_blocks:
            waiting.append((block, pool.submit(fast, block[0], block[2], layout)))
            if len(waiting) > AHEAD:
                done, future = waiting.popleft()
                yield *done, future.result()
        while waiting:
            done, future = waiting.popleft()
            yield *done, future.result()


class _Bytes:
    """The least that pandas' parser reads from: bytes that are UTF-8 already."""

    def __init__(self, data: bytes):
        self._data, self._at = data, 0

    def read(self, count: int = -1) -> bytes:
        """Return the next ``count`` bytes."""
        start, self._at = self._at, len(self._data) if count < 0 else self._at + count
        return self._data[start : self._at]

    def __iter__(self) -> Iterator[bytes]:
        return iter(())


def fast(block: bytes, count: int, layout: Layout) -> tuple[list[str], np.ndarray] | None:
    """Return words and rows of a block of ``count`` lines, None if pandas refuses it or a line is not what it seems."""
    import pandas as pd

    if len(block) < 2 * layout.dims * count:  # a number and its separator take two bytes: the header promises too much
        return None
    if layout.crlf:
        block = block.replace(b"\r\n", b"\n")
    if layout.trailing:
        block = block.replace(layout.separator + b"\n", b"\n")
    columns = {0: object, **dict.fromkeys(range(1, layout.dims + 1), np.float32)}
    try:
        with np.errstate(over="ignore"):
            table = pd.read_csv(
                _Bytes(block), sep=layout.separator.decode(), header=None, dtype=columns, quoting=3, engine="c",
                na_filter=False, lineterminator="\n", low_memory=False, skip_blank_lines=False,
                encoding_errors="surrogateescape",
            )  # fmt: skip
    except (ValueError, OverflowError, pd.errors.ParserError):
        return None
    if table.shape != (count, layout.dims + 1):
        return None
    if len(table) < FEW and TRUTH.search(block):
        return None  # a column of nothing but True and False would become one of 1 and 0
    return table[0].tolist(), np.ascontiguousarray(table.iloc[:, 1:].to_numpy(np.float32))


def careful(block: bytes, first: int, open_end: bool, layout: Layout, gatherer: Gatherer, flaws: Flaws) -> None:
    """Read a block line by line, each from the right; note what can be borne, refuse what cannot."""
    words, rows, numbers = [], [], []
    lines = block.split(b"\n")[:-1]
    for number, line in enumerate(lines, first):
        if gatherer.limit is not None and len(words) >= gatherer.limit - len(gatherer.index) + 1000:
            break  # a few more than asked for, in case some are left out
        last = open_end and number == first + len(lines) - 1
        line = line.removesuffix(b"\r").rstrip(layout.separator)
        if not line:
            flaws.note(
                "blank", Problem("a line with nothing in it", "a word and its numbers", "It is skipped.", number)
            )
            continue
        word, row = _split(line, number, last, layout, flaws)
        words.append(word.decode("utf-8", "surrogateescape"))
        rows.append(row)
        numbers.append(number)
    with np.errstate(over="ignore"):
        matrix = np.array(rows, dtype=np.float32).reshape(len(rows), layout.dims)
    gatherer.add(words, matrix, lambda index: {"line": numbers[index]})


def _split(line: bytes, number: int, last: bool, layout: Layout, flaws: Flaws) -> tuple[bytes, list[float]]:
    """Return the word and the numbers of a line."""
    separator, dims = layout.separator, layout.dims
    fields = line.rsplit(separator, dims)
    if not all(fields[1:]):
        start, *others = line.split(separator)
        line = separator.join([start, *filter(None, others)])
        fields = line.rsplit(separator, dims)
        problem = Problem("several separators in a row", "one", "They are read as one.", number)
        flaws.note("separators", problem)
    wrong = [field for field in fields[1:] if not NUMBER.fullmatch(field)]
    if len(fields) <= dims or wrong:
        _refuse_line(line, number, last, wrong, layout)
    word = fields[0]
    if separator in word:
        if NUMBER.fullmatch(word.rpartition(separator)[2]):
            _refuse_line(line, number, last, [], layout)
        shown = word[:60].decode("utf-8", "replace")
        remedy = "The last numbers are the vector, what is in front of them is the word."
        flaws.note("spaces", Problem(f"a word with a separator in it ({shown!r})", "none", remedy, number))
    return word, [float(field) for field in fields[1:]]


def _refuse_line(line: bytes, number: int, last: bool, wrong: list[bytes], layout: Layout) -> None:
    fields = line.split(layout.separator)
    count = 0
    while count < len(fields) - 1 and NUMBER.fullmatch(fields[-1 - count]):
        count += 1
    before = number - (2 if layout.header else 1)
    whole = f" The {before:,} lines before it can be read: load(..., limit={before})." if before > 0 else ""
    found = f"{count:,} numbers" if count or not wrong else "no number at the end of the line"
    expected, remedy = f"{layout.dims:,}", f"Correct or delete this line.{whole}"
    if last:
        found = f"the end of the file after {count:,} numbers of the line"
        remedy = f"The download is not complete: get the file again.{whole}"
    elif HEADER.fullmatch(line):
        found, remedy = f"a header ({line.decode('utf-8', 'replace')!r})", f"Two files were joined: split them.{whole}"
        expected = "a word and its numbers"
    elif wrong and count != layout.dims:
        shown = wrong[-1][:40].decode("utf-8", "replace")
        found = f"{shown!r} in place of a number ({count:,} numbers follow it)"
        if "," in shown:
            remedy = f"Write decimal points, not commas.{whole}"
    refuse(found, expected, remedy, line=number)


def _refuse_zero_byte(block: bytes, first: int) -> None:
    line = first + block.count(b"\n", 0, block.index(b"\0"))
    refuse("a zero byte", "text", f"There is a hole in the file, or it is no text. {AGAIN}", line=line)


def _note_line_ends(block: bytes, first: int, count: int, open_end: bool, layout: Layout, flaws: Flaws) -> None:
    ends = block.count(b"\r\n") if b"\r" in block else 0
    if ends:
        header = int(layout.header is not None and layout.crlf and first == 2)
        problem = Problem(
            "a line end of Windows (CRLF)", "LF", "It is read as LF.", first - header, count=ends + header
        )
        flaws.note("crlf", problem)
    if open_end:
        line = first + count - 1
        remedy = "If the file was cut here, the last number may be wrong: compare the size with the publisher's."
        flaws.note("open", Problem("no line end after the last line", "one", remedy, line))


def _compare_with_header(layout: Layout, gatherer: Gatherer, flaws: Flaws, lines: int) -> None:
    if layout.header is None or layout.header[0] == gatherer.seen:
        return
    promised, seen = layout.header[0], gatherer.seen
    if seen < promised:
        last = lines + 2
        refuse(
            f"the end of the file after {seen:,} words",
            f"{promised:,} words, as its first line says",
            f"The download is not complete: get the file again. What is there can be read: load(..., limit={seen}).",
            line=last,
        )
    remedy = "All of them are read. Correct the first line."
    flaws.note("header", Problem(f"a header that promises {promised:,} words above {seen:,}", f"{seen:,}", remedy, 1))
