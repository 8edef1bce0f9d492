"""Checks of lesson 2: pairs, PMI and derivatives that can be computed by hand, and a training of one's own."""

from collections import Counter
from typing import Any

import numpy as np

from lessons_lib.checks import Wrong, call, exercise, expect
from lessons_lib.checks.vectors import toy_vectors

SCORE_BAR = 0.18  # gensim's defaults stay below, the worked answer is above with every seed
QUESTIONS_BAR = 700


@exercise(
    "02-1",
    "Go through the places of the sentence; the neighbours of place i lie from i - window to i + window.",
    "Cut that range at 0 and at len(sentence), and leave out i itself.",
    "A list of tuples: pairs.append((sentence[i], sentence[j])) for every j in the range.",
)
def neighbour_pairs(answer: Any) -> None:
    """Ask for the pairs of a sentence with a repeated word, for two windows."""
    sentence = ["row", "by", "row", "it", "grows"]
    for window in (2, 1):
        places = [(i, j) for i in range(5) for j in range(5) if 0 < abs(i - j) <= window]
        right = _pairs(sentence, places)
        ends = [(i, (i + step) % 5) for i in range(5) for step in range(-window, window + 1) if step]
        wrong = {
            "only the neighbours on the right are there: look to both sides.": [(i, j) for i, j in places if i < j],
            "only the neighbours on the left are there: look to both sides.": [(i, j) for i, j in places if i > j],
            "each word is also its own neighbour: leave out the place itself.": places + [(i, i) for i in range(5)],
            "the window is one place too narrow: range() stops before its end.":
                [(i, j) for i, j in places if j - i < window],
            "the first words have the last ones as neighbours: a negative place counts from the end in Python.": ends,
            "words of the same spelling are left out: leave out the same *place*, not the same word.":
                [(i, j) for i, j in places if sentence[i] != sentence[j]],
        }  # fmt: skip
        found = _sorted_pairs(call(answer, list(sentence), window))
        where = f"For {' '.join(sentence)!r} and window {window}"
        if found == right:
            continue
        for diagnosis, mistake in wrong.items():
            if found == _pairs(sentence, mistake):
                raise Wrong(f"{where}: {diagnosis}")
        if found == sorted(set(right)):
            raise Wrong(f"{where}: a pair that occurs twice is there once only: collect them in a list, not in a set.")
        missing, extra = Counter(right) - Counter(found), Counter(found) - Counter(right)
        raise Wrong(
            f"{where} you return {len(found)} pairs; {len(right)} are expected. "
            f"Missing: {sorted(missing.elements())[:3]}. Too many: {sorted(extra.elements())[:3]}."
        )


def _pairs(sentence: list[str], places: list[tuple[int, int]]) -> list[tuple[str, str]]:
    return sorted((sentence[i], sentence[j]) for i, j in places)


def _sorted_pairs(found: Any) -> list[tuple[str, str]]:
    try:
        return sorted((str(word), str(other)) for word, other in found)
    except (TypeError, ValueError):
        raise Wrong("A list of pairs is asked for, such as [('a', 'b'), ('b', 'a')].") from None


@exercise(
    "02-2",
    "Expected by chance: the share of the word among all pairs, times the pairs of the context.",
    "expected = word_total * context_total / total.",
    "np.log(met / expected): np.log is the natural logarithm.",
)
def pmi(answer: Any) -> None:
    """Ask for PMI above, below and at chance."""
    for met, word, context, total in ((40, 100, 200, 1000), (10, 100, 200, 1000), (20, 100, 200, 1000)):
        right = np.log(met * total / (word * context))
        wrong = {
            "that is found divided by expected; its logarithm is missing.": met * total / (word * context),
            "that is the logarithm to the base 2: use np.log.": right / np.log(2),
            "that is the logarithm to the base 10: use np.log.": right / np.log(10),
            "the sign is turned round: found divided by expected, not the reverse.": -right,
            "the number of all pairs is missing from what is expected.": np.log(met / (word * context)),
            "the number of all pairs is on the wrong side: expected is word_total * context_total / total.":
                np.log(met / (word * context) / total),
            "that is PPMI: here negative values stay as they are.": max(0.0, right),
            "that is the logarithm of a conditional probability: divide by the share of the context, too.":
                np.log(met / word),
        }  # fmt: skip
        wrong = {diagnosis: value for diagnosis, value in wrong.items() if abs(value - right) > 1e-3}
        where = f"For met {met}, word_total {word}, context_total {context}, total {total}"
        expect(call(answer, met, word, context, total), right, where, wrong)


@exercise(
    "02-3",
    "Compute the square root for all counts at once: numpy does it element by element.",
    "A probability cannot be more than 1: cut it there.",
    "np.minimum(1, np.sqrt(sample * total / counts)).",
)
def keep_probability(answer: Any) -> None:
    """Ask for the probabilities of a rare, a middling and a very frequent word."""
    counts, total, sample = np.array([10, 4_000, 250_000]), 1_000_000, 1e-3
    root = np.sqrt(sample * total / counts)
    right = np.minimum(1, root)
    wrong = {
        "the first is above 1, and a probability cannot be: cut it at 1.": root,
        "that is the probability to skip a word, not to read it.": 1 - right,
        "the square root is missing.": np.minimum(1, root**2),
        "the fraction is upside down: frequent words have to be read less often.": np.minimum(1, 1 / root),
        "it is cut on the wrong side: the smaller of 1 and the root, not the larger.": np.maximum(1, root),
    }
    expect(call(answer, counts, total, sample), right, f"For the counts {counts.tolist()} of {total:,} words", wrong)


@exercise(
    "02-4",
    "The derivative of w @ c by w is c.",
    "For a true pair the derivative of -log(sigmoid(x)) by x is sigmoid(x) - 1; for a false one sigmoid(x) - 0.",
    "(sigmoid(w @ c) - label) * c.",
)
def gradient_by_w(answer: Any) -> None:
    """Hold the derivative against autograd, for a true and a false pair."""
    import torch

    w, c = np.array([0.5, -1.0, 2.0]), np.array([1.0, 0.5, 0.25])
    guess = 1 / (1 + np.exp(-(w @ c)))
    for label in (1, 0):
        tensor = torch.tensor(w, requires_grad=True)
        product = tensor @ torch.tensor(c)
        (-torch.nn.functional.logsigmoid(product if label else -product)).backward()
        right = tensor.grad.numpy()
        found = call(answer, w, c, label)
        if np.size(found) == 1:
            raise Wrong(_one_number(float(np.squeeze(found)), guess, label))
        wrong = {
            "the sign is turned round: guess minus label.": -right,
            "that is the derivative by c: multiply the error by the vector on the other side.": (guess - label) * w,
            "the sigmoid is missing from the guess.": (w @ c - label) * c,
            "that is the derivative of the guess, not of the loss: take the logarithm into account.":
                guess * (1 - guess) * c,
            "the label makes no difference yet.": (guess - (1 - label)) * c,
        }  # fmt: skip
        expect(found, right, f"For a {'true' if label else 'false'} pair", wrong)


def _one_number(found: float, guess: float, label: int) -> str:
    """Tell what a single number is where a derivative as long as w is asked for."""
    known = {
        "that is the error alone: multiply it by c.": guess - label,
        "that is the loss itself: its derivative is asked for.": -np.log(guess if label else 1 - guess),
        "that is the guess: its error times c is asked for.": guess,
    }
    near = [meaning for meaning, value in known.items() if abs(found - value) < 1e-6]
    return f"You return one number, {found:.4g}: {near[0] if near else 'the derivative by w is as long as w.'}"


@exercise(
    "02-5",
    "Try it on two sentences of two words each, and read every pair that it returns.",
    "The last word of a sentence and the first word of the next are no neighbours.",
    "Loop over the sentences, and count the pairs inside each.",
)
def count_corpus(answer: Any) -> None:
    """Ask for the pairs of three sentences, one of them shorter than the window."""
    corpus = [["sort", "the", "rows"], ["stop"], ["rows", "of", "the", "table"]]
    for window in (1, 3):
        right, words = _counted(corpus, window), [word for sentence in corpus for word in sentence]
        found = call(answer, [list(sentence) for sentence in corpus], window)
        if not isinstance(found, dict):
            raise Wrong(f"A Counter of pairs is asked for, and this is of type {type(found).__name__}.")
        if dict(found) == dict(right):
            continue
        strung = _counted([words], window)
        both = right | Counter({(b, a): n for (a, b), n in right.items()})
        wrong = {
            "The last word of a sentence still meets the first word of the next: ('rows', 'stop').": strung,
            "Each pair is there twice, once turned round: (left word, right word) only.": both,
            "Only the first sentence is counted: does return stand inside the loop?": _counted(corpus[:1], window),
            "Only the last sentence is counted: make the Counter once, before the loop.": _counted(corpus[-1:], window),
            f"Pairs {window} apart are missing for window {window}: range() stops before its end.":
                _counted(corpus, window - 1),
        }  # fmt: skip
        for diagnosis, mistake in wrong.items():
            if dict(found) == dict(mistake):
                raise Wrong(diagnosis)
        missing, extra = sorted(set(right) - set(found), key=str), sorted(set(found) - set(right), key=str)
        if missing or extra:
            raise Wrong(f"For window {window} these pairs are missing: {missing[:3]}; these are too many: {extra[:3]}.")
        pair = next(pair for pair in right if found[pair] != right[pair])
        raise Wrong(f"The pairs are right, not their counts: for {pair} {right[pair]} is expected, not {found[pair]}.")


def _counted(sentences: list[list[str]], window: int) -> Counter:
    return Counter(
        (sentence[i], sentence[j]) for sentence in sentences for i in range(len(sentence))
        for j in range(i + 1, min(len(sentence), i + window + 1))
    )  # fmt: skip


@exercise(
    "02-6",
    "Make a set of neighbours for each of the two, without the cosines.",
    "one & two are the words in both sets.",
    "Divide the number of words in both by n.",
)
def agreement(answer: Any) -> None:
    """Ask for the agreement of the toy vectors with themselves and with a shuffled copy."""
    from gensim.models import KeyedVectors

    first = toy_vectors()
    second = KeyedVectors(3)  # shifted so that both words keep two of three neighbours, one of them in its place
    second.add_vectors(first.index_to_key, first.vectors + np.random.default_rng(8).normal(size=(8, 3)).round())
    for word in ("king", "sea"):
        one, two = ([other for other, _ in v.most_similar(word, topn=3)] for v in (first, second))
        both = len(set(one) & set(two))
        wrong = {
            "that is the number of shared neighbours: divide it by n.": both,
            "that is shared neighbours divided by all different ones: divide by n.": both / len(set(one) | set(two)),
            "neighbours are compared place by place: their order does not matter.":
                sum(a == b for a, b in zip(one, two, strict=True)) / 3,
            "no neighbour agrees: are the cosines still in the sets?": 0.0,
        }  # fmt: skip
        right = both / 3
        wrong = {diagnosis: value for diagnosis, value in wrong.items() if abs(value - right) > 1e-3}
        expect(call(answer, first, second, word, 3), right, f"For the three nearest of {word!r} in two toy sets", wrong)
    expect(call(answer, first, first, "king", 3), 1.0, "For vectors and themselves")


@exercise(
    "02-7",
    "Score each change by itself: relation_score(vectors, documentation_pairs()).estimate of lessons_lib.relations.",
    "Little text wants more rounds (epochs=10) and a faster rate (alpha=0.05); sg=1 is skip-gram.",
    "Throw out repeated sentences, and raise min_count to 20: fewer, better vectors.",
)
def own_training(answer: Any) -> str:
    """Score the learner's vectors on the pairs of documentation."""
    from gensim.models import KeyedVectors

    from lessons_lib.relations import relation_score
    from lessons_lib.texts import documentation_pairs

    vectors = getattr(answer, "wv", answer)
    if not isinstance(vectors, KeyedVectors):
        raise Wrong(f"Word vectors are asked for (model.wv), and this is {type(answer).__name__}.")
    try:
        score = relation_score(vectors, documentation_pairs())
    except ValueError:
        raise Wrong("Your vectors know no question at all: is the text cut into words, and in lower case?") from None
    asked, share = len(score.asked), score.estimate.value
    if asked < QUESTIONS_BAR:
        raise Wrong(
            f"Your vectors know the words of {asked} questions; {QUESTIONS_BAR} are asked for. Lower min_count."
        )
    if share < SCORE_BAR:
        raise Wrong(f"{share:.3f} of {asked} analogies are right; at least {SCORE_BAR} is asked for.")
    return f"Right: {share:.3f} of {asked} analogies, interval {score.estimate.low:.3f} to {score.estimate.high:.3f}."
