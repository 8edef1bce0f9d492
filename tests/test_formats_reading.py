"""Files of vectors, whole and damaged: read right, read with a warning that counts, or refused with the reason."""

import bz2
import gzip
import io
import lzma
import struct
import time
import tracemalloc
import warnings
import zipfile

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.test.utils import datapath

from lessons_lib import VectorFileError, VectorFileWarning, bundled, inspect, load, save_glove, save_vec, save_word2vec

WORDS = ["the", "cat", "naïve", "猫", "NaN", "null", '"', "NA", "2000"]
MATRIX = np.random.default_rng(0).normal(size=(len(WORDS), 4)).astype(np.float32)
LINES = [" ".join([word, *map(repr, map(float, row))]) for word, row in zip(WORDS, MATRIX, strict=True)]
GLOVE = "\n".join(LINES) + "\n"
TEXT = f"{len(WORDS)} 4\n{GLOVE}"


FASTTEXT = struct.pack("<2i12id3i", 793712314, 12, 300, *[1] * 7, 2_000_000_000, 3, 6, 1, 0.1, 2**30, 2**30, 0)


def binary(line_ends: bool = True, count: int = len(WORDS)) -> bytes:
    rows = zip(WORDS, MATRIX, strict=True)
    body = b"".join(word.encode() + b" " + row.tobytes() + b"\n" * line_ends for word, row in rows)
    return f"{count} 4\n".encode() + body


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LESSONS_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def write(tmp_path):
    def write_file(content, name="file.txt"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


def assert_right(vectors, words=WORDS):
    assert vectors.index_to_key == words
    assert vectors.vectors.dtype == np.float32
    for word in words:
        np.testing.assert_array_equal(vectors[word], MATRIX[WORDS.index(word)])


def silently(path, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return load(path, **options)


def zipped(**members) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


WHOLE = {
    "GloVe": GLOVE,
    "word2vec text": TEXT,
    "blanks at the ends": TEXT.replace("\n", " \n"),
    "tabs": GLOVE.replace(" ", "\t"),
    "binary": binary(),
    "binary without line ends": binary(line_ends=False),
    "gzip": gzip.compress(GLOVE.encode()),
    "two gzip parts": gzip.compress(GLOVE[:60].encode()) + gzip.compress(GLOVE[60:].encode()),
    "bzip2": bz2.compress(TEXT.encode()),
    "xz": lzma.compress(binary()),
    "zip": zipped(file__txt=GLOVE),
    "zip of binary": zipped(file__bin=binary()),
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_files_are_read_in_silence(write, name):
    assert_right(silently(write(WHOLE[name])))


@pytest.mark.parametrize("name", WHOLE)
def test_limit_takes_the_first_words(write, name):
    assert_right(silently(write(WHOLE[name]), limit=3), WORDS[:3])


def test_report_of_a_whole_file(write):
    report = inspect(write(gzip.compress(TEXT.encode()), "a.vec.gz"))
    assert (report.format, report.compression, report.words, report.dims) == ("fastText .vec", "gzip", len(WORDS), 4)
    assert (report.encoding, report.header, report.problems, report.readable) == ("utf-8", "9 4", [], True)
    assert "9 x 4" in str(report)
    assert "<table>" in report._repr_html_()


# name: content, part of the warning, how often, words that are left
BEARABLE = {
    "CRLF": (TEXT.replace("\n", "\r\n"), "CRLF", 10, WORDS),
    "byte order mark": ("\ufeff" + TEXT, "byte order mark", 1, WORDS),
    "UTF-16": (TEXT.encode("utf-16"), "UTF-16", 1, WORDS),
    "UTF-16 without a mark": (TEXT.encode("utf-16-be"), "UTF-16-BE", 1, WORDS),
    "a word twice": (GLOVE + LINES[1] + "\n", "'cat' again", 1, WORDS),
    "NaN": (GLOVE + "bad nan 1 2 3\nworse 1 2 3 nan\n", "infinity in the vector of 'bad' (2 times", 2, WORDS),
    "infinity": (GLOVE + "bad 1 2 3 1e39\n", "NaN or infinity in the vector of 'bad'", 1, WORDS),
    "more words than promised": (TEXT.replace("9 4", "8 4", 1), "promises 8 words above 9", 1, WORDS),
    "more words than promised, binary": (binary(count=8), "promises 8 words before 9", 1, WORDS),
    "blank lines": (GLOVE.replace("\n", "\n\n", 2), "nothing in it (2 times", 2, WORDS),
    "several blanks": (GLOVE.replace(" ", "   "), "several separators", 9, WORDS),
    "no line end": (GLOVE[:-1], "no line end", 1, WORDS),
}  # fmt: skip


@pytest.mark.parametrize("name", BEARABLE)
def test_what_can_be_borne_is_read_with_one_warning_that_counts(write, name):
    content, message, count, words = BEARABLE[name]
    path = write(content)
    with pytest.warns(VectorFileWarning) as caught:
        vectors = load(path)
    assert len(caught) == 1
    assert message in str(caught[0].message)
    assert caught[0].filename == __file__
    assert vectors.index_to_key == words
    for word in words:
        np.testing.assert_array_equal(vectors[word], MATRIX[WORDS.index(word)])
    problems = inspect(path).problems
    assert [problem.count for problem in problems if message.split(" (")[0] in str(problem)] == [count]
    assert inspect(path).readable


def test_words_with_blanks_are_read_from_the_right(write):
    lines = [
        LINES[0],
        ". . . " + LINES[1].partition(" ")[2],
        "at name@domain.com " + LINES[2].partition(" ")[2],
        *LINES[3:],
    ]
    with pytest.warns(VectorFileWarning, match=r"separator in it .*\(2 times"):
        vectors = load(write("\n".join(lines) + "\n"))
    assert vectors.index_to_key == ["the", ". . .", "at name@domain.com", *WORDS[3:]]
    np.testing.assert_array_equal(vectors.vectors, MATRIX)


def test_a_copy_in_latin_1_is_read_as_such(write):
    with pytest.warns(VectorFileWarning, match="not UTF-8.*Windows-1252"):
        vectors = load(write(GLOVE.replace("猫", "café").replace('"', "été").encode("latin-1")))
    assert vectors.index_to_key[2:4] == ["naïve", "café"]


@pytest.mark.parametrize("make", [lambda: GLOVE.encode(), binary])
def test_single_broken_words_get_a_mark_and_the_encoding_can_be_given(write, make):
    path = write(make().replace("naïve".encode(), b"na\xefve"), "a.bin")
    with pytest.warns(VectorFileWarning, match="not UTF-8"):
        assert load(path).index_to_key[2] == "na\ufffdve"
    assert (
        silently(write(make().replace("猫".encode(), "ł".encode("cp1250")), "b.bin"), encoding="cp1250")[3] is not None
    )


# name: content, parts of the error
REFUSED = {
    "empty": (b"", ["byte 0", "empty"]),
    "a page": ("<!DOCTYPE html>\n<html><title>404 Not Found</title></html>", ["web page", "404 Not Found"]),
    "an answer": ("Entry not found", ["line 1", "Entry not found"]),
    "LFS": ("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n", ["git lfs pull"]),
    "a pickle": (b"\x80\x04\x95" + bytes(90), ["pickle", "save_word2vec_format"]),
    "wrong dimension in a line": (GLOVE.replace(LINES[4], LINES[4] + " 0.5"), ["line 5", "5 numbers", "expected 4"]),
    "a number is missing": (TEXT.replace(LINES[4], LINES[4].rpartition(" ")[0]), ["line 6", "3 numbers", "limit=4"]),
    "no number": (GLOVE.replace(LINES[4], "NaN 1 2 x 3"), ["line 5", "'x' in place of a number"]),
    "decimal commas": (GLOVE.replace(LINES[4], "NaN 1,5 2,5 3,5 4,5"), ["line 5", "decimal points"]),
    "a header in the middle": (GLOVE + TEXT, ["line 10", "header", "Two files"]),
    "wrong dimension in the header": (TEXT.replace("9 4", "9 5"), ["line 1", "5 dimensions", "4 numbers"]),
    "cut in a line": (GLOVE[:-30], ["line 9", "end of the file", "limit=8"]),
    "fewer words than promised": (TEXT.replace("9 4", "90 4"), ["line 11", "9 words", "90 words", "limit=9"]),
    "zero bytes": (GLOVE.replace(LINES[5], "\0" * 40), ["line 6", "zero byte"]),
    "binary cut": (binary()[:-7], ["8 whole words", "9 words", "limit=8"]),
    "binary without a header": (binary().partition(b"\n")[2], ["without a header", "400000 100"]),
    "binary header of 10**12 words": (binary(count=10**12), ["1,000,000,000,000 words", "9 whole words"]),
    "binary dimensions": (binary().replace(b"9 4", b"9 3"), ["byte"]),
    "gzip cut": (gzip.compress(GLOVE.encode())[:-20], ["whole archive"]),
    "zip cut": (zipped(file__txt=GLOVE)[:-30], ["zip archive that is damaged"]),
    "archive of nothing": (zipped(), ["0 files"]),
    "archive of two": (zipped(a__txt=GLOVE, b__txt=GLOVE), ["2 files", "a.txt", "b.txt"]),
    "way out": (zipped(**{"../../evil__txt": GLOVE}), ["outside the folder"]),
    "way to the root": (zipped(**{"/etc/passwd": GLOVE}), ["outside the folder"]),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(30), ["7z"]),
    "noise": (np.random.default_rng(0).bytes(500), ["no known format"]),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_place_finding_expectation_and_remedy(write, name):
    content, parts = REFUSED[name]
    path = write(content, "file.dat")
    with pytest.raises(VectorFileError) as caught:
        silently(path)
    error = caught.value
    assert all(part in str(error) for part in [*parts, str(path)]), str(error)
    assert error.file == str(path)
    assert error.found
    assert error.expected
    assert error.remedy
    report = inspect(path)
    assert not report.readable
    assert report.problems[-1] == error.problem


def test_a_header_that_promises_endless_lines_costs_neither_time_nor_memory(write):
    path = write(b"5 50000000\r\n00", "wide.vec")  # pandas would make a column for each number that is not there
    started = time.process_time()
    with pytest.raises(VectorFileError, match="expected 50,000,000"):
        silently(path)
    assert time.process_time() - started < 2


def test_the_whole_part_of_a_cut_file_can_be_had(write):
    assert_right(silently(write(GLOVE[:-30]), limit=8), WORDS[:8])
    assert_right(silently(write(binary()[:-7], "b.bin"), limit=8), WORDS[:8])


def test_a_member_of_an_archive_is_named_like_a_file_in_a_folder(write):
    path = write(zipped(a__txt=GLOVE, b__bin=binary()), "two.zip")
    assert_right(silently(path / "a.txt"))
    assert_right(silently(f"{path}/b.bin"))
    with pytest.raises(VectorFileError, match=r"no member 'c.txt'"):
        load(path / "c.txt")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda data: zipped(bomb__txt=data)])
@pytest.mark.parametrize("unit", [b"\0" * 1000, b"word 0.5 0.5 0.5 0.5\n"])
def test_bombs_are_refused_in_little_time_and_memory(write, pack, unit):
    path = write(pack(unit * (9_000_000 // len(unit))), "bomb")
    started = time.process_time()
    with pytest.raises(VectorFileError):
        silently(path)
    assert time.process_time() - started < 2
    tracemalloc.start()
    with pytest.raises(VectorFileError):
        silently(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50e6 + 10 * path.stat().st_size


def test_a_promise_takes_no_memory(write):
    huge = [b"1000000000000 300\nword " + bytes(1200), b"3 1000000\nword " + bytes(3000),
            FASTTEXT + bytes(99)]  # fmt: skip
    for content in huge:
        path = write(content, "huge.bin")
        tracemalloc.start()
        with pytest.raises(VectorFileError):
            load(path)
        assert tracemalloc.get_traced_memory()[1] < 20e6
        tracemalloc.stop()


def test_matrices_with_words_beside_or_within(write, tmp_path):
    from safetensors.numpy import save_file

    np.savez(tmp_path / "a.npz", words=np.array(WORDS), vectors=MATRIX)
    np.savez_compressed(tmp_path / "b.npz", vocab=np.array([word.encode() for word in WORDS]), matrix=MATRIX)
    np.save(tmp_path / "c.npy", MATRIX)
    write("\n".join(WORDS), "c.txt")
    save_file({"embeddings": MATRIX}, tmp_path / "d.safetensors")
    write("\n".join(WORDS), "d.txt")
    for name in ("a.npz", "b.npz", "c.npy", "d.safetensors"):
        assert_right(silently(tmp_path / name))
        report = inspect(tmp_path / name)
        assert (report.format, report.words, report.dims) == (name.partition(".")[2], 9, 4)


def test_arrays_of_objects_are_not_unpickled(tmp_path):
    np.savez(tmp_path / "a.npz", words=np.array(WORDS, dtype=object), vectors=MATRIX)
    with pytest.raises(VectorFileError, match="Python objects"):
        load(tmp_path / "a.npz")
    np.save(tmp_path / "a.npy", np.array([[{}]], dtype=object))
    with pytest.raises(VectorFileError, match="Python objects"):
        load(tmp_path / "a.npy")


def test_a_pickle_is_named_and_not_opened(tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "opened"), "w"))

    import pickle

    for protocol in range(6):
        (tmp_path / "a.kv").write_bytes(pickle.dumps(Trap(), protocol=protocol))
        with pytest.raises(VectorFileError):
            load(tmp_path / "a.kv")
        assert not inspect(tmp_path / "a.kv").readable
    assert not (tmp_path / "opened").exists()
    vectors = KeyedVectors(2)
    vectors.add_vectors(["a"], [[1.0, 2.0]])
    vectors.save(str(tmp_path / "b.kv"))
    assert inspect(tmp_path / "b.kv").format == "gensim or another pickle"


def test_names_and_missing_files(tmp_path):
    assert load("novels-french", limit=5).vectors.shape == (5, 100)
    assert load("word2vec").get_vecattr("the", "count") > 1000
    assert load("fasttext", limit=10)["unheardof"].shape == load("fasttext")["unheardof"].shape
    with pytest.raises(FileNotFoundError, match=r"word2vec, glove.*lessons sources"):
        load("no such file")
    with pytest.raises(VectorFileError, match="folder"):
        load(tmp_path)
    with pytest.raises(ValueError, match="limit"):
        load("word2vec", limit=0)


@pytest.mark.parametrize(
    ("name", "options"),
    [("vectors/word2vec.bin", {"binary": True}), ("vectors/counts.bin.gz", {"binary": True}),
     ("vectors/glove.txt.gz", {"no_header": True})],
)  # fmt: skip
def test_equals_gensim_on_the_bundled_files(name, options):
    path = bundled.bundled_path(name)
    theirs = KeyedVectors.load_word2vec_format(path, **options)
    for ours in (silently(path), silently(path)):  # read, and then from the copy
        assert ours.index_to_key == theirs.index_to_key
        np.testing.assert_array_equal(ours.vectors, theirs.vectors)
        assert ours.most_similar("king") == theirs.most_similar("king")


@pytest.mark.parametrize("name", ["euclidean_vectors.bin", "high_precision.kv.bin", "high_precision.kv.txt",
                                  "word2vec_pre_kv_c", "crime-and-punishment.vec", "test_glove.txt"])  # fmt: skip
def test_equals_gensim_on_its_own_test_files(name):
    options = {"binary": name.endswith(".bin"), "no_header": name == "test_glove.txt"}
    theirs = KeyedVectors.load_word2vec_format(datapath(name), **options)
    ours = silently(datapath(name))
    assert ours.index_to_key == theirs.index_to_key
    np.testing.assert_array_equal(ours.vectors, theirs.vectors)


def test_words_that_were_cut_in_a_character_stay_utf_8():
    with pytest.warns(VectorFileWarning, match="U\\+FFFD"):
        ours = load(datapath("w2v_keyedvectors_load_test.modeldata"))
    assert ours.index_to_key[0].startswith("ありがとう")


def test_what_writers_refuse(tmp_path):
    for word, number, message in [("New York", 1.0, "New York"), ("a\u000bb", 1.0, "rename"), ("\ud800", 1.0, "UTF-8"),
                                  ("cat", np.nan, "NaN")]:  # fmt: skip
        vectors = KeyedVectors(1)
        vectors.add_vectors([word], [[number]])
        for save in (save_word2vec, save_glove, save_vec):
            with pytest.raises(ValueError, match=message):
                save(vectors, tmp_path / "a.txt")
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_cache_is_no_obstacle(write, monkeypatch, tmp_path):
    write("", "taken")
    monkeypatch.setenv("LESSONS_CACHE", str(tmp_path / "taken"))
    content = "".join(f"w{i} {i}.5 0.25\n" for i in range(20_000))
    with pytest.warns(UserWarning, match="No copy in the cache"):
        vectors = load(write(content))
    assert vectors["w19999"].tolist() == [19999.5, 0.25]
