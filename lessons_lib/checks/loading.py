"""Checks of lesson 3: indexing, tables and intervals on cases worked out by hand; a judge of real reviews."""

from typing import Any

import numpy as np

from lessons_lib.checks import Unsolved, Wrong, call, exercise, expect

JUDGE_BAR = 0.62  # of all test reviews; a judge that tosses a coin reaches it less than once in ten million times
WORDS = ["<padding>", "<unknown>", "sea", "sun", "rain", "snow"]


def toy_vectors() -> Any:
    """Return KeyedVectors of five words in two dimensions; their order is not that of WORDS."""
    from gensim.models import KeyedVectors

    toy = KeyedVectors(2)
    rows = [(1, 0), (0, 2), (3, 3), (-1, 4), (5, -2)]
    toy.add_vectors(["rain", "sun", "sea", "wind", "snow"], np.array(rows, dtype=np.float32))
    return toy


@exercise(
    "03-1",
    "Running words count each time they occur: do not make a set of them.",
    "Put all words of all texts into one list first.",
    "Divide the number of words that are in `known` by the length of that list.",
)
def token_coverage(answer: Any) -> None:
    """Ask for the share of running words that are known."""
    texts, known = [["a", "b", "a", "c"], ["a", "d"]], {"a", "b"}
    wrong = {
        "that is the share of the different words: count a word each time it occurs.": 2 / 4,
        "that is the mean of the shares of the texts: long texts must weigh more.": (3 / 4 + 1 / 2) / 2,
        "that is the share of the words without a vector.": 2 / 6,
        "that is the number of known words: divide by the number of all words.": 4,
        "that is a percentage: a share from 0 to 1 is asked for.": 100 * 4 / 6,
    }
    expect(call(answer, texts, known), 4 / 6, "For a b a c / a d, with a and b known,", wrong)
    expect(call(answer, [["x"], []], {"x"}), 1.0, "For one known word and an empty text")


@exercise(
    "03-2",
    "Make a dictionary from word to row first; row_of.get(word, 1) gives 1 for every word that is not in it.",
    "Begin with np.zeros((len(texts), longest), dtype=int): everything is padding until you write into it.",
    "For text number i: rows = [...][:longest], then result[i, : len(rows)] = rows.",
)
def to_rows(answer: Any) -> None:
    """Ask for the rows of three texts: one short, one with an unknown word, one too long."""
    texts = [["sun"], ["sea", "fog", "sea"], ["snow", "rain", "sun", "sea", "sun"]]
    right = np.array([[3, 0, 0, 0], [2, 1, 2, 0], [5, 4, 3, 2]])
    wrong = {
        "the unknown word fog became padding: its row is 1.": np.where(right == 1, 0, right),
        "the unknown word fog was left out: its row is 1.": np.array([[3, 0, 0, 0], [2, 2, 0, 0], [5, 4, 3, 2]]),
        "the padding stands in front: it belongs behind the words.":
            np.array([[0, 0, 0, 3], [0, 2, 1, 2], [5, 4, 3, 2]]),
        "the short texts are filled up with the unknown row: padding is 0.": np.where(right == 0, 1, right),
        "the end of the long text was kept: keep its beginning.": np.array([[3, 0, 0, 0], [2, 1, 2, 0], [4, 3, 2, 3]]),
    }  # fmt: skip
    try:
        found = np.asarray(call(answer, texts, WORDS, 4))
    except ValueError as error:
        raise Wrong("The lines have different lengths: fill each one up with 0, to 4 numbers.") from error
    expect(found, right, "For sun / sea fog sea / snow rain sun sea sun, cut after 4 words,", wrong)


@exercise(
    "03-3",
    "matrix[indices] has the shape (texts, longest, dimensions): sum over the middle axis.",
    "indices != 0 is True for words and False for padding; its sum along a text is the number of words.",
    "Divide the sum by the number of words as a column, counts[:, None]; np.maximum(counts, 1) for empty texts.",
)
def mean_of_rows(answer: Any) -> None:
    """Ask for the means of two padded texts, with a padding row that is not zero."""
    matrix = np.array([[9.0, 9.0], [1, 1], [2, 0], [4, 6]])
    indices = np.array([[2, 3, 0, 0], [1, 0, 0, 0]])
    right = np.array([[3.0, 3.0], [1, 1]])
    sums = right * [[2], [1]]
    wrong = {
        "the padding counts as a word: leave row 0 out of the sum and out of the number.": matrix[indices].mean(axis=1),
        "you divide by the length of the line, padding included: divide by the number of words.": sums / 4,
        "row 0 is in the sum: in this example it is not zero, and it must still count for nothing.":
            matrix[indices].sum(axis=1) / [[2], [1]],
        "that is the sum: divide by the number of words.": sums,
    }  # fmt: skip
    expect(call(answer, matrix, indices), right, "For two short texts and a row 0 that is not zero", wrong)
    empty = call(answer, matrix, np.array([[0, 0], [2, 0]]))
    if not np.isfinite(np.asarray(empty, dtype=float)).all():
        raise Wrong("A text of nothing but padding gives nan: you divide by zero words. Let its mean be zero.")
    expect(empty, np.array([[0.0, 0.0], [2, 0]]), "For a text of nothing but padding, and one word")


@exercise(
    "03-4",
    "Go through the words with their rows: for row, word in enumerate(words).",
    "Words that are not in vectors cannot be compared: skip them.",
    "np.allclose(matrix[row], vectors[word]) tells whether a row is right. Return the word at the first that is not.",
)
def first_misaligned(answer: Any) -> None:
    """Ask for the first word whose row is not its vector, in a right table and in two wrong ones."""
    toy = toy_vectors()
    right = np.array([[0, 0], [7, 7], toy["sea"], toy["sun"], toy["rain"], toy["snow"]])
    late = right.copy()
    late[[4, 5]] = late[[5, 4]]
    shifted = np.vstack([right[:1], right[2:], right[1:2]])
    for matrix, expected, where in (
        (shifted, "sea", "For a table shifted by a row"),
        (late, "rain", "For a table in which rain and snow are exchanged"),
    ):
        found = answer(WORDS, matrix, toy)
        if found is ...:
            raise Unsolved("The function returns nothing yet.")
        if found is None:
            raise Wrong(f"{where} you return None, as if all rows were right.")
        if found in ("<padding>", "<unknown>"):
            raise Wrong(f"You return {found!r}, which has no vector: compare only words that are in vectors.")
        if isinstance(found, bool | np.bool_):
            raise Wrong(f"{where} you return {found}: return the word, {expected!r}.")
        if isinstance(found, int | np.integer):
            raise Wrong(f"{where} you return the number {found}: return the word, {expected!r}.")
        expect(found, expected, where)
    if (found := answer(WORDS, right, toy)) is not None:
        raise Wrong(f"For a table without a mistake you return {found!r}: return None.")


@exercise(
    "03-5",
    "Print words and table side by side for a list in which the second word has no vector.",
    "What does `continue` do to the rows of all later words?",
    "Every word needs a row, also one without a vector: begin with np.zeros((len(words), size)) and write row by row.",
)
def load_table(answer: Any) -> None:
    """Ask for a table whose rows stay with their words when a word has no vector."""
    toy = toy_vectors()
    words = ["sea", "fog", "sun", "snow"]
    right = np.array([toy["sea"], [0, 0], toy["sun"], toy["snow"]])
    found = np.asarray(call(answer, words, toy), dtype=float)
    slipped = np.array([toy["sea"], toy["sun"], toy["snow"]])
    if found.shape == slipped.shape and np.allclose(found, slipped):
        raise Wrong("For sea fog sun snow, fog without a vector, there are 3 rows for 4 words: from fog on, each word "
                    "has the row of the word after it.")  # fmt: skip
    wrong = {
        "the missing row is at the end: fog is the second word.": np.vstack([slipped, [[0, 0]]]),
        "fog has the mean of all vectors, a good row for unknown words; here zeros are asked for.":
            np.array([toy["sea"], toy.vectors.mean(axis=0), toy["sun"], toy["snow"]]),
    }  # fmt: skip
    expect(found, right, "For sea fog sun snow, fog without a vector,", wrong)
    expect(call(answer, ["rain"], toy), toy["rain"][None], "For the single word rain")


@exercise(
    "03-6",
    "The runs of one seed belong together: subtract first, then take the mean of the differences.",
    "The standard error is differences.std(ddof=1) / np.sqrt(len(differences)).",
    "The half width is scipy.stats.t.ppf(0.975, len(differences) - 1) times the standard error.",
)
def paired_interval(answer: Any) -> None:
    """Ask for mean and interval of a difference over five paired seeds."""
    from scipy import stats

    a, b = np.array([0.70, 0.74, 0.78, 0.69, 0.75]), np.array([0.66, 0.71, 0.76, 0.66, 0.70])
    d = a - b
    error, t = d.std(ddof=1) / np.sqrt(5), stats.t.ppf(0.975, 4)

    def around(middle: float, half: float) -> np.ndarray:
        return np.array([middle, middle - half, middle + half])

    apart = np.sqrt(a.var(ddof=1) / 5 + b.var(ddof=1) / 5)
    wrong = {
        "the two are taken as unpaired, and the interval becomes much too wide: subtract seed by seed.":
            around(d.mean(), stats.t.ppf(0.975, 8) * apart),
        "with 1.96 the interval is too narrow for five runs: use Student's t.": around(d.mean(), 1.96 * error),
        "the spread is divided by n: for a sample it is n - 1, ddof=1.":
            around(d.mean(), t * d.std() / np.sqrt(5)),
        "you forgot the root of the number of runs: the mean varies less than a run.":
            around(d.mean(), t * d.std(ddof=1)),
        "the sign is turned round: a minus b is asked for.": around(-d.mean(), t * error),
        "0.95 leaves 5 in 100 on one side; 2.5 on each side are asked for, ppf(0.975, ...).":
            around(d.mean(), stats.t.ppf(0.95, 4) * error),
        "that is where the middle 95 in 100 of the single runs lie; where does their *mean* lie?":
            np.array([d.mean(), *np.quantile(d, [0.025, 0.975])]),
    }  # fmt: skip
    found = call(answer, a, b)
    if np.shape(found) != (3,):
        raise Wrong(f"Three numbers are asked for, mean, low and high; you return shape {np.shape(found)}.")
    expect(np.asarray(found, dtype=float), around(d.mean(), t * error), "For five pairs of runs", wrong)
    same = call(answer, a, a)
    expect(same, np.zeros(3), "For two equal arms")


@exercise(
    "03-7",
    "Take a list of words of praise and one of blame, and their two mean vectors of length 1.",
    "The mean of all words drowns the few that matter: look at the word that leans most to one side.",
    "max((vectors.get_vector(w, norm=True) @ (praise - blame) for w in known_words), key=abs) > 0",
)
def judge(answer: Any) -> str:
    """Hold the learner's judge, who may use no label, against all test reviews."""
    from lessons_lib.texts import reviews

    table = reviews()
    test = table[table.split == "test"]
    if not isinstance(call(answer, test.text.iloc[0]), bool | np.bool_):
        raise Wrong("The judge must return True for a positive review and False for a negative one.")
    said = np.array([bool(answer(text)) for text in test.text])
    truth = (test.label == "positive").to_numpy()
    if said.all() or not said.any():
        raise Wrong(f"The judge says {bool(said[0])} to every review.")
    hits, unseen = said == truth, test.unseen.to_numpy()
    shown = f"{hits.mean():.3f} of all test reviews, {hits[unseen].mean():.3f} of the flagged ones"
    if hits.mean() < JUDGE_BAR:
        turned = " Turned round it would do better: is praise minus blame the right way?" if hits.mean() < 0.45 else ""
        raise Wrong(f"Your judge is right on {shown}; at least {JUDGE_BAR} of all is asked for.{turned}")
    return f"Right: your judge is right on {shown}, and has never seen a label."
