"""Cut text into sentences and words: the one tokeniser of the course.

The bundled vectors were trained on text cut by these two functions, and the lessons cut their own text
with them too. A word that is cut differently is a word without a vector, so nothing here changes without a rebuild of
``data/`` (``python -m authoring.pretrain all``).
"""

import re

_POSSESSIVE = re.compile(r"'s\b")
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,]\d+)*")
_LETTER = r"(?:[^\W_]|[\u0300-\u036f])"  # or a digit, or an accent that follows its letter as a character of its own
_AS_WRITTEN = re.compile(rf"{_LETTER}+(?:(?:['\u2019-]{{1,2}}|[.](?=\w)|,(?=\d)){_LETTER}+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9])|\n+")


def tokenise(text: str) -> list[str]:
    """Return the words and numbers of ``text``, in order, in lower case.

    A word is a run of letters of any script; an apostrophe inside is kept (*don't*), a possessive *'s* is cut off.
    A number is a run of digits with commas or points inside (*1,000*). Everything else separates.

    Parameters
    ----------
    text : str
        Any length; an empty text gives an empty list.

    Examples
    --------
    >>> tokenise("The king's horses don't cost $1,000.")
    ['the', 'king', 'horses', "don't", 'cost', '1,000']
    """
    return _TOKEN.findall(_POSSESSIVE.sub("", text.lower().replace("\u2019", "'")))


def words_as_written(text: str) -> list[str]:
    """Return the words of ``text`` as they stand: nothing is normalised, so that one can ask what normalising does.

    Capitals, accents, curly apostrophes, possessive *'s*, and hyphens and points inside a word are kept.

    Examples
    --------
    >>> words_as_written("The King\u2019s well-known café: 3.5 stars (MP3)!")
    ['The', 'King’s', 'well-known', 'café', '3.5', 'stars', 'MP3']
    """
    return _AS_WRITTEN.findall(text)


def split_sentences(text: str) -> list[str]:
    """Return the sentences of ``text``: cut at line ends, and after . ! ? when a capital or a digit follows.

    Abbreviations cut a sentence in two now and then; for counting neighbours that costs a few pairs and nothing else.

    Examples
    --------
    >>> split_sentences("It rained. Nobody cared! e.g. the cat slept.")
    ['It rained.', 'Nobody cared! e.g. the cat slept.']
    """
    return [sentence for part in _SENTENCE_END.split(text) if (sentence := part.strip())]
