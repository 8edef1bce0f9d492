"""fastText's own format against gensim where gensim reads it, and against fastText's numbers where it does not.

``fixtures/whole.ftz`` and ``pruned.ftz`` are classifiers that fastText 0.9.2 trained on the course's reviews and
quantised (with lengths, pieces of 3; with a cutoff of 700, pieces of 2); ``quantised.json`` has its own vectors of some
words.
"""

import gzip
import json
import re
import struct
import warnings
from pathlib import Path

import numpy as np
import pytest
from gensim.models.fasttext import FastTextKeyedVectors, ft_hash_bytes, load_facebook_vectors
from gensim.test.utils import datapath

from lessons_lib import VectorFileError, VectorFileWarning, bundled, inspect, load

OF_GENSIM = ["crime-and-punishment.bin", "lee_fasttext.bin", "lee_fasttext_new.bin", "non_ascii_fasttext.bin",
             "toy-model.bin", "toy-model-pretrained.bin"]  # fmt: skip
UNHEARD = ["zyxw", "naïveté", "преступление", "x"]


def assert_equal(ours, theirs):
    assert isinstance(ours, FastTextKeyedVectors)
    assert ours.key_to_index.keys() == theirs.key_to_index.keys()
    for word in [*theirs.index_to_key, *UNHEARD]:
        np.testing.assert_array_equal(ours[word], theirs[word])
    for word in theirs.index_to_key:
        assert ours.get_vecattr(word, "count") == theirs.get_vecattr(word, "count")
    word = theirs.index_to_key[0]
    np.testing.assert_allclose(dict(ours.most_similar(word, topn=3)).popitem()[1],
                               dict(theirs.most_similar(word, topn=3)).popitem()[1], rtol=1e-6)  # fmt: skip


@pytest.mark.parametrize(
    "path", [datapath(name) for name in OF_GENSIM] + [bundled.data_folder() / "vectors/fasttext.bin"]
)
def test_equals_gensim(path, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ours = load(path)
    theirs = load_facebook_vectors(str(path))
    assert_equal(ours, theirs)
    ours.adjust_vectors()
    np.testing.assert_array_equal(ours.vectors, load(path).vectors)
    report = inspect(path)
    assert (report.words, report.dims, report.subwords) == (len(theirs), theirs.vector_size, True)
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(Path(path).read_bytes(), 1))
    np.testing.assert_array_equal(load(packed).vectors, load(path).vectors)
    few = load(path, limit=5)
    assert few.index_to_key == ours.index_to_key[:5]
    np.testing.assert_array_equal(few["zyxw"], ours["zyxw"])


def test_words_in_another_encoding_have_the_n_grams_of_their_bytes():
    path = datapath("cp852_fasttext.bin")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ours = load(path, encoding="cp852")
    theirs = load_facebook_vectors(path, encoding="cp852")
    assert ours.key_to_index.keys() == theirs.key_to_index.keys()
    assert sum(not word.isascii() for word in ours.index_to_key) > 60
    for number, word in enumerate(ours.index_to_key):
        if word.isascii():
            np.testing.assert_array_equal(ours[word], theirs[word])
            continue
        letters = re.findall(rb"[^\x80-\xbf][\x80-\xbf]*", b"<" + word.encode("cp852") + b">")
        grams = [
            b"".join(letters[start : start + size])
            for start in range(len(letters))
            for size in range(ours.min_n, ours.max_n + 1)
            if start + size <= len(letters) and not (size == 1 and start in (0, len(letters) - 1))
        ]
        rows = [ours.vectors_ngrams[ft_hash_bytes(gram) % ours.bucket] for gram in grams]
        mean = np.mean([ours.vectors_vocab[number], *rows], axis=0)
        np.testing.assert_allclose(ours[word], mean, atol=1e-5, rtol=1e-5)
    with pytest.warns(VectorFileWarning, match="not UTF-8"):
        load(path)


@pytest.mark.parametrize("name", ["whole", "pruned"])
def test_quantised_files_equal_fasttext(root, name):
    path = root / "tests/fixtures" / f"{name}.ftz"
    expected = json.loads((root / "tests/fixtures/quantised.json").read_text(encoding="utf-8"))[name]
    with pytest.warns(VectorFileWarning, match="classifier with 2 labels"):
        ours = load(path)
    assert len(ours) == expected["words"]
    for word, vector in expected["vectors"].items():
        np.testing.assert_allclose(ours[word], vector, atol=1e-6)
    assert any(word not in ours.key_to_index and np.any(vector) for word, vector in expected["vectors"].items())
    report = inspect(path)
    assert report.format == "fastText .ftz (quantised)"
    assert (report.words, report.dims, report.readable) == (expected["words"], 8, True)
    assert np.linalg.norm(ours.get_vector("unheard", norm=True)) == pytest.approx(1)


@pytest.mark.parametrize("name", ["whole.ftz", "pruned.ftz", "crime-and-punishment.bin", "lee_fasttext.bin"])
def test_every_cut_is_refused_before_memory_is_taken(root, tmp_path, name):
    source = root / "tests/fixtures" / name if name.endswith("ftz") else datapath(name)
    content = Path(source).read_bytes()
    path = tmp_path / "cut.bin"
    rng = np.random.default_rng(0)
    for length in [*range(0, 120, 7), *rng.integers(120, len(content), 40).tolist(), len(content) - 1]:
        path.write_bytes(content[:length])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                vectors = load(path)
            except VectorFileError as error:
                assert error.remedy
                continue
        assert np.array_equal(vectors.vectors, load_all(source).vectors)  # only the output layer is cut
        assert name.endswith("ftz") or "output layer" in str(caught[-1].message)


def load_all(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VectorFileWarning)
        return load(path)


def test_other_versions_and_impossible_settings_are_refused(root, tmp_path):
    content = bytearray(Path(datapath("crime-and-punishment.bin")).read_bytes())
    changes = {
        4: (13, "version 13"),
        8: (-5, "settings"),
        40: (2**30, "matrix"),
        64: (2**31 - 1, "words"),
        52: (99, ""),
    }
    for at, (value, message) in changes.items():
        changed = content.copy()
        changed[at : at + 4] = struct.pack("<i", value)
        (tmp_path / "a.bin").write_bytes(changed)
        if message:
            with pytest.raises(VectorFileError, match=message):
                load(tmp_path / "a.bin")
        else:
            load(tmp_path / "a.bin")
