"""The bundled files are whole, listed, described, and small enough; their cards state what is true now."""

import pytest

from authoring.pretrain import cards
from lessons_lib import bundled, load_vectors
from lessons_lib.scores import measure


def test_every_bundled_file_has_the_size_and_checksum_of_the_registry():
    assert len(bundled.registry()) > 10
    assert [name for name in bundled.registry() if not bundled.checksum_matches(name)] == []


def test_registry_lists_exactly_what_is_there(root):
    from authoring.pretrain import registry

    assert registry.entries(root / "data") == bundled.registry()


def test_sizes_stay_within_the_limits(root):
    sizes = [path.stat().st_size for path in (root / "data").rglob("*") if path.is_file()]
    assert max(sizes) <= 25e6
    assert sum(sizes) <= 90e6


def test_measured_parts_of_the_cards_are_as_measured(root):
    text = (root / "data" / "README.md").read_text(encoding="utf-8")
    assert cards.filled(text) == text


@pytest.mark.parametrize("name", sorted(bundled.registry()))
def test_every_file_has_a_card(root, name):
    text = (root / "data" / "README.md").read_text(encoding="utf-8").split("## Files")[0]
    assert name in text or name.rpartition("/")[2] in text


BARS = {  # WordSim-353, SimLex-999, analogies
    "counts": (0.65, 0.27, 0.38),
    "word2vec": (0.68, 0.31, 0.57),
    "glove": (0.53, 0.20, 0.40),
    "fasttext": (0.58, 0.25, 0.50),
}


@pytest.mark.parametrize("name", sorted(bundled.VECTORS))
def test_bundled_vectors_open_and_pass_their_bars(name):
    found = measure(load_vectors(name))
    reached = (found["wordsim353"]["value"], found["simlex999"]["value"], found["analogies"]["total"]["accuracy"])
    assert all(value >= bar for value, bar in zip(reached, BARS[name], strict=True)), reached


def test_word2vec_has_30000_words_with_counts_and_loads_fast():
    import time

    started = time.process_time()
    vectors = load_vectors("word2vec")
    assert time.process_time() - started < 0.5
    assert vectors.vectors.shape == (30_000, 100)
    assert vectors.get_vecattr("the", "count") > vectors.get_vecattr("king", "count") > 90
    assert vectors.index_to_key[0] == "the"


def test_fasttext_answers_for_words_it_never_saw():
    vectors = load_vectors("fasttext")
    assert "unbelievablest" not in vectors.key_to_index
    assert vectors.similarity("govermnent", "government") > vectors.similarity("govermnent", "banana")


def test_a_damaged_or_unknown_file_is_named(tmp_path, monkeypatch):
    (tmp_path / "registry.json").write_text('{"a.bin": {"bytes": 3, "sha256": ""}}')
    monkeypatch.setattr(bundled, "data_folder", lambda: tmp_path)
    bundled.registry.cache_clear()
    try:
        with pytest.raises(bundled.DamagedFileError, match="is missing; the course ships it with 3 bytes"):
            bundled.bundled_path("a.bin")
        (tmp_path / "a.bin").write_bytes(b"12")
        with pytest.raises(bundled.DamagedFileError, match="has 2 bytes; the course ships it with 3 bytes"):
            bundled.bundled_path("a.bin")
        with pytest.raises(KeyError, match=r"There are: a\.bin"):
            bundled.bundled_path("b.bin")
    finally:
        bundled.registry.cache_clear()
    with pytest.raises(FileNotFoundError, match="counts, word2vec, glove, fasttext"):
        load_vectors("elmo")
