"""The files that ship with the course: where they are, whether they are whole, and how to open them.

``data/registry.json`` lists every file with its size and SHA-256; ``data/README.md`` has a card for each.
Loading checks the size (instant, catches a half download); ``lessons doctor`` checks the sums.
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

VECTORS = {
    "counts": "vectors/counts.bin.gz",
    "word2vec": "vectors/word2vec.bin",
    "glove": "vectors/glove.txt.gz",
    "fasttext": "vectors/fasttext.bin",
}  # one corpus, four methods: the name is the training method


class DamagedFileError(Exception):
    """A bundled file is missing or differs from the registry."""


@cache
def data_folder() -> Path:
    """Return the folder of bundled files: ``data/`` of the checkout, or the copy inside the installed package."""
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parent / "data"):
        if (folder / "registry.json").is_file():
            return folder
    raise DamagedFileError(
        f"No data/registry.json in {package} or {package.parent}. Install the course again: python course.py doctor"
    )


@cache
def registry() -> dict[str, dict]:
    """Return the registry: path inside ``data/`` -> {"bytes": int, "sha256": str}."""
    return json.loads((data_folder() / "registry.json").read_text(encoding="utf-8"))


def bundled_path(name: str) -> Path:
    """Return the path of a bundled file after checking that it is there in full size.

    Parameters
    ----------
    name : str
        Path inside ``data/``, with forward slashes, as the registry lists it.

    Raises
    ------
    KeyError
        The registry lists no such file.
    DamagedFileError
        The file is missing, or its size differs from the registry.

    Examples
    --------
    >>> bundled_path("text/reviews.csv").name
    'reviews.csv'
    """
    if name not in registry():
        raise KeyError(f"No bundled file is called {name!r}. There are: {', '.join(sorted(registry()))}")
    path, expected = data_folder() / name, registry()[name]["bytes"]
    found = path.stat().st_size if path.is_file() else None
    if found != expected:
        size = "is missing" if found is None else f"has {found:,} bytes"
        raise DamagedFileError(
            f"{path} {size}; the course ships it with {expected:,} bytes. Restore it: git checkout -- data/{name}"
        )
    return path


def checksum_matches(name: str) -> bool:
    """Tell whether the bundled file ``name`` has the SHA-256 that the registry states (reads the whole file)."""
    with open(bundled_path(name), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == registry()[name]["sha256"]


def load_vectors(name: str = "word2vec") -> "KeyedVectors":
    """Return word vectors as gensim ``KeyedVectors``, most frequent word first: bundled ones, or others as well.

    Parameters
    ----------
    name : str
        One of the names in ``VECTORS``: the training method. Any other name, or a path, goes to
        :func:`lessons_lib.formats.load`: vectors that ``lessons fetch`` got, or a file of your own.

    Returns
    -------
    KeyedVectors
        ``.vectors`` has shape (n_words, n_dims), float32; ``.get_vecattr(word, "count")`` is the word's
        frequency in the training corpus. With ``"fasttext"`` words that are not in the vocabulary have vectors too.

    Raises
    ------
    FileNotFoundError
        There are no vectors of that name, and no file; the message lists the bundled ones.

    Examples
    --------
    >>> load_vectors("word2vec")["king"].shape
    (100,)
    """
    if name in VECTORS:
        return open_vectors(bundled_path(VECTORS[name]))
    from lessons_lib.formats import load

    return load(name)


def open_vectors(path: Path) -> "KeyedVectors":
    """Return the vectors of a file of the course, opened with gensim's own call for its format, which the name tells.

    Parameters
    ----------
    path : Path
        ``.bin`` or ``.bin.gz``: word2vec's binary format, except ``fasttext.bin``: fastText's own, with subwords;
        ``.txt.gz``: GloVe's text, without a header. The counts of ``vocabulary.tsv`` beside it are read along,
        if the file is there.
    """
    from gensim.models import KeyedVectors
    from gensim.models.fasttext import load_facebook_vectors

    if path.name == "fasttext.bin":
        return load_facebook_vectors(str(path))
    counts = path.with_name("vocabulary.tsv")
    text = ".txt" in path.suffixes
    return KeyedVectors.load_word2vec_format(
        path, fvocab=counts if counts.is_file() else None, binary=not text, no_header=text
    )
