"""The checks of lesson 1: right answers pass, and each known mistake is called by its name."""

import numpy as np
import pytest

from lessons_lib import check
from lessons_lib.checks import vectors as lesson

pytestmark = pytest.mark.usefixtures("own_home")


def unit_rows(vectors):
    return vectors.get_normed_vectors()


def ranked(vectors, target, matrix):
    return [vectors.index_to_key[row] for row in np.argsort(-(matrix @ target))]


def analogy(vectors, a, b, c, step=lambda a, b, c: b - a + c, leave_out=True):
    a_, b_, c_ = (vectors.get_vector(word, norm=True) for word in (a, b, c))
    words = ranked(vectors, step(a_, b_, c_), unit_rows(vectors))
    return next(word for word in words if not leave_out or word not in (a, b, c))


def nearest(vectors, word, n, leave_out=True, matrix=unit_rows):
    words = ranked(vectors, vectors[word], matrix(vectors))
    return [w for w in words if not leave_out or w != word][:n]


def mean_of_others(vectors, words, choose=np.argmin):
    unit = np.stack([vectors.get_vector(word, norm=True) for word in words])
    others = [np.delete(unit, row, axis=0).mean(axis=0) for row in range(len(words))]
    return words[int(choose([u @ o / np.linalg.norm(o) for u, o in zip(unit, others, strict=True)]))]


def shifted_score(vectors, pairs):
    from scipy.stats import spearmanr

    cosines = [vectors.similarity(a, b) for a, b, _ in pairs if a in vectors and b in vectors]
    return spearmanr(cosines, [rating for _, _, rating in pairs][: len(cosines)]).statistic


MISTAKES = [
    ("01-1", lambda w, v: np.roll(np.eye(len(v))[v.index(w)], 1), "one place too far"),
    ("01-1", lambda w, v: 1 - np.eye(len(v))[v.index(w)], "exchanged"),
    ("01-1", lambda w, v: np.eye(len(v)), "shape (5, 5)"),
    ("01-2", lambda u, v: u @ v, "dot product: divide by both norms"),
    ("01-2", lambda u, v: 1 - u @ v / np.linalg.norm(u) / np.linalg.norm(v), "return the similarity"),
    ("01-2", lambda u, v: u @ v / np.linalg.norm(u), "one norm only"),
    ("01-2", lambda u, v: u @ v / np.linalg.norm(u) * np.linalg.norm(v), "brackets"),
    ("01-2", lambda u, v: abs(u @ v) / np.linalg.norm(u) / np.linalg.norm(v), "opposite directions"),
    ("01-3", lambda kv, w, n: nearest(kv, w, n, leave_out=False), "itself is still in the list"),
    ("01-3", lambda kv, w, n: nearest(kv, w, n, matrix=lambda kv: kv.vectors), "long vectors win"),
    ("01-3", lambda kv, w, n: nearest(kv, w, n + 1), "shape (4,); shape (3,)"),
    ("01-3", lambda kv, w, n: kv.most_similar(w, topn=n), "without their cosines"),
    ("01-4", lambda kv, a, b, c: analogy(kv, a, b, c, leave_out=False) and c, "leave all three out"),
    ("01-4", lambda kv, a, b, c: analogy(kv, a, b, c, step=lambda a, b, c: a - b + c), "it has to be b - a + c"),
    ("01-5", shifted_score, "rating of another one"),
    ("01-6", lambda kv, words: mean_of_others(kv, words, np.argmax), "For ['king', 'queen', 'sea', 'man']"),
    ("01-6", lambda kv, words: 2, "return one of the words"),
    ("01-7", np.ones(100), "at least 0.75 is asked for"),
    ("01-7", np.ones(3), "shape (3,)"),
]


@pytest.mark.parametrize(("name", "answer", "diagnosis"), MISTAKES)
def test_known_mistakes_are_named(name, answer, diagnosis, capsys):
    check(name, answer)
    printed = capsys.readouterr().out
    assert printed.startswith(f"Not yet, {name}")
    assert diagnosis in printed


RIGHT = [
    ("01-1", lambda w, v: np.array([float(x == w) for x in v])),
    ("01-2", lambda u, v: np.dot(u, v) / np.sqrt((u**2).sum() * (v**2).sum())),
    ("01-3", nearest),
    ("01-4", analogy),
    ("01-4", lambda kv, a, b, c: kv.most_similar(positive=[b, c], negative=[a], topn=1)[0][0]),
    ("01-6", mean_of_others),
    ("01-6", lambda kv, words: kv.doesnt_match(words)),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_other_right_answers_than_ours_pass(name, answer, capsys):
    check(name, answer)
    assert capsys.readouterr().out.startswith(f"Solved, {name}")


def test_toy_vectors_tell_cosine_and_dot_product_apart():
    toy = lesson.toy_vectors()
    assert nearest(toy, "king", 3) != nearest(toy, "king", 3, matrix=lambda kv: kv.vectors)


def test_a_direction_at_random_does_not_pass_as_time_line():
    from lessons_lib import load_vectors, spearman

    unit = np.stack([load_vectors("word2vec").get_vector(word, norm=True) for word in lesson.INVENTED])
    rng = np.random.default_rng(0)
    reached = [spearman(unit @ rng.normal(size=100), np.array(list(lesson.INVENTED.values()))) for _ in range(1000)]
    assert np.mean(np.array(reached) >= lesson.TIME_BAR) <= 0.005


def test_a_time_line_backwards_is_told_apart(capsys):
    from lessons_lib import load_vectors

    vectors = load_vectors("word2vec")
    axis = vectors.get_mean_vector(["ancient", "medieval", "roman"]) - vectors.get_mean_vector(
        ["digital", "electronic"]
    )
    check("01-7", -axis)
    assert "Right: your rank correlation with the years is 0." in capsys.readouterr().out
    check("01-7", axis)
    assert "from new to old" in capsys.readouterr().out
