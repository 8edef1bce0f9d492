"""Measure word vectors with the yardsticks of the course, and read what was measured when they were built.

``data/build_log.json`` holds the record of the build: time, tokens, settings, scores, everything that was tried.
``lessons scores`` prints it; ``lessons scores --measure`` measures the bundled files again.
"""

import json
from typing import TYPE_CHECKING

from lessons_lib import yardsticks
from lessons_lib.bundled import VECTORS, bundled_path

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

GENERATIONS = tuple(VECTORS)


def build_log() -> dict[str, dict]:
    """Return the record of the build: name of the step -> seconds, settings, scores, what was tried.

    Examples
    --------
    >>> "word2vec" in build_log()
    True
    """
    return json.loads(bundled_path("build_log.json").read_text(encoding="utf-8"))


def measure(vectors: "KeyedVectors") -> dict:
    """Score vectors on WordSim-353, SimLex-999 and the Google analogies, with 95 % bootstrap intervals.

    Returns
    -------
    dict
        ``wordsim353`` and ``simlex999``: value, low, high, used (pairs); ``analogies``: section -> accuracy, low,
        high, asked, with ``semantic``, ``syntactic`` and ``total`` at the end. A test without a word that the vectors
        know is None.
    """
    found = {"words": len(vectors)}
    for name in yardsticks.WORD_PAIRS:
        try:
            score = yardsticks.pair_score(vectors, name)
        except ValueError:
            found[name] = None
            continue
        found[name] = {key: round(value, 4) for key, value in score.correlation._asdict().items()} | {
            "used": score.used
        }
    try:
        table = yardsticks.analogy_score(vectors).round(4)
        found["analogies"] = {
            section: row | {"asked": int(row["asked"])} for section, row in table.to_dict("index").items()
        }
    except ValueError:
        found["analogies"] = None
    return found


def summary(vectors: "KeyedVectors") -> dict[str, float | None]:
    """Return the five numbers of ``measure`` that fit into a line: word pairs, and analogies in three sums."""
    found = measure(vectors)
    short = {name: found[name] and found[name]["value"] for name in yardsticks.WORD_PAIRS}
    analogies = found["analogies"] or {}
    return short | {
        name: analogies.get(section, {}).get("accuracy")
        for name, section in (("analogies", "total"), ("semantic", "semantic"), ("syntactic", "syntactic"))
    }


def restrict(vectors: "KeyedVectors", words: list[str]) -> "KeyedVectors":
    """Return vectors of ``words`` only, in that order, so that several files can be scored on the same words.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> restrict(load_vectors(), ["king", "queen"]).index_to_key
    ['king', 'queen']
    """
    from gensim.models import KeyedVectors

    kept = KeyedVectors(vectors.vector_size)
    kept.add_vectors(words, vectors[words])
    return kept
