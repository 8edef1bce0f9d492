"""Load vectors from any file or by name: find out what it is, read it once, and open the copy from then on."""

import warnings
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib import bundled
from lessons_lib.formats import cache, detect
from lessons_lib.formats.errors import Flaws, Problem, VectorFileError, refuse, warn
from lessons_lib.formats.gathering import Gatherer, Memory, Store
from lessons_lib.formats.source import Source, Stream

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

COPY_FROM = 100_000  # bytes; smaller files are read faster than a copy is opened
NOVELS = {f"novels-{language}": f"vectors/novels-{language}.bin" for language in ("english", "french")}


def load(path_or_name: str | Path, limit: int | None = None, *, encoding: str | None = None) -> "KeyedVectors":
    """Return the vectors of a file, whatever its format, or those of a name.

    Formats: word2vec text and binary, GloVe, fastText ``.vec``, ``.bin`` and quantised ``.ftz``, ``.npz`` and
    safetensors with words; plain or packed with gzip, bzip2, xz or zip. ``inspect`` says what a file is.
    A text or binary file is read once; it leaves a copy in the cache that later calls map into memory.

    Parameters
    ----------
    path_or_name : str or Path
        A file; ``archive.zip/member.txt`` if the archive holds several; or the name of bundled vectors
        (counts, word2vec, glove, fasttext, novels-english, novels-french) or of ones that ``lessons fetch`` got.
    limit : int, optional
        Load the first so many words only: the most frequent ones in most files.
    encoding : str, optional
        The encoding of the words if they are not UTF-8.

    Returns
    -------
    KeyedVectors
        ``.vectors`` has shape (n_words, n_dims), float32. ``FastTextKeyedVectors`` where the file has subwords.
        Where the file states no counts, ``.get_vecattr(word, "count")`` falls from n_words to 1, as gensim has it.

    Raises
    ------
    VectorFileError
        The file cannot be read: it says where, what was found, what was expected and what to do.
    FileNotFoundError
        No file and no vectors of that name.

    Warns
    -----
    VectorFileWarning
        The file was read in spite of flaws; they are listed and counted.

    Examples
    --------
    >>> load("word2vec", limit=1000)["king"].shape
    (100,)
    """
    if limit is not None and limit < 1:
        raise ValueError(f"limit={limit}; expected 1 or more, or None for all words")
    path, member = find_file(path_or_name)
    if isinstance(path_or_name, str) and path_or_name in bundled.VECTORS:
        return first_words(bundled.open_vectors(path), limit)
    name = f"{path}/{member}" if member else str(path)
    try:
        vectors, problems = read(Source(path, member), limit, encoding)
    except VectorFileError as error:
        error.file = error.file or name
        raise
    warn(name, problems, stacklevel=2)
    return vectors


def find_file(path_or_name: str | Path) -> tuple[Path, str | None]:
    """Return the file that is meant, and the member if it is one of an archive (``archive.zip/member.txt``)."""
    if isinstance(path_or_name, str):
        if path_or_name in bundled.VECTORS | NOVELS:
            return bundled.bundled_path((bundled.VECTORS | NOVELS)[path_or_name]), None
        if fetched := _fetched(path_or_name):
            return Path(fetched), None
    path = Path(path_or_name).expanduser()
    if path.is_dir():
        raise VectorFileError(
            Problem("a folder", "a file", "Give the path of the file of vectors in it.", fatal=True), str(path)
        )
    if path.is_file():
        return path, None
    if path.exists():
        problem = Problem("a device or a pipe", "a file", "Save it as a file first.", fatal=True)
        raise VectorFileError(problem, str(path))
    for folder in path.parents:
        if folder.is_file():
            return folder, path.relative_to(folder).as_posix()
    names = ", ".join(bundled.VECTORS | NOVELS)
    raise FileNotFoundError(
        f"No file {path} (looked from {Path.cwd()}), and no vectors of that name. Bundled ones: {names}. "
        f"Others: lessons sources"
    )


def _fetched(name: str) -> Path | None:
    """Return the file of vectors that ``lessons fetch`` got under ``name``, if that part of the course is there."""
    try:
        from lessons_lib.sources import fetched_path
    except ImportError:
        return None
    return fetched_path(name)


def read(source: Source, limit: int | None, encoding: str | None) -> tuple["KeyedVectors", list[Problem]]:
    """Return the vectors of a file and its flaws."""
    from lessons_lib.formats import containers, fasttext

    flaws = Flaws()
    if source.arrays and not source.member:
        return containers.read_npz(source, limit, flaws), flaws.problems
    key = None
    if source.path.stat().st_size >= COPY_FROM:
        key = copy_key(source, encoding)
        if key and (copy := cache.find(key)):
            return from_copy(copy, limit)
    with source.open() as stream:
        kind = detect.identify(stream)
        if kind.refusal:
            raise VectorFileError(kind.refusal)
        if kind.format == detect.FASTTEXT:
            return fasttext.read_fasttext(stream, flaws, limit, encoding), flaws.problems
        if kind.format == detect.SAFETENSORS:
            return containers.read_safetensors(source, limit, flaws), flaws.problems
        if kind.format == detect.NPY:
            return containers.read_npy(source, stream, limit, flaws), flaws.problems
        return read_rows(source, stream, kind.format, key, limit, encoding)


def copy_key(source: Source, encoding: str | None) -> str | None:
    """Return the name of a file's copy in the cache: its content, the member, the encoding, the readers' version."""
    import hashlib

    try:
        content = cache.content_key(source.path)
    except OSError:
        return None
    rest = hashlib.sha256(f"{cache.VERSION} {source.member} {encoding}".encode()).hexdigest()
    return f"{content[:40]}-{rest[:8]}"


def start(stream: Stream, format_: str, flaws: Flaws) -> tuple[int, Callable[[Gatherer], None], dict]:
    """Prepare the reader of a text or binary file.

    Returns
    -------
    dims : int
        Number of dimensions.
    run : callable
        Reads everything into a gatherer.
    facts : dict
        ``encoding``, ``header`` (numbers of words and dimensions, or None).
    """
    from lessons_lib.formats.binary import read_binary, read_header
    from lessons_lib.formats.text import read_text

    if format_ == detect.BINARY:
        header = read_header(stream)
        facts = {"encoding": "utf-8", "header": header}
        return header[1], lambda gatherer: read_binary(stream, header, gatherer, flaws), facts
    text, encoding, mark = detect.recoded(stream)
    if encoding != "utf-8" or mark:
        found = f"{encoding.upper()}{' with a byte order mark' if mark else ''}"
        flaws.note("mark", Problem(found, "UTF-8 without a mark", "It is read as such.", byte=0))
    layout = detect.layout_of(text)
    facts = {"encoding": encoding, "header": layout.header}
    return layout.dims, lambda gatherer: read_text(text, layout, gatherer, flaws), facts


def read_rows(
    source: Source, stream: Stream, format_: str, key: str | None, limit: int | None, encoding: str | None
) -> tuple["KeyedVectors", list[Problem]]:
    """Read a text or binary file: into the cache and from there, or into memory if it is small or limited."""
    flaws = Flaws()
    dims, run, facts = start(stream, format_, flaws)
    note_missing_header(source, format_, facts, flaws)
    builder = _builder(key, dims, source) if key and limit is None else None
    store: Store = builder or Memory(dims)
    gatherer = Gatherer(store, flaws, limit, encoding)
    if builder is None:
        run(gatherer)
        refuse_nothing(gatherer)
        return keyed_vectors(store.words, store.matrix()), flaws.problems
    try:
        run(gatherer)
        refuse_nothing(gatherer)
        problems = [asdict(problem) for problem in flaws.problems]
        builder.publish(facts | {"format": format_, "encoding": gatherer.encoding if facts["encoding"] == "utf-8"
                                 else facts["encoding"], "problems": problems})  # fmt: skip
        copy = cache.find(key, list(gatherer.index))
    except OSError as error:
        builder.discard()
        warnings.warn(f"No copy in the cache ({error}): {source.name} is read again each time.", stacklevel=4)
        copy = None
    except BaseException:
        builder.discard()
        raise
    if copy:
        return keyed_vectors(copy.words, copy.vectors, copy.norms, gatherer.index), flaws.problems
    with source.open() as again:
        detect.identify(again)
        return read_rows(source, again, format_, None, limit, encoding)


def note_missing_header(source: Source, format_: str, facts: dict, flaws: Flaws) -> None:
    """Note it if a file called .vec has no header."""
    if format_ == detect.TEXT and source.inner_name.endswith(".vec") and not facts["header"]:
        remedy = "It is read as GloVe's format, which has none."
        flaws.note("no header", Problem("no header, in a file called .vec", "a first line with two numbers", remedy, 1))


def refuse_nothing(gatherer: Gatherer) -> None:
    """Refuse a file from which no word came."""
    if not gatherer.index:
        refuse("no word with a vector", "at least one", "Get the file again, or look at it: inspect(path).")


def _builder(key: str, dims: int, source: Source) -> cache.Builder | None:
    """Return the builder of the copy, None (and a warning) if the cache cannot be written or the disk is full."""
    import shutil

    try:
        builder = cache.Builder(key, dims)
        free = shutil.disk_usage(builder.folder).free
        if free > 2 * source.path.stat().st_size:
            return builder
        builder.discard()
        why = f"{free / 1e9:.1f} GB free"
    except OSError as error:
        why = str(error)
    warnings.warn(f"No copy in the cache ({why}): {source.name} is read again each time.", stacklevel=5)
    return None


def from_copy(copy: cache.Copy, limit: int | None) -> tuple["KeyedVectors", list[Problem]]:
    """Return the vectors of a copy, mapped into memory, and the flaws of the file that it was made from."""
    problems = [Problem(**problem) for problem in copy.about["problems"]]
    return keyed_vectors(copy.words[:limit], copy.vectors[:limit], copy.norms[:limit]), problems


def keyed_vectors(
    words: list[str], matrix: np.ndarray, norms: np.ndarray | None = None, index: dict[str, int] | None = None
) -> "KeyedVectors":
    """Return gensim's ``KeyedVectors`` around a matrix, which is not copied.

    Parameters
    ----------
    words : list of str
        Each word once.
    matrix : numpy.ndarray
        float32 of shape (n_words, n_dims).
    norms : numpy.ndarray, optional
        Length of each row, float32; gensim computes it at the first search otherwise.
    index : dict, optional
        Word -> number of its row, if it is there already.
    """
    from gensim.models import KeyedVectors

    vectors = KeyedVectors(matrix.shape[1])
    vectors.index_to_key = words
    vectors.key_to_index = dict(zip(words, range(len(words)), strict=True)) if index is None else index
    vectors.vectors, vectors.norms, vectors.next_index = matrix, norms, len(words)
    vectors.expandos["count"] = np.arange(len(words), 0, -1)
    return vectors


def first_words(vectors: "KeyedVectors", limit: int | None) -> "KeyedVectors":
    """Return vectors with the first ``limit`` words only (the same object if that is all of them)."""
    if limit is None or limit >= len(vectors):
        return vectors
    import copy

    few = copy.copy(vectors)
    few.index_to_key = vectors.index_to_key[:limit]
    few.key_to_index = {word: number for number, word in enumerate(few.index_to_key)}
    few.vectors, few.norms, few.next_index = vectors.vectors[:limit].copy(), None, limit
    few.expandos = {name: values[:limit] for name, values in vectors.expandos.items()}
    if hasattr(few, "vectors_vocab"):
        few.vectors_vocab = vectors.vectors_vocab[:limit].copy()
        few.buckets_word = vectors.buckets_word[:limit]
    return few
