"""Search: score documents for questions in several ways, and judge any ranking by recall and reciprocal rank.

    similarities("tfidf", questions, documents)     words in common, rare ones count more
    similarities("bm25", ...)                       the same with the formula that search engines use
    similarities(vectors, ...)                      mean of static word vectors
    similarities("mini-bert", ...)                  a transformer, by name or folder
    retrieval_scores(similarities, answers, names)  recall at 1, 5 and 10, and MRR, with intervals

Any other way to score documents will do: ``retrieval_scores`` takes the numbers, whatever made them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.inputs import need_vectors, strings
from lessons_lib.means import mean_vectors
from lessons_lib.statistics import Estimate, bootstrap
from lessons_lib.text import split_sentences, tokenise

if TYPE_CHECKING:
    import pandas as pd
    from gensim.models import KeyedVectors

CUTS = (1, 5, 10)  # recall among so many answers
BM25_K1, BM25_B = 1.2, 0.75  # how soon a repeated word stops to count, and how much the length of a document matters


@dataclass(frozen=True)
class RetrievalScores:
    """How well a ranking answers a set of questions.

    Attributes
    ----------
    ranks : ndarray of int, shape (n_questions,)
        Rank of the best placed right answer, 1 for the top.
    recall : dict
        Cut -> share of questions with a right answer among the first so many.
    mrr : Estimate
        Mean reciprocal rank: 1 if the first answer is always right, 1/2 if it is always the second.
    """

    ranks: np.ndarray
    recall: dict[int, Estimate]
    mrr: Estimate

    def row(self) -> dict[str, str]:
        """Return the scores as a row of a table."""
        return {f"recall@{cut}": str(value) for cut, value in self.recall.items()} | {"MRR": str(self.mrr)}


def retrieval_scores(
    similarities: np.ndarray,
    answers: Sequence[Sequence[str]],
    names: Sequence[str],
    cuts: Sequence[int] = CUTS,
    seed: int = 0,
) -> RetrievalScores:
    """Judge a ranking, whatever made it.

    Parameters
    ----------
    similarities : ndarray, shape (n_questions, n_documents)
        Higher is better; the scale does not matter.
    answers : sequence of sequence of str
        For each question the names of all right documents; a single name may stand without its list.
    names : sequence of str
        Names of the documents, in the order of the columns.
    cuts : sequence of int
        Recall is measured among so many answers.
    seed : int
        Seed of the bootstrap over questions.

    Raises
    ------
    ValueError
        The numbers do not fit together or are not finite, there is no question, or a question has no right document
        among ``names``.

    Examples
    --------
    >>> scores = retrieval_scores(np.array([[0.1, 0.9, 0.5]]), [["sum"]], ["min", "max", "sum"])
    >>> scores.ranks.tolist(), scores.mrr.value
    ([2], 0.5)
    """
    ranks = ranks_of_first_answer(np.asarray(similarities), answers, names)
    recall = {cut: bootstrap(np.mean, ranks <= cut, seed=seed) for cut in cuts}
    return RetrievalScores(ranks, recall, bootstrap(np.mean, 1 / ranks, seed=seed))


def ranks_of_first_answer(
    similarities: np.ndarray, answers: Sequence[Sequence[str]], names: Sequence[str]
) -> np.ndarray:
    """Return for each question the rank (from 1) of its best placed right answer; ties count against it.

    Examples
    --------
    >>> ranks_of_first_answer(np.array([[0.1, 0.9, 0.5]]), [["sum", "min"]], ["min", "max", "sum"])
    array([2])
    """
    if similarities.shape != (len(answers), len(names)):
        raise ValueError(
            f"Similarities have the shape {similarities.shape}; ({len(answers)}, {len(names)}) is expected: "
            "a row for each question and a column for each document."
        )
    if not len(answers):
        raise ValueError("There are no questions: nothing to judge.")
    if not np.isfinite(similarities).all():
        raise ValueError("Similarities hold NaN or infinity: no document can be ranked by them.")
    columns: dict[str, list[int]] = {}
    for column, name in enumerate(names):
        columns.setdefault(name, []).append(column)
    ranks = np.zeros(len(answers), dtype=int)
    for number, (row, right) in enumerate(zip(similarities, answers, strict=True)):
        right = [right] if np.ndim(right) == 0 else right
        places = [column for name in right for column in columns.get(name, [])]
        if not places:
            raise ValueError(f"Question {number} has no right answer among the documents; it asks for {list(right)}.")
        wrong = np.ones(len(row), dtype=bool)
        wrong[places] = False
        ranks[number] = 1 + int((row[wrong] >= row[places].max()).sum())
    return ranks


def searched_texts(entries: "pd.DataFrame") -> list[str]:
    """Return what is searched of each entry of the documentation: its last name and its first sentence.

    Parameters
    ----------
    entries : DataFrame
        Columns name and summary, as :func:`lessons_lib.documentation.entries` returns them.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"name": "numpy.count_nonzero", "summary": "Count the values that are not 0. Zeros are not counted."}
    >>> searched_texts(pd.DataFrame([row]))
    ['count nonzero: Count the values that are not 0.']
    """
    names = [name.rpartition(".")[2].replace("_", " ").strip() for name in entries.name]
    return [f"{name}: {split_sentences(text)[0]}" for name, text in zip(names, entries.summary, strict=True)]


def similarities(
    how: "str | Path | KeyedVectors | Callable",
    questions: Sequence[str],
    documents: Sequence[str],
    weights: Mapping[str, float] | None = None,
) -> np.ndarray:
    """Return how well each document fits each question, shape (n_questions, n_documents), float32.

    Parameters
    ----------
    how : str, Path, KeyedVectors or callable
        ``"tfidf"``, ``"bm25"``; static word vectors (the mean of the words' vectors, compared by cosine);
        name or folder (with a /) of a transformer; or a function that turns a list of texts into an array of vectors.
    questions, documents : sequence of str
    weights : mapping, optional
        Weight of a word in the mean of static vectors, see :func:`rarity`; without it all words count alike.

    Examples
    --------
    >>> int(similarities("bm25", ["sort a list"], ["Return a sorted list.", "Draw a bar chart."]).argmax())
    0
    """
    questions, documents = strings(questions, "questions"), strings(documents, "documents")
    if not documents or not any(map(tokenise, documents)):
        raise ValueError(f"The {len(documents)} documents have no words: nothing can be searched.")
    if isinstance(how, str) and how in ("tfidf", "bm25"):
        return (tfidf if how == "tfidf" else bm25)(questions, documents)
    if isinstance(how, str | Path):
        from lessons_lib.contextual import encode

        folder = how
        how = lambda texts: encode(texts, folder)  # noqa: E731
    if not callable(how):
        need_vectors(how, "similarities")
        vectors = how
        how = lambda texts: mean_vectors(vectors, texts, weights)  # noqa: E731
    return (unit_rows(how(list(questions))) @ unit_rows(how(list(documents))).T).astype(np.float32)


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    """Return the rows divided by their norms; a row of zeros stays as it is."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def tfidf(questions: Sequence[str], documents: Sequence[str]) -> np.ndarray:
    """Return cosines of TF-IDF vectors (logarithm of the count times rarity; English function words left out)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    counter = TfidfVectorizer(tokenizer=tokenise, token_pattern=None, sublinear_tf=True, stop_words="english")
    matrix = counter.fit_transform(documents)
    return (counter.transform(questions) @ matrix.T).toarray().astype(np.float32)


def bm25(questions: Sequence[str], documents: Sequence[str], k1: float = BM25_K1, b: float = BM25_B) -> np.ndarray:
    """Return BM25 scores of documents for questions.

    References
    ----------
    Robertson and Zaragoza (2009), "The Probabilistic Relevance Framework: BM25 and Beyond".

    Examples
    --------
    >>> scores = bm25(["cat"], ["a cat", "a dog", "the cat and the dog"])[0]
    >>> bool(scores[0] > scores[2] > scores[1])
    True
    """
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(tokenizer=tokenise, token_pattern=None, lowercase=False)
    counts = counter.fit_transform(documents).astype(np.float64)
    length = np.asarray(counts.sum(axis=1)).ravel()
    having = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity_of = np.log(1 + (len(documents) - having + 0.5) / (having + 0.5))
    entries = counts.tocoo()
    bound = k1 * (1 - b + b * length[entries.row] / length.mean())
    entries.data = rarity_of[entries.col] * entries.data * (k1 + 1) / (entries.data + bound)
    return (counter.transform(questions) @ entries.tocsr().T).toarray().astype(np.float32)


def rarity(documents: Sequence[str]) -> dict[str, float]:
    """Return word -> weight: the logarithm of the share of documents that lack it, as in TF-IDF.

    Examples
    --------
    >>> weights = rarity(["the cat", "the dog", "the fish"])
    >>> weights["cat"] > weights["the"]
    True
    """
    having: dict[str, int] = {}
    for text in documents:
        for word in set(tokenise(text)):
            having[word] = having.get(word, 0) + 1
    return {word: float(np.log((1 + len(documents)) / (1 + count))) for word, count in having.items()}
