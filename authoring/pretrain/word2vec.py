"""Step 2: word2vec, skip-gram with negative sampling, trained by gensim on both cores.

    build/pretrain/corpus.txt  ->  data/vectors/word2vec.bin     30,000 words x 100 numbers, the original binary format
                                   data/vectors/vocabulary.tsv   word and count, most frequent first

Two workers race each other, so a second run gives slightly different vectors with the same scores
(one worker would be reproducible to the bit, and take twice as long).
"""

import time
from pathlib import Path
from typing import Any

from authoring.pretrain.files import DATA, WORK, write_atomically

# What was tried stands in the build log; these settings scored best.
SETTINGS: dict[str, Any] = {
    "sg": 1, "vector_size": 100, "window": 5, "negative": 8, "sample": 1e-4, "epochs": 5, "alpha": 0.025,
    "min_count": 5, "max_final_vocab": 30_000, "seed": 1, "workers": 2,
}  # fmt: skip


def train(corpus: Path, **changes: Any) -> tuple[Any, float]:
    """Train on a tokenised corpus file and return the vectors (KeyedVectors) and the seconds it took."""
    from gensim.models import Word2Vec

    started = time.perf_counter()
    model = Word2Vec(corpus_file=str(corpus), **SETTINGS | changes)
    return model.wv, time.perf_counter() - started


def save(vectors: Any, folder: Path) -> None:
    """Write the vectors in word2vec's binary format, and the counts beside them."""
    with write_atomically(folder / "word2vec.bin") as temporary:
        vectors.save_word2vec_format(str(temporary), binary=True)
    with write_atomically(folder / "vocabulary.tsv") as temporary:
        lines = (f"{word}\t{vectors.get_vecattr(word, 'count')}\n" for word in vectors.index_to_key)
        temporary.write_text("".join(lines), encoding="utf-8")


def build(work: Path = WORK, data: Path = DATA, **changes: Any) -> dict[str, Any]:
    """Train, write the files, and return what the build log keeps: settings, seconds, words a second."""
    vectors, seconds = train(work / "corpus.txt", **changes)
    save(vectors, data / "vectors")
    words = sum(vectors.get_vecattr(word, "count") for word in vectors.index_to_key)
    settings = SETTINGS | changes
    return {
        "settings": settings,
        "seconds": round(seconds),
        "words": len(vectors),
        "running_words": words,
        "running_words_a_second": round(words * settings["epochs"] / seconds),
    }
