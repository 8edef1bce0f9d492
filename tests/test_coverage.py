"""The coverage report against cases counted by hand, its properties, its errors, its picture."""

import subprocess
import sys
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from gensim.models import KeyedVectors
from hypothesis import given
from hypothesis import strategies as st

from lessons_lib import coverage, normalising, plot_coverage
from lessons_lib.coverage_report import Coverage
from lessons_lib.text import tokenise, words_as_written

TEXTS = ["The King's café, well-known: 1,250 colours!", "the king\u2019s cafés", "Zyzzy the zyzzy qqq"]
WORDS = ["the", "king", "cafe", "well", "known", "####", "color", "colors"]


def vectors_of(words: list[str]) -> KeyedVectors:
    vectors = KeyedVectors(2)
    vectors.add_vectors(words, np.ones((len(words), 2), dtype=np.float32))
    return vectors


def test_counts_by_hand():
    """Tokens: the king café well known 1,250 colours | the king cafés | zyzzy the zyzzy qqq."""
    report = coverage(vectors_of(WORDS), TEXTS)
    assert (report.n_tokens, report.known_tokens, report.n_types, report.known_types) == (14, 7, 10, 4)
    assert (report.tokens, report.types) == (7 / 14, 4 / 10)
    missing = {"zyzzy": 2, "1,250": 1, "café": 1, "cafés": 1, "colours": 1, "qqq": 1}
    assert list(report.missing.items()) == list(missing.items()), "most frequent first, then by alphabet"


def test_bands_by_hand():
    bands = coverage(WORDS, TEXTS).bands
    assert list(bands.index) == ["once", "2-3"]
    assert list(bands.loc["once"]) == [7, 2, 2 / 7, 7]  # well, known
    assert list(bands.loc["2-3"]) == [3, 2, 2 / 3, 7]  # the 3, king 2, zyzzy 2


def test_ladder_by_hand():
    """As written: The, King's, café, well-known, 1,250, colours | the, king’s, cafés | Zyzzy, the, zyzzy, qqq."""
    ladder = coverage(WORDS, TEXTS).normalising
    won = dict(zip(ladder.index, zip(ladder.won_tokens, ladder.won_types, strict=True), strict=True))
    assert won == {
        "as written": (2, 1),
        "another case": (1, 1),
        "straight apostrophe": (0, 0),
        "possessive 's cut off": (2, 2),
        "cut at hyphens": (1, 1),
        "no accents": (1, 1),  # cafés becomes cafes, which is not known
        "digits": (1, 1),
        "British or American": (1, 1),
    }
    assert ladder.tokens.iloc[-1] == 9 / 13
    assert ladder.types.iloc[-1] == 8 / 12
    assert ladder.examples["digits"] == "1,250 → ####"
    assert ladder.examples["possessive 's cut off"] == "King's → king, king\u2019s → king"


def test_a_cased_vocabulary_loses_nothing_to_lower_case():
    ladder = coverage(["London", "NASA", "the"], [["London", "nasa", "london", "The"]]).normalising
    assert list(ladder.won_tokens[:2]) == [1, 3]


def test_ranks_say_what_a_limit_would_keep():
    words = [f"w{number}" for number in range(3500)]
    report = coverage(vectors_of(words), [["w0", "w0", "w999", "w1000", "w3400", "unknown"]])
    assert report.ranks.to_dict("index") == {
        1000: {"tokens": 3 / 6, "types": 2 / 5},
        3000: {"tokens": 4 / 6, "types": 3 / 5},
        3500: {"tokens": 5 / 6, "types": 4 / 5},
    }
    assert coverage(set(words), [["w0"]]).ranks.empty, "a set has no order"


def test_vectors_lists_sets_frames_and_generators_give_the_same_report():
    from_vectors = coverage(vectors_of(WORDS), TEXTS)
    others = [
        coverage(set(WORDS), TEXTS),
        coverage(WORDS, pd.Series(TEXTS)),
        coverage((word for word in WORDS), (text for text in TEXTS)),
        coverage(dict.fromkeys(WORDS), TEXTS),
    ]
    for other in others:
        assert other.table.equals(from_vectors.table)
        assert other.normalising.equals(from_vectors.normalising)


def test_words_that_come_cut_are_counted_as_they_are():
    report = coverage(["A", "b"], [["A", "a"], ("b", "B", "C")])
    assert (report.known_tokens, report.n_tokens) == (2, 5)
    assert list(report.missing.index) == ["B", "C", "a"]
    assert list(report.normalising.won_tokens[:2]) == [2, 2]


def test_a_tokeniser_and_rungs_of_ones_own():
    rungs = {"without vowels": lambda form: [form.translate(dict.fromkeys(map(ord, "aeiou")))]}
    report = coverage({"ct"}, ["CAT cat"], tokenise=lambda text: text.split(), rungs=rungs)
    assert (report.n_types, report.tokens) == (2, 0)
    assert list(report.normalising.index) == ["as written", "without vowels"]
    assert list(report.normalising.won_tokens) == [0, 1]


@pytest.mark.parametrize(
    ("vectors", "texts", "error", "says"),
    [
        (WORDS, "one text", TypeError, "put it into a list"),
        (WORDS, 7, TypeError, "put it into a list"),
        (WORDS, ["fine", float("nan")], TypeError, "Text 1 is neither text nor a list of words: nan"),
        (WORDS, [["fine"], ["a", 3]], TypeError, "Text 1 is neither"),
        (WORDS, [], ValueError, "without a single word"),
        (WORDS, ["...", ""], ValueError, "without a single word"),
        ([], TEXTS, ValueError, "without a single word"),
        ("glove.txt", TEXTS, TypeError, "got str"),
        (None, TEXTS, TypeError, "got NoneType"),
    ],
)
def test_bad_input_gets_a_clear_error(vectors, texts, error, says):
    with pytest.raises(error, match=says):
        coverage(vectors, texts)


def test_a_whole_model_gets_the_hint_to_pass_its_vectors():
    class Model:
        wv = vectors_of(WORDS)

    with pytest.raises(TypeError, match=r"Pass its vectors: model\.wv"):
        coverage(Model(), TEXTS)


@given(
    st.lists(st.lists(st.sampled_from(["a", "B", "b", "c-d", "é", "1,0", "x's"]), min_size=1), min_size=1),
    st.sets(st.sampled_from(["a", "b", "c", "d", "e", "##", "x"]), min_size=1),
)
def test_shares_agree_with_plain_counting_and_the_ladder_never_falls(texts, words):
    report = coverage(words, texts)
    counts = Counter(word for text in texts for word in text)
    assert report.tokens == sum(count for word, count in counts.items() if word in words) / counts.total()
    assert report.types == len(set(counts) & words) / len(counts)
    assert report.missing.sum() + report.known_tokens == report.n_tokens == report.bands.tokens.sum()
    assert report.bands.types.sum() == report.n_types
    assert report.normalising.tokens.is_monotonic_increasing
    assert report.normalising.tokens.iloc[0] == report.tokens
    assert report.normalising.won_types.sum() <= report.n_types


@given(st.text(alphabet=st.characters(exclude_characters="'\u2019")))
def test_words_as_written_leave_out_nothing_that_the_tokeniser_finds(text):
    def letters(tokens: list[str]) -> list[str]:
        return [character for character in "".join(tokens) if character.isalnum()]

    assert letters(tokenise(" ".join(words_as_written(text)))) == letters(tokenise(text))


@given(st.text(max_size=30))
def test_rungs_take_any_text(form):
    for rung in normalising.RUNGS.values():
        assert all(isinstance(other, str) for other in rung(form))


def test_the_report_prints_as_text_and_html():
    report = coverage(WORDS, TEXTS)
    text, html = repr(report), report._repr_html_()
    for shown in (text, html):
        assert "50.0%" in shown
        assert "Most frequent without a vector, of 6: zyzzy 2, 1,250 1" in shown
        assert "King's → king" in shown.replace("&#x27;", "'")
    assert "Every word has a vector." in repr(coverage({"a"}, ["a"]))
    assert "<b>" not in coverage({"a"}, [["a", "<b>"]])._repr_html_(), "words are escaped"


def test_the_picture_names_every_band_and_the_rungs_that_win():
    import matplotlib.pyplot as plt

    figure = plot_coverage(coverage(WORDS, TEXTS))
    figure.canvas.draw()
    left, right = figure.axes
    assert [label.get_text() for label in left.get_yticklabels()] == ["once", "2-3"]
    assert [label.get_text() for label in right.get_yticklabels()][:2] == ["as written", "+ another case"]
    assert "straight" not in " ".join(label.get_text() for label in right.get_yticklabels())
    assert "50.0%" in figure.get_suptitle()
    plt.close(figure)
    with pytest.raises(TypeError, match="got DataFrame"):
        plot_coverage(pd.DataFrame())


def test_the_name_means_the_function_however_often_it_is_imported():
    code = "from lessons_lib import plot_coverage, coverage; from lessons_lib import coverage as c; assert callable(c)"
    subprocess.run([sys.executable, "-c", code + "; assert c is coverage"], check=True)
    assert isinstance(coverage({"a"}, ["a"]), Coverage)
