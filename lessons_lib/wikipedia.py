"""The 106 Wikipedia articles inside gensim's test data: real text that is there offline, unseen by the bundled vectors.

Read from the shortened dump that gensim tests its own reader with; cleaned of the mark-up that is left over.
"""

import bz2
import re
from functools import cache

from lessons_lib.text import split_sentences, tokenise

_FILE = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
_CLOSING = re.compile(
    r"^==+ *(?:see also|references?|notes?|footnotes?|external links|further reading|bibliography|sources|"
    r"citations|works cited|filmography|discography|gallery)\b.*",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_NOT_PROSE = re.compile(r"^(?:[*#:;|!+{} \t=<-]|'''?[^']*'''?$)")
_MARKS = re.compile(r"'{2,}|<[^>]*>|&[a-z]+;|https?://\S+|\[\[|\]\]|\{\{|\}\}|__\w+__")
_EMPTY_BRACKETS = re.compile(r"\s*\(\s*[,;:. ]*\)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-Z]|[A-Z]\.[A-Z]|Dr|Mr|Mrs|Ms|St|Jr|Sr|vs|No|ca|cf|c|e\.g|i\.e|etc|Gen|Col|Lt|Capt|Maj|Sgt|Gov"
    r"|Prof|Rev|Op|vol|pp|fl|approx)\.$"
)
_WHOLE = re.compile(r"^[\"'(]?[A-Z0-9].*[.!?][\"')]*$", re.DOTALL)


@cache
def gensim_articles() -> dict[str, str]:
    """Return title -> text of the 106 articles, as gensim's own Wikipedia reader gives it (some mark-up is left).

    Examples
    --------
    >>> len(gensim_articles())
    106
    """
    from gensim.corpora.wikicorpus import extract_pages, filter_wiki
    from gensim.test.utils import datapath

    with bz2.open(datapath(_FILE)) as file:
        pages = list(extract_pages(file, ("0",)))
    return {
        title: filter_wiki(text)
        for title, text, _ in pages
        if ":" not in title and not text.lstrip().lower().startswith("#redirect")
    }


def prose(article: str) -> str:
    r"""Return the paragraphs of an article: no headings, lists, tables, formulas, left-over marks or closing sections.

    Examples
    --------
    >>> prose("'''Albedo''' () is a ''ratio''.\n==History==\n* 1760\nIt is old.\n==References==\nA book.")
    'Albedo is a ratio.\nIt is old.'
    """
    lines = _CLOSING.sub("", article).split("\n")
    kept = (line for line in lines if line.strip() and not _NOT_PROSE.match(line))
    cleaned = (_EMPTY_BRACKETS.sub("", _MARKS.sub("", line)) for line in kept)
    return "\n".join(" ".join(line.split()) for line in cleaned)


def article_sentences(article: str, shortest: int = 6, longest: int = 40) -> list[str]:
    """Return the sentences of an article, those of ``shortest`` to ``longest`` words, in order.

    A cut after an initial or an abbreviation (*J. S. Mill*, *Dr. King*) is undone.

    Examples
    --------
    >>> article_sentences("It was read by Dr. King and J. S. Mill in one night. Good.")
    ['It was read by Dr. King and J. S. Mill in one night.']
    """
    found = []
    for line in prose(article).split("\n"):
        joined: list[str] = []
        for part in split_sentences(line):
            if joined and _ABBREVIATION.search(joined[-1]):
                joined[-1] += f" {part}"
            else:
                joined.append(part)
        found += [text for text in joined if _WHOLE.match(text) and shortest <= len(tokenise(text)) <= longest]
    return found
