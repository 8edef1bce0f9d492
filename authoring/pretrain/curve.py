"""Step: how much text is enough? The same three methods on the first 1, 4 and 16 million words of the corpus.

    build/pretrain/corpus.txt  ->  build/pretrain/curve.json   a score for each method and size, for the build log

Articles are shuffled, so the first words of the corpus are a fair sample. ``own`` scores are on the words that a method
has (those that occur MIN_COUNT times in the text; count vectors: of the 30,000), so compare methods and sizes by the
``common`` scores, on the words of the smallest text.
The full corpus is the bundled files themselves. The step also trains word2vec with other seeds and counts how
many of a word's ten nearest neighbours two seeds share.
"""

import json
import time
from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors, Word2Vec

from authoring.pretrain import cooccurrence, counts, fasttext, files, word2vec
from lessons_lib.scores import restrict, summary

SIZES = (1_000_000, 4_000_000, 16_000_000)
MIN_COUNT = 5
SEEDS = (1, 2, 3)
SEEDS_SIZE = 1_000_000
NEIGHBOURS = 10
PROBES = 2_000  # the most frequent words whose neighbours are compared


def cut(size: int) -> Path:
    """Write the first ``size`` words of the corpus (whole sentences) and return the file."""
    path = files.WORK / f"corpus-{size}.txt"
    if not path.is_file():
        words = 0
        with (
            files.write_atomically(path) as temporary,
            open(temporary, "w", encoding="utf-8") as short,
            open(files.WORK / "corpus.txt", encoding="utf-8") as corpus,
        ):
            for line in corpus:
                short.write(line)
                words += line.count(" ") + 1
                if words >= size:
                    break
    return path


def train_counts(corpus: Path) -> KeyedVectors:
    """Return count vectors of one corpus file, with the settings of the step ``counts``."""
    vocabulary = vocabulary_of(corpus)
    cells = cooccurrence.count(
        cooccurrence.encode(corpus, vocabulary), len(vocabulary), cooccurrence.WINDOW, cooccurrence.LEAST
    )
    left, values = counts.factorise(counts.ppmi(cells, counts.SMOOTHING, counts.SHIFT), counts.DIMS, counts.SEED)
    return counts.to_vectors(vocabulary, left * (values / values[0]) ** counts.WEIGHTING)


def train_word2vec(corpus: Path, seed: int = 1) -> KeyedVectors:
    """Return word2vec vectors of one corpus file, with the settings of the step ``word2vec``."""
    return Word2Vec(corpus_file=str(corpus), **word2vec.SETTINGS | {"seed": seed, "min_count": MIN_COUNT}).wv


def train_fasttext(corpus: Path) -> KeyedVectors:
    """Return fastText vectors of one corpus file, with the settings of the step ``fasttext``."""
    return fasttext.train(corpus, min_count=MIN_COUNT).wv


METHODS = {"counts": train_counts, "word2vec": train_word2vec, "fasttext": train_fasttext}


def vocabulary_of(corpus: Path) -> dict[str, int]:
    """Return those of the 30,000 words that occur ``MIN_COUNT`` times in a corpus file, most frequent first."""
    known = dict.fromkeys(cooccurrence.read_vocabulary(files.WORK / "vocabulary.tsv"), 0)
    with open(corpus, encoding="utf-8") as file:
        for line in file:
            for word in line.split():
                if word in known:
                    known[word] += 1
    frequent = {word: count for word, count in known.items() if count >= MIN_COUNT}
    return dict(sorted(frequent.items(), key=lambda item: -item[1]))


def shared_neighbours(first: KeyedVectors, second: KeyedVectors) -> float:
    """Return the mean share of the ``NEIGHBOURS`` nearest words that two models agree on, over frequent words."""
    words = [word for word in first.index_to_key if word in second.key_to_index]
    lists = []
    for model in (restrict(first, words), restrict(second, words)):
        unit = model.get_normed_vectors()
        cosines = unit[:PROBES] @ unit.T
        np.fill_diagonal(cosines, -1)
        lists.append(np.argpartition(-cosines, NEIGHBOURS, axis=1)[:, :NEIGHBOURS])
    return float(np.mean([len(set(a) & set(b)) / NEIGHBOURS for a, b in zip(*lists, strict=True)]))


def measure_size(size: int, common: list[str]) -> dict:
    """Train every method on ``size`` words and return its scores, on its own words and on those in ``common``."""
    found = {}
    for name, train in METHODS.items():
        began = time.perf_counter()
        vectors = train(cut(size))
        seconds = round(time.perf_counter() - began, 1)
        known = [word for word in common if word in vectors.key_to_index]
        found[name] = {"seconds": seconds, "words": len(vectors), "own": summary(vectors)}
        found[name]["common"] = summary(restrict(vectors, known))
        print(size, name, found[name], flush=True)
    return found


def seed_agreement(size: int) -> dict:
    """Return the shared neighbours of every two seeds of word2vec on ``size`` words, and their mean."""
    models = [train_word2vec(cut(size), seed) for seed in SEEDS]
    pairs = [shared_neighbours(a, b) for place, a in enumerate(models) for b in models[place + 1 :]]
    return {
        "size": size,
        "seeds": SEEDS,
        "pairs": [round(pair, 4) for pair in pairs],
        "mean": round(float(np.mean(pairs)), 4),
    }


def build(sample: int | None = None) -> dict:
    """Measure every size that is not measured yet, write curve.json, and return it for the log."""
    sizes = SIZES if sample is None else (20_000, 40_000)
    path = files.WORK / "curve.json"
    settings = json.loads(
        json.dumps(
            [counts.WEIGHTING, cooccurrence.WINDOW, cooccurrence.LEAST, word2vec.SETTINGS, fasttext.EPOCHS, sizes]
        )
    )
    done = json.loads(path.read_text()) if path.is_file() else {}
    if done.get("settings") != settings:
        done = {"settings": settings, "sizes": {}}
    common = list(vocabulary_of(cut(sizes[0])))
    for size in sizes:
        if str(size) not in done["sizes"]:
            done["sizes"][str(size)] = measure_size(size, common)
            _keep(path, done)
    if "seed_agreement" not in done:
        done["seed_agreement"] = seed_agreement(SEEDS_SIZE if sample is None else sizes[-1])
        _keep(path, done)
    full = {name: files.DATA / "vectors" / file for name, file in FULL.items()}
    return {**done, "full": {name: _full(path, common) for name, path in full.items()}}


FULL = {"counts": "counts.bin.gz", "word2vec": "word2vec.bin", "fasttext": "fasttext.bin"}


def _full(path: Path, common: list[str]) -> dict:
    """Return the scores of a bundled file, trained on the full corpus, on its own words and on the common ones."""
    from lessons_lib.bundled import open_vectors

    vectors = open_vectors(path)
    known = [word for word in common if word in vectors.key_to_index]
    return {"words": len(vectors), "own": summary(vectors), "common": summary(restrict(vectors, known))}


def _keep(path: Path, done: dict) -> None:
    """Write what is measured so far."""
    with files.write_atomically(path) as temporary:
        temporary.write_text(json.dumps(done, indent=1), encoding="utf-8")
