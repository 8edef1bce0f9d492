"""Which format a file has: told from its first bytes, never from its name."""

import codecs
import re
import struct
from collections import Counter
from dataclasses import dataclass
from typing import IO

from lessons_lib.formats.errors import Problem, refuse
from lessons_lib.formats.source import AGAIN, Stream

HEAD = 1 << 18  # bytes looked at
TEXT, BINARY, FASTTEXT = "text", "word2vec binary", "fastText .bin"
SAFETENSORS, NPY, NPZ = "safetensors", "npy", "npz"
LONGEST_SAFETENSORS_HEADER = 100_000_000  # bytes, the limit of the safetensors library
FASTTEXT_MAGIC = b"\xba\x16O/"  # 793712314, little-endian
HEADER = re.compile(rb"[ \t]*(\d{1,20})[ \t]+(\d{1,20})[ \t]*\r?")
NUMBER = re.compile(rb"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|inf(?:inity)?)", re.IGNORECASE)
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
CONVERT = "Open it with the library that wrote it, there where you trust it, and call .save_word2vec_format(...)."


@dataclass
class Layout:
    """How a text file is laid out."""

    dims: int
    header: tuple[int, int] | None = None
    separator: bytes = b" "
    crlf: bool = False
    trailing: bool = False  # a separator at the end of each line


@dataclass
class Kind:
    """What a file is: its format, and why it will not be read if it will not."""

    format: str
    refusal: Problem | None = None


def refused(format_: str, found: str, remedy: str, expected: str = "a file of word vectors") -> Kind:
    """Return the kind of a file that is recognised and not read."""
    return Kind(format_, Problem(found, expected, remedy, byte=0, fatal=True))


def identify(stream: Stream) -> Kind:
    """Return the kind of the file whose beginning ``stream`` shows.

    Raises
    ------
    VectorFileError
        The file is empty, or nothing that is known here.
    """
    head = stream.peek(HEAD)
    if not head:
        refuse("an empty file", "a file of word vectors", AGAIN, byte=0)
    return _by_magic(head, stream.size) or _by_text(head)


def _by_magic(head: bytes, size: int | None) -> Kind | None:
    if head.startswith(b"\x93NUMPY"):
        return Kind(NPY)
    if head.startswith(FASTTEXT_MAGIC) or _old_fasttext(head):
        return Kind(FASTTEXT)
    if re.match(rb"\x80[\x02-\x05](\x95|[\x7d\x5d\x28ccq])", head) or re.match(rb"(c[\w.]+\n[\w.]+\n|\(dp?\d)", head):
        return refused("gensim or another pickle", "a pickle: a program that runs when it is opened", CONVERT)
    if len(head) > 8 and head[8:9] == b"{":
        length = struct.unpack("<Q", head[:8])[0]  # of the header; text in these bytes makes it enormous
        if 8 + length <= (LONGEST_SAFETENSORS_HEADER if size is None else size):
            return Kind(SAFETENSORS)
    if head[257:262] == b"ustar":
        return refused("tar archive", "a tar archive", "Unpack it first (tar xf FILE) and give the file inside.")
    for magic, name in ((b"\x89HDF", "HDF5"), (b"%PDF", "PDF"), (b"\x7fELF", "program"), (b"\x89PNG", "picture"),
                        (b"PAR1", "Parquet"), (b"SQLite format 3", "SQLite"), (b"GGUF", "GGUF model")):  # fmt: skip
        if head.startswith(magic):
            return refused(name, f"a file of the type {name}", AGAIN)
    return None


def _old_fasttext(head: bytes) -> bool:
    """Tell whether the numbers are those of fastText before its format had a magic number (2016)."""
    if len(head) < 76:
        return False
    dims, window, epochs, least, _, ngrams, loss, model, buckets, shortest, longest, _ = struct.unpack(
        "<12i", head[:48]
    )
    words_and_labels, words, labels = struct.unpack("<3i", head[56:68])
    return (
        0 < dims <= 100_000 and 0 <= window < 10_000 and 0 <= epochs < 1_000_000 and least >= 0 and 0 <= ngrams < 100
        and loss in (1, 2, 3) and model in (1, 2, 3) and buckets >= 0 and 0 <= shortest <= longest < 100
        and words_and_labels == words + labels and words > 0 and labels >= 0
    )  # fmt: skip


def _by_text(head: bytes) -> Kind:
    if encoding_of(head)[0] != "utf-8":
        return Kind(TEXT)
    first, _, rest = head.partition(b"\n")
    fits = _numbers(first.split()) > 0
    if HEADER.fullmatch(first):
        return Kind(_after_header(rest, int(HEADER.fullmatch(first)[2])))
    start = head.lstrip()[:300].lower()
    if not fits and re.match(rb"<(!doctype|html|head|body|\?xml|error|!--)", start):
        title = re.search(rb"<title>([^<]*)", head[:2000], re.IGNORECASE)
        said = f" ({title[1].decode('utf-8', 'replace').strip()!r})" if title else ""
        remedy = "The address gave a page in place of the file: look at it in a browser, then download again."
        return refused("web page", f"a web page{said}", remedy)
    if start.startswith(b"version https://git-lfs"):
        return refused("Git LFS pointer", "a pointer of Git LFS in place of the file", "Fetch the file: git lfs pull")
    if not fits and start[:1] in (b"{", b"["):
        return refused(
            "JSON", f"JSON ({start[:60].decode('utf-8', 'replace')!r})", "Is it the file beside the vectors?"
        )
    if not fits and CONTROL.search(head[:4096]):
        _refuse_binary(head)
    return Kind(TEXT)


def _refuse_binary(head: bytes) -> None:
    word = re.match(rb"[^\s\x00-\x1f]{1,100} ", head)
    if word:
        refuse(
            f"the word {word[0].decode('utf-8', 'replace').strip()!r} and then bytes, without a header",
            "a first line with the number of words and of dimensions, as in 400000 100",
            "If this is word2vec's binary format, put that line in front; else get the file again.",
            byte=0,
        )
    refuse(f"bytes of no known format ({head[:16].hex(' ')})", "a file of word vectors", AGAIN, byte=0)


def _after_header(rest: bytes, dims: int) -> str:
    """Tell text from binary by what follows the header."""
    line = rest.partition(b"\n")[0]
    fields = line.split()
    if _numbers(fields) > 0 and (_numbers(fields) == dims or not CONTROL.search(line)):
        return TEXT
    if CONTROL.search(rest[:4096]):
        return BINARY
    start = rest.find(b" ")
    fits = 0 <= start < 1000 and len(rest) >= start + 1 + 4 * dims
    return BINARY if fits and not _numbers(fields) else TEXT


def _numbers(fields: list[bytes]) -> int:
    """Return how many numbers end a line; its first field is a word, whatever it looks like."""
    count = 0
    while count < len(fields) - 1 and NUMBER.fullmatch(fields[-1 - count]):
        count += 1
    return count


def encoding_of(head: bytes) -> tuple[str, int]:
    """Return the encoding of a text (UTF-8 unless a mark or many zero bytes tell otherwise) and the mark's length."""
    for mark, name in BOMS:
        if head.startswith(mark):
            return name, len(mark)
    sample = head[:400]
    if len(sample) >= 8:
        if sample[1::2].count(0) > 0.8 * len(sample[1::2]) and not sample[0::2].count(0):
            return "utf-16-le", 0
        if sample[0::2].count(0) > 0.8 * len(sample[0::2]) and not sample[1::2].count(0):
            return "utf-16-be", 0
    return "utf-8", 0


class Recoder:
    """Reads a text of another encoding as UTF-8."""

    def __init__(self, stream: Stream, encoding: str):
        self._stream, self._decoder = stream, codecs.getincrementaldecoder(encoding)()
        self._encoding, self._rest = encoding, b""

    def read(self, count: int) -> bytes:
        """Return up to ``count`` bytes of UTF-8, none only at the end."""
        while not self._rest:
            raw, start = self._stream.read(max(count, 4)), self._stream.done
            try:
                self._rest = self._decoder.decode(raw, final=not raw).encode("utf-8")
            except UnicodeDecodeError as error:
                refuse(f"bytes that are not {self._encoding} ({error.reason})", self._encoding, AGAIN, byte=start)
            if not raw:
                break
        data, self._rest = self._rest[:count], self._rest[count:]
        return data


def layout_of(stream: Stream) -> Layout:
    """Return the layout of a text in UTF-8 from its first lines.

    Raises
    ------
    VectorFileError
        No line holds a word and numbers, or the header promises another number of them.
    """
    head = stream.peek(HEAD)
    if b"\n" not in head:
        head = stream.peek(16 * HEAD)
    lines = head.split(b"\n")[:65]
    if len(lines) > 1:
        lines.pop()
    found = HEADER.fullmatch(lines[0])
    header = (int(found[1]), int(found[2])) if found else None
    body = lines[1:] if header else lines
    layouts = [_measured(body, separator) for separator in (b" ", b"\t")]
    layout = max(layouts, key=lambda each: each.dims)
    layout.header = header
    if header and body and layout.dims != header[1] and layout.dims:
        refuse(
            f"a header that promises {header[1]:,} dimensions above lines with {layout.dims:,} numbers",
            "the same number in both",
            f"If the lines are whole, correct the first line to '{header[0]} {layout.dims}'.",
            line=1,
        )
    if layout.dims == 0 and not (header and not any(body)):
        shown = (body or lines)[0][:60].decode("utf-8", "replace")
        remedy = "Separate word and numbers by blanks." if b"," in head[:500] else AGAIN
        refuse(f"a line that is no word with numbers ({shown!r})", "a word and its numbers in each line", remedy,
               line=2 if header else 1)  # fmt: skip
    layout.dims = layout.dims or header[1]
    return layout


def _measured(lines: list[bytes], separator: bytes) -> Layout:
    stripped = [line.removesuffix(b"\r") for line in lines]
    counts = Counter(_numbers([field for field in line.split(separator) if field]) for line in stripped if line)
    dims = max(counts, key=lambda number: (counts[number], -number), default=0)
    crlf = bool(lines) and lines[0].endswith(b"\r")
    return Layout(dims, None, separator, crlf, bool(stripped) and stripped[0].endswith(separator))


def recoded(stream: Stream, name: IO | None = None) -> tuple[Stream, str, bool]:
    """Return a text as UTF-8 without its mark, its encoding, and whether it had a mark."""
    encoding, mark = encoding_of(stream.peek(400))
    stream.read(mark)
    if encoding == "utf-8":
        return stream, encoding, bool(mark)
    return Stream(Recoder(stream, encoding)), encoding, bool(mark)
