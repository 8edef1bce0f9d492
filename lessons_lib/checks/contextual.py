"""Checks of lesson 7: the learner's functions are tried on small arrays whose results can be computed by hand."""

from typing import Any

import numpy as np

from lessons_lib.checks import Wrong, call, exercise, expect

SENSE_BAR = 0.7  # share of the learner's sentences that mini-bert has to tell apart
FEWEST_SENTENCES = 5  # for each sense


@exercise(
    "07-1",
    "The vectors of padding are not zero: multiply them away before you sum.",
    "inside[:, :, None] has the shape (texts, pieces, 1) and can be multiplied with hidden.",
    "Divide the sum by the number of real pieces of each text, not by the number of places.",
)
def mean_pool(answer: Any) -> None:
    """Ask for the means of two texts, one of them with padding."""
    hidden = np.array([[[1.0, 2.0], [3.0, 6.0], [8.0, 1.0]], [[2.0, 2.0], [4.0, 0.0], [90.0, -60.0]]])
    inside = np.array([[1, 1, 1], [1, 1, 0]])
    real = inside[:, :, None]
    sums = (hidden * real).sum(1)
    wrong = {
        "the padding is in the mean: leave out the places where inside is 0.": hidden.mean(1),
        "the padding is out of the sum, but you still divide by all places.": sums / 3,
        "that is the sum: divide by the number of real pieces.": sums,
        "that is the vector of the first piece; the mean of all real pieces is asked for.": hidden[:, 0],
        "that is the largest number of each dimension; the mean is asked for.": hidden.max(1),
    }
    expect(
        call(answer, hidden, inside), sums / real.sum(1), "For two texts, the second with one place of padding", wrong
    )


@exercise(
    "07-2",
    "Texts of one length side by side need no padding: which order brings them together?",
    "np.argsort(lengths) gives the row numbers from the shortest text to the longest.",
    "Cut that order into slices: order[start : start + size] for start in range(0, len(order), size).",
)
def length_batches(answer: Any) -> None:
    """Ask for batches and count their padding."""
    for lengths, size in (([9, 2, 9, 2, 5, 5, 7, 7], 2), ([3, 3, 3, 3, 3], 2)):
        found = [[int(row) for row in batch] for batch in call(answer, lengths, size)]
        rows, where = sorted(row for batch in found for row in batch), f"For lengths {lengths} and size {size}"
        if rows and rows[-1] >= len(lengths):
            raise Wrong(f"{where} you return {found}: give row numbers (0 to {len(lengths) - 1}), not lengths.")
        if missing := sorted(set(range(len(lengths))) - set(rows)):
            raise Wrong(f"{where} the rows {missing} are in no batch. Is the last slice missing?")
        if len(rows) > len(lengths):
            raise Wrong(f"{where} some rows are in two batches: {found}.")
        if any(len(batch) > size for batch in found):
            raise Wrong(f"A batch of {max(map(len, found))} rows is too large: at most {size} were asked for.")
        if len(found) > -(-len(lengths) // size):
            raise Wrong(f"{where} you make {len(found)} batches: fill each batch before you begin the next.")
        padding = sum(max(lengths[row] for row in batch) - lengths[row] for batch in found for row in batch)
        if padding:
            raise Wrong(f"{where} your batches {found} need {padding} places of padding; sorted by length, none.")


@exercise(
    "07-3",
    "np.argsort(-row) ranks the documents of a question, the best first.",
    "Of several right documents the one that comes first in the ranking counts: take the minimum of their places.",
    "Places count from 0 and ranks from 1: the reciprocal rank is 1 / (place + 1).",
)
def mean_reciprocal_rank(answer: Any) -> None:
    """Ask for the score of three questions."""
    similarities = np.array([[0.1, 0.9, 0.5, 0.2], [0.8, 0.3, 0.6, 0.1], [0.4, 0.3, 0.2, 0.1]])
    answers = [[0, 2], [0], [3]]
    ranks = np.array([2, 1, 4])
    first_listed = np.array([4, 1, 4])
    backwards = np.array([1, 4, 1])
    wrong = {
        "that is 1 divided by the mean rank: take the reciprocals first and then their mean.": 1 / ranks.mean(),
        "that is the mean rank: take 1 / rank of each question.": ranks.mean(),
        "that is the first right document in the list; the best placed one counts.": (1 / first_listed).mean(),
        "your ranking runs from the worst to the best: sort by -row.": (1 / backwards).mean(),
        "that is the share of questions with a right answer at the top: also count lower ranks.": (ranks == 1).mean(),
        "ranks begin at 1, and yours begin at 2.": (1 / (ranks + 1)).mean(),
    }
    where = "For three questions whose best right documents stand at ranks 2, 1 and 4"
    expect(call(answer, similarities, answers), (1 / ranks).mean(), where, wrong)


@exercise(
    "07-4",
    "query @ key.T has a row for each place that asks and a column for each place that is looked at.",
    "Softmax: np.exp of each number, divided by the sum of its row (axis=1, keepdims=True).",
    "The result is shares @ value.",
)
def attention(answer: Any) -> None:
    """Ask for one head over three places."""
    rng = np.random.default_rng(7)
    query, key, value = rng.normal(size=(3, 3, 3))

    def softmax(fits: np.ndarray, axis: int = 1) -> np.ndarray:
        return np.exp(fits) / np.exp(fits).sum(axis=axis, keepdims=True)

    fits, root = query @ key.T, np.sqrt(3)
    wrong = {
        "the products are not divided by the square root of the dimensions.": softmax(fits) @ value,
        "you divide by the number of dimensions: its square root is asked for.": softmax(fits / 3) @ value,
        "the softmax runs over the wrong axis: each row has to add up to 1.": softmax(fits / root, 0) @ value,
        "the softmax is missing: a row has to become shares that add up to 1.": fits / root @ value,
        "those are the shares: mix the values with them.": softmax(fits / root),
        "queries and keys are exchanged.": softmax(fits.T / root) @ value,
    }
    expect(
        call(answer, query, key, value), softmax(fits / root) @ value, "For three places with three dimensions", wrong
    )


@exercise(
    "07-5",
    "Change the text of a document and call the function again. What do you get?",
    "A key must hold everything that the value depends on.",
    "The vector depends on the text and on the model: use (model, text) as the key.",
)
def embed_all(answer: Any) -> None:
    """Call the function while texts, names and the model change, and count what is calculated."""
    asked: list[str] = []

    def encode(texts: list[str]) -> np.ndarray:
        asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts])

    cache: dict = {}
    expect(call(answer, {"a": "one"}, cache, encode, "first")["a"], [3, 1], "For the text 'one'")
    changed = call(answer, {"a": "seven"}, cache, encode, "first")["a"]
    expect(changed, [5, 1], "After the text has changed to 'seven'", {"that is the vector of the old text.": [3, 1]})
    other = call(answer, {"a": "seven"}, cache, lambda texts: 2 * encode(texts), "second")["a"]
    where = "After the model has changed"
    expect(other, [10, 2], where, {"that is the vector of the old model: put the model into the key.": [5, 1]})
    before = len(asked)
    call(answer, {"b": "seven", "c": "seven"}, cache, encode, "first")
    if len(asked) > before:
        raise Wrong("A text that is in the cache was calculated again under another name: key by content, not by name.")


@exercise(
    "07-6",
    "np.concatenate puts both groups together; the first len(first) numbers of a shuffle are the new first group.",
    "Count the shuffles whose difference is at least the real one (>=).",
    "Return (1 + count) / (1 + rounds).",
)
def p_value(answer: Any) -> None:
    """Ask for the p-value of a clear difference, of its reverse and of none."""
    rounds, far = 999, np.linspace(1, 2, 9)
    never = float(call(answer, far, far - 5, rounds, np.random.default_rng(0)))  # 1 division in 48,620
    if not 0 < never <= 1:
        raise Wrong(f"Where no shuffle comes near you return {never:.4g}: count the real division, too: never 0.")
    first, second = np.array([0.9, 0.8, 0.7, 0.95]), np.array([0.1, 0.2, 0.3, 0.15])
    found = float(call(answer, first, second, rounds, np.random.default_rng(0)))
    if found > 0.9:
        raise Wrong(f"For a first group far above the second you return {found:.3f}: you count the other direction.")
    if not 0.004 <= found <= 0.035:  # 1 of 70 divisions
        raise Wrong(f"For two groups far apart you return {found:.3f}; about 0.014 is expected (1 division in 70).")
    reverse = float(call(answer, second, first, rounds, np.random.default_rng(0)))
    if reverse < 0.9:
        raise Wrong(
            f"For a first group far *below* the second you return {reverse:.3f}; about 1 is expected: "
            "the test is one-sided, so leave out the absolute value."
        )
    same = np.array([0.1, 0.2, 0.3])
    expect(
        call(answer, same, same.copy(), 99, np.random.default_rng(1)) > 0.2, True, "For two equal groups: p above 0.2?"
    )


@exercise(
    "07-7",
    "pd.DataFrame(rows, columns=['word', 'sense', 'text', 'position']) with one row a sentence.",
    "lessons_lib.tokenise(text) gives the words of a sentence; its .index(word) is the position.",
    "Begin with plain sentences, in which other words of the sense stand near, and make them harder afterwards.",
)
def my_senses(answer: Any) -> str:
    """Measure the learner's own sentences with static neighbours and with the last layer of mini-bert."""
    import pandas as pd

    from lessons_lib.bundled import load_vectors
    from lessons_lib.contextual import layer_vectors, neighbour_means, right_senses
    from lessons_lib.text import tokenise
    from lessons_lib.texts import senses

    if not isinstance(answer, pd.DataFrame):
        raise Wrong(f"A table (pandas DataFrame) is asked for, and this is {type(answer).__name__}.")
    if missing := [column for column in ("word", "sense", "text", "position") if column not in answer]:
        raise Wrong(f"The column {missing[0]} is missing; the table has {', '.join(map(str, answer.columns))}.")
    if used := sorted(set(answer.word) & set(senses().word)):
        raise Wrong(f"The lesson has sentences with {used[0]!r} already: take another word.")
    for row in answer.itertuples():
        words = tokenise(row.text)
        if not 0 <= row.position < len(words) or not words[row.position].startswith(str(row.word)[:3]):
            there = words[row.position] if 0 <= row.position < len(words) else "nothing"
            raise Wrong(f"In {row.text!r} the word number {row.position} is {there!r}, not {row.word!r}: count from 0.")
    counts = answer.groupby(["word", "sense"]).size()
    if counts.min() < FEWEST_SENTENCES or answer.groupby("word").sense.nunique().min() < 2:
        raise Wrong(f"Two senses with {FEWEST_SENTENCES} sentences each are asked for; there are {counts.to_dict()}.")
    if answer.text.duplicated().any():
        raise Wrong("A sentence stands there twice: write another one.")
    contextual = right_senses(layer_vectors(answer)[-1], answer).mean()
    static = right_senses(neighbour_means(load_vectors("word2vec"), answer), answer).mean()
    found = f"mini-bert tells {contextual:.2f} of your sentences apart, the mean of the neighbours {static:.2f}"
    if contextual < SENSE_BAR:
        raise Wrong(f"{found}; at least {SENSE_BAR} is asked for.")
    return f"Right: {found}."
