"""Coverage: how much of a text has a vector, which words have none, and what normalising would win back.

The module is not called ``coverage``, because a submodule would hide the function of that name in the package.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lessons_lib.coverage_tables import by_band, by_rank, by_rung, missing_words, printable
from lessons_lib.normalising import RUNGS, Rung
from lessons_lib.text import tokenise, words_as_written

if TYPE_CHECKING:
    import pandas as pd
    from gensim.models import KeyedVectors

LISTED = 10  # missing words in the printed report


@dataclass(frozen=True, repr=False, eq=False)
class Coverage:
    """How much of a text has a vector.

    Attributes
    ----------
    tokens, types : float
        Share of the running words, and of the different words, that have a vector, from 0 to 1.
    n_tokens, n_types : int
        Running and different words of the text.
    known_tokens, known_types : int
        Those that have a vector.
    bands : DataFrame
        One row a band of frequency in the text (index: "once", "2-3", ...): columns types, known, share (of the
        different words in the band that have a vector), tokens (the running words that the band holds).
    ranks : DataFrame
        What remains if only the first words of the file are loaded (index: how many): columns tokens, types (shares).
        Empty if the words have no order.
    normalising : DataFrame
        One row a rung (index: "as written", "another case", ...): columns tokens, types (shares with all rungs up to
        this one), won_tokens, won_types (how many words this rung wins back), examples. Shares are of the words as
        written, see :func:`lessons_lib.text.words_as_written`.
    missing : Series
        Words without a vector -> how often they occur, most frequent first.
    """

    tokens: float
    types: float
    n_tokens: int
    n_types: int
    known_tokens: int
    known_types: int
    bands: "pd.DataFrame"
    ranks: "pd.DataFrame"
    normalising: "pd.DataFrame"
    missing: "pd.Series"

    @property
    def table(self) -> "pd.DataFrame":
        """The summary as a frame: rows running words, different words; columns in the text, with a vector, share."""
        import pandas as pd

        rows = {
            "running words (tokens)": (self.n_tokens, self.known_tokens, self.tokens),
            "different words (types)": (self.n_types, self.known_types, self.types),
        }
        return pd.DataFrame.from_dict(rows, orient="index", columns=["in the text", "with a vector", "share"])

    def __repr__(self) -> str:
        frames = {
            "": printable(self.table),
            "By how often a word occurs in the text": printable(self.bands),
            "What normalising wins back, rung by rung": printable(self.normalising),
        }
        parts = [f"{title}\n{frame.to_string()}".lstrip() for title, frame in frames.items()]
        return "\n\n".join([*parts, self._most_frequent()])

    def _repr_html_(self) -> str:
        from html import escape

        frames = {
            "What has a vector": self.table,
            "By how often a word occurs in the text": self.bands,
            "What normalising wins back, rung by rung": self.normalising,
        }
        parts = [
            f"<p><strong>{title}</strong></p>{printable(frame).to_html(border=0)}" for title, frame in frames.items()
        ]
        return f"{''.join(parts)}<p>{escape(self._most_frequent())}</p>"

    def _most_frequent(self) -> str:
        """Return the sentence that lists the most frequent missing words."""
        if self.missing.empty:
            return "Every word has a vector."
        listed = ", ".join(f"{word} {count:,}" for word, count in self.missing.head(LISTED).items())
        return f"Most frequent without a vector, of {len(self.missing):,}: {listed}"


def coverage(
    vectors: "KeyedVectors | Iterable[str]",
    texts: Iterable[str] | Iterable[list[str]],
    tokenise: Callable[[str], list[str]] = tokenise,
    rungs: Mapping[str, Rung] = RUNGS,
) -> Coverage:
    """Return how much of ``texts`` has a vector.

    Parameters
    ----------
    vectors : KeyedVectors, or iterable of str
        Word vectors, or just their words: a set, or a list with the most frequent first. A word is known if it is in
        the vocabulary; vectors that fastText would put together from n-grams do not count.
    texts : iterable of str, or of lists of str
        Texts, or texts already cut into words; words that come cut are counted as they are.
    tokenise : callable
        Cuts a text into words for all but ``normalising``; by default the tokeniser of the course, in lower case.
    rungs : mapping of str to callable
        Ways of normalising, in order, see :mod:`lessons_lib.normalising`.

    Raises
    ------
    TypeError
        ``vectors`` has no vocabulary, or ``texts`` is a single text or a table, or holds something that is neither
        text nor words.
    ValueError
        There is no word in ``texts`` or no vector in ``vectors``.

    Examples
    --------
    >>> report = coverage({"the", "cat", "sat"}, ["The cat sat.", "The catz sat"])
    >>> report.known_tokens, report.n_tokens, report.known_types, report.n_types
    (5, 6, 3, 4)
    >>> list(report.missing.index)
    ['catz']
    >>> list(report.normalising.won_tokens)[:2]
    [3, 2]
    """
    ranks, ordered = _ranks_of(vectors)
    counts, written = _count(texts, tokenise)
    known = {word for word in counts if word in ranks}
    n_tokens, known_tokens = counts.total(), sum(counts[word] for word in known)
    return Coverage(
        tokens=known_tokens / n_tokens,
        types=len(known) / len(counts),
        n_tokens=n_tokens,
        n_types=len(counts),
        known_tokens=known_tokens,
        known_types=len(known),
        bands=by_band(counts, known),
        ranks=by_rank(counts, ranks if ordered else {}),
        normalising=by_rung(written, ranks, rungs),
        missing=missing_words(counts, known),
    )


def _ranks_of(vectors: "KeyedVectors | Iterable[str]") -> tuple[Mapping[str, int], bool]:
    """Return word -> rank, and whether the ranks mean anything."""
    words = getattr(vectors, "key_to_index", vectors)
    if isinstance(words, str) or not isinstance(words, Iterable):
        hint = " Pass its vectors: model.wv." if hasattr(vectors, "wv") else ""
        raise TypeError(f"coverage needs KeyedVectors or the words themselves, got {type(vectors).__name__}.{hint}")
    ordered = not isinstance(words, set | frozenset)
    ranks = words if words is not vectors else {word: rank for rank, word in enumerate(dict.fromkeys(words))}
    if not ranks:
        raise ValueError("coverage got vectors without a single word: was the file loaded?")
    return ranks, ordered


def _count(texts: Iterable[str] | Iterable[list[str]], tokenise: Callable) -> tuple[Counter, Counter]:
    """Return the counts of words as the tokeniser cuts them, and as they are written."""
    if isinstance(texts, str | bytes) or not isinstance(texts, Iterable):
        raise TypeError(f"coverage needs a list of texts, got one {type(texts).__name__}: put it into a list, [text].")
    if hasattr(texts, "columns"):
        raise TypeError("coverage needs a list of texts, got a table: give one of its columns, table['text'].")
    counts, written = Counter(), Counter()
    for number, text in enumerate(texts):
        if isinstance(text, str):
            counts.update(tokenise(text))
            written.update(words_as_written(text))
        elif isinstance(text, list | tuple) and all(isinstance(word, str) for word in text):
            counts.update(text)
            written.update(text)
        else:
            raise TypeError(f"Text {number} is neither text nor a list of words: {text!r:.60} ({type(text).__name__}).")
    if not counts:
        raise ValueError("coverage got texts without a single word.")
    return counts, written
