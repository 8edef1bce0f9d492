"""Association tests: do two groups of words lean towards two groups of attributes, and what does a repair do.

    association_test(vectors, men, women, career, family)   effect size, p-value of a permutation test
    seed_sensitivity(...)                                   the same test with other attribute words
    sentence_vectors(words, model)                          vectors for the test, from a transformer
    direction(vectors, pairs), without_direction(...)       take a direction out of all vectors
    what_remains(...)                                       how well the two groups can be told apart afterwards

The numbers describe the text that the vectors were learnt from; they are no measure of people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.inputs import need_vectors

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

TEMPLATES = ("This is {}.", "That is {}.", "There is {}.", "Here is {}.")
FEWEST = 3  # words a set needs to be tested


@dataclass(frozen=True)
class Association:
    """Outcome of an association test.

    Attributes
    ----------
    effect : float
        Difference of the two targets' mean leanings in standard deviations, -2 to 2; above 0: the first target leans
        to the first attribute.
    p_value : float
        Share of random divisions of the target words with at least this effect; the real one counts, so never 0.
    leanings : dict
        Target word -> mean cosine with the first attribute minus mean cosine with the second.
    missing : list of str
        Words without a vector, left out.
    """

    effect: float
    p_value: float
    leanings: dict[str, float]
    missing: list[str]

    def __str__(self) -> str:
        return f"effect {self.effect:.2f}, p = {self.p_value:.4f}"


def association_test(
    vectors: "KeyedVectors",
    target1: Sequence[str],
    target2: Sequence[str],
    attribute1: Sequence[str],
    attribute2: Sequence[str],
    rounds: int = 10_000,
    seed: int = 0,
) -> Association:
    """Carry out the Word Embedding Association Test with a one-sided permutation p-value.

    Parameters
    ----------
    vectors : KeyedVectors
        Any vectors: static ones, or those of :func:`sentence_vectors`.
    target1, target2 : sequence of str
        Words whose leaning is asked about (names, professions).
    attribute1, attribute2 : sequence of str
        What they may lean to (career, family).
    rounds : int
        Random divisions of the target words into two sets of these sizes.
    seed : int
        Seed of the divisions.

    Raises
    ------
    ValueError
        Fewer than three words of a set have a vector.

    References
    ----------
    Caliskan, Bryson and Narayanan (2017), "Semantics derived automatically from language corpora contain human-like
    biases", *Science* 356.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> flowers, weapons = "rose lily daisy lotus".split(), "gun sword spear rifle".split()
    >>> test = association_test(load_vectors(), flowers, weapons, "love peace joy".split(), "hate war evil".split())
    >>> test.effect > 1, test.p_value < 0.05
    (True, True)
    """
    given = (target1, target2, attribute1, attribute2)
    sets = _known_sets(vectors, given)
    missing = [word for words in given for word in words if word not in vectors]
    targets = [*sets[0], *sets[1]]
    leaning = _leanings(vectors, targets, sets[2], sets[3])
    first = len(sets[0])
    if not leaning.std() > 0:
        raise ValueError("All target words lean alike: are the two attributes the same words?")
    effect = (leaning[:first].mean() - leaning[first:].mean()) / leaning.std(ddof=1)
    rng = np.random.default_rng(seed)
    orders = rng.permuted(np.tile(leaning, (rounds, 1)), axis=1)
    by_chance = orders[:, :first].mean(1) - orders[:, first:].mean(1)
    reached = by_chance >= leaning[:first].mean() - leaning[first:].mean() - 1e-12
    p_value = (1 + reached.sum()) / (1 + rounds)
    return Association(float(effect), float(p_value), dict(zip(targets, leaning.tolist(), strict=True)), missing)


def _known_sets(vectors: "KeyedVectors", given: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the words of the four sets that have a vector, each once, after checking that they are enough."""
    need_vectors(vectors, "association_test")
    names, sets = ("first target", "second target", "first attribute", "second attribute"), []
    for name, words in zip(names, given, strict=True):
        if isinstance(words, str):
            raise TypeError(f"The {name} is the text {words!r}; a list of words is needed.")
        sets.append([word for word in dict.fromkeys(words) if word in vectors])
        if len(sets[-1]) < FEWEST:
            raise ValueError(f"The {name} has {len(sets[-1])} words with a vector, at least {FEWEST} are needed.")
    return sets


def _leanings(vectors: "KeyedVectors", words: list[str], attribute1: list[str], attribute2: list[str]) -> np.ndarray:
    """Return for each word the mean cosine with the first attribute minus that with the second."""
    rows, first, second = (_unit(vectors, some) for some in (words, attribute1, attribute2))
    return (rows @ first.T).mean(1) - (rows @ second.T).mean(1)


def _unit(vectors: "KeyedVectors", words: Sequence[str]) -> np.ndarray:
    if missing := [word for word in words if word not in vectors]:
        raise KeyError(f"{len(missing)} of {len(words)} words have no vector, the first is {missing[0]!r}.")
    return np.stack([vectors.get_vector(word, norm=True) for word in words]).astype(np.float64)


def seed_sensitivity(
    vectors: "KeyedVectors",
    target1: Sequence[str],
    target2: Sequence[str],
    attribute1: Sequence[str],
    attribute2: Sequence[str],
    draws: int = 200,
    seed: int = 0,
) -> np.ndarray:
    """Return the effect sizes that half of the words of each set would have given, shape (draws,).

    The words of a test are somebody's choice; a wide spread says that the choice decides.

    Parameters
    ----------
    vectors, target1, target2, attribute1, attribute2
        As for :func:`association_test`.
    draws : int
        Random halves, drawn without replacement from each of the four sets.
    seed : int
        Seed of the draws.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> flowers, weapons = "rose lily daisy lotus".split(), "gun sword spear rifle".split()
    >>> good, bad = "love peace joy happy".split(), "hate war evil death".split()
    >>> bool((seed_sensitivity(load_vectors(), flowers, weapons, good, bad, draws=5) > 0).all())
    True
    """
    sets = _known_sets(vectors, (target1, target2, attribute1, attribute2))
    rng = np.random.default_rng(seed)
    effects = []
    for _ in range(draws):
        halves = [rng.choice(words, max(FEWEST, len(words) // 2), replace=False).tolist() for words in sets]
        leaning = _leanings(vectors, [*halves[0], *halves[1]], halves[2], halves[3])
        first = len(halves[0])
        effects.append((leaning[:first].mean() - leaning[first:].mean()) / leaning.std(ddof=1))
    return np.array(effects)


def sentence_vectors(
    words: Sequence[str], model: str | Path = "mini-bert", templates: Sequence[str] = TEMPLATES, layer: int = -1
) -> "KeyedVectors":
    """Return a vector a word from a transformer: the mean of the word's vectors in a few neutral sentences.

    References
    ----------
    May et al. (2019), "On Measuring Social Biases in Sentence Encoders", NAACL (the sentences);
    Kurita et al. (2019) and others take the word's vector instead of the sentence's, as is done here.

    Examples
    --------
    >>> sentence_vectors(["cat", "dog"])["cat"].shape
    (384,)
    """
    from lessons_lib.contextual import span_vectors
    from lessons_lib.contextual.distilled import keyed

    words = list(dict.fromkeys(words))
    texts = [template.format(word) for template in templates for word in words]
    starts = [template.index("{}") for template in templates for _ in words]
    spans = [(start, start + len(word)) for start, word in zip(starts, words * len(templates), strict=True)]
    rows = span_vectors(texts, spans, model)[layer]
    return keyed(words, rows.reshape(len(templates), len(words), -1).mean(0))


def direction(vectors: "KeyedVectors", pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """Return the unit vector along which the words of the pairs differ most, pointing to the first words.

    It is the first principal direction of the pairs' differences from their middles; shape (n_dims,).

    References
    ----------
    Bolukbasi et al. (2016), "Man is to computer programmer as woman is to homemaker?", NeurIPS.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> vectors = load_vectors()
    >>> gender = direction(vectors, [("he", "she"), ("man", "woman"), ("king", "queen")])
    >>> float(vectors["father"] @ gender) > float(vectors["mother"] @ gender)
    True
    """
    if not len(pairs):
        raise ValueError("direction needs pairs of words, such as [('he', 'she')], got none.")
    first, second = (_unit(vectors, words) for words in zip(*pairs, strict=True))
    halves = (first - second) / 2
    found = np.linalg.svd(np.concatenate([halves, -halves]), full_matrices=False)[2][0]
    return found if (halves @ found).mean() > 0 else -found


def without_direction(vectors: "KeyedVectors", unit_direction: np.ndarray) -> "KeyedVectors":
    """Return vectors of length 1 with what lies along a direction taken out of every one.

    Examples
    --------
    >>> from gensim.models import KeyedVectors
    >>> toy = KeyedVectors(2)
    >>> toy.add_vectors(["he", "she"], np.array([[3.0, 1.0], [-3.0, 1.0]]))
    >>> without_direction(toy, np.array([1.0, 0.0])).vectors.tolist()
    [[0.0, 1.0], [0.0, 1.0]]
    """
    from lessons_lib.contextual.distilled import keyed

    rows = vectors.get_normed_vectors()
    rows = rows - np.outer(rows @ unit_direction, unit_direction)
    return keyed(vectors.index_to_key, rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


def what_remains(vectors: "KeyedVectors", words1: Sequence[str], words2: Sequence[str], seed: int = 0) -> float:
    """Return how well a classifier tells two groups of words apart: accuracy over 5 parts held out in turn.

    1/2 is chance for groups of one size. A support vector machine with a radial kernel, as in the paper.

    References
    ----------
    Gonen and Goldberg (2019), "Lipstick on a Pig", NAACL.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> names, rivers = "john james robert george thomas".split(), "rhine danube thames nile seine".split()
    >>> what_remains(load_vectors(), names, rivers)
    1.0
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.svm import SVC

    if min(len(words1), len(words2)) < 5:
        raise ValueError(
            f"Groups of {len(words1)} and {len(words2)} words: each needs 5 or more to be held out in turn."
        )
    rows = _unit(vectors, [*words1, *words2])
    labels = np.repeat([0, 1], [len(words1), len(words2)])
    parts = StratifiedKFold(5, shuffle=True, random_state=seed)
    return float(cross_val_score(SVC(), rows, labels, cv=parts).mean())
