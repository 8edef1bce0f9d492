"""Step: a second language. English and French vectors from novels of the same years, to lay one space over the other.

    ../shared/data/eltec-eng.jsonl.xz  ->  data/vectors/novels-english.bin   8,000 words x 100 numbers, binary
    ../shared/data/eltec-fra.jsonl.xz  ->  data/vectors/novels-french.bin
    data/words/english-french.csv      ->  how many words find their translation after a rotation (five folds)

The two sets of novels are comparable, not translations of each other: 99 English and 100 French ones, 1840 to 1920.
References: Mikolov, Le and Sutskever (2013), arXiv:1309.4168; Conneau et al. (2018), ICLR (CSLS).
"""

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
from gensim.models import KeyedVectors, Word2Vec

from authoring.pretrain import files, formats
from authoring.pretrain.corpus import read_articles
from lessons_lib.statistics import bootstrap
from lessons_lib.text import split_sentences, tokenise

LANGUAGES = {"english": "eltec-eng.jsonl.xz", "french": "eltec-fra.jsonl.xz"}
WORDS = 8_000  # that ship; training sees all that occur MIN_COUNT times
DIMS = 100
EPOCHS = 6
WINDOW = 5
NEGATIVE = 5
SAMPLE = 1e-4
MIN_COUNT = 5
SEED = 1
WORKERS = 2
NOVELS_IN_SAMPLE = 2  # of each language, with --sample
FOLDS = 5
NEIGHBOURS = 10  # of CSLS
_ELISION = re.compile(r"\b([cdjlmnst]|qu|lorsqu|puisqu|jusqu|quoiqu|entr)['\u2019](?=\w)", re.IGNORECASE)


def write_text(language: str, sample: int | None) -> Path:
    """Write the novels as tokenised sentences, one a line, and return the file; *l'eau* becomes two words."""
    path = files.WORK / f"novels-{language}.txt"
    with files.write_atomically(path) as temporary, open(temporary, "w", encoding="utf-8") as file:
        for number, novel in enumerate(read_articles(files.SHARED / LANGUAGES[language])):
            if sample is not None and number >= NOVELS_IN_SAMPLE:
                break
            text = _ELISION.sub(r"\1 ", novel["text"]) if language == "french" else novel["text"]
            sentences = (tokenise(sentence) for sentence in split_sentences(text))
            file.writelines(" ".join(words) + "\n" for words in sentences if len(words) > 1)
    return path


def train(text: Path) -> KeyedVectors:
    """Return the vectors of the ``WORDS`` most frequent words of a tokenised file, with their counts."""
    model = Word2Vec(
        corpus_file=str(text), sg=1, vector_size=DIMS, window=WINDOW, negative=NEGATIVE, sample=SAMPLE, epochs=EPOCHS,
        min_count=MIN_COUNT, seed=SEED, workers=WORKERS,
    )  # fmt: skip
    kept = KeyedVectors(DIMS)
    kept.add_vectors(model.wv.index_to_key[:WORDS], model.wv.vectors[:WORDS])
    return kept


def unit_rows(matrix: np.ndarray) -> np.ndarray:
    """Return the rows at length 1, after taking off their mean: what both spaces share with themselves only."""
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    centred = unit - unit.mean(axis=0)
    return centred / np.linalg.norm(centred, axis=1, keepdims=True)


def rotation(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the orthogonal matrix that brings ``source`` rows nearest to ``target`` rows (orthogonal Procrustes).

    Examples
    --------
    >>> turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
    >>> bool(np.allclose(rotation(np.eye(2), np.eye(2) @ turn), turn))
    True
    """
    left, _, right = np.linalg.svd(source.T @ target)
    return left @ right


def csls(cosines: np.ndarray, neighbours: int) -> np.ndarray:
    """Return cosines (n_sources, n_targets) made fair to words that are near to everything (hubs)."""

    def crowding(matrix: np.ndarray, k: int) -> np.ndarray:
        return np.partition(matrix, -k, axis=1)[:, -k:].mean(axis=1)

    few = min(neighbours, *cosines.shape)
    return 2 * cosines - crowding(cosines, few)[:, None] - crowding(cosines.T, few)[None, :]


def ranks_of_translations(
    source: KeyedVectors, target: KeyedVectors, pairs: list[tuple[str, str]]
) -> dict[str, np.ndarray]:
    """Return the rank (0 = nearest) of the best right translation of each word that is held out of the rotation.

    Keys: ``as they are`` (no rotation), ``rotated``, ``rotated, CSLS``.
    """
    known = [(a, b) for a, b in pairs if a in source and b in target]
    mine, theirs = unit_rows(source.vectors), unit_rows(target.vectors)
    answers = {word: [target.key_to_index[b] for a, b in known if a == word] for word, _ in known}
    words = sorted(answers)
    folds = np.array_split(np.random.default_rng(SEED).permutation(len(words)), min(FOLDS, len(words)))
    found: dict[str, list[int]] = {"as they are": [], "rotated": [], "rotated, CSLS": []}
    for fold in folds:
        held_out = {words[place] for place in fold}
        rows = [(source.key_to_index[a], target.key_to_index[b]) for a, b in known if a not in held_out]
        first, second = np.array(rows or [(0, 0)]).T
        rotated = mine @ rotation(mine[first], theirs[second])
        scores = {"as they are": mine @ theirs.T, "rotated": rotated @ theirs.T}
        scores["rotated, CSLS"] = csls(scores["rotated"], NEIGHBOURS)
        for name, matrix in scores.items():
            for word in sorted(held_out):
                row = matrix[source.key_to_index[word]]
                found[name].append(int((row > row[answers[word]].max()).sum()))
    return {name: np.array(ranks) for name, ranks in found.items()}


def translation_scores(source: KeyedVectors, target: KeyedVectors) -> dict:
    """Return precision at 1 and at 5 with intervals, for the spaces as they are, rotated, and rotated with CSLS."""
    with open(files.ROOT / "data" / "words" / "english-french.csv", encoding="utf-8", newline="") as file:
        pairs = [(row["english"], row["french"]) for row in csv.DictReader(file)]
    ranks = ranks_of_translations(source, target, pairs)
    found: dict[str, Any] = {"asked": len(ranks["rotated"]), "candidates": len(target)}
    for name, values in ranks.items():
        for limit in (1, 5):
            found[f"{name}, at {limit}"] = [round(v, 4) for v in bootstrap(np.mean, values < limit)]
    return found


def train_both(sample: int | None = None) -> dict[str, KeyedVectors]:
    """Return English and French vectors; the tokenised texts are made once and kept."""
    texts = {language: files.WORK / f"novels-{language}.txt" for language in LANGUAGES}
    return {
        language: train(path if path.is_file() else write_text(language, sample)) for language, path in texts.items()
    }


def trial() -> dict:
    """Return the scores with the settings as they are now."""
    return translation_scores(**dict(zip(("source", "target"), train_both().values(), strict=True)))


def build(sample: int | None = None) -> dict:
    """Write both files and return the precision of translation."""
    vectors = train_both(sample)
    for language, found in vectors.items():
        formats.save_word2vec_binary(found, files.DATA / "vectors" / f"novels-{language}.bin")
    return {"words": WORDS, "dims": DIMS, "translation": translation_scores(vectors["english"], vectors["french"])}
