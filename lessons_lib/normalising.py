"""Rungs of normalising: other ways to write a word, tried one after the other where a word has no vector.

A rung takes a form of a word and returns the forms to try instead, the likeliest first. A form with a space stands for
several words, all of which must be known. Rungs only propose: whether a form counts is for the vectors to say.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

Rung = Callable[[str], list[str]]

_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u0060\u00b4]")
_JOINTS = re.compile(r"(?<=[^\W\d])[.](?=[^\W\d])|[-\u2010-\u2015/_]+|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_RULES = tuple(
    (re.compile(found), instead)
    for found, instead in (
        (r"(?<=\w{3})our", "or"),
        (r"(?<=\w{3})or", "our"),
        (r"(?<=\w{3})is(?=e|ing|ation|able)", "iz"),
        (r"(?<=\w{3})iz(?=e|ing|ation|able)", "is"),
        (r"(?<=\w{3})ys(?=e|ing)", "yz"),
        (r"(?<=\w{3})yz(?=e|ing)", "ys"),
        (r"(?<=\w{3})tre(?=s?$)", "ter"),
        (r"(?<=\w{3})ter(?=s?$)", "tre"),
        (r"(?<=\w{3})ogue(?=s?$)", "og"),
        (r"(?<=\w{3})og(?=s?$)", "ogue"),
        (r"(?<=\w{4})ll(?=ed|ing|ers?$)", "l"),
        (r"(?<=\w{3}[aeiou])l(?=ed|ing|ers?$)", "ll"),
        (r"(?<=\w{3})ence(?=s?$)", "ense"),
        (r"(?<=\w{3})ense(?=s?$)", "ence"),
    )
)  # three letters or more before the ending, so that "four" is not turned into "for"
_PAIRS = (
    ("aluminium", "aluminum"), ("cosy", "cozy"), ("grey", "gray"), ("jewellery", "jewelry"), ("moustache", "mustache"),
    ("plough", "plow"), ("programme", "program"), ("pyjamas", "pajamas"), ("sceptical", "skeptical"),
)  # fmt: skip
_OTHER_SIDE = dict(_PAIRS) | {american: british for british, american in _PAIRS}


def another_case(form: str) -> list[str]:
    """Return the form in lower case, with a capital, and in capitals."""
    return [form.lower(), form.capitalize(), form.upper()]


def straight_apostrophe(form: str) -> list[str]:
    """Return the form with straight apostrophes, each accent joined to its letter (Unicode NFC)."""
    return [_APOSTROPHES.sub("'", unicodedata.normalize("NFC", form))]


def without_possessive(form: str) -> list[str]:
    """Return the form without a possessive *'s*."""
    return [re.sub(r"'s\b", "", form, flags=re.IGNORECASE)]


def parts(form: str) -> list[str]:
    """Return the parts of the form, cut at hyphens, slashes, points, and between letters and digits.

    Examples
    --------
    >>> parts("well-known"), parts("mp3"), parts("3.5")
    (['well known'], ['mp 3'], ['3.5'])
    """
    return [" ".join(_JOINTS.sub(" ", form).split())]


def without_accents(form: str) -> list[str]:
    """Return the form without accents and other marks on letters.

    Examples
    --------
    >>> without_accents("café")
    ['cafe']
    """
    decomposed = unicodedata.normalize("NFKD", form)
    return ["".join(character for character in decomposed if not unicodedata.combining(character))]


def digits(form: str) -> list[str]:
    """Return the form without commas between digits, and with ``#`` for each digit, as GoogleNews has it.

    Examples
    --------
    >>> digits("1,250"), digits("word")
    (['1250', '####', '#,###'], [])
    """
    if not any(character.isdigit() for character in form):
        return []
    plain = re.sub(r"(?<=\d),(?=\d)", "", form)
    return list(dict.fromkeys([plain, re.sub(r"\d", "#", plain), re.sub(r"\d", "#", form)]))


def other_spelling(form: str) -> list[str]:
    """Return the form in American spelling if it looks British, and the other way round; false guesses are possible.

    Examples
    --------
    >>> other_spelling("colours"), other_spelling("analyze"), other_spelling("grey"), other_spelling("four")
    (['colors'], ['analyse'], ['gray'], [])
    """
    if form in _OTHER_SIDE:
        return [_OTHER_SIDE[form]]
    guesses = (rule.sub(instead, form) for rule, instead in _RULES)
    return [guess for guess in guesses if guess != form]


RUNGS: Mapping[str, Rung] = {
    "another case": another_case,
    "straight apostrophe": straight_apostrophe,
    "possessive 's cut off": without_possessive,
    "cut at hyphens": parts,
    "no accents": without_accents,
    "digits": digits,
    "British or American": other_spelling,
}


def climb(word: str, known: Callable[[str], bool], rungs: Mapping[str, Rung]) -> tuple[int, str]:
    """Return the number of the first rung on which a word is known, and the form that is.

    Parameters
    ----------
    word : str
        A word as it is written.
    known : callable
        Tells whether a form of one word has a vector.
    rungs : mapping
        Name -> rung, in order. A rung starts from the first form that the rung before it returned.

    Returns
    -------
    int
        0: known as written; 1: on the first rung; ... ; ``len(rungs) + 1``: on none.
    str
        The form that is known; the last one tried if none is.

    Examples
    --------
    >>> climb("Well-known", {"well", "known"}.__contains__, RUNGS)
    (4, 'well known')
    """
    if known(word):
        return 0, word
    for number, rung in enumerate(rungs.values(), start=1):
        forms = rung(word)
        for form in forms:
            pieces = form.split()
            if form != word and pieces and all(map(known, pieces)):
                return number, form
        word = forms[0] if forms else word
    return len(rungs) + 1, word
