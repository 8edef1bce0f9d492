"""The store calculates each content once, follows changes, and survives being written and read."""

import numpy as np
import pytest

from lessons_lib.embedding_store import EmbeddingStore


@pytest.fixture
def asked():
    return []


@pytest.fixture
def encode(asked):
    def encode(texts):
        asked.extend(texts)
        return np.array([[len(text), text.count("a"), 1.0] for text in texts])

    return encode


def test_the_same_content_is_calculated_once(encode, asked):
    store = EmbeddingStore(encode, "model 1")
    assert store.update({"x": "alpha", "y": "beta", "z": "alpha"}) == 2
    assert store.update({"x": "alpha", "renamed": "beta"}) == 0
    assert asked == ["alpha", "beta"]
    assert len(store) == 2
    assert (store.hits, store.misses, store.hit_rate) == (3, 2, 0.6)


def test_adding_and_removing_leaves_the_rest_alone(encode, asked):
    store = EmbeddingStore(encode, "model 1")
    store.update({str(number): "a" * number for number in range(1, 30)})
    before = len(asked)
    assert store.add({"new": "b" * 40, "1": "changed"}) == 2
    store.remove(["2", "3"])
    assert len(asked) == before + 2
    assert len(store) == 28
    names, rows = store.matrix()
    np.testing.assert_array_equal(rows[names.index("1")], encode(["changed"])[0])
    with pytest.raises(KeyError, match="'2'; the store has 28 documents"):
        store.remove(["4", "2"])
    assert len(store) == 28


def test_another_model_is_another_key(encode):
    first, second = EmbeddingStore(encode, "model 1"), EmbeddingStore(encode, "model 2")
    assert first.key("text") != second.key("text")
    assert first.key("text") == EmbeddingStore(encode, "model 1").key("text")


def test_search_is_exact_cosine(encode):
    store = EmbeddingStore(encode, "model 1")
    store.update({"short": "b", "long": "b" * 50, "many a": "a" * 50})
    found = store.search("c" * 45, 3)
    assert [name for name, _ in found] == ["long", "short", "many a"]
    u, v = encode(["c" * 45, "b" * 50])
    assert found[0][1] == pytest.approx(u @ v / np.linalg.norm(u) / np.linalg.norm(v), abs=1e-6)
    assert EmbeddingStore(encode, "empty").search("x") == []


def test_what_was_saved_is_not_calculated_again(encode, asked, tmp_path):
    path = tmp_path / "store.npz"
    store = EmbeddingStore(encode, "model 1", path)
    store.update({"x": "alpha", "y": "beta"})
    assert store.save() == path
    assert [p.name for p in tmp_path.iterdir()] == ["store.npz"]
    asked.clear()
    again = EmbeddingStore(encode, "model 1", path)
    assert again.update({"x": "alpha", "y": "beta", "z": "gamma"}) == 1
    assert asked == ["gamma"]


def test_mistakes_are_errors(encode):
    with pytest.raises(ValueError, match="no file: give path="):
        EmbeddingStore(encode, "model 1").save()
    with pytest.raises(ValueError, match="returned 1 vectors for 2 texts"):
        EmbeddingStore(lambda texts: np.ones((1, 2)), "wrong").embed(["a", "b"])
