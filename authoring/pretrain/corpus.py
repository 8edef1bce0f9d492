"""Step 1: the Wikipedia dump becomes one tokenised text file and a vocabulary.

    ../shared/data/enwiki-*.jsonl.xz  ->  build/pretrain/corpus.txt   one sentence a line, words separated by spaces
                                          build/pretrain/vocabulary.tsv   the 30,000 most frequent words, with counts
                                          build/pretrain/corpus.json      what was read, left out and written

Articles are shuffled once (seeded), so that the first n words of corpus.txt are a fair sample of the whole.
The articles whose text ships inside gensim's test data are left out: lessons use them as unseen text.
"""

import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

from authoring.pretrain.files import SHARED, WORK, write_atomically
from lessons_lib.text import split_sentences, tokenise
from lessons_lib.wikipedia import gensim_articles

SEED = 20_260
VOCABULARY_SIZE = 30_000
LONG = 10  # words; sentences of this length are taken to be unique
MIN_SENTENCE = 4  # shorter lines are headings and remains of lists
_URL = re.compile(r"https?://\S+|www\.\S+")
_SECTION_END = re.compile(r"\n(?:External links|References|Further reading|See also)\.\n")


def clean(text: str) -> str:
    """Return article text without web addresses and without the closing sections that hold links only."""
    return _URL.sub(" ", _SECTION_END.split(text)[0])


def sentences_of(text: str) -> list[list[str]]:
    """Return the tokenised sentences of one article, those of at least ``MIN_SENTENCE`` words."""
    tokenised = (tokenise(sentence) for sentence in split_sentences(clean(text)))
    return [words for words in tokenised if len(words) >= MIN_SENTENCE]


def read_articles(path: Path) -> Iterator[dict]:
    """Yield the articles of one corpus file as dicts with id, title and text."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def long_sentences(articles: dict[str, str]) -> frozenset[str]:
    """Return the tokenised sentences of at least ``LONG`` words, each as one string: finger-prints of a text."""
    return frozenset(
        " ".join(words) for text in articles.values() for words in sentences_of(text) if len(words) >= LONG
    )


def _tokenise_file(job: tuple[Path, dict[str, str], int | None]) -> tuple[list[str], list[str], int]:
    """Return the articles of a file (a string each, sentences on lines), and the titles and sentences left out.

    Leaving out by title is not enough: *Economy of Azerbaijan* repeats 36 sentences of *Azerbaijan*.
    So a long sentence that stands in an article to be left out is left out wherever it stands.
    """
    path, unseen, limit = job
    unseen_sentences = long_sentences(unseen)
    articles, left_out, repeated = [], [], 0
    for article in islice(read_articles(path), limit):
        if article["title"] in unseen:
            left_out.append(article["title"])
            continue
        lines = [" ".join(words) for words in sentences_of(article["text"])]
        kept = [line for line in lines if line not in unseen_sentences]
        repeated += len(lines) - len(kept)
        if kept:
            articles.append("\n".join(kept))
    return articles, left_out, repeated


def prove_unseen(articles: list[str], unseen: dict[str, str]) -> None:
    """Raise an error if a long sentence of the articles to be left out is still in the corpus."""
    fingerprints = long_sentences(unseen)
    found = [line for article in articles for line in article.split("\n") if line in fingerprints]
    if found:
        raise ValueError(f"{len(found)} sentences of the unseen articles are in the corpus, the first: {found[0]!r}.")


def build(sample: int | None = None) -> dict[str, int | float]:
    """Write corpus.txt, vocabulary.tsv and corpus.json; return the report. ``sample``: articles of each file."""
    paths = sorted(SHARED.glob("enwiki-*.jsonl.xz"))
    if not paths:
        raise FileNotFoundError(f"No enwiki-*.jsonl.xz in {SHARED}: put the corpus there (see data/README.md).")
    unseen = gensim_articles()
    with ProcessPoolExecutor(2) as pool:
        parts = list(pool.map(_tokenise_file, [(path, unseen, sample) for path in paths]))
    articles = [article for part, _, _ in parts for article in part]
    left_out = [title for _, titles, _ in parts for title in titles]
    prove_unseen(articles, unseen)
    random.Random(SEED).shuffle(articles)
    counts = Counter(word for article in articles for word in article.split())
    with write_atomically(WORK / "corpus.txt") as temporary:
        temporary.write_text("\n".join(articles) + "\n", encoding="utf-8")
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:VOCABULARY_SIZE]
    with write_atomically(WORK / "vocabulary.tsv") as temporary:
        temporary.write_text("".join(f"{word}\t{count}\n" for word, count in ranked), encoding="utf-8")
    report = {
        "articles": len(articles),
        "words": counts.total(),
        "different_words": len(counts),
        "sentences": sum(article.count("\n") + 1 for article in articles),
        "vocabulary": len(ranked),
        "least_count_in_vocabulary": ranked[-1][1],
        "token_coverage_of_vocabulary": round(sum(count for _, count in ranked) / counts.total(), 4),
        "gensim_articles": len(unseen),
        "left_out_by_title": len(left_out),
        "sentences_left_out_as_repeated": sum(repeated for _, _, repeated in parts),
        "seed": SEED,
    }
    with write_atomically(WORK / "corpus.json") as temporary:
        temporary.write_text(json.dumps(report, indent=2), encoding="utf-8")
    return report
