"""The checks of lesson 7: right answers pass, and each known mistake is called by its name."""

import numpy as np
import pandas as pd
import pytest

from lessons_lib import check, tokenise

pytestmark = pytest.mark.usefixtures("own_home")


def softmax(fits, axis=1):
    return np.exp(fits) / np.exp(fits).sum(axis=axis, keepdims=True)


def batches(lengths, size, order=None):
    order = np.argsort(lengths) if order is None else order
    return [order[i : i + size] for i in range(0, len(order), size)]


def mrr(similarities, answers, place=min, rank=lambda place: 1 / (place + 1), sign=-1, mean=np.mean):
    found = []
    for row, right in zip(similarities, answers, strict=True):
        ranked = list(np.argsort(sign * row))
        found.append(rank(place([ranked.index(column) for column in right])))
    return mean(found)


def by_name(documents, cache, encode, model):
    for name, text in documents.items():
        if name not in cache:
            cache[name] = encode([text])[0]
    return {name: cache[name] for name in documents}


def by_text(documents, cache, encode, model, key=lambda name, text, model: text):
    keys = {name: key(name, text, model) for name, text in documents.items()}
    for name, text in documents.items():
        if keys[name] not in cache:
            cache[keys[name]] = encode([text])[0]
    return {name: cache[keys[name]] for name in documents}


def permuted(first, second, rounds, rng, one=1, differ=lambda a, b: a - b, hit=lambda x, real: x >= real - 1e-12):
    together, real = np.concatenate([first, second]), differ(np.mean(first), np.mean(second))
    shuffles = [rng.permutation(together) for _ in range(rounds)]
    count = sum(hit(differ(s[: len(first)].mean(), s[len(first) :].mean()), real) for s in shuffles)
    return (one + count) / (one + rounds)


def table(*rows, word="bark"):
    return pd.DataFrame(
        [(word, sense, text, tokenise(text).index(word)) for sense, text in rows],
        columns=["word", "sense", "text", "position"],
    )


TREE = [("tree", f"The rough bark of the old {tree} was under moss.") for tree in "oak pine elm birch ash".split()]
DOG = [("dog", f"We heard the dog {what} and bark at night.") for what in "howl growl yelp wake whine".split()]

MISTAKES = [
    ("07-1", lambda h, i: h.mean(1), "the padding is in the mean"),
    ("07-1", lambda h, i: (h * i[:, :, None]).sum(1) / h.shape[1], "still divide by all places"),
    ("07-1", lambda h, i: (h * i[:, :, None]).sum(1), "divide by the number of real pieces"),
    ("07-1", lambda h, i: h[:, 0], "vector of the first piece"),
    ("07-1", lambda h, i: h.max(1), "largest number"),
    ("07-2", lambda lengths, size: batches(lengths, size, np.arange(len(lengths))), "places of padding"),
    ("07-2", lambda lengths, size: batches(lengths, size)[:-1], "Is the last slice missing"),
    ("07-2", lambda lengths, size: batches(lengths, size + 1), "is too large"),
    ("07-2", lambda lengths, size: batches(lengths, 1), "fill each batch"),
    ("07-2", lambda lengths, size: [[lengths[row] for row in b] for b in batches(lengths, size)], "not lengths"),
    ("07-2", lambda lengths, size: [*batches(lengths, size), [0]], "two batches"),
    ("07-3", lambda s, a: mrr(s, a, place=lambda places: places[0]), "first right document in the list"),
    ("07-3", lambda s, a: mrr(s, a, rank=lambda place: 1 / (place + 2)), "yours begin at 2"),
    ("07-3", lambda s, a: mrr(s, a, rank=lambda place: place + 1), "that is the mean rank"),
    ("07-3", lambda s, a: 1 / mrr(s, a, rank=lambda place: place + 1), "divided by the mean rank"),
    ("07-3", lambda s, a: mrr(s, a, sign=1), "from the worst to the best"),
    ("07-3", lambda s, a: mrr(s, a, rank=lambda place: float(place == 0)), "at the top"),
    ("07-4", lambda q, k, v: softmax(q @ k.T) @ v, "square root"),
    ("07-4", lambda q, k, v: softmax(q @ k.T / 3) @ v, "its square root is asked for"),
    ("07-4", lambda q, k, v: softmax(q @ k.T / 3**0.5, 0) @ v, "wrong axis"),
    ("07-4", lambda q, k, v: q @ k.T / 3**0.5 @ v, "softmax is missing"),
    ("07-4", lambda q, k, v: softmax(q @ k.T / 3**0.5), "mix the values"),
    ("07-4", lambda q, k, v: softmax(k @ q.T / 3**0.5) @ v, "exchanged"),
    ("07-5", by_name, "vector of the old text"),
    ("07-5", by_text, "vector of the old model"),
    ("07-5", lambda *a: by_text(*a, key=lambda name, text, model: (name, text, model)), "key by content, not by name"),
    ("07-6", lambda *a: permuted(*a, one=0), "count the real division"),
    ("07-6", lambda *a: permuted(*a, hit=lambda x, real: x <= real + 1e-12), "other direction"),
    ("07-6", lambda *a: permuted(*a, differ=lambda a, b: abs(a - b)), "absolute value"),
    ("07-7", [1, 2], "DataFrame"),
    ("07-7", table(*TREE, *DOG).drop(columns="position"), "column position is missing"),
    ("07-7", table(*TREE, *DOG).assign(word="bank"), "take another word"),
    ("07-7", table(*TREE, *DOG).assign(position=1), "count from 0"),
    ("07-7", table(*TREE, *DOG[:2]), "5 sentences each"),
    ("07-7", table(*TREE, *DOG[:4], DOG[0]), "stands there twice"),
    ("07-7", table(*TREE, *DOG).assign(sense=["tree", "dog"] * 5), "at least 0.7 is asked for"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "diagnosis"), MISTAKES)
def test_known_mistakes_are_named(name, answer, diagnosis, capsys):
    check(name, answer)
    printed = capsys.readouterr().out
    assert printed.startswith(f"Not yet, {name}")
    assert diagnosis in printed


RIGHT = [
    ("07-1", lambda h, i: np.einsum("tpd,tp->td", h, i / i.sum(1, keepdims=True))),
    ("07-2", batches),
    ("07-2", lambda lengths, size: [b.tolist() for b in batches(lengths, size, np.argsort(lengths)[::-1])]),
    ("07-3", mrr),
    ("07-4", lambda q, k, v: softmax(q @ k.T / 3**0.5) @ v),
    ("07-5", lambda *a: by_text(*a, key=lambda name, text, model: f"{model}\n{text}")),
    ("07-6", permuted),
    ("07-7", table(*TREE, *DOG)),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_other_right_answers_than_ours_pass(name, answer, capsys):
    check(name, answer)
    assert capsys.readouterr().out.startswith(f"Solved, {name}")
