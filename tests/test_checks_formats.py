"""The checks of lesson 4: right answers pass, and each known mistake is called by its name."""

import numpy as np
import pytest

from lessons_lib import check, load_vectors
from lessons_lib.checks import formats as lesson

pytestmark = pytest.mark.usefixtures("own_home")


def header(data, places=(0, 1)):
    fields = data[: data.index(b"\n")].split()
    return tuple(int(fields[place]) for place in places)


def line_from_the_end(line, n_dims):
    word, *numbers = line.rsplit(None, n_dims)
    return word, np.array(numbers, dtype=float)


def line_at_the_first_blank(line, n_dims):
    word, rest = line.split(" ", 1)
    return word, np.array(rest.split()[-n_dims:], dtype=float)


def by_control_bytes(data):
    if data[:4] == b"\xba\x16O/":
        return "fastText .bin"
    if b" " in data.split(b"\n")[0].strip() and len(data.split(b"\n")[0].split()) > 2:
        return "GloVe"
    return "word2vec binary" if any(byte < 9 for byte in data) else "word2vec text"


def quantised(matrix, steps=127, convert=np.round, per_row=True):
    step = np.abs(matrix).max(axis=1 if per_row else None, keepdims=True) / steps
    return convert(matrix / step).astype("int64").astype("int8"), step


def turn(source, target, mend=lambda left, sizes, right: left @ right):
    return mend(*np.linalg.svd(source.T @ target))


def precision(cosines, right, n, sign=-1, share=np.mean):
    return share((np.argsort(sign * cosines, axis=1)[:, :n] == right[:, None]).any(axis=1))


def frequent(first, last):
    words = load_vectors("word2vec").index_to_key
    asked = set(words[lesson.ASKED])
    return [word for word in words[first:last] if word not in asked]


MISTAKES = [
    ("04-1", lambda data: header(data, (1, 0)), "exchanged"),
    ("04-1", lambda data: header(data.decode().encode()), "UnicodeDecodeError"),
    ("04-2", line_at_the_first_blank, "cut at the first blank"),
    ("04-2", lambda line, n: line_from_the_end(line, n)[0], "Return two things"),
    ("04-2", lambda line, n: line_from_the_end(line, n - 1), "the word:"),
    ("04-3", by_control_bytes, "is called 'word2vec text'"),
    ("04-3", lambda data: "text", "none of the four names"),
    ("04-4", lambda m: quantised(m, 128), "changed its sign"),
    ("04-4", lambda m: quantised(m, convert=np.trunc), "round, do not cut off"),
    ("04-4", lambda m: quantised(m, per_row=False), "shape (1, 1)"),
    ("04-4", lambda m: (m / quantised(m)[1], quantised(m)[1]), "int8 is asked for"),
    ("04-5", lambda a, b: turn(a, b).T, "transpose it"),
    ("04-5", lambda a, b: turn(a, b, lambda left, sizes, right: left @ right.T), "transposed already"),
    ("04-5", lambda a, b: np.linalg.lstsq(a, b)[0], "stretches the space"),
    ("04-6", lambda c, r, n: precision(c, r, n, share=np.sum), "divide by how many were asked"),
    ("04-6", lambda c, r, n: precision(c, r, n, sign=1), "sort the other way round"),
    ("04-6", lambda c, r, n: (np.argsort(-c, axis=1)[:, n - 1] == r).mean(), "any of the first n counts"),
    ("04-7", "king", "A list of words is asked for"),
    ("04-7", [str(number) for number in range(200)], "at most 150"),
    ("04-7", ["king", "quuxification"], "have no vector"),
    ("04-2", lambda line, n: (" ".join(line.split()[:-n]), line.split()[-n:]), "still text"),
    ("04-4", lambda m: quantised(m, 128, lambda x: np.clip(np.round(x), -127, 127)), "exactly 127 steps"),
    ("04-4", lambda m: (np.round(m / (step := m.max(axis=1, keepdims=True) / 127)).astype("int64").astype("int8"),
                        step), "[-8.0, 2.0, 1.0] comes back"),
    ("04-5", lambda a, b: turn(a, b, lambda left, sizes, right: left * sizes @ right), "leave the sizes away"),
    ("04-6", lambda c, r, n: precision(c, r, n, share=lambda hits: hits.mean() / n), "all words on the lists"),
    ("04-7", [], "The list is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "diagnosis"), MISTAKES)
def test_known_mistakes_are_named(name, answer, diagnosis, capsys):
    check(name, answer)
    printed = capsys.readouterr().out
    assert printed.startswith(f"Not yet, {name}")
    assert diagnosis in printed


RIGHT = [
    ("04-1", header),
    ("04-1", lambda data: [int(part) for part in data.partition(b"\n")[0].split(b" ")]),
    ("04-2", line_from_the_end),
    ("04-4", quantised),
    ("04-5", turn),
    ("04-5", lambda a, b: __import__("scipy.linalg").linalg.orthogonal_procrustes(a, b)[0]),
    ("04-6", precision),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_other_right_answers_than_ours_pass(name, answer, capsys):
    check(name, answer)
    assert capsys.readouterr().out.startswith(f"Solved, {name}")


def test_common_words_are_good_anchors_and_words_from_everywhere_are_not(capsys):
    words = frequent(300, 700)
    check("04-7", words[:150])
    assert "Right: the right word is the nearest" in capsys.readouterr().out
    everywhere = np.random.default_rng(0).choice(frequent(0, 30_000), 150, replace=False).tolist()
    check("04-7", everywhere)
    assert "at least 0.8 is asked for" in capsys.readouterr().out
    check("04-7", load_vectors("word2vec").index_to_key[400:500])
    assert "among the words that are asked" in capsys.readouterr().out
