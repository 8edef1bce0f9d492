"""The known word that is spelt most like an unknown one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from lessons_lib.subwords import Parts, char_ngrams

CHUNK = 256  # unknown words compared at once
LONGEST = 24  # letters; nobody mistypes longer words by one letter only


class Speller:
    """Finds known words that are one slip away from a word, or else those that share most of its letter groups.

    A slip is a letter left out, added, replaced, or swapped with its neighbour. Two words that are one slip apart
    become equal when at most one letter is taken out of each, so a table of all words with one letter taken out
    answers at once.

    Parameters
    ----------
    words : sequence of str
        Known words, most frequent first.

    References
    ----------
    Garbe (2012), "1000x faster spelling correction algorithm", for the table of deletions.

    Examples
    --------
    >>> speller = Speller(["receive", "believe", "deceive"])
    >>> speller.nearest(["recieve", "beleive", "unreceived", "xyz"])
    ['receive', 'believe', 'receive', None]
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)
        if not self.words:
            raise ValueError("Speller needs at least one known word.")
        self.table = defaultdict(list)
        for number, word in enumerate(self.words):
            for form in _shortened(word):
                self.table[form].append(number)
        self.groups = None

    def one_slip(self, word: str) -> str | None:
        """Return the most frequent known word that is one slip away from ``word``, or None."""
        found = sorted({number for form in _shortened(word) for number in self.table.get(form, ())})
        return next((self.words[number] for number in found if is_one_slip(word, self.words[number])), None)

    def nearest(self, words: Iterable[str], least: float = 0.3, slips: bool = True) -> list[str | None]:
        """Return for each word the one that is a slip away, or else the one with most letter groups in common.

        Parameters
        ----------
        words : iterable of str
        least : float
            Share of letter groups (pairs and triples) that must be common, from 0 to 1; below it the answer is None.
        slips : bool
            False: do not look for slips first. Better for words that are spelt right, whose kin differ in endings.
        """
        words = list(words)
        found = {word: self.one_slip(word) if slips else None for word in dict.fromkeys(words)}
        open_words = [word for word, near in found.items() if near is None]
        for start in range(0, len(open_words), CHUNK):
            found |= self._most_in_common(open_words[start : start + CHUNK], least)
        return [found[word] for word in words]

    def _most_in_common(self, words: list[str], least: float) -> dict[str, str | None]:
        """Return the known word with the highest Dice coefficient of letter pairs and triples for each word."""
        if self.groups is None:
            parts = Parts(self.words, lambda word: set(char_ngrams(word, 2, 3)))
            table = parts.learnt
            self.groups = parts, table.T.tocsr(), table.sum(axis=1).A1
        parts, table, sizes = self.groups
        mine = parts.matrix(words)
        dice = 2 * (mine @ table).toarray() / (mine.sum(axis=1).A1[:, None] + sizes)
        best = dice.argmax(axis=1)
        shares = dice[np.arange(len(words)), best]
        return {w: self.words[i] if share >= least else None for w, i, share in zip(words, best, shares, strict=True)}


def is_one_slip(a: str, b: str) -> bool:
    """Tell whether one letter added, left out, replaced, or swapped with its neighbour turns ``a`` into ``b``.

    Examples
    --------
    >>> [is_one_slip("form", other) for other in ("from", "for", "farm", "forms", "form", "mrof")]
    [True, True, True, True, False, False]
    """
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    if len(a) == len(b):
        swapped = rest_a[1:2] + rest_a[:1] + rest_a[2:]
        return rest_a[1:] == rest_b[1:] or swapped == rest_b
    return rest_a[1:] == rest_b if len(a) > len(b) else rest_b[1:] == rest_a


def _shortened(word: str) -> set[str]:
    """Return the word and all forms of it with one letter taken out."""
    if len(word) > LONGEST:
        return {word}
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
