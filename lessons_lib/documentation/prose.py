"""Docstrings as text: paragraphs put together again, and the prose in them without code, tables and markup."""

import re

from lessons_lib.text import split_sentences

_ROLE = re.compile(r":[\w:+-]+:(`)~?\.?([^`<]*?)(?: *<[^`>]*>)?`")
_LINK = re.compile(r"`([^`<]+?) *<[^`>]*>`_{1,2}|\|([^|\s]+)\|")
_FOOTNOTE = re.compile(r" ?\[(?:\d+|[A-Z]\w*)\]_")
_RULE = re.compile(r"^[-=~^\"'`#*+.]{3,}$")
_FIELD = re.compile(r"^(?:\*{0,2}[`\w.*,/ {}()\[\]\"'|-]+ : |:\w+[^:]*:|@\w+|\.\. |>>> |\.\.\. |\[\d+\] |[-*+] ?$)")
_CITATION = re.compile(r"\b(?:pp\.|vol\.|doi|ISBN|arXiv|et al|https?:|www\.)|\(\d{4}\)", re.IGNORECASE)
_WORD = re.compile(r"[\"'(]?[A-Za-z][a-z']*[-a-z]*[\"').,;:!?]*")
_START = re.compile(r"^[\"'(]?[A-Z`]")


def lines_of(text: str) -> list[str]:
    r"""Return the paragraphs of a docstring, each as one line; rules under headings are left out.

    Lines belong together while they stand at one depth and no line begins a list, a field or an example.

    Examples
    --------
    >>> lines_of("Sort values\nof a table.\n\nReturns\n-------\nx : array\n    Sorted.")
    ['Sort values of a table.', 'Returns', 'x : array', 'Sorted.']
    """
    lines, depth = [], None
    for line in text.split("\n"):
        words = " ".join(line.split())
        indent = len(line) - len(line.lstrip())
        if not words or _RULE.match(words):
            depth = None
        elif depth != indent or _FIELD.match(words) or _FIELD.match(lines[-1]):
            lines.append(words)
            depth = indent
        else:
            lines[-1] += f" {words}"
    return lines


def plain(text: str) -> str:
    """Return a line without reStructuredText marks, code spans kept between backquotes.

    Examples
    --------
    >>> plain("See :func:`~numpy.sort` and `the guide <https://x.org>`_ [1]_.")
    'See `numpy.sort` and the guide.'
    """
    text = _ROLE.sub(r"`\2`", text)
    text = _LINK.sub(lambda match: match[1] or match[2], text)
    return _FOOTNOTE.sub("", text).replace("``", "`").replace("**", "")


def prose_sentences(text: str, shortest: int = 8, longest: int = 40) -> list[str]:
    r"""Return the sentences of a docstring that people would read aloud: no code, tables, fields or references.

    Parameters
    ----------
    text : str
        A docstring.
    shortest, longest : int
        Fewest and most words of a sentence.

    Examples
    --------
    >>> prose_sentences("Sort it.\n\nThe order of equal values is the order that they had before.\n\n>>> sort(x)")
    ['The order of equal values is the order that they had before.']
    """
    found = []
    for line in lines_of(_without_blocks(text)):
        if line.count(" ") < shortest - 1 or _FIELD.match(line):
            continue
        for sentence in split_sentences(plain(line)):
            ends_well = sentence[-1] in ".!?" and _START.match(sentence) and not _CITATION.search(sentence)
            if ends_well and shortest <= len(sentence.split()) <= longest and _is_wordy(sentence):
                found.append(sentence)
    return found


def _without_blocks(text: str) -> str:
    """Return a docstring without what is indented under ``::``, ``.. directive::`` or an example."""
    kept, block = [], None
    for line in text.split("\n"):
        stripped, indent = line.strip(), len(line) - len(line.lstrip())
        if stripped and block is not None and indent <= block:
            block = None
        if block is None:
            kept.append(line)
            if stripped.endswith("::") or stripped.startswith(".. "):
                block = indent
    return _without_examples("\n".join(kept))


def _without_examples(text: str) -> str:
    """Return a docstring without ``>>>`` lines and what they print: up to the next empty line."""
    return re.sub(r"^[ \t]*(?:>>>|\$|In \[).*(?:\n[ \t]*\S.*)*", "", text, flags=re.MULTILINE)


def _is_wordy(sentence: str) -> bool:
    """Tell whether at least seven of ten space-separated pieces are ordinary words."""
    pieces = sentence.split()
    return sum(bool(_WORD.fullmatch(piece)) for piece in pieces) >= 0.7 * len(pieces)
