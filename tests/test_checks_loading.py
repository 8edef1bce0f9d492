"""The checks of lesson 3: right answers pass, and each known mistake is called by its name."""

import numpy as np
import pytest
from scipy import stats

from lessons_lib import check
from lessons_lib.checks import loading as lesson

pytestmark = pytest.mark.usefixtures("own_home")


def running(texts):
    return [word for text in texts for word in text]


def to_rows(texts, words, longest, unknown=1, fill=0, front=False, keep_end=False, skip=False):
    row_of = {word: row for row, word in enumerate(words)}
    result = np.full((len(texts), longest), fill)
    for line, text in zip(result, texts, strict=True):
        rows = [row_of.get(word, unknown) for word in text if not skip or word in row_of]
        rows = rows[-longest:] if keep_end else rows[:longest]
        line[longest - len(rows) if front else 0 :][: len(rows)] = rows
    return result


def mean_of_rows(matrix, indices):
    real = indices != 0
    return (matrix[indices] * real[:, :, None]).sum(axis=1) / np.maximum(real.sum(axis=1), 1)[:, None]


def first_misaligned(words, matrix, vectors):
    known = [row for row, word in enumerate(words) if word in vectors]
    wrong = [row for row in known if not np.array_equal(matrix[row], vectors[words[row]])]
    return words[wrong[0]] if wrong else None


def interval(d, half):
    return d.mean(), d.mean() - half, d.mean() + half


def paired(a, b, ddof=1, root=True, factor=None):
    d = a - b
    error = d.std(ddof=ddof) / (np.sqrt(len(d)) if root else 1)
    return interval(d, (factor or stats.t.ppf(0.975, len(d) - 1)) * error)


def unpaired(a, b):
    return interval(a - b, stats.t.ppf(0.975, 8) * np.sqrt(a.var(ddof=1) / 5 + b.var(ddof=1) / 5))


def slipping(words, vectors):
    return np.array([vectors[word] for word in words if word in vectors])


MISTAKES = [
    ("03-1", lambda texts, known: np.mean([w in known for w in {*running(texts)}]), "each time it occurs"),
    ("03-1", lambda texts, known: np.mean([np.mean([w in known for w in t]) for t in texts]), "long texts must"),
    ("03-1", lambda texts, known: np.mean([w not in known for w in running(texts)]), "without a vector"),
    ("03-1", lambda texts, known: sum(w in known for w in running(texts)), "divide by the number of all words"),
    ("03-1", lambda texts, known: 100 * np.mean([w in known for w in running(texts)]), "from 0 to 1"),
    ("03-2", lambda *given: to_rows(*given, unknown=0), "fog became padding"),
    ("03-2", lambda *given: to_rows(*given, skip=True), "fog was left out"),
    ("03-2", lambda *given: to_rows(*given, front=True), "stands in front"),
    ("03-2", lambda *given: to_rows(*given, fill=1), "padding is 0"),
    ("03-2", lambda *given: to_rows(*given, keep_end=True), "keep its beginning"),
    ("03-2", lambda texts, words, longest: to_rows(texts, words, 5), "shape (3, 5); shape (3, 4)"),
    ("03-3", lambda m, i: m[i].mean(axis=1), "padding counts as a word"),
    ("03-3", lambda m, i: (m[i] * (i != 0)[:, :, None]).mean(axis=1), "padding included"),
    ("03-3", lambda m, i: m[i].sum(axis=1) / (i != 0).sum(axis=1)[:, None], "row 0 is in the sum"),
    ("03-3", lambda m, i: (m[i] * (i != 0)[:, :, None]).sum(axis=1), "that is the sum"),
    ("03-4", lambda words, matrix, vectors: None, "as if all rows were right"),
    ("03-4", lambda words, matrix, vectors: "<padding>", "has no vector"),
    ("03-4", lambda words, matrix, vectors: 2, "return the word, 'sea'"),
    ("03-4", lambda words, matrix, vectors: "sea", "rain and snow are exchanged"),
    ("03-5", slipping, "3 rows for 4 words"),
    ("03-5", lambda w, v: np.vstack([slipping(w, v), np.zeros((sum(x not in v for x in w), 2))]), "at the end"),
    ("03-6", unpaired, "unpaired"),
    ("03-6", lambda a, b: paired(a, b, factor=1.96), "Student's t"),
    ("03-6", lambda a, b: paired(a, b, ddof=0), "ddof=1"),
    ("03-6", lambda a, b: paired(a, b, root=False), "root of the number"),
    ("03-6", lambda a, b: paired(b, a), "turned round"),
    ("03-6", lambda a, b: np.mean(a - b), "Three numbers"),
    ("03-7", lambda text: "positive", "must return True"),
    ("03-7", lambda text: True, "says True to every review"),
    ("03-7", lambda text: len(text) % 2 == 0, "of all is asked for"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "diagnosis"), MISTAKES)
def test_known_mistakes_are_named(name, answer, diagnosis, capsys):
    check(name, answer)
    printed = capsys.readouterr().out
    assert printed.startswith(f"Not yet, {name}")
    assert diagnosis in printed


def test_nan_for_a_text_of_padding_is_named(capsys):
    def divides_by_zero(matrix, indices):
        real = indices != 0
        with np.errstate(invalid="ignore"):
            return (matrix[indices] * real[:, :, None]).sum(axis=1) / real.sum(axis=1)[:, None]

    check("03-3", divides_by_zero)
    assert "you divide by zero words" in capsys.readouterr().out


def test_a_right_table_must_not_be_called_wrong(capsys):
    def always_finds_something(words, matrix, vectors):
        return first_misaligned(words, matrix, vectors) or words[-1]

    check("03-4", always_finds_something)
    assert "For a table without a mistake you return 'snow'" in capsys.readouterr().out


RIGHT = [
    ("03-1", lambda texts, known: np.mean([w in known for w in running(texts)])),
    ("03-2", to_rows),
    ("03-3", mean_of_rows),
    ("03-4", first_misaligned),
    ("03-5", lambda w, v: np.array([v[x] if x in v else np.zeros(v.vector_size) for x in w])),
    ("03-6", paired),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_other_right_answers_than_ours_pass(name, answer, capsys):
    check(name, answer)
    assert capsys.readouterr().out.startswith(f"Solved, {name}")


def judge_of(sign):
    from lessons_lib import load_vectors, tokenise

    vectors = load_vectors("word2vec")
    axis = vectors.get_mean_vector(["good", "great", "excellent", "enjoyable", "helpful"], post_normalize=True)
    axis = sign * (
        axis - vectors.get_mean_vector(["bad", "poor", "terrible", "boring", "useless"], post_normalize=True)
    )

    def judge(text):
        return bool(max((vectors.get_vector(w, norm=True) @ axis for w in tokenise(text) if w in vectors), key=abs) > 0)

    return judge


def test_a_judge_by_the_loudest_word_passes_and_its_opposite_is_told_apart(capsys):
    check("03-7", judge_of(1))
    assert "has never seen a label" in capsys.readouterr().out
    check("03-7", judge_of(-1))
    assert "Turned round it would do better" in capsys.readouterr().out


def test_a_coin_does_not_pass_as_a_judge():
    assert stats.binom.sf(int(lesson.JUDGE_BAR * 520) - 1, 520, 0.5) < 1e-7
