"""Typing mistakes on purpose, and what they cost a classifier."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.inputs import labelled, strings
from lessons_lib.text import tokenise

if TYPE_CHECKING:
    import pandas as pd

Reader = Callable[[list[list[str]]], np.ndarray]  # texts cut into words -> features, shape (n_texts, n_dims)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST = 4  # letters; a slip in a shorter word gives another word too often
_WORD = re.compile(r"[^\W\d_]+")
STRENGTHS = (0.001, 0.01, 0.1)  # values of C that cross-validation chooses from


def misspell(word: str, lot: random.Random) -> str:
    """Return the word with one slip: two neighbours swapped, a letter left out, doubled, or replaced.

    Examples
    --------
    >>> misspell("embedding", random.Random(1))
    'emebdding'
    """
    if len(word) < 2:
        return word
    while True:
        place = lot.randrange(len(word) - 1)
        before, here, after = word[:place], word[place], word[place + 1 :]
        slips = (before + after[0] + here + after[1:], before + after, before + here + here + after,
                 before + lot.choice(LETTERS) + after)  # fmt: skip
        if (slip := lot.choice(slips)) != word:
            return slip


def add_typos(text: str, rate: float, seed: int = 0) -> str:
    """Return the text with a slip in some of its words of four letters or more.

    Parameters
    ----------
    text : str
    rate : float
        Chance that such a word gets a slip, from 0 to 1.
    seed : int
        The same text, rate and seed give the same slips; with a higher rate the words hit before are hit again.

    Examples
    --------
    >>> add_typos("The quick brown fox jumps over the lazy dog", 0.5, seed=4)
    'The quick bronw fox ujmps over the lazy dog'
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"The rate is a share of words between 0 and 1, got {rate}.")
    lot = random.Random(f"{seed} {text}")  # a text of its own for each seed, the same on every machine

    def slip(match: re.Match) -> str:
        word, chance, own = match[0], lot.random(), random.Random(lot.random())
        return misspell(word, own) if len(word) >= SHORTEST and chance < rate else word

    return _WORD.sub(slip, text)


def mean_reader(vector_of: Callable[[str], np.ndarray | None], n_dims: int) -> Reader:
    """Return a function that reads texts as the mean of the vectors of their words.

    Parameters
    ----------
    vector_of : callable
        Gives the vector of a word, shape (n_dims,), or None for a word that is left out. Asked once a word.
    n_dims : int
        Numbers in a vector.

    Examples
    --------
    >>> read = mean_reader({"a": np.array([1.0, 0.0]), "b": np.array([0.0, 1.0])}.get, 2)
    >>> read([["a", "b", "?"], ["?"]]).tolist()
    [[0.5, 0.5], [0.0, 0.0]]
    """
    remembered: dict[str, np.ndarray | None] = {}

    def read(texts: list[list[str]]) -> np.ndarray:
        for word in {word for words in texts for word in words if word not in remembered}:
            remembered[word] = vector_of(word)
        rows = np.zeros((len(texts), n_dims), np.float32)
        for number, words in enumerate(texts):
            found = [row for word in words if (row := remembered[word]) is not None]
            if found:
                rows[number] = np.mean(found, axis=0)
        return rows

    return read


def accuracy_by_typo_rate(
    readers: Mapping[str, Reader],
    train: tuple[Sequence[str], Sequence],
    test: tuple[Sequence[str], Sequence],
    rates: Sequence[float] = (0, 0.1, 0.2, 0.3),
    rounds: int = 3,
    seed: int = 0,
) -> "pd.DataFrame":
    """Train a classifier for each way of reading on clean texts, then test it on texts with more and more typos.

    Parameters
    ----------
    readers : mapping
        Name -> function that turns texts cut into words into features, such as :func:`mean_reader` returns.
    train, test : (texts, labels)
        The typos go into the test texts only; all readers get the same ones.
    rates : sequence of float
        Chances of a slip, see :func:`add_typos`.
    rounds : int
        Repetitions with other typos.
    seed : int

    Returns
    -------
    DataFrame
        Columns reader, rate, round, accuracy, strength (C, chosen by cross-validation on the training texts).

    Examples
    --------
    >>> vector_of = {"good": np.array([1.0]), "bad": np.array([-1.0])}.get
    >>> part = ["good film", "bad film"] * 5, ["+", "-"] * 5
    >>> accuracy_by_typo_rate({"mean": mean_reader(vector_of, 1)}, part, part, rates=[0]).accuracy.tolist()
    [1.0]
    """
    import pandas as pd

    train = labelled(train, "train")
    test = labelled(test, "test", known=train[1])
    words, clean = [tokenise(text) for text in strings(train[0], "train")], strings(test[0], "test")
    models = {name: _tuned(read(words), train[1]) for name, read in readers.items()}
    rows = []
    for rate in rates:
        for number in range(rounds if rate > 0 else 1):
            damaged = [tokenise(add_typos(text, rate, seed * 1000 + number)) for text in clean]
            for name, read in readers.items():
                accuracy = float((models[name].predict(read(damaged)) == test[1]).mean())
                rows.append((name, rate, number, accuracy, models[name].best_params_["logisticregression__C"]))
    return pd.DataFrame(rows, columns=["reader", "rate", "round", "accuracy", "strength"])


def _tuned(features: np.ndarray, labels: np.ndarray):
    """Return logistic regression on standardised features, C chosen by cross-validation."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    return GridSearchCV(model, {"logisticregression__C": STRENGTHS}, cv=3).fit(features, labels)
