"""What is written comes back bit for bit, and numbers are those of Python, whatever the words and numbers are."""

import unicodedata
import warnings

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lessons_lib import VectorFileWarning, load, save_glove, save_vec, save_word2vec
from lessons_lib.formats.quantised import QuantisedMatrix

FORMATS = {
    "text": lambda vectors, path: save_word2vec(vectors, path),
    "binary": lambda vectors, path: save_word2vec(vectors, path, binary=True),
    "vec": save_vec,
    "glove": save_glove,
}
SETTINGS = settings(  # the same examples in every run; authoring/fuzz.py is there for new ones
    max_examples=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0 \t\n\v\f\r")
BITS = st.integers(0, 2**32 - 1).map(lambda bits: float(np.uint32(bits).view(np.float32))).filter(np.isfinite)


@st.composite
def embeddings(draw):
    words = draw(st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=12, unique=True))
    numbers = st.one_of(BITS, st.sampled_from([0.0, -0.0, 1.0, 3.0, 1e-45, -3.4e38]))
    shape = (len(words), draw(st.integers(1, 6)))
    matrix = np.array(draw(st.lists(numbers, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1])), np.float32)
    return words, matrix.reshape(shape)


def keyed(words, matrix):
    vectors = KeyedVectors(matrix.shape[1])
    vectors.add_vectors(words, matrix)
    return vectors


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LESSONS_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("name", FORMATS)
@SETTINGS
@given(data=embeddings())
@example(data=(["\U00010000{"], np.zeros((1, 1), np.float32)))  # its ninth byte made it look like safetensors
def test_round_trip_is_exact(tmp_path, name, suffix, data):
    words, matrix = data
    path = tmp_path / f"file{suffix}"
    FORMATS[name](keyed(words, matrix), path)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        again = load(path)
    assert again.index_to_key == words
    np.testing.assert_array_equal(again.vectors.view(np.uint32), matrix.view(np.uint32))
    marked = name == "glove" and words[0].startswith("\ufeff")
    assert [warning.category for warning in caught] == [VectorFileWarning] * marked


@pytest.mark.parametrize("name", FORMATS)
@SETTINGS
@given(data=embeddings())
def test_gensim_reads_what_is_written(tmp_path, name, data):
    words, matrix = data
    if any(word != word.strip() or unicodedata.category(word[0]) == "Cc" or word[0] == "\ufeff" for word in words):
        return  # gensim strips such characters at the ends of lines
    path = tmp_path / "file"
    FORMATS[name](keyed(words, matrix), path)
    theirs = KeyedVectors.load_word2vec_format(path, binary=name == "binary", no_header=name == "glove")
    assert theirs.index_to_key == words
    np.testing.assert_array_equal(theirs.vectors.view(np.uint32), matrix.view(np.uint32))


@SETTINGS
@given(
    data=embeddings(),
    digits=st.integers(1, 20),
    kind=st.sampled_from("efg"),
    end=st.sampled_from(["\n", " \n", "\r\n"]),
)
def test_numbers_in_any_notation_equal_those_of_float(tmp_path, data, digits, kind, end):
    words, matrix = data
    shown = [[f"%.{digits}{kind}" % number for number in row] for row in matrix.tolist()]
    lines = [" ".join([word, *row]) for word, row in zip(words, shown, strict=True)]
    path = tmp_path / "file"
    path.write_bytes((f"{len(words)} {matrix.shape[1]}{end}" + "".join(line + end for line in lines)).encode())
    with np.errstate(over="ignore"):
        expected = np.array([[float(number) for number in row] for row in shown]).astype(np.float32)
    good = np.isfinite(expected).all(axis=1)
    if not good.any():
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VectorFileWarning)
        vectors = load(path)
    assert vectors.index_to_key == [word for word, fine in zip(words, good, strict=True) if fine]
    np.testing.assert_array_equal(vectors.vectors, expected[good])


@SETTINGS
@given(
    codes=arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 4))),
    width=st.integers(1, 3),
    last=st.integers(1, 3),
    seed=st.integers(0, 99),
)
def test_decoding_equals_the_sum_over_pieces(codes, width, last, seed):
    rng = np.random.default_rng(seed)
    widths = [width] * (codes.shape[1] - 1) + [min(last, width)]
    tables = [rng.normal(size=(256, each)).astype(np.float32) for each in widths]
    norms = rng.normal(size=len(codes)).astype(np.float32)
    matrix = QuantisedMatrix(codes, tables, norms)
    for row in range(len(codes)):
        expected = []
        for piece, table in enumerate(tables):
            expected += [norms[row] * number for number in table[codes[row, piece]]]
        np.testing.assert_array_equal(matrix[row], np.array(expected, np.float32))
    np.testing.assert_array_equal(matrix[np.arange(len(codes))], matrix[:])
    assert matrix.shape == matrix[:].shape
