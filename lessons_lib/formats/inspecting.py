"""Say what a file of vectors is and what is wrong with it, without loading it."""

import html
from dataclasses import dataclass, field
from pathlib import Path

from lessons_lib.formats import cache, containers, detect, opening
from lessons_lib.formats.errors import Flaws, Problem, VectorFileError
from lessons_lib.formats.gathering import Counter, Gatherer
from lessons_lib.formats.source import Source, Stream


@dataclass
class Report:
    """What a file is.

    Parameters
    ----------
    path : Path
        The file.
    size : int
        Its bytes on the disk.
    format : str
        word2vec text, word2vec binary, GloVe, fastText .vec, fastText .bin, fastText .ftz (quantised), npz, npy,
        safetensors, or the name of what it is instead; ``unknown`` if that is not known either.
    compression : str
        gzip, bzip2, xz, zip; empty if it is not packed.
    words, dims : int, optional
        Numbers of words with a vector and of dimensions, as counted in the file; None if it cannot be read.
    encoding : str, optional
        Encoding of the words.
    header : str, optional
        The first line of word2vec's formats, or the settings of fastText's.
    subwords : bool
        True if words that are not in the file can get vectors too.
    problems : list of Problem
        What is wrong; those that are ``fatal`` keep ``load`` from reading the file.
    """

    path: Path
    size: int
    format: str = "unknown"
    compression: str = ""
    words: int | None = None
    dims: int | None = None
    encoding: str | None = None
    header: str | None = None
    subwords: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def readable(self) -> bool:
        """Tell whether ``load`` reads the file."""
        return not any(problem.fatal for problem in self.problems)

    @property
    def memory(self) -> int | None:
        """Return the bytes that the vectors of the words take in memory, None if they cannot be read."""
        return None if self.words is None or self.dims is None else 4 * self.words * self.dims

    def rows(self) -> list[tuple[str, str]]:
        """Return the report as pairs of a name and a text."""
        packed = f", packed with {self.compression}" if self.compression else ""
        shape = f"{self.words:,} x {self.dims:,}" if self.words is not None and self.dims is not None else "unknown"
        memory = f" ({self.memory / 1e6:,.1f} MB in memory)" if self.memory is not None else ""
        pairs = [
            ("file", f"{self.path.name} ({self.size / 1e6:,.1f} MB)"),
            ("format", f"{self.format}{packed}{', with subwords' if self.subwords else ''}"),
            ("words x dimensions", f"{shape}{memory}"),
            ("encoding", self.encoding or "unknown"),
            ("header", self.header or "none"),
        ]
        return pairs + [("unreadable" if each.fatal else "flaw", str(each)) for each in self.problems]

    def __str__(self) -> str:
        width = max(len(name) for name, _ in self.rows())
        return "\n".join(f"{name:<{width}}  {text}" for name, text in self.rows())

    def _repr_html_(self) -> str:
        cells = "".join(
            f'<tr><th scope="row" style="text-align:left">{html.escape(name)}</th>'
            f'<td style="text-align:left">{html.escape(text)}</td></tr>'
            for name, text in self.rows()
        )
        return f"<table>{cells}</table>"


def inspect(path_or_name: str | Path) -> Report:
    """Say what a file is, how many words and dimensions it holds, and what is wrong with it.

    The whole file is read once (unless the cache knows it), and no vector is kept. What is wrong is reported,
    not raised.

    Parameters
    ----------
    path_or_name : str or Path
        As for ``load``.

    Returns
    -------
    Report
        Printed, it is a table.

    Raises
    ------
    FileNotFoundError
        No file and no vectors of that name.

    Examples
    --------
    >>> report = inspect("word2vec")
    >>> report.format, report.words, report.dims, report.problems
    ('word2vec binary', 30000, 100, [])
    """
    try:
        path, member = opening.find_file(path_or_name)
    except VectorFileError as error:
        return Report(Path(path_or_name), 0, error.found, problems=[error.problem])
    report = Report(path, path.stat().st_size)
    flaws = Flaws()
    fatal: list[Problem] = []
    try:
        source = Source(path, member)
        report.compression = "" if source.arrays else source.compression
        _look(source, report, flaws)
    except VectorFileError as error:
        fatal.append(error.problem)
    report.problems = report.problems + flaws.problems + fatal
    return report


def _look(source: Source, report: Report, flaws: Flaws) -> None:
    if source.arrays and not source.member:
        report.format = "npz"
        _, _, (report.words, report.dims) = containers.npz_parts(source)
        return
    with source.open() as stream:
        kind = detect.identify(stream)
        report.format = kind.format
        if kind.refusal:
            raise VectorFileError(kind.refusal)
        if kind.format == detect.FASTTEXT:
            _look_at_fasttext(stream, report, flaws)
        elif kind.format == detect.SAFETENSORS:
            name = containers.matrix_name(source)
            report.words, report.dims = containers.tensors(source)[name][1]
            report.header = f"tensor {name}"
            containers.words_beside(source.path, report.words)
        elif kind.format == detect.NPY:
            shape, dtype = containers.read_array_header(stream, source.inner_name)
            report.header = f"{dtype} {shape}"
            if len(shape) == 2:
                report.words, report.dims = shape
                containers.words_beside(source.path, report.words)
        else:
            _look_at_rows(source, stream, report, flaws)


def _look_at_rows(source: Source, stream: Stream, report: Report, flaws: Flaws) -> None:
    """Look at a text or binary file: at its copy in the cache if there is one."""
    format_ = report.format
    dims, run, facts = opening.start(stream, format_, flaws)
    report.encoding = facts["encoding"]
    report.header = "{} {}".format(*facts["header"]) if facts["header"] else None
    if format_ == detect.TEXT:
        vec = source.inner_name.endswith(".vec")
        report.format = ("fastText .vec" if vec else "word2vec text") if facts["header"] else "GloVe"
    opening.note_missing_header(source, format_, facts, flaws)
    key = opening.copy_key(source, None) if report.size >= opening.COPY_FROM else None
    about = cache.facts_of(key) if key else None
    if about:
        report.words, report.dims, report.encoding = about["words"], about["dims"], about["encoding"]
        report.problems = [Problem(**problem) for problem in about["problems"]]
        flaws.clear()
        return
    gatherer = Gatherer(Counter(), flaws)
    run(gatherer)
    report.words, report.dims = len(gatherer.index), dims
    if gatherer.encoding != "utf-8":
        report.encoding = gatherer.encoding
    opening.refuse_nothing(gatherer)


def _look_at_fasttext(stream: Stream, report: Report, flaws: Flaws) -> None:
    from lessons_lib.formats.fasttext import read_model

    model = read_model(stream, flaws, rows=False)
    texts = [word.decode("utf-8", "surrogateescape") for word in model.words]
    decoder = Gatherer(Counter(), flaws)
    words = decoder.decoded(texts, lambda number: {"byte": model.starts[number]})
    report.format = "fastText .ftz (quantised)" if model.quantised else detect.FASTTEXT
    report.words, report.dims = len(set(words)), model.arguments["dim"]
    report.encoding, report.subwords = decoder.encoding, model.subwords
    version = f"version {model.version}" if model.version else "the format of 2016"
    names = ("minn", "maxn", "bucket", "epoch", "minCount")
    report.header = f"{version}, " + ", ".join(f"{name} {model.arguments[name]:,}" for name in names)
