"""Step 2: word2vec, skip-gram with negative sampling, trained by gensim on both cores.

    build/pretrain/corpus.txt  ->  data/vectors/word2vec.bin     30,000 words x 100 numbers, the original binary format
                                   data/vectors/vocabulary.tsv   word and count, most frequent first

Two workers race each other, so a second run gives slightly different vectors with the same scores
(one worker would be reproducible to the bit, and take twice as long).
"""

import json
import time
from pathlib import Path
from typing import Any

from authoring.pretrain.files import DATA, WORK, write_atomically

# What was tried stands in the build log; these settings scored best.
SETTINGS: dict[str, Any] = {
    "sg": 1, "vector_size": 100, "window": 5, "negative": 8, "sample": 1e-4, "epochs": 7, "alpha": 0.03,
    "seed": 1, "workers": 2,
}  # fmt: skip


def read_counts(vocabulary: Path) -> dict[str, int]:
    """Return word -> count from vocabulary.tsv, most frequent first."""
    lines = vocabulary.read_text(encoding="utf-8").splitlines()
    return {word: int(count) for word, count in (line.split("\t") for line in lines)}


def train(corpus: Path, counts: dict[str, int], running_words: int, **changes: Any) -> tuple[Any, float]:
    """Train on a tokenised corpus file; return the KeyedVectors and the seconds.

    Words outside ``counts`` are left out; ``running_words``, all words of the file, paces the learning rate.
    """
    from gensim.models import Word2Vec

    settings = SETTINGS | changes
    started = time.perf_counter()
    model = Word2Vec(**settings, min_count=1)
    model.build_vocab_from_freq(counts)
    model.train(corpus_file=str(corpus), total_words=running_words, epochs=settings["epochs"])
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
    words = json.loads((work / "corpus.json").read_text(encoding="utf-8"))["words"]
    vectors, seconds = train(work / "corpus.txt", read_counts(work / "vocabulary.tsv"), words, **changes)
    save(vectors, data / "vectors")
    settings = SETTINGS | changes
    return {
        "settings": settings,
        "seconds": round(seconds),
        "words": len(vectors),
        "running_words": words,
        "running_words_a_second": round(words * settings["epochs"] / seconds),
    }
