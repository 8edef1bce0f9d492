"""What every reader hands its words and rows to: it drops what cannot be used, counts it, and stores the rest."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from lessons_lib.formats.errors import Flaws, Problem, refuse

TOO_MANY = 0.01  # if more rows than this hold NaN or infinity, the numbers are not where the reader thinks they are
FIRST_ROWS = 100  # ... but a few rows prove nothing
Place = Callable[[int], dict[str, int]]


class Store(Protocol):
    """Where rows go: memory, or the copy in the cache."""

    def add(self, words: list[str], rows: np.ndarray) -> None:
        """Take words and their rows, float32 of shape (n_words, n_dims)."""


class Gatherer:
    """Takes words and rows from a reader, in the order of the file.

    The first of two equal words is kept; rows with NaN or infinity are left out; words that are not UTF-8 are
    decoded as Windows-1252 if most words with accents are such, and else with U+FFFD in place of the bytes.
    Each of these is a flaw that is counted.

    Parameters
    ----------
    store : Store
        Takes what is kept.
    flaws : Flaws
        Takes what is noted.
    limit : int, optional
        The number of words to keep.
    encoding : str, optional
        The encoding of the words if it is known; UTF-8 otherwise.
    """

    def __init__(self, store: Store, flaws: Flaws, limit: int | None = None, encoding: str | None = None):
        self.store, self.flaws, self.limit = store, flaws, limit
        self.encoding = encoding or "utf-8"
        self.index: dict[str, int] = {}
        self.seen = 0  # rows that came, kept or not
        self._given = encoding is not None
        self._broken = 0  # rows with NaN or infinity
        self._accented = 0  # words that are UTF-8 and not ASCII

    @property
    def full(self) -> bool:
        """Tell whether ``limit`` words are kept."""
        return self.limit is not None and len(self.index) >= self.limit

    def add(self, words: list[str], rows: np.ndarray, place: Place) -> None:
        """Take words and rows.

        Parameters
        ----------
        words : list of str
            Decoded as UTF-8 with ``surrogateescape``.
        rows : numpy.ndarray
            float32 of shape (n_words, n_dims).
        place : callable
            Number of a row -> ``{"line": ...}`` or ``{"byte": ...}``.
        """
        self.seen += len(words)
        words = self.decoded(words, place)
        keep = self._usable(words, rows, place)
        if keep is not None:
            words, rows = [words[i] for i in keep], rows[keep]
        if self.limit is not None and len(self.index) + len(words) > self.limit:
            words, rows = words[: self.limit - len(self.index)], rows[: self.limit - len(self.index)]
        self.index.update(zip(words, range(len(self.index), len(self.index) + len(words)), strict=True))
        self.store.add(words, rows)

    def _usable(self, words: list[str], rows: np.ndarray, place: Place) -> list[int] | None:
        """Return the numbers of the rows to keep, None if that is all of them."""
        with np.errstate(invalid="ignore", over="ignore"):  # a sum that overflows only costs the closer look below
            finite = bool(np.isfinite(rows.sum(dtype=np.float32)))
        if finite and "" not in words and len(set(words)) == len(words) and self.index.keys().isdisjoint(words):
            return None
        good = np.isfinite(rows).all(axis=1).tolist()
        keep: list[int] = []
        broken: list[int] = []
        again: list[int] = []
        fresh: set[str] = set()
        for number, word in enumerate(words):
            if self.limit is not None and len(self.index) + len(keep) >= self.limit:
                break
            if not good[number]:
                broken.append(number)
            elif word in self.index or word in fresh:
                again.append(number)
            else:
                fresh.add(word)
                keep.append(number)
        self._note_unusable(words, place, broken, again)
        if self._broken > TOO_MANY * self.seen and self.seen >= FIRST_ROWS:
            refuse(
                f"{self._broken:,} of {self.seen:,} vectors with NaN or infinity",
                "numbers",
                "The file is damaged, or its numbers are not 4-byte floats. Get it again.",
                **place(0),
            )
        return keep

    def _note_unusable(self, words: list[str], place: Place, broken: list[int], again: list[int]) -> None:
        self._broken += len(broken)
        if broken:
            found = f"NaN or infinity in the vector of {words[broken[0]]!r}"
            remedy, where = "The word is left out.", place(broken[0])
            self._note("broken", found, "numbers that float32 holds", remedy, where, len(broken))
        if again:
            found, where = f"the word {words[again[0]]!r} again", place(again[0])
            self._note("twice", found, "each word once", "The first is kept.", where, len(again))
        if "" in words and "" not in self.index:
            where = place(words.index(""))
            self._note("empty", "a word without a letter", "a word", "It is kept as ''.", where)

    def _note(self, kind: str, found: str, expected: str, remedy: str, where: dict[str, int], count: int = 1) -> None:
        self.flaws.note(kind, Problem(found, expected, remedy, **where, count=count))

    def decoded(self, words: list[str], place: Place) -> list[str]:
        """Return words that were decoded with ``surrogateescape`` as text, and note the bytes that are not UTF-8."""
        if all(map(str.isascii, words)):
            return words
        if self._given:
            return [self._as_given(word, place(number)) for number, word in enumerate(words)]
        bad = [number for number, word in enumerate(words) if not word.isascii() and not _is_unicode(word)]
        self._accented += sum(not word.isascii() for word in words) - len(bad)
        if not bad and self.encoding == "utf-8":
            return words
        western_words = sum(_is_western(words[number]) for number in bad)
        self._accented += len(bad) - western_words
        if western_words > self._accented:
            self.encoding = "windows-1252"
        words = list(words)
        numbers = range(len(words)) if self.encoding != "utf-8" else bad
        for number in numbers:
            if not words[number].isascii():
                words[number] = self._repaired(words[number], place(number))
        return words

    def _repaired(self, word: str, where: dict[str, int]) -> str:
        raw = word.encode("utf-8", "surrogateescape")
        if self.encoding == "utf-8":
            remedy = "U+FFFD stands for the bytes. If you know the encoding: load(..., encoding='latin-1')."
            word = raw.decode("utf-8", "replace")
        else:
            remedy = "They are read as Windows-1252, of which Latin-1 is a part; else: load(..., encoding=...)."
            word = western(raw)
        self._note("encoding", f"bytes that are not UTF-8 ({raw[:40]!r})", "UTF-8", remedy, where)
        return word

    def _as_given(self, word: str, where: dict[str, int]) -> str:
        raw = word.encode("utf-8", "surrogateescape")
        try:
            return raw.decode(self.encoding)
        except UnicodeDecodeError:
            remedy = "U+FFFD stands for the bytes. Is the encoding right?"
            self._note("encoding", f"bytes that are not {self.encoding} ({raw[:40]!r})", self.encoding, remedy, where)
            return raw.decode(self.encoding, "replace")


def western(raw: bytes) -> str:
    r"""Decode bytes as Windows-1252, and as Latin-1 where that has no letter.

    Examples
    --------
    >>> western(b"caf\xe9, 5 \x80")
    'café, 5 €'
    """
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _is_unicode(word: str) -> bool:
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _is_western(word: str) -> bool:
    """Tell whether a word that is not UTF-8 has no whole character of UTF-8 either (one that was cut has some)."""
    return word.encode("utf-8", "surrogateescape").decode("utf-8", "ignore").isascii()


class Memory:
    """Keeps words and rows in memory."""

    def __init__(self, dims: int):
        self.words: list[str] = []
        self._rows = np.empty((0, dims), dtype=np.float32)
        self._count = 0

    def add(self, words: list[str], rows: np.ndarray) -> None:
        """Take words and their rows; the matrix grows in place, so that it is never there twice."""
        needed = self._count + len(rows)
        if needed > len(self._rows):
            self._rows.resize((max(needed, len(self._rows) * 5 // 4), self._rows.shape[1]), refcheck=False)
        self._rows[self._count : needed] = rows
        self._count = needed
        self.words += words

    def matrix(self) -> np.ndarray:
        """Return all rows, float32 of shape (n_words, n_dims)."""
        self._rows.resize((self._count, self._rows.shape[1]), refcheck=False)
        return self._rows


class Counter:
    """Keeps nothing: for looking at a file without loading it."""

    def add(self, words: list[str], rows: np.ndarray) -> None:
        """Take words and rows, and forget them."""
