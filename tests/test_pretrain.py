"""The build of the bundled vectors: each step against an oracle, and the whole pipeline on made-up text."""

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from scipy import sparse

pytest.importorskip("numba", reason="authoring needs numba: pip install -e .[dev]")

from authoring.pretrain import (
    bert_model,
    bert_teacher,
    bert_text,
    cooccurrence,
    counts,
    fasttext,
    files,
    formats,
    glove,
    novels,
    senses,
    steps,
    tried,
)

ROOT = Path(__file__).resolve().parents[1]
rng = np.random.default_rng(0)


def some_vectors(n_words: int = 30, n_dims: int = 6) -> KeyedVectors:
    vectors = KeyedVectors(n_dims)
    vectors.add_vectors([f"word{number}" for number in range(n_words)], rng.normal(size=(n_words, n_dims)).astype("f4"))
    return vectors


def test_co_occurrence_equals_counting_by_hand():
    numbers = rng.integers(-1, 8, 400).astype(np.int32)
    numbers[rng.choice(400, 30, replace=False)] = cooccurrence.SENTENCE_END
    expected = np.zeros((8, 8))
    for place, word in enumerate(numbers):
        for other in range(place + 1, min(place + 4, len(numbers))):
            between = numbers[place : other + 1]
            if cooccurrence.SENTENCE_END not in between and word >= 0 and numbers[other] >= 0:
                expected[word, numbers[other]] += 1 / (other - place)
                expected[numbers[other], word] += 1 / (other - place)
    found = cooccurrence.count(numbers, 8, window=3, least=0).toarray()
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_co_occurrence_leaves_out_small_cells():
    numbers = np.array([0, 1, 2], dtype=np.int32)
    assert cooccurrence.count(numbers, 3, window=2, least=0.75).toarray()[0, 2] == 0


def test_ppmi_equals_the_definition():
    cells = rng.integers(0, 5, (7, 7)).astype(float)
    cells += cells.T + 0.5
    p_context = cells.sum(0) ** 0.75 / (cells.sum(0) ** 0.75).sum()
    expected = np.log(cells / cells.sum() / np.outer(cells.sum(1) / cells.sum(), p_context)) - 0.1
    found = counts.ppmi(sparse.csr_array(cells), smoothing=0.75, shift=0.1).toarray()
    np.testing.assert_allclose(found, np.maximum(expected, 0), atol=1e-12)


def test_factorising_equals_the_exact_svd():
    matrix = rng.normal(size=(40, 40))
    matrix += matrix.T
    left, values = counts.factorise(sparse.csr_array(matrix), dims=5)
    exact_left, exact_values, _ = np.linalg.svd(matrix)
    np.testing.assert_allclose(values, exact_values[:5], rtol=0.05)
    assert abs(left[:, 0] @ exact_left[:, 0]) > 0.98


def glove_cells(n_words: int = 12):
    rows, columns = (index.astype(np.int32) for index in np.divmod(np.arange(n_words * n_words), n_words))
    logs = rng.normal(size=n_words * n_words).astype("f4")
    return rows, columns + n_words, logs, rng.uniform(0.2, 1, n_words * n_words).astype("f4")


def test_one_glove_update_equals_autograd_and_adagrad():
    torch = pytest.importorskip("torch")
    state = glove.State.start(2, 3, seed=0)
    vectors = torch.tensor(state.vectors, requires_grad=True)
    optimiser = torch.optim.Adagrad([vectors], lr=0.1, initial_accumulator_value=1.0, eps=0)
    word, context = vectors[0], vectors[3]
    error = word[:3] @ context[:3] + word[3] + context[3] - 2.0
    (0.5 * 0.7 * error**2).backward()  # half the square: its gradient is f(x) times the error
    before = state.vectors.copy()
    one = (np.array([0], np.int32), np.array([3], np.int32), np.array([2.0], np.float32), np.array([0.7], np.float32))
    loss = glove.epoch(*one, state.vectors, state.squares, np.float32(0.1))
    assert loss == pytest.approx(0.7 * float(error.detach()) ** 2, rel=1e-5)
    gradient = vectors.grad.numpy()
    # the program divides by the sum before this gradient is added, torch by the sum after
    np.testing.assert_allclose(state.vectors, before - 0.1 * gradient, atol=1e-6)
    np.testing.assert_allclose(state.squares, 1 + gradient**2, atol=1e-6)
    optimiser.step()
    assert np.sign(vectors.detach().numpy() - before)[0].tolist() == np.sign(state.vectors - before)[0].tolist()


def test_glove_loss_falls():
    state, cells = glove.State.start(12, 8, seed=0), glove_cells()
    losses = [glove.epoch(*cells, state.vectors, state.squares, np.float32(0.1)) for _ in range(60)]
    assert losses[-1] < 0.3 * losses[0]


@pytest.mark.parametrize("name", ["a.bin", "a.bin.gz"])
def test_binary_format_is_read_by_gensim(tmp_path, name):
    vectors = some_vectors()
    formats.save_word2vec_binary(vectors, tmp_path / name)
    found = KeyedVectors.load_word2vec_format(str(tmp_path / name), binary=True)
    assert found.index_to_key == vectors.index_to_key
    np.testing.assert_array_equal(found.vectors, vectors.vectors)


@pytest.mark.parametrize(("name", "header"), [("a.vec", True), ("a.txt.gz", False)])
def test_text_formats_are_read_by_gensim(tmp_path, name, header):
    vectors = some_vectors()
    formats.save_text(vectors, tmp_path / name, header)
    found = KeyedVectors.load_word2vec_format(str(tmp_path / name), no_header=not header)
    np.testing.assert_allclose(found.vectors, vectors.vectors, atol=5.1e-5)


def test_packed_files_do_not_depend_on_the_clock(tmp_path):
    vectors = some_vectors()
    formats.save_text(vectors, tmp_path / "a.txt.gz", header=False)
    assert (tmp_path / "a.txt.gz").read_bytes()[4:8] == bytes(4)
    assert gzip.decompress((tmp_path / "a.txt.gz").read_bytes()).startswith(b"word0 ")


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), formats.open_to_write(path) as file:
        file.write(b"new")
        raise RuntimeError
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_misspelling_changes_the_word_and_little_else():
    lot = random.Random(0)
    for word in ["government", "letter", "aaaaab"] * 30:
        slip = fasttext.misspell(word, lot)
        assert slip != word and abs(len(slip) - len(word)) <= 1


def test_rotation_finds_a_hidden_rotation():
    turn = np.linalg.qr(rng.normal(size=(5, 5)))[0]
    source = rng.normal(size=(40, 5))
    np.testing.assert_allclose(novels.rotation(source, source @ turn), turn, atol=1e-10)


def test_translations_are_found_after_a_rotation_only():
    source = some_vectors(200, 20)
    target = KeyedVectors(20)
    target.add_vectors(source.index_to_key, (source.vectors @ np.linalg.qr(rng.normal(size=(20, 20)))[0]).astype("f4"))
    ranks = novels.ranks_of_translations(source, target, [(word, word) for word in source.index_to_key])
    assert (ranks["rotated"] == 0).mean() == 1.0 and (ranks["as they are"] == 0).mean() < 0.05


def test_csls_punishes_hubs():
    cosines = np.array([[0.9, 0.8, 0.1], [0.9, 0.1, 0.8], [0.9, 0.2, 0.2]])
    assert cosines.argmax(1).tolist() == [0, 0, 0]
    assert novels.csls(cosines, 2).argmax(1).tolist() == [1, 2, 0]


def test_word_means_average_the_pieces_of_a_word():
    torch = pytest.importorskip("torch")
    hidden = torch.arange(10.0).reshape(1, 5, 2)
    words = torch.tensor([[-1, 0, 1, 1, -1]])
    found = bert_teacher.word_means(hidden, words, torch.tensor([2]))
    assert found.tolist() == [[2.0, 3.0], [5.0, 6.0]]
    assert bert_teacher.word_means(hidden, words, torch.tensor([1])).tolist() == [[2.0, 3.0]]


def test_both_tokenisers_see_the_same_words():
    texts = ["The cat, the dog; naïve café-goers don't sleep.", "Numbers: 1,000 and 3.14!"] * 20
    few, many = (bert_text.train_tokenizer(texts, size) for size in (60, 200))
    passages = bert_text.encode(texts, few, many)
    assert (passages.n_words > 0).all()
    for row in range(2):
        words = [
            "".join(tokenizer.id_to_token(int(piece)).removeprefix("##") for piece in pieces[row][numbers[row] == 1])
            for tokenizer, pieces, numbers in (
                (few, passages.pieces, passages.words),
                (many, passages.teacher_pieces, passages.teacher_words),
            )
        ]
        assert words[0] == words[1]


def test_arranging_keeps_every_passage_and_the_held_out_ones_apart():
    n_passages = 300
    pieces = np.zeros((n_passages, 8), dtype=np.uint16)
    for row in range(n_passages):
        pieces[row, : rng.integers(1, 9)] = row + 1
    numbers = np.zeros((n_passages, 8), dtype=np.int16)
    passages = bert_text.Passages(pieces, numbers, pieces, numbers, np.arange(n_passages))
    found = passages.arranged(seed=0)
    assert sorted(found.n_words) == list(range(n_passages))
    held_out = passages.split()[1]
    assert set(found.n_words[held_out]) == set(held_out)


def test_masking_hides_about_a_seventh_and_never_special_pieces():
    torch = pytest.importorskip("torch")
    pieces = torch.randint(5, 100, (40, 50), generator=torch.Generator().manual_seed(0))
    pieces[:, 0], pieces[:, -5:] = 2, 0
    masked, is_masked = bert_model.mask(pieces, special=5, mask_piece=4, n_pieces=100, seed=1)
    assert 0.12 < is_masked[:, 1:-5].float().mean() < 0.18
    assert not is_masked[:, 0].any() and not is_masked[:, -5:].any()
    assert torch.equal(masked[~is_masked], pieces[~is_masked])
    assert 0.7 < (masked[is_masked] == 4).float().mean() < 0.9
    assert torch.equal(bert_model.mask(pieces, 5, 4, 100, seed=1)[0], masked)


def test_senses_are_told_apart_when_the_vectors_do():
    import pandas as pd

    table = pd.DataFrame({"word": "bank", "sense": ["money"] * 8 + ["river"] * 8})
    apart = np.repeat([[1.0, 0.0], [0.0, 1.0]], 8, axis=0) + rng.normal(scale=0.05, size=(16, 2))
    assert senses.right_senses(apart, table).mean() == 1.0
    assert senses.right_senses(np.ones((16, 2)), table).mean() == 0.5


def test_a_step_runs_again_only_when_its_settings_change(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(files, "WORK", tmp_path / "work")
    monkeypatch.setattr(files, "DATA", tmp_path / "data")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "corpus.txt").write_text("a b a\n")
    (tmp_path / "work" / "vocabulary.tsv").write_text("a\t2\nb\t1\n")
    step = steps.find("cooccurrence")
    assert steps.run(step, None) and not steps.run(step, None)
    monkeypatch.setattr(cooccurrence, "WINDOW", 1)
    assert steps.run(step, None)
    assert json.loads((tmp_path / "work" / "log" / "cooccurrence.json").read_text())["settings"]["WINDOW"] == 1
    with pytest.raises(FileNotFoundError, match="run the steps before"):
        (tmp_path / "work" / "cells.npz").unlink()
        steps.run(steps.find("glove"), None)


def test_trials_are_added_and_read_back(tmp_path, monkeypatch):
    monkeypatch.setattr(tried, "TRIED", tmp_path / "tried.jsonl")
    tried.record("glove", {"EPOCHS": 5}, {"wordsim353": 0.5})
    tried.record("counts", {}, {"wordsim353": 0.6})
    assert tried.of("glove") == [{"settings": {"EPOCHS": 5}, "wordsim353": 0.5}]


def test_the_whole_pipeline_runs_on_a_few_articles():
    command = [sys.executable, "-m", "authoring.pretrain", "all", "--sample", "--force"]
    before = {path: path.stat().st_mtime for path in (ROOT / "data").rglob("*")}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    made = ROOT / "build" / "sample" / "data"
    assert set(json.loads((made / "build_log.json").read_text())) >= {
        "corpus",
        "counts",
        "glove",
        "fasttext",
        "bert",
        "curve",
        "dimensions",
    }
    listed = json.loads((made / "registry.json").read_text())
    assert all((made / name).stat().st_size == entry["bytes"] for name, entry in listed.items())
    assert before == {path: path.stat().st_mtime for path in (ROOT / "data").rglob("*")}, "the sample touched data/"
