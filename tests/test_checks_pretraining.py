"""The checks of lesson 2: right answers pass, and each known mistake is called by its name."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from lessons_lib import check
from lessons_lib.checks import pretraining as lesson
from lessons_lib.checks.vectors import toy_vectors

pytestmark = pytest.mark.usefixtures("own_home")


def pairs(sentence, window, keep=lambda i, j, s: True, first=0):
    n = len(sentence)
    return [(sentence[i], sentence[j]) for i in range(n) for j in range(n)
            if first <= abs(i - j) <= window and keep(i, j, sentence)]  # fmt: skip


def neighbour_pairs(sentence, window):
    return pairs(sentence, window, first=1)


def wraps_round(sentence, window):
    return [(sentence[i], sentence[(i + step) % len(sentence)]) for i in range(len(sentence))
            for step in range(-window, window + 1) if step]  # fmt: skip


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def count_corpus(sentences, window):
    found = Counter()
    for sentence in sentences:
        for apart in range(1, window + 1):
            found.update(zip(sentence, sentence[apart:], strict=False))
    return found


def strung_together(sentences, window):
    return count_corpus([[word for sentence in sentences for word in sentence]], window)


def both_ways(sentences, window):
    found = count_corpus(sentences, window)
    return found + Counter({(b, a): n for (a, b), n in found.items()})


def sets(first, second, word, n, cosines=False):
    return [{near if cosines else near[0] for near in v.most_similar(word, topn=n)} for v in (first, second)]


def agreement(first, second, word, n):
    one, two = sets(first, second, word, n)
    return len(one & two) / n


def same_places(first, second, word, n):
    lists = [[near for near, _ in v.most_similar(word, topn=n)] for v in (first, second)]
    return sum(a == b for a, b in zip(*lists, strict=True)) / n


MISTAKES = [
    ("02-1", lambda s, w: pairs(s, w, lambda i, j, _: i < j, 1), "only the neighbours on the right"),
    ("02-1", lambda s, w: pairs(s, w, lambda i, j, _: i > j, 1), "only the neighbours on the left"),
    ("02-1", pairs, "its own neighbour"),
    ("02-1", lambda s, w: pairs(s, w, lambda i, j, _: j - i < w, 1), "one place too narrow"),
    ("02-1", wraps_round, "negative place counts from the end"),
    ("02-1", lambda s, w: pairs(s, w, lambda i, j, s: s[i] != s[j], 1), "not the same word"),
    ("02-1", lambda s, w: set(neighbour_pairs(s, w)), "in a list, not in a set"),
    ("02-1", lambda s, w: list(pairwise(s))[:1], "1 pairs; 14 are expected"),
    ("02-1", lambda s, w: [1, 2], "A list of pairs is asked for"),
    ("02-2", lambda m, w, c, t: m * t / (w * c), "its logarithm is missing"),
    ("02-2", lambda m, w, c, t: np.log2(m * t / (w * c)), "to the base 2"),
    ("02-2", lambda m, w, c, t: np.log10(m * t / (w * c)), "to the base 10"),
    ("02-2", lambda m, w, c, t: np.log(w * c / (m * t)), "turned round"),
    ("02-2", lambda m, w, c, t: np.log(m / (w * c)), "number of all pairs is missing"),
    ("02-2", lambda m, w, c, t: np.log(m / t / (w * c)), "on the wrong side"),
    ("02-2", lambda m, w, c, t: max(0, np.log(m * t / (w * c))), "that is PPMI"),
    ("02-2", lambda m, w, c, t: np.log(m / w), "divide by the share of the context"),
    ("02-3", lambda n, t, s: np.sqrt(s * t / n), "cut it at 1"),
    ("02-3", lambda n, t, s: 1 - np.minimum(1, np.sqrt(s * t / n)), "probability to skip"),
    ("02-3", lambda n, t, s: np.minimum(1, s * t / n), "square root is missing"),
    ("02-3", lambda n, t, s: np.minimum(1, np.sqrt(n / (s * t))), "upside down"),
    ("02-3", lambda n, t, s: np.maximum(1, np.sqrt(s * t / n)), "cut on the wrong side"),
    ("02-3", lambda n, t, s: min(1, 0.5), "shape (3,) is expected"),
    ("02-4", lambda w, c, y: (y - sigmoid(w @ c)) * c, "guess minus label"),
    ("02-4", lambda w, c, y: (sigmoid(w @ c) - y) * w, "derivative by c"),
    ("02-4", lambda w, c, y: (w @ c - y) * c, "sigmoid is missing"),
    ("02-4", lambda w, c, y: (sigmoid(w @ c) - 1) * c, "makes no difference yet"),
    ("02-4", lambda w, c, y: sigmoid(w @ c) - y, "multiply it by c"),
    ("02-4", lambda w, c, y: [sigmoid(w @ c) - y], "multiply it by c"),
    ("02-4", lambda w, c, y: -np.log(sigmoid((2 * y - 1) * (w @ c))), "that is the loss itself"),
    ("02-4", lambda w, c, y: sigmoid(w @ c), "that is the guess"),
    ("02-4", lambda w, c, y: 7, "as long as w"),
    ("02-4", lambda w, c, y: sigmoid(w @ c) * (1 - sigmoid(w @ c)) * c, "derivative of the guess, not of the loss"),
    ("02-5", strung_together, "the first word of the next"),
    ("02-5", both_ways, "Each pair is there twice"),
    ("02-5", lambda s, w: count_corpus(s[:1], w), "Only the first sentence is counted"),
    ("02-5", lambda s, w: count_corpus(s[-1:], w), "Only the last sentence is counted"),
    ("02-5", lambda s, w: count_corpus(s, w - 1), "Pairs 1 apart are missing"),
    ("02-5", lambda s, w: count_corpus(s, w + 1), "these pairs are missing: []; these are too many: [("),
    ("02-5", lambda s, w: count_corpus(s, w) + count_corpus(s, w), "not their counts"),
    ("02-5", lambda s, w: list(count_corpus(s, w)), "of type list"),
    ("02-6", lambda a, b, w, n: agreement(a, b, w, n) * n, "divide it by n"),
    ("02-6", lambda a, b, w, n: len(set.intersection(*sets(a, b, w, n))) / len(set.union(*sets(a, b, w, n))),
     "all different ones"),
    ("02-6", same_places, "order does not matter"),
    ("02-6", lambda a, b, w, n: len(set.intersection(*sets(a, b, w, n, True))) / n, "cosines still in the sets"),
    ("02-7", np.ones(100), "Word vectors are asked for"),
    ("02-7", toy_vectors(), "know no question at all"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "diagnosis"), MISTAKES)
def test_known_mistakes_are_named(name, answer, diagnosis, capsys):
    check(name, answer)
    printed = capsys.readouterr().out
    assert printed.startswith(f"Not yet, {name}")
    assert diagnosis in printed


RIGHT = [
    ("02-1", neighbour_pairs),
    ("02-1", lambda s, w: neighbour_pairs(s, w)[::-1]),
    ("02-2", lambda m, w, c, t: np.log(m) + np.log(t) - np.log(w) - np.log(c)),
    ("02-3", lambda n, t, s: np.clip((s * t / n) ** 0.5, 0, 1)),
    ("02-4", lambda w, c, y: (sigmoid(w @ c) - y) * c),
    ("02-5", count_corpus),
    ("02-5", lambda s, w: dict(count_corpus(s, w))),
    ("02-6", agreement),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_other_right_answers_than_ours_pass(name, answer, capsys):
    check(name, answer)
    assert capsys.readouterr().out.startswith(f"Solved, {name}")


def test_vectors_of_too_few_words_or_at_random_do_not_pass(capsys):
    from lessons_lib import load_vectors
    from lessons_lib.scores import restrict
    from lessons_lib.texts import documentation_pairs

    vectors = load_vectors("word2vec")
    listed = {word for word in documentation_pairs()[["word1", "word2"]].to_numpy().ravel() if word in vectors}
    check("02-7", restrict(vectors, sorted(listed)[:60]))
    assert f"{lesson.QUESTIONS_BAR} are asked for. Lower min_count." in capsys.readouterr().out
    check("02-7", restrict(vectors, sorted(listed | set(vectors.index_to_key[:3000]))))
    assert capsys.readouterr().out.startswith("Solved, 02-7: Right: 0.")
    shuffled = restrict(vectors, sorted(listed))
    np.random.default_rng(0).shuffle(shuffled.vectors)
    shuffled.fill_norms(force=True)
    check("02-7", shuffled)
    assert f"at least {lesson.SCORE_BAR} is asked for" in capsys.readouterr().out
