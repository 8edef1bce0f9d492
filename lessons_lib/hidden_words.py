"""Hide words whose vectors are known, make up vectors for them, and judge what came out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.inputs import labelled, need_kinds, need_vectors, words_of
from lessons_lib.unknown_words import STRATEGIES, Strategy, hide_words

if TYPE_CHECKING:
    import pandas as pd
    from gensim.models import KeyedVectors

BANDS = {"frequent": (200, 3_000), "middle": (3_000, 10_000), "rare": (10_000, None)}  # ranks in the file
TRUE = "true vector"  # the arm that shows what there is to win
CHOSEN_FROM = 3  # words are drawn from this many times as many, those that tell most about the labels
SHORTEST = 4  # letters of a word that is hidden


def oov_strategies(
    vectors: "KeyedVectors",
    texts: Sequence[str | list[str]],
    labels: Sequence[str],
    train: Sequence[bool],
    *,
    strategies: Mapping[str, Strategy] = STRATEGIES,
    bands: Mapping[str, tuple[int, int | None]] = BANDS,
    n_words: int = 100,
    rounds: int = 3,
    window: int = 2,
    n_neighbours: int = 10,
    seed: int = 0,
) -> "pd.DataFrame":
    """Hide words in bands of frequency, let each strategy make vectors for them, and judge these in three ways.

    In every round words that tell much about the labels are drawn in each band and hidden from the vectors, all at
    once. A classifier (mean vector, logistic regression) is trained on the training texts without these words, once for
    all strategies. Then it meets test texts with a hidden word, cut to the words around it, and the strategies differ
    in the vector of that word only.

    Parameters
    ----------
    vectors : KeyedVectors
        Most frequent word first.
    texts : sequence of str or of lists of str
        Texts, or texts cut into words.
    labels : sequence
        The label of each text.
    train : sequence of bool
        True for the texts to train on; contexts are taken from these, without their labels.
    strategies : mapping
        Name -> function as in :mod:`lessons_lib.unknown_words`.
    bands : mapping
        Name -> first rank and end of a band; None for the end of the file.
    n_words : int
        Words hidden in each band and round, at most a third of those that fit.
    rounds : int
        Repetitions with other words.
    window : int
        Words kept on each side of the hidden word in a test text.
    n_neighbours : int
        Nearest neighbours that are compared.
    seed : int
        Seed of what is drawn.

    Returns
    -------
    DataFrame
        One row a strategy, band and round: columns strategy, band, round, words (hidden), neighbours (share of the
        true nearest neighbours found again, 0 to 1), cosine (mean cosine with the true vector; 0 for a zero vector),
        accuracy, texts (test texts). The strategy "true vector" hides nothing at test time.

    Raises
    ------
    ValueError
        Lengths differ, ``train`` does not divide the texts, all training texts have one label, a band has too few
        words that occur in training and test texts, or a strategy returns another shape than it should.
    TypeError
        Texts, labels or vectors are of another type.

    Notes
    -----
    Hidden words are drawn from the 3 x ``n_words`` with the highest mutual information with the labels of training
    texts: words that do not matter would make all strategies look alike.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> texts, labels = ["a good film with music", "a terrible film about murder"] * 10, ["+", "-"] * 10
    >>> few = {"bands": {"all": (0, None)}, "rounds": 1, "strategies": {"mean": STRATEGIES["mean"]}}
    >>> oov_strategies(load_vectors(), texts, labels, [True] * 12 + [False] * 8, **few).strategy.tolist()
    ['true vector', 'mean']
    """
    import pandas as pd

    task = _Task(vectors, texts, labels, train, window)
    rows = []
    for number in range(rounds):
        rng = np.random.default_rng([seed, number])
        hidden = {band: task.draw(limits, n_words, rng, band) for band, limits in bands.items()}
        words = [word for chosen in hidden.values() for word in chosen]
        visible = hide_words(vectors, words)
        judge = _Neighbours(vectors, visible, words, n_neighbours)
        classify = task.classifier(words)
        made_up = {name: make(visible, words, task.training, seed + number) for name, make in strategies.items()}
        _check_shapes(made_up, (len(words), vectors.vector_size))
        for name, rows_of_words in {TRUE: vectors[words], **made_up}.items():
            table, found, cosines = dict(zip(words, rows_of_words, strict=True)), *judge(rows_of_words)
            for band, chosen in hidden.items():
                places = np.isin(words, chosen)
                hits = classify(table, chosen)
                rows.append((name, band, number, len(chosen), found[places].mean(), cosines[places].mean(),
                             hits.mean(), len(hits)))  # fmt: skip
    names = ["strategy", "band", "round", "words", "neighbours", "cosine", "accuracy", "texts"]
    return pd.DataFrame(rows, columns=names)


def _check_shapes(made_up: Mapping[str, np.ndarray], expected: tuple[int, int]) -> None:
    for name, rows in made_up.items():
        if np.shape(rows) != expected:
            raise ValueError(f"The strategy {name!r} returned the shape {np.shape(rows)}; {expected} is expected.")


class _Neighbours:
    """The true neighbours of the hidden words among the visible ones."""

    def __init__(self, vectors: "KeyedVectors", visible: "KeyedVectors", words: list[str], n: int) -> None:
        self.true, self.unit, self.n = vectors[words], visible.get_normed_vectors(), n
        self.neighbours = self.nearest(self.true)

    def nearest(self, rows: np.ndarray) -> list[set]:
        """Return the numbers of the nearest visible words of each row."""
        import torch

        products = torch.from_numpy(np.asarray(rows, np.float32)) @ torch.from_numpy(self.unit).T
        return [set(row) for row in products.topk(self.n, dim=1, sorted=False).indices.tolist()]

    def __call__(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the share of neighbours found again and the cosine with the true vector, for each row."""
        found = [len(a & b) / self.n for a, b in zip(self.neighbours, self.nearest(rows), strict=True)]
        lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(self.true, axis=1)
        has_direction = lengths > 0
        cosines = np.where(has_direction, (rows * self.true).sum(axis=1) / np.where(has_direction, lengths, 1), 0)
        return np.where(has_direction, found, 0), cosines


class _Task:
    """Labelled texts cut into words: what can be hidden in them, and a classifier that does not know it."""

    def __init__(self, vectors: "KeyedVectors", texts: Sequence, labels: Sequence, train: Sequence, window: int):
        need_vectors(vectors, "oov_strategies")
        if not len(texts) == len(labels) == len(train):
            raise ValueError(f"Lengths differ: {len(texts)} texts, {len(labels)} labels, {len(train)} marks of train.")
        texts, labels = labelled((texts, labels), "texts")
        cut = [words_of(text, place) for place, text in enumerate(texts)]
        if not set(train) <= {True, False}:
            raise ValueError("train: True or False for each text is needed, not the numbers of texts.")
        train = np.asarray(train, dtype=bool)
        if train.all() or not train.any():
            raise ValueError(f"train is {train[0]} for all texts: some are needed to train on and some to test.")
        need_kinds(labels[train])
        self.vectors, self.window = vectors, window
        self.training = [words for words, is_training in zip(cut, train, strict=True) if is_training]
        self.test = [words for words, is_training in zip(cut, train, strict=True) if not is_training]
        self.labels, self.test_labels = labels[train], labels[~train]
        self.tells = mutual_information(self.training, self.labels)
        self.tested = {word for words in self.test for word in words}
        self.known = {word: vectors[word] for words in cut for word in words if word in vectors.key_to_index}

    def draw(self, limits: tuple[int, int | None], n_words: int, rng: np.random.Generator, band: str) -> list[str]:
        """Return words of a band that occur in training and test texts, from those that tell most about labels."""
        fit = [word for word in self.vectors.index_to_key[slice(*limits)]
               if word.isalpha() and len(word) >= SHORTEST and word in self.tells and word in self.tested]  # fmt: skip
        if len(fit) < CHOSEN_FROM:
            raise ValueError(f"The band {band!r} has {len(fit)} words that occur in training and in test texts; at "
                             f"least {CHOSEN_FROM} are needed. Take more text or wider bands.")  # fmt: skip
        best = sorted(fit, key=self.tells.__getitem__, reverse=True)[: CHOSEN_FROM * n_words]
        return [best[place] for place in rng.permutation(len(best))[: len(best) // CHOSEN_FROM]]

    def means(self, texts: list[list[str]], table: Mapping[str, np.ndarray], left_out: set[str]) -> np.ndarray:
        """Return the mean vector of each text; ``table`` comes before the vectors, words left out count for nothing."""
        rows = np.zeros((len(texts), self.vectors.vector_size), np.float32)
        for number, words in enumerate(texts):
            known = [word for word in words if word in table or (word in self.known and word not in left_out)]
            if known:
                rows[number] = np.mean([table[w] if w in table else self.known[w] for w in known], axis=0)
        return rows

    def classifier(self, hidden: list[str]) -> "_Classifier":
        """Return a classifier that was trained without the hidden words."""
        return _Classifier(self, set(hidden))


class _Classifier:
    """Trained once a round; called with the vectors of the hidden words and the words that matter."""

    def __init__(self, task: _Task, hidden: set[str]) -> None:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        self.task, self.hidden = task, hidden
        self.model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))
        self.model.fit(task.means(task.training, {}, hidden), task.labels)

    def __call__(self, table: Mapping[str, np.ndarray], words: list[str]) -> np.ndarray:
        """Tell for each test text with one of the words, cut to its surroundings, whether the label is found."""
        task, words, asked, labels = self.task, set(words), [], []
        for text, label in zip(task.test, task.test_labels, strict=True):
            place = next((i for i, word in enumerate(text) if word in words), None)
            if place is not None:
                asked.append(text[max(0, place - task.window) : place + task.window + 1])
                labels.append(label)
        return self.model.predict(task.means(asked, table, self.hidden)) == np.array(labels)


def mutual_information(texts: list[list[str]], labels: Sequence, least: int = 2) -> dict[str, float]:
    """Return how much it tells about the label that a word occurs in a text, in bits, for each word.

    Parameters
    ----------
    texts : list of lists of str
    labels : sequence
    least : int
        Words that fewer texts have are left out.

    References
    ----------
    Manning, Raghavan and Schütze (2008), *Introduction to Information Retrieval*, section 13.5.1.

    Examples
    --------
    >>> found = mutual_information([["good", "a"], ["good"], ["bad", "a"], ["bad"]], [1, 1, 0, 0])
    >>> found["good"], found["a"]
    (1.0, 0.0)
    """
    from collections import Counter, defaultdict

    counts: dict = defaultdict(Counter)
    for words, label in zip(texts, labels, strict=True):
        for word in set(words):
            counts[word][label] += 1
    kinds = Counter(labels)
    total = kinds.total()
    share = np.array(list(kinds.values())) / total
    found = {}
    for word, by_label in counts.items():
        if by_label.total() >= least:
            inside = np.array([by_label[kind] for kind in kinds]) / total
            joint = np.array([inside, share - inside])
            chance = joint.sum(axis=1, keepdims=True) * share
            kept = joint > 0
            found[word] = float((joint[kept] * np.log2(joint[kept] / chance[kept])).sum())
    return found
