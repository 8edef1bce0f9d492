"""The documentation as tables and sentences: mined once for each version of a library, then read from a cache."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from lessons_lib.documentation.cache import load, store, table_file
from lessons_lib.documentation.mining import COLUMNS, mine
from lessons_lib.documentation.prose import lines_of
from lessons_lib.documentation.sources import LIBRARIES, installed_version
from lessons_lib.text import split_sentences, tokenise

if TYPE_CHECKING:
    import pandas as pd

SEARCHED = ("python", "numpy", "scipy", "pandas", "matplotlib", "scikit-learn", "torch")
KINDS = ("function", "class", "method", "property")
MIN_SENTENCE = 3  # words; shorter lines are headings


def _file(library: str) -> Path:
    return table_file(library, str(installed_version(LIBRARIES[library])))


def documentation(libraries: Iterable[str] = tuple(LIBRARIES)) -> "pd.DataFrame":
    """Return every docstring of some libraries, in a fixed order.

    Parameters
    ----------
    libraries : iterable of str
        Names out of ``LIBRARIES``.

    Returns
    -------
    pandas.DataFrame
        Columns ``name`` (public qualified name, empty for what has none), ``kind``, ``library``, ``module`` (where it
        is defined), ``summary`` (first paragraph, one line) and ``text`` (the whole docstring, indentation removed).

    Raises
    ------
    KeyError
        A name is not in ``LIBRARIES``.
    ModuleNotFoundError
        A library is not installed.

    Examples
    --------
    >>> table = documentation(["gensim"])
    >>> "gensim.models.Word2Vec" in set(table.name)
    True
    """
    import pandas as pd

    libraries = list(libraries)
    if unknown := [name for name in libraries if name not in LIBRARIES]:
        raise KeyError(f"No documentation of {', '.join(unknown)}. There is: {', '.join(LIBRARIES)}")
    files = {name: _file(name) for name in libraries}
    missing = [name for name in libraries if not files[name].is_file()]
    mined = pd.DataFrame(mine(missing), columns=COLUMNS)
    for name in missing:
        store(mined[mined.library == name], files[name])
    tables = [mined[mined.library == name] if name in missing else load(files[name]) for name in libraries]
    return pd.concat(tables, ignore_index=True)


def entries(libraries: Iterable[str] = SEARCHED, kinds: Iterable[str] = KINDS) -> "pd.DataFrame":
    """Return what a search can find: one row for each public name, with its first paragraph.

    Parameters
    ----------
    libraries : iterable of str
        Names out of ``LIBRARIES``.
    kinds : iterable of str
        Some of function, class, method and property.

    Returns
    -------
    pandas.DataFrame
        Columns as in :func:`documentation`; ``name`` is unique and never empty, ``summary`` is never empty.

    Examples
    --------
    >>> found = entries(["numpy"]).set_index("name")
    >>> found.summary["numpy.unique"]
    'Find the unique elements of an array.'
    """
    table = documentation(libraries)
    kept = table.name.ne("") & table.summary.ne("") & table.kind.isin(list(kinds))
    return table[kept].reset_index(drop=True)


def sentences(libraries: Iterable[str] = tuple(LIBRARIES)) -> list[list[str]]:
    """Return the documentation as tokenised sentences, each docstring once, those of at least three words.

    Parameter lists and code examples stay in, as they are half of how these texts use words.

    Examples
    --------
    >>> corpus = sentences(["gensim"])
    >>> any("similarity" in sentence for sentence in corpus)
    True
    """
    texts = documentation(libraries).text.drop_duplicates()
    cut = (tokenise(part) for text in texts for line in lines_of(text) for part in split_sentences(line))
    return [words for words in cut if len(words) >= MIN_SENTENCE]
