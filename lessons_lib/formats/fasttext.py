"""Read fastText's own format, ``.bin`` and quantised ``.ftz``: the words, and the rows of words and of n-grams.

Every length in the file is compared with its size before memory is taken. The order of the parts is that of
``FastText::loadModel`` of fastText 0.9.2 (https://github.com/facebookresearch/fastText), versions 11 and 12, and that
of the format without a magic number before them (2016).
"""

import struct
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lessons_lib.formats.detect import FASTTEXT_MAGIC
from lessons_lib.formats.errors import Flaws, Problem, refuse
from lessons_lib.formats.gathering import Counter, Gatherer
from lessons_lib.formats.quantised import QuantisedMatrix, read_quantised
from lessons_lib.formats.source import AGAIN, Stream

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

ARGUMENTS = "dim ws epoch minCount neg wordNgrams loss model bucket minn maxn lrUpdateRate".split()
NEWEST = 12
SUPERVISED = 3
END_OF_LINE = b"</s>"
LONGEST_WORD = 100_000  # bytes
SMALLEST_ENTRY = 10  # bytes of a word without letters: its end, count, type
BLOCK = 500  # words whose n-grams are added up at once


class Model(NamedTuple):
    """What stands in a file.

    ``words`` (bytes), ``starts`` and ``counts`` hold one entry a word, labels left out; ``matrix`` has the rows of
    the words and below them those of the n-grams; ``pruned`` maps buckets to the n-gram rows that are kept, None if
    all are.
    """

    version: int
    arguments: dict[str, int]
    words: list[bytes]
    starts: list[int]
    counts: list[int]
    labels: int
    pruned: dict[int, int] | None
    matrix: "np.ndarray | QuantisedMatrix | None"
    quantised: bool

    @property
    def subwords(self) -> bool:
        """Tell whether the n-grams of a word have vectors."""
        return self.arguments["maxn"] > 0 and self.arguments["bucket"] > 0 and self.pruned != {}


def read_model(stream: Stream, flaws: Flaws, rows: bool = True) -> Model:
    """Read a file.

    Parameters
    ----------
    stream : Stream
        The file, from its start.
    flaws : Flaws
        Takes what is noted.
    rows : bool
        Read the matrix too; otherwise only its size is checked.
    """
    version, arguments = _read_arguments(stream)
    total, n_words, labels = _unpack(stream, "<3i", "the numbers of words and labels")
    _unpack(stream, "<q", "the number of tokens")
    n_pruned = _unpack(stream, "<q", "the number of kept n-grams")[0] if version else -1
    left = stream.left()
    if min(n_words, labels) < 0 or total != n_words + labels or (left is not None and total * SMALLEST_ENTRY > left):
        size = f"in a file with {left:,} more bytes" if left is not None else "in all"
        refuse(f"a promise of {n_words:,} words and {labels:,} labels, {total:,} {size}",
               "numbers that fit each other and the file", AGAIN, byte=stream.done)  # fmt: skip
    words, starts, counts = _read_words(stream, n_words, labels)
    if labels:
        found = f"a classifier with {labels:,} labels"
        remedy = "The vectors of its words are read; they were trained to tell these labels, not for meaning."
        flaws.note("labels", Problem(found, "word vectors", remedy))
    pruned = None
    if n_pruned >= 0:
        pairs = stream.array(2 * n_pruned, "<i4", "the list of kept n-grams").reshape(-1, 2)
        pruned = dict(pairs.tolist())
    quantised = bool(version) and _unpack(stream, "<?", "the mark of quantised vectors")[0]
    n_grams = arguments["bucket"] if pruned is None else len(pruned)
    shape = (n_words + n_grams, arguments["dim"])
    matrix = read_quantised(stream, shape) if quantised else _read_dense(stream, shape, rows)
    if pruned is not None and any(not 0 <= row < n_grams for row in pruned.values()):
        refuse("an n-gram whose row is not in the file", f"rows 0 to {n_grams - 1:,}", AGAIN, byte=stream.done)
    model = Model(version, arguments, words, starts, counts, labels, pruned, matrix, quantised)
    _check_rest(stream, model, flaws)
    return model


def _read_arguments(stream: Stream) -> tuple[int, dict[str, int]]:
    """Return the version (0 before there were versions) and the settings of the training."""
    version = 0
    if stream.peek(4) == FASTTEXT_MAGIC:
        version = _unpack(stream, "<2i", "magic number and version")[1]
        if not 11 <= version <= NEWEST:
            refuse(f"fastText's format in version {version}", f"version 11 or {NEWEST}", AGAIN, byte=4)
    values = _unpack(stream, "<12i", "the settings of the training")
    _unpack(stream, "<d", "the settings of the training")
    found = dict(zip(ARGUMENTS, values, strict=True))
    if found["dim"] <= 0 or found["bucket"] < 0 or not 0 <= found["minn"] < 1000 or not 0 <= found["maxn"] < 1000:
        shown = ", ".join(f"{name} {found[name]:,}" for name in ("dim", "bucket", "minn", "maxn"))
        refuse(f"settings that no training has ({shown})", "positive ones", AGAIN, byte=stream.done)
    if found["model"] == SUPERVISED and version == 11:
        found["maxn"] = 0  # as fastText reads them: classifiers had no n-grams then
    return version, found


def _unpack(stream: Stream, layout: str, what: str) -> tuple:
    start, size = stream.done, struct.calcsize(layout)
    data = stream.read(size)
    if len(data) < size:
        refuse("the end of the file", what, AGAIN, byte=start)
    return struct.unpack(layout, data)


def _read_words(stream: Stream, n_words: int, labels: int) -> tuple[list[bytes], list[int], list[int]]:
    """Return words, their places in the file and their counts; labels follow them and are passed over."""
    words, starts, counts, buffer, at = [], [], [], b"", 0
    for number in range(n_words + labels):
        while (end := buffer.find(b"\0", at)) < 0 or end + SMALLEST_ENTRY > len(buffer):
            if len(buffer) - at > LONGEST_WORD or not (more := stream.read(1 << 20)):
                refuse(f"no end of word {number + 1:,}", "a zero byte behind each word", AGAIN, byte=stream.done)
            buffer, at = buffer[at:] + more, 0
        count, type_ = struct.unpack_from("<qb", buffer, end + 1)
        start = stream.done - len(buffer) + at
        if type_ != (number >= n_words) or count < 0:
            refuse(f"type {type_} and count {count:,} of word {number + 1:,}",
                   f"type {int(number >= n_words)} and a count", AGAIN, byte=start)  # fmt: skip
        if not type_:
            words.append(buffer[at:end])
            starts.append(start)
            counts.append(count)
        at = end + SMALLEST_ENTRY
    stream.unread(buffer[at:])
    return words, starts, counts


def _read_dense(stream: Stream, shape: tuple[int, int], rows: bool) -> np.ndarray | None:
    found = _unpack(stream, "<2q", "the size of the matrix")
    if found != shape:
        refuse(f"a matrix of {found[0]:,} rows and {found[1]:,} columns", f"{shape[0]:,} and {shape[1]:,}", AGAIN,
               byte=stream.done)  # fmt: skip
    if rows or stream.left() is None:
        return stream.array(shape[0] * shape[1], "<f4", "the vectors").reshape(shape)
    size = 4 * shape[0] * shape[1]
    if size > stream.left():
        refuse(
            f"{stream.left():,} bytes to the end of the file", f"the vectors ({size:,} bytes)", AGAIN, byte=stream.done
        )
    return None


def _check_rest(stream: Stream, model: Model, flaws: Flaws) -> None:
    """Note it if the output layer, which is not needed, is cut: then the download broke off."""
    left = stream.left()
    if left is None or model.quantised or model.matrix is None:
        return
    size = 17 if model.version else 16
    head = stream.read(size)
    numbers = int(np.prod(struct.unpack("<2q", head[-16:]), dtype=object)) if len(head) == size else 0
    if len(head) < size or left < size + 4 * numbers:
        remedy = "The vectors are whole. To train on with this file, get it again."
        found = f"{left:,} bytes behind the vectors"
        flaws.note("output", Problem(found, "the output layer of the training", remedy, byte=stream.done))


def read_fasttext(
    stream: Stream, flaws: Flaws, limit: int | None = None, encoding: str | None = None
) -> "KeyedVectors":
    """Read a file into gensim's vectors.

    Returns
    -------
    KeyedVectors
        ``FastTextKeyedVectors`` if there are vectors of n-grams, with which unknown words get vectors too.
        Each word's vector is the mean of its own row and those of its n-grams. For the end of line, ``</s>``,
        fastText leaves the n-grams out and gensim does not: files that gensim reads too get its vector, quantised
        files and classifiers fastText's.
    """
    model = read_model(stream, flaws)
    decoder = Gatherer(Counter(), flaws, encoding=encoding)
    texts = [word.decode("utf-8", "surrogateescape") for word in model.words]
    words = decoder.decoded(texts, lambda number: {"byte": model.starts[number]})
    index: dict[str, int] = {}
    for number, word in enumerate(words):
        if word in index:
            found = f"the word {word!r} again"
            flaws.note("twice", Problem(found, "once", "The first is kept.", byte=model.starts[number]))
        elif limit is None or len(index) < limit:
            index[word] = number
    buckets = [_buckets(model.words[number], model) for number in index.values()]
    vectors = _means(model, list(index.values()), buckets)
    good = np.isfinite(vectors).all(axis=1)
    if not good.all():
        found = f"NaN or infinity in the vector of {list(index)[int(np.argmin(good))]!r}"
        remedy = "The word is left out."
        flaws.note("broken", Problem(found, "numbers that float32 holds", remedy, count=int((~good).sum())))
        kept = np.flatnonzero(good)
        index = {word: number for (word, number), fine in zip(index.items(), good, strict=True) if fine}
        vectors, buckets = vectors[kept], [buckets[row] for row in kept]
    if not index:
        refuse("no word with a vector", "at least one", AGAIN, byte=stream.done)
    return _keyed_vectors(model, index, vectors, buckets)


def _keyed_vectors(
    model: Model, index: dict[str, int], vectors: np.ndarray, buckets: list[np.ndarray]
) -> "KeyedVectors":
    from lessons_lib.formats.opening import keyed_vectors
    from lessons_lib.formats.subwords import subword_vectors

    counts = np.array([model.counts[number] for number in index.values()])
    if not model.subwords:
        plain = keyed_vectors(list(index), vectors)
        plain.expandos["count"] = counts
        return plain
    n_words = len(model.words)
    rows = list(index.values())
    own = model.matrix[:n_words]
    if rows != list(range(n_words)):
        own = own[rows]
    n_grams = model.matrix.tail(n_words) if model.quantised else model.matrix[n_words:]
    found = subword_vectors(list(index), vectors, own, n_grams, buckets, model.arguments, model.pruned)
    found.expandos["count"] = counts
    return found


def _buckets(word: bytes, model: Model) -> np.ndarray:
    """Return the buckets of a word's n-grams, those that were pruned left out."""
    if not model.subwords or (word == END_OF_LINE and (model.quantised or model.labels)):
        return np.empty(0, dtype=np.uint32)
    from gensim.models.fasttext import ft_ngram_hashes

    least, most, buckets = (model.arguments[name] for name in ("minn", "maxn", "bucket"))
    try:
        hashes = ft_ngram_hashes(word.decode("utf-8"), least, most, buckets)
    except UnicodeDecodeError:
        hashes = byte_hashes(word, least, most, buckets)
    if model.pruned is not None:
        hashes = [each for each in hashes if each in model.pruned]
    return np.array(hashes, dtype=np.uint32)


def byte_hashes(word: bytes, least: int, most: int, buckets: int) -> list[int]:
    """Return the buckets of the n-grams of a word that is not UTF-8, byte for byte as fastText counts them.

    Examples
    --------
    >>> from gensim.models.fasttext import ft_ngram_hashes
    >>> byte_hashes("naïve".encode(), 3, 6, 2000) == ft_ngram_hashes("naïve", 3, 6, 2000)
    True
    """
    from gensim.models.fasttext import ft_hash_bytes

    framed, found = b"<" + word + b">", []
    starts = [at for at, byte in enumerate(framed) if byte & 0xC0 != 0x80]
    ends = [*starts[1:], len(framed)]
    for first, start in enumerate(starts):
        for n in range(1, most + 1):
            if first + n > len(starts):
                break
            end = ends[first + n - 1]
            if n >= least and not (n == 1 and (start == 0 or end == len(framed))):
                found.append(ft_hash_bytes(framed[start:end]) % buckets)
    return found


def _means(model: Model, rows: list[int], buckets: list[np.ndarray]) -> np.ndarray:
    """Return the mean of each word's own row and its n-grams' rows, float32 of shape (n_words, n_dims)."""
    if not model.subwords:
        return np.ascontiguousarray(model.matrix[: len(model.words)][rows])
    means = np.empty((len(rows), model.arguments["dim"]), dtype=np.float32)
    for start in range(0, len(rows), BLOCK):
        means[start : start + BLOCK] = _block_of_means(
            model, rows[start : start + BLOCK], buckets[start : start + BLOCK]
        )
    return means


def _block_of_means(model: Model, rows: list[int], buckets: list[np.ndarray]) -> np.ndarray:
    """Add up in gensim's order, one n-gram of each word at a time, so that sums are equal bit for bit."""
    sums = model.matrix[np.array(rows)]
    parts = [len(model.words) + _rows_of(own, model) for own in buckets]
    sizes = np.array([len(part) for part in parts])
    for place in range(sizes.max()):
        longer = np.flatnonzero(sizes > place)
        sums[longer] += model.matrix[np.array([parts[word][place] for word in longer])]
    return sums / (sizes[:, np.newaxis] + 1).astype(np.float32)


def _rows_of(buckets: np.ndarray, model: Model) -> np.ndarray:
    if model.pruned is None:
        return buckets.astype(np.int64)
    return np.array([model.pruned[bucket] for bucket in buckets.tolist()], dtype=np.int64)
