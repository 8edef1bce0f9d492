"""A short run of the fuzz script, and proof that it notices what it looks for."""

import numpy as np
import pytest

from authoring import fuzz
from lessons_lib.formats import text


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LESSONS_CACHE", str(tmp_path / "cache"))


def test_no_damaged_file_crashes_hangs_or_is_misread_in_silence():
    counts = fuzz.run(files=800, seed=20)
    assert sum(counts.values()) == 800
    assert min(counts["read"], counts["warned"], counts["refused"]) > 30
    assert counts["failed"] == 0


def test_a_reader_that_ignores_what_is_missing_is_caught(monkeypatch):
    honest = text.fast

    def lenient(block, count, layout):
        parsed = honest(block, count, layout)
        return parsed and (parsed[0], np.round(parsed[1], 2))

    monkeypatch.setattr(text, "fast", lenient)
    with pytest.raises(fuzz.FuzzError, match="another vector"):
        fuzz.run(files=200)


def test_the_plain_readers_have_no_mercy():
    good = b"2 2\ncat 1 2\ndog 3 4\n"
    assert fuzz.plain_text(good)["dog"].tolist() == [3, 4]
    for bad in (good[:-1], good[:-3], good + good, good.replace(b"dog", b"cat"), good.replace(b"4", b"nan"), b""):
        assert fuzz.plain_text(bad) is None
    binary = fuzz.binary_of(["cat", "dog"], np.ones((2, 3), np.float32), True)
    assert set(fuzz.plain_binary(binary)) == {"cat", "dog"}
    for bad in (binary[:-2], binary + b"x", binary.replace(b"2 3", b"2 2"), binary.replace(b"dog", b"cat")):
        assert fuzz.plain_binary(bad) is None
