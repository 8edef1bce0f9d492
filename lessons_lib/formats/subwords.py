"""gensim's fastText vectors around rows that were read here, also around quantised and pruned ones."""

import numpy as np
from gensim.models.fasttext import FastTextKeyedVectors, ft_ngram_hashes

from lessons_lib.formats.quantised import QuantisedMatrix


class PrunedVectors(FastTextKeyedVectors):
    """fastText vectors of a quantised file of which only some n-grams have rows (``row_of_bucket``)."""

    row_of_bucket: dict[int, int]

    def get_vector(self, word: "str | int", norm: bool = False) -> np.ndarray:
        """Return the vector of a word, float32 of shape (n_dims,).

        An unknown word gets the mean of its n-grams that have a row; zeros if none has.
        """
        if word in self.key_to_index or not isinstance(word, str):
            return super().get_vector(word, norm=norm)
        hashes = ft_ngram_hashes(word, self.min_n, self.max_n, self.bucket)
        rows = [self.row_of_bucket[each] for each in hashes if each in self.row_of_bucket]
        if not rows:
            return np.zeros(self.vector_size, dtype=np.float32)
        vector = self.vectors_ngrams[np.array(rows)].mean(axis=0)
        length = np.linalg.norm(vector)
        return vector / length if norm and length else vector


def subword_vectors(
    words: list[str],
    vectors: np.ndarray,
    own: np.ndarray,
    n_grams: "np.ndarray | QuantisedMatrix",
    buckets: list[np.ndarray],
    arguments: dict[str, int],
    pruned: dict[int, int] | None,
) -> FastTextKeyedVectors:
    """Return ``FastTextKeyedVectors``; nothing is copied.

    Parameters
    ----------
    words : list of str
        Each word once.
    vectors, own : numpy.ndarray
        float32 of shape (n_words, n_dims): the mean of a word's row and its n-grams; the row alone.
    n_grams : numpy.ndarray or QuantisedMatrix
        Rows of the n-grams, one a bucket, or fewer if ``pruned`` says which.
    buckets : list of numpy.ndarray
        The buckets of each word's n-grams, uint32.
    arguments : dict
        ``dim``, ``minn``, ``maxn``, ``bucket``.
    pruned : dict, optional
        Bucket -> row of ``n_grams``.
    """
    kind = FastTextKeyedVectors if pruned is None else PrunedVectors
    found = kind(arguments["dim"], arguments["minn"], arguments["maxn"], arguments["bucket"])
    if pruned is not None:
        found.row_of_bucket = pruned
    found.index_to_key, found.next_index = words, len(words)
    found.key_to_index = dict(zip(words, range(len(words)), strict=True))
    found.vectors, found.vectors_vocab, found.vectors_ngrams = vectors, own, n_grams
    found.buckets_word = buckets
    found.vectors_vocab_lockf = found.vectors_ngrams_lockf = np.ones(1, dtype=np.float32)
    return found
