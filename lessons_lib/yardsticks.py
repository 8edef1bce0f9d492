"""The yardsticks of the course: word pairs that people judged, and analogies. One ruler for every set of vectors.

WordSim-353 (Finkelstein et al., 2002) asks how related two words are, SimLex-999 (Hill et al., 2015) how similar,
the Google analogies (Mikolov et al., 2013) ask for the fourth word. All three ship inside gensim.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.bundled import bundled_path
from lessons_lib.inputs import need_columns, need_vectors
from lessons_lib.statistics import Estimate, bootstrap, spearman

if TYPE_CHECKING:
    import pandas as pd
    from gensim.models import KeyedVectors

FEWEST = 3  # pairs that can be ranked
WORD_PAIRS = {"wordsim353": "wordsim353.tsv", "simlex999": "simlex999.txt"}


def word_pairs(name: str) -> "pd.DataFrame":
    """Return a benchmark of word pairs: columns word1, word2, rating (0 to 10, mean of the people asked).

    Parameters
    ----------
    name : str
        ``"wordsim353"`` (relatedness; 353 pairs) or ``"simlex999"`` (similarity; 999 pairs).

    Examples
    --------
    >>> word_pairs("simlex999").head(2)
      word1        word2  rating
    0   old          new    1.58
    1 smart  intelligent    9.20
    """
    import pandas as pd
    from gensim.test.utils import datapath

    if name not in WORD_PAIRS:
        raise KeyError(f"No word pairs are called {name!r}. There are: {', '.join(WORD_PAIRS)}")
    return pd.read_csv(datapath(WORD_PAIRS[name]), sep="\t", comment="#", names=["word1", "word2", "rating"])


def simlex_opposites() -> "pd.DataFrame":
    """Return the pairs of SimLex-999 that are opposites (*old, new*; marked for this course): columns word1, word2.

    Examples
    --------
    >>> len(simlex_opposites())
    67
    """
    import pandas as pd

    return pd.read_csv(bundled_path("words/simlex_opposites.csv"))


@dataclass
class PairScore:
    """How well vectors follow people on a set of word pairs.

    Attributes
    ----------
    correlation : Estimate
        Spearman's rank correlation, -1 to 1, and its interval over pairs.
    used, missing : int
        Pairs that were scored, and pairs with a word that has no vector.
    cosines, ratings : ndarray, shape (used,)
        What was compared.
    """

    correlation: Estimate
    used: int
    missing: int
    cosines: np.ndarray
    ratings: np.ndarray


def pair_score(vectors: "KeyedVectors", name: "str | pd.DataFrame", seed: int = 0) -> PairScore:
    """Score vectors on word pairs: Spearman's rank correlation of their cosines with people's ratings.

    Pairs with a word that has no vector are left out and counted, as gensim's ``evaluate_word_pairs`` does.

    Parameters
    ----------
    vectors : KeyedVectors
        The word vectors.
    name : str or DataFrame
        ``"wordsim353"``, ``"simlex999"``, or pairs of your own with the columns word1, word2 and rating.
        The words are looked up in lower case.
    seed : int
        Seed of the bootstrap (1,000 rounds over pairs).

    Raises
    ------
    ValueError
        Fewer than three pairs have two vectors.

    Examples
    --------
    >>> import pandas as pd
    >>> from lessons_lib import load_vectors
    >>> own = [("cat", "dog", 9), ("cat", "king", 2), ("cat", "theory", 1), ("cat", "zzyzx", 0)]
    >>> score = pair_score(load_vectors(), pd.DataFrame(own, columns=["word1", "word2", "rating"]))
    >>> score.correlation.value > 0, score.used, score.missing
    (True, 3, 1)
    """
    need_vectors(vectors, "pair_score")
    pairs, name = (word_pairs(name), name) if isinstance(name, str) else (name, "your table")
    need_columns(pairs, ["word1", "word2", "rating"], "pairs")
    index = vectors.key_to_index
    rows = [(index.get(a.lower(), -1), index.get(b.lower(), -1)) for a, b in zip(pairs.word1, pairs.word2, strict=True)]
    first, second = np.array(rows).T
    known = (first >= 0) & (second >= 0)
    if not known.any():
        raise ValueError(f"None of the {len(pairs)} pairs of {name} has two vectors: is the vocabulary lower-case?")
    if known.sum() < FEWEST:
        raise ValueError(f"{known.sum()} of the {len(pairs)} pairs of {name} have two vectors: too few to rank.")
    unit = vectors.get_normed_vectors()
    cosines = np.einsum("ij,ij->i", unit[first[known]], unit[second[known]])
    ratings = pairs.rating.to_numpy()[known]
    return PairScore(
        bootstrap(spearman, cosines, ratings, seed=seed), int(known.sum()), int((~known).sum()), cosines, ratings
    )


def analogy_questions() -> "pd.DataFrame":
    """Return the 19,544 Google analogies: columns section, a, b, c, d, meaning *a is to b as c is to d*.

    Examples
    --------
    >>> analogy_questions().iloc[0].tolist()
    ['capital-common-countries', 'athens', 'greece', 'baghdad', 'iraq']
    """
    import pandas as pd
    from gensim.test.utils import datapath

    section, rows = "", []
    with open(datapath("questions-words.txt"), encoding="utf-8") as file:
        for line in file:
            if line.startswith(":"):
                section = line[1:].strip()
            else:
                rows.append((section, *line.lower().split()))
    return pd.DataFrame(rows, columns=["section", "a", "b", "c", "d"])


def answer_analogies(
    vectors: "KeyedVectors", questions: "pd.DataFrame", exclude: Iterable[str] = ("a", "b", "c"), batch: int = 512
) -> "pd.DataFrame":
    """Answer analogies by vector arithmetic: the word nearest in cosine to ``b - a + c``, all of length 1.

    Parameters
    ----------
    vectors : KeyedVectors
        The word vectors; questions with a word that they lack are left out.
    questions : DataFrame
        Columns a, b, c, d as ``analogy_questions`` returns them.
    exclude : iterable of str
        Columns whose words may not be the answer. The usual rule excludes all three; ``()`` lets every word answer.
    batch : int
        Questions answered in one matrix product; memory is ``batch`` x n_words x 4 bytes.

    Returns
    -------
    DataFrame
        The questions that could be asked, with the columns answer and right (bool).

    References
    ----------
    Mikolov, Yih and Zweig (2013), "Linguistic regularities in continuous space word representations", NAACL.

    Examples
    --------
    >>> import pandas as pd
    >>> from lessons_lib import load_vectors
    >>> asked = pd.DataFrame([("good", "better", "bad", "worse")], columns=list("abcd"))
    >>> answer_analogies(load_vectors(), asked)[["answer", "right"]].values.tolist()
    [['worse', True]]
    """
    need_vectors(vectors, "answer_analogies")
    need_columns(questions, list("abcd"), "questions")
    index, unit = vectors.key_to_index, vectors.get_normed_vectors()
    known = questions[["a", "b", "c", "d"]].isin(index.keys()).all(axis=1)
    asked = questions[known].copy()
    rows = {column: asked[column].map(index).to_numpy(dtype=int) for column in "abc"}
    answers = np.empty(len(asked), dtype=int)
    for start in range(0, len(asked), batch):
        part = slice(start, start + batch)
        target = unit[rows["b"][part]] - unit[rows["a"][part]] + unit[rows["c"][part]]
        cosines = target @ unit.T  # not divided by |target|: the order of words is the same
        for column in exclude:
            cosines[np.arange(len(target)), rows[column][part]] = -np.inf
        answers[part] = cosines.argmax(axis=1)
    asked["answer"] = [vectors.index_to_key[row] for row in answers]
    asked["right"] = asked["answer"] == asked["d"]
    return asked


def analogy_score(vectors: "KeyedVectors", seed: int = 0, questions: "pd.DataFrame | None" = None) -> "pd.DataFrame":
    """Score vectors on analogies, by section and over all.

    Parameters
    ----------
    vectors : KeyedVectors
    seed : int
        Seed of the bootstrap.
    questions : DataFrame, optional
        Columns section, a, b, c, d; the Google analogies without it.

    Returns
    -------
    DataFrame
        One row a section, then ``semantic`` (the sections about the world), ``syntactic`` (those about grammar, whose
        names begin with "gram") and ``total``; columns accuracy, low, high (95 % bootstrap interval over questions),
        asked.

    Examples
    --------
    >>> import pandas as pd
    >>> from lessons_lib import load_vectors
    >>> own = [("royal", "man", "king", "woman", "queen"), ("royal", "king", "man", "queen", "woman")]
    >>> analogy_score(load_vectors(), questions=pd.DataFrame(own, columns=["section", *"abcd"])).loc["royal", "asked"]
    np.int64(2)
    """
    import pandas as pd

    questions = analogy_questions() if questions is None else questions
    need_columns(questions, ["section", *"abcd"], "questions")
    answered = answer_analogies(vectors, questions)
    if answered.empty:
        raise ValueError("No analogy has vectors for all its four words: is the vocabulary lower-case?")
    kind = answered.section.str.startswith("gram").map({True: "syntactic", False: "semantic"})
    groups = [*answered.groupby("section", sort=False), *answered.groupby(kind), ("total", answered)]
    rows = {
        name: (*bootstrap(np.mean, group.right.to_numpy(), rounds=300, seed=seed), len(group)) for name, group in groups
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["accuracy", "low", "high", "asked"])
