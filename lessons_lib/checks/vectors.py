"""Checks of lesson 1: the learner's functions are tried on small vectors whose results can be computed by hand."""

from typing import Any

import numpy as np

from lessons_lib.checks import Wrong, call, exercise, expect

INVENTED = {  # year of invention or first known use, as encyclopaedias give it; the order matters, not the year
    "papyrus": -3000, "chariot": -2000, "crossbow": -500, "catapult": -400, "aqueduct": -312, "parchment": -200,
    "windmill": 900, "cannon": 1300, "microscope": 1590, "telescope": 1608, "barometer": 1643, "piano": 1700,
    "locomotive": 1804, "photography": 1826, "telegraph": 1837, "bicycle": 1863, "telephone": 1876, "automobile": 1886,
    "cinema": 1895, "airplane": 1903, "television": 1927, "radar": 1935, "transistor": 1947, "laser": 1960,
    "microprocessor": 1971, "laptop": 1981, "internet": 1983, "smartphone": 1994,
}  # fmt: skip
TIME_BAR = 0.75  # a direction at random reaches it less than once in five hundred times


def toy_vectors() -> Any:
    """Return KeyedVectors of eight words in three dimensions, of different lengths, made by hand."""
    from gensim.models import KeyedVectors

    rows = {"king": (3, 0, 1), "queen": (3, 2, 1), "man": (1, 0, 1), "woman": (1, 2, 1), "sea": (0, 0, -1),
            "ocean": (0, 0.1, -4), "crown": (9, 0, 0), "and": (9, -9, 9)}  # fmt: skip
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
    """Ask for the one-hot vector of each word of a small vocabulary."""
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
    """Ask for the cosines of vectors of different lengths, at three angles."""
    u, v = np.array([3.0, 0.0]), np.array([2.0, 2.0])
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
    expect(call(answer, u, v), dot / lengths, "For u = [3, 0] and v = [2, 2]", wrong)
    expect(call(answer, u, -3 * u), -1.0, "For two vectors in opposite directions")
    expect(call(answer, u, np.array([0.0, 5.0])), 0.0, "For two vectors at a right angle")


@exercise(
    "01-3",
    "Divide every row by its norm first; then one matrix product gives all cosines at once.",
    "np.argsort(-cosines) gives the rows, the most similar first; vectors.index_to_key turns rows into words.",
    "The nearest word of all is the word itself: leave it out before you cut the list to n.",
)
def nearest(answer: Any) -> None:
    """Ask for the three nearest words in the toy vectors, by cosine and without the query."""
    toy = toy_vectors()
    right = [word for word, _ in toy.most_similar("king", topn=3)]
    cosines = toy.get_normed_vectors() @ toy.get_vector("king", norm=True)
    dots = toy.vectors @ toy["king"]
    ranked = [toy.index_to_key[row] for row in np.argsort(-cosines)]
    by_dot = [toy.index_to_key[row] for row in np.argsort(-dots)]
    by_dot_without_query = [word for word in by_dot if word != "king"]
    wrong = {
        "the word itself is still in the list: leave it out.": ranked[:3],
        "that is the order of the dot products, where long vectors win: divide by the norms.": by_dot_without_query[:3],
        "that is the order of the dot products, and the word itself is in it: divide by the norms.": by_dot[:3],
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
    """Ask for two analogies in the toy vectors."""
    toy = toy_vectors()
    unit = {word: toy.get_vector(word, norm=True) for word in toy.index_to_key}
    for a, b, c, right in (("man", "king", "woman", "queen"), ("king", "man", "queen", "woman")):
        found = call(answer, toy, a, b, c)
        if found in (a, b, c):
            raise Wrong(f"You return {found!r}, which is one of the three given words: leave all three out.")
        allowed = [word for word in unit if word not in (a, b, c)]
        backwards = max(allowed, key=lambda word: float(unit[word] @ (unit[a] - unit[b] + unit[c])))
        wrong = {"that is the answer to a - b + c: it has to be b - a + c.": backwards}
        expect(found, right, f"For {a} : {b} :: {c} : ?", wrong)


@exercise(
    "01-5",
    "Print the two lists side by side, with the words, for a set of pairs in which one word has no vector.",
    "Two lists that belong together must lose the same items.",
    "Make the list of known pairs first; then take both the cosines and the ratings from that one list.",
)
def score_pairs(answer: Any) -> None:
    """Ask for the rank correlation over word pairs, one of them with an unknown word."""
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
    """Ask for the odd word of two small lists."""
    toy = toy_vectors()
    for words, odd in ((["king", "queen", "sea", "man"], "sea"), (["sea", "crown", "ocean"], "crown")):
        found = call(answer, toy, words)
        if found not in words:
            raise Wrong(f"For {words} you return {found!r}: return one of the words.")
        expect(found, odd, f"For {words}")


@exercise(
    "01-7",
    "An axis is a direction: the mean of some vectors minus the mean of others.",
    "Put words for what is new at one end and words for what is old at the other, several each.",
    "Use unit vectors, at least three words at each end, and none of the inventions among them.",
)
def time_axis(answer: Any) -> str:
    """Hold the order of inventions along the learner's axis against the years."""
    from lessons_lib.bundled import load_vectors
    from lessons_lib.statistics import spearman

    axis, vectors = np.asarray(answer, dtype=float), load_vectors("word2vec")
    if axis.shape != (vectors.vector_size,):
        raise Wrong(f"The axis has the shape {axis.shape}; one vector of shape ({vectors.vector_size},) is expected.")
    places = [float(vectors.get_vector(word, norm=True) @ axis) for word in INVENTED]
    found = spearman(np.array(places), np.array(list(INVENTED.values())))
    if found <= -TIME_BAR:
        raise Wrong(f"The rank correlation with the years is {found:.2f}: your axis runs from new to old.")
    if found < TIME_BAR:
        raise Wrong(f"The rank correlation with the years is {found:.2f}; at least {TIME_BAR} is asked for.")
    return f"Right: your rank correlation with the years is {found:.2f}."
