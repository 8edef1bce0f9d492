"""Step: fastText, skip-gram over words and their n-grams, trained by gensim; it answers for words it never saw.

    build/pretrain/corpus.txt  ->  data/vectors/fasttext.bin   fastText's own format: words, n-grams and output layer
                                   data/vectors/fasttext.vec.gz   the vectors of the words as text

A .bin file grows with (2 x words + buckets) x numbers x 4 bytes, so words, buckets and numbers are smaller than
elsewhere. The other words of the 30,000 stay unseen in training: what the n-grams make of them is measured here.
Reference: Bojanowski, Grave, Joulin and Mikolov (2017), TACL 5.
"""

import random
import time
from pathlib import Path
from typing import Any

import numpy as np
from gensim.models import FastText, KeyedVectors
from gensim.models.fasttext import save_facebook_model

from authoring.pretrain import files, formats
from authoring.pretrain.cooccurrence import read_vocabulary
from lessons_lib.scores import restrict, summary
from lessons_lib.statistics import bootstrap, spearman

WORDS = 15_000
DIMS = 64
BUCKETS = 25_000
EPOCHS = 3
WINDOW = 5
NEGATIVE = 5
SAMPLE = 1e-4
SEED = 1
WORKERS = 2
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def train(corpus: Path, **changes: Any) -> FastText:
    """Train on a tokenised corpus file with the settings above, except for ``changes``."""
    settings = {
        "sg": 1, "vector_size": DIMS, "bucket": BUCKETS, "epochs": EPOCHS, "window": WINDOW, "negative": NEGATIVE,
        "sample": SAMPLE, "seed": SEED, "workers": WORKERS, "min_n": 3, "max_n": 6, "min_count": 5,
        "max_final_vocab": WORDS,
    }  # fmt: skip
    return FastText(corpus_file=str(corpus), **settings | changes)


def misspell(word: str, lot: random.Random) -> str:
    """Return ``word`` with one slip: two neighbours swapped, a letter lost, doubled, or replaced."""
    while True:
        place = lot.randrange(len(word) - 1)
        slip = lot.choice(
            (
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
                word[:place] + word[place + 1 :],
                word[: place + 1] + word[place:],
                word[:place] + lot.choice(LETTERS) + word[place + 1 :],
            )
        )
        if slip != word:
            return slip


def typo_test(vectors: KeyedVectors, n_words: int = 2000, seed: int = 0) -> dict:
    """Misspell frequent words of six letters or more: count how often the right word is (among ten) nearest."""
    lot, known = random.Random(seed), vectors.key_to_index
    words = [word for word in vectors.index_to_key if len(word) >= 6 and word.isascii() and word.isalpha()][:n_words]
    slips = [(word, slip) for word in words if (slip := misspell(word, lot)) not in known]
    unit = vectors.get_normed_vectors()
    asked = np.array([vectors[slip] for _, slip in slips])
    cosines = asked @ unit.T
    own = cosines[np.arange(len(slips)), [known[word] for word, _ in slips]]
    ranks = (cosines > own[:, None]).sum(axis=1)
    return {
        "asked": len(slips),
        "nearest": [round(value, 4) for value in bootstrap(np.mean, ranks < 1)],
        "among_ten": [round(value, 4) for value in bootstrap(np.mean, ranks < 10)],
        "chance_nearest": round(1 / len(vectors), 6),
    }


def held_out_test(vectors: KeyedVectors, reference: KeyedVectors, n_words: int = 1000, seed: int = 0) -> dict:
    """Compare words that fastText never saw with a model that did see them.

    For each held-out word, its cosines to 1,000 frequent words are ranked by both models; returned is the mean
    rank correlation with its interval, and the same for held-out words dealt out at random (0 if nothing is known).
    """
    rng = np.random.default_rng(seed)
    probes = [word for word in vectors.index_to_key[200:] if word in reference][:1000]
    unseen = [word for word in reference.index_to_key if word not in vectors.key_to_index and word.isalpha()]
    words = [unseen[place] for place in rng.permutation(len(unseen))[:n_words]]

    def cosines(model: KeyedVectors) -> np.ndarray:
        unit = [np.array([model[word] for word in some]) for some in (words, probes)]
        first, second = (matrix / np.linalg.norm(matrix, axis=1, keepdims=True) for matrix in unit)
        return first @ second.T

    mine, theirs = cosines(vectors), cosines(reference)
    dealt = theirs[rng.permutation(len(words))]
    return {
        "asked": len(words),
        "agreement": [
            round(v, 4)
            for v in bootstrap(np.mean, np.array([spearman(a, b) for a, b in zip(mine, theirs, strict=True)]))
        ],
        "dealt_at_random": [
            round(v, 4)
            for v in bootstrap(np.mean, np.array([spearman(a, b) for a, b in zip(mine, dealt, strict=True)]))
        ],
    }


def reports(vectors: KeyedVectors) -> dict:
    """Return all scores: on its own words, on all 30,000 (n-grams answer for the rest), typos, held-out words."""
    vocabulary = list(read_vocabulary(files.WORK / "vocabulary.tsv"))
    found = {
        "own_words": summary(vectors),
        "all_words": summary(restrict(vectors, vocabulary)),
        "typos": typo_test(vectors),
    }
    reference = files.DATA / "vectors" / "word2vec.bin"
    if reference.is_file() and len(vocabulary) > len(vectors):
        word2vec = KeyedVectors.load_word2vec_format(str(reference), binary=True)
        found["held_out_words"] = held_out_test(vectors, word2vec)
    return found


def trial() -> dict:
    """Return the scores with the settings as they are now."""
    began = time.perf_counter()
    vectors = train(files.WORK / "corpus.txt").wv
    megabytes = (2 * len(vectors) + BUCKETS) * DIMS * 4 / 1e6
    return {"seconds": round(time.perf_counter() - began), "megabytes": round(megabytes, 1), **reports(vectors)}


def build(sample: int | None = None) -> dict:
    """Write fasttext.bin and fasttext.vec.gz and return the scores."""
    changes = {} if sample is None else {"max_final_vocab": 500, "bucket": 500, "epochs": 2}
    model = train(files.WORK / "corpus.txt", **changes)
    with files.write_atomically(files.DATA / "vectors" / "fasttext.bin") as temporary:
        save_facebook_model(model, str(temporary))
    formats.save_text(model.wv, files.DATA / "vectors" / "fasttext.vec.gz", header=True)
    return {"words": len(model.wv), "dims": DIMS, **reports(model.wv)}
