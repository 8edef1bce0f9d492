"""Stand-in corpora for ``--sample`` where the real ones are not: sentences drawn by lot from the benchmarks' words.

They let the whole pipeline run anywhere in a minute. What comes out means nothing, and nothing of it ships.
"""

import csv
import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path

from authoring.pretrain.files import ROOT, write_atomically
from lessons_lib.yardsticks import analogy_questions, word_pairs

ARTICLES = 24  # a file
SENTENCES = 120  # an article
TOPIC = 40  # words that the sentences of an article are drawn from


def _write(path: Path, articles: Iterator[dict]) -> None:
    """Write articles as the real corpora are: one JSON object a line, xz."""
    with write_atomically(path) as temporary, lzma.open(temporary, "wt", encoding="utf-8", preset=0) as file:
        file.writelines(json.dumps(article) + "\n" for article in articles)


def _articles(words: list[str], seed: int) -> Iterator[dict]:
    """Yield articles; the words of one are neighbours in ``words``, so that meaning has something to hold on to."""
    lot = random.Random(seed)
    for number in range(ARTICLES):
        start = lot.randrange(max(1, len(words) - TOPIC))
        topic = words[start : start + TOPIC]
        sentences = (" ".join(lot.choices(topic, k=lot.randint(5, 15))).capitalize() + "." for _ in range(SENTENCES))
        title = f"Article {number}"
        yield {"id": number, "title": title, "author": "nobody", "text": "\n".join(sentences)}


def write_corpora(folder: Path) -> Path:
    """Write four English corpus files and two sets of novels into ``folder``, and return it."""
    pairs = [word_pairs(name) for name in ("wordsim353", "simlex999")]
    words = [word.lower() for table in pairs for pair in zip(table.word1, table.word2, strict=True) for word in pair]
    questions = analogy_questions().iloc[::97]
    words += [word for question in questions[["a", "b", "c", "d"]].itertuples(index=False) for word in question]
    for number in range(1, 5):
        _write(folder / f"enwiki-{number}.jsonl.xz", _articles(words, number))
    with open(ROOT / "data" / "words" / "english-french.csv", encoding="utf-8", newline="") as file:
        dictionary = [(row["english"], row["french"]) for row in csv.DictReader(file)]
    for place, name in enumerate(("eng", "fra")):
        _write(folder / f"eltec-{name}.jsonl.xz", _articles([pair[place] for pair in dictionary], seed=7))
    return folder
