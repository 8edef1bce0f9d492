"""Checks of lesson 1: the learner's functions are tried on small vectors whose results can be computed by hand."""

from typing import Any

import numpy as np

from lessons_lib.checks import Wrong, call, exercise, expect

WEIGHTS = {  # kilograms of a grown animal, orders of magnitude from common reference works
    "ant": 1e-5, "bee": 1e-4, "mouse": 0.02, "sparrow": 0.03, "rat": 0.3, "pigeon": 0.35, "rabbit": 2.0, "cat": 4.0,
    "fox": 6.0, "dog": 25.0, "wolf": 40.0, "goat": 60.0, "sheep": 70.0, "lion": 180.0, "bear": 250.0, "horse": 500.0,
    "cow": 600.0, "elephant": 5000.0, "whale": 50000.0,
}  # fmt: skip


def toy_vectors() -> Any:
    """Return KeyedVectors of eight words in three dimensions, of different lengths, made by hand."""
    from gensim.models import KeyedVectors

    rows = {"king": (3, 0, 1), "queen": (3, 2, 1), "man": (1, 0, 1), "woman": (1, 2, 1), "sea": (0, 0, -1),
            "ocean": (0, 0.1, -4), "crown": (9, 0, 0), "and": (9, 9, 9)}  # fmt: skip
    toy = KeyedVectors(3)
    toy.add_vectors(list(rows), np.array(list(rows.values()), dtype=np.float32))
    return toy


@exercise(
    "01-1",
    "A one-hot vector is as long as the vocabulary.",
    "Begin with np.zeros(len(vocabulary)).",
    "vocabulary.index(word) gives the place where the 1 belongs.",
)
def one_hot(answer: Any) -> None:
    vocabulary = ["sun", "moon", "star", "rain", "snow"]
    for place, word in enumerate(vocabulary):
        right = np.eye(5)[place]
        wrong = {"the 1 stands one place too far to the right: Python counts from 0.": np.roll(right, 1),
                 "0 and 1 are exchanged.": 1 - right}  # fmt: skip
        expect(call(answer, word, vocabulary), right, f"For {word!r} in {vocabulary}", wrong)


@exercise(
    "01-2",
    "The dot product grows with the lengths of both vectors. What takes the lengths out again?",
    "The norm of u is np.sqrt(u @ u), or np.linalg.norm(u).",
    "Divide u @ v by the product of the two norms, with brackets around the product.",
)
def cosine_similarity(answer: Any) -> None:
    u, v = np.array([2.0, 0.0]), np.array([2.0, 2.0])
    dot, lengths = u @ v, np.linalg.norm(u) * np.linalg.norm(v)
    wrong = {
        "that is the dot product: divide by both norms.": dot,
        "that is the distance 1 - cosine: return the similarity.": 1 - dot / lengths,
        "that is the straight distance: use the dot product and the norms.": np.linalg.norm(u - v),
        "you divide by one norm only: both are needed.": dot / np.linalg.norm(u),
        "you divide by one norm only, that of v: both are needed.": dot / np.linalg.norm(v),
        "you divide by one norm and multiply by the other: put brackets around the product of the norms.":
            dot / np.linalg.norm(u) * np.linalg.norm(v),
        "you divide by the squared norms: take the roots.": dot / lengths**2,
    }  # fmt: skip
    expect(call(answer, u, v), dot / lengths, "For u = [2, 0] and v = [2, 2]", wrong)
    expect(call(answer, u, -3 * u), -1.0, "For two vectors in opposite directions")
    expect(call(answer, u, np.array([0.0, 5.0])), 0.0, "For two vectors at a right angle")


@exercise(
    "01-3",
    "Divide every row by its norm first; then one matrix product gives all cosines at once.",
    "np.argsort(-cosines) gives the rows from the most similar to the least; vectors.index_to_key turns rows into words.",
    "The nearest word of all is the word itself: leave it out before you cut the list to n.",
)
def nearest(answer: Any) -> None:
    toy = toy_vectors()
    right = [word for word, _ in toy.most_similar("king", topn=3)]
    cosines = toy.get_normed_vectors() @ toy.get_vector("king", norm=True)
    dots = toy.vectors @ toy["king"]
    ranked = [toy.index_to_key[row] for row in np.argsort(-cosines)]
    by_dot = [toy.index_to_key[row] for row in np.argsort(-dots)]
    wrong = {
        "the word itself is still in the list: leave it out.": ranked[:3],
        "that is the order of the dot products, where long vectors win: divide by the norms.": by_dot[:3],
        "that is the order of the dot products, where long vectors win: divide by the norms. ":
            [word for word in by_dot if word != "king"][:3],
        "these are the least similar words: sort the other way round.": ranked[::-1][:3],
    }  # fmt: skip
    found = call(answer, toy, "king", 3)
    if len(found) and not isinstance(found[0], str):
        raise Wrong("You return something else than words: give a list of words, without their cosines.")
    expect(list(found), right, "For the three nearest to 'king' in a small example", wrong)


@exercise(
    "01-4",
    "Work with vectors of length 1: vectors.get_vector(word, norm=True).",
    "The target is b - a + c. Rank all words by their dot product with it, as in the exercise before.",
    "Leave out a, b and c, and return the first word that remains, as a string.",
)
def analogy(answer: Any) -> None:
    toy = toy_vectors()
    unit = {word: toy.get_vector(word, norm=True) for word in toy.index_to_key}
    first = max(unit, key=lambda word: float(unit[word] @ (unit["king"] - unit["man"] + unit["woman"])))
    other = {word: float(unit[word] @ (unit["man"] - unit["king"] + unit["woman"])) for word in unit}
    other = {word: value for word, value in other.items() if word not in ("king", "man", "woman")}
    found = call(answer, toy, "man", "king", "woman")
    if found in ("man", "king", "woman"):
        raise Wrong(f"You return {found!r}, which is one of the three given words: leave all three out.")
    wrong = {"that is the answer to a - b + c: it has to be b - a + c.": max(other, key=other.get)}
    expect(found, "queen", "For man : king :: woman : ?", {k: v for k, v in wrong.items() if v != "queen"})
    expect(call(answer, toy, "king", "man", "queen"), "woman", f"(All words allowed, {first!r} would win.) For king : man :: queen : ?")


@exercise(
    "01-5",
    "Print the two lists side by side, with the words, for a set of pairs in which one word has no vector.",
    "Two lists that belong together must lose the same items.",
    "Make the list of known pairs first; then take both the cosines and the ratings from that one list.",
)
def score_pairs(answer: Any) -> None:
    toy = toy_vectors()
    pairs = [("king", "queen", 9.0), ("king", "unicorn", 1.0), ("man", "woman", 8.0), ("sea", "ocean", 9.5),
             ("king", "sea", 0.5), ("crown", "sea", 0.2)]  # fmt: skip
    from scipy.stats import spearmanr

    known = [(a, b, rating) for a, b, rating in pairs if a in toy and b in toy]
    cosines = [toy.similarity(a, b) for a, b, _ in known]
    right = spearmanr(cosines, [rating for _, _, rating in known]).statistic
    shifted = spearmanr(cosines, [rating for _, _, rating in pairs][: len(cosines)]).statistic
    wrong = {"the ratings still contain the pair whose word has no vector, so every later pair is compared with the "
             "rating of another one.": shifted}  # fmt: skip
    expect(call(answer, toy, pairs), right, "For six pairs, one of them with the unknown word 'unicorn',", wrong)
    expect(call(answer, toy, known), right, "For the five known pairs alone")


@exercise(
    "01-6",
    "The odd one is the word that is least similar to the others taken together.",
    "The others taken together: the mean of their vectors of length 1.",
    "For each word compute the cosine with the mean of the other words, and return the word with the smallest one.",
)
def odd_one_out(answer: Any) -> None:
    toy = toy_vectors()
    for words, odd in ((["king", "queen", "sea", "man"], "sea"), (["sea", "crown", "ocean"], "crown")):
        found = call(answer, toy, words)
        if found not in words:
            raise Wrong(f"For {words} you return {found!r}: return one of the words.")
        expect(found, odd, f"For {words}")


@exercise(
    "01-7",
    "An axis is a direction: the mean of some vectors minus the mean of others.",
    "Put words for large things at one end and words for small things at the other, several each.",
    "Use unit vectors, at least four words at each end, and no animal among them.",
)
def size_axis(answer: Any) -> None:
    from lessons_lib.bundled import load_vectors
    from lessons_lib.statistics import spearman

    axis, vectors = np.asarray(answer, dtype=float), load_vectors("word2vec")
    if axis.shape != (vectors.vector_size,):
        raise Wrong(f"The axis has the shape {axis.shape}; one vector of shape ({vectors.vector_size},) is expected.")
    places = [float(vectors.get_vector(word, norm=True) @ axis) for word in WEIGHTS]
    found = spearman(np.array(places), np.array(list(WEIGHTS.values())))
    if found < -SIZE_BAR:
        raise Wrong(f"The rank correlation with the animals' weights is {found:.2f}: your axis points the wrong way.")
    if found < SIZE_BAR:
        raise Wrong(f"The rank correlation with the animals' weights is {found:.2f}; above {SIZE_BAR} is asked for.")


SIZE_BAR = 0.4
