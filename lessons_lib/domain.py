"""The documentation task of lesson 3: its sentences, and vectors trained on the documentation itself."""

from typing import TYPE_CHECKING

from lessons_lib.documentation import which_library
from lessons_lib.documentation.corpus import documentation
from lessons_lib.documentation.prose import lines_of
from lessons_lib.text import split_sentences, tokenise

if TYPE_CHECKING:
    import pandas as pd
    from gensim.models import KeyedVectors

MIN_SENTENCE = 3  # words


def documentation_task(per_library: int = 5000) -> "pd.DataFrame":
    """Return the sentences of :func:`which_library`, as many as there are up to ``per_library`` a library."""
    return which_library(per_library)


def training_sentences(held_out: set[str]) -> list[list[str]]:
    """Return the documentation as lists of words, without the modules that are named.

    Parameters
    ----------
    held_out : set of str
        Modules as in the column ``module`` of the task: those that a classifier is judged on.
    """
    table = documentation()
    texts = table.text[~table.module.isin(held_out)].drop_duplicates()
    cut = (tokenise(part) for text in texts for line in lines_of(text) for part in split_sentences(line))
    return [words for words in cut if len(words) >= MIN_SENTENCE]


def documentation_vectors(
    task: "pd.DataFrame", size: int = 100, epochs: int = 2, seed: int = 0, workers: int = 1
) -> "KeyedVectors":
    """Train word2vec (skip-gram) on the documentation without the validation and test modules of the task.

    Parameters
    ----------
    task : DataFrame
        As :func:`which_library` returns it.
    size, epochs, seed, workers
        As in ``gensim.models.Word2Vec``; only ``workers=1`` gives the same vectors twice.

    Returns
    -------
    KeyedVectors
        The words that occur at least five times, most frequent first.
    """
    from gensim.models import Word2Vec

    held_out = set(task.module[task.split != "train"])
    model = Word2Vec(
        training_sentences(held_out), vector_size=size, window=5, min_count=5, sg=1, negative=5, epochs=epochs,
        seed=seed + 1, workers=workers,
    )  # fmt: skip
    return model.wv
