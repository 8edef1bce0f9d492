"""The bundled cut of all-MiniLM-L6-v2: standard calls open it, it is small, and it tells senses apart as recorded."""

import numpy as np
import pytest
import torch
from safetensors import safe_open
from transformers import AutoModel, AutoTokenizer

from lessons_lib.contextual import layer_vectors, load_transformer, right_senses
from lessons_lib.scores import build_log
from lessons_lib.texts import senses


@pytest.fixture(scope="module")
def folder(root):
    return root / "data" / "models" / "cut-minilm"


def test_the_files_are_safe_small_and_in_half_precision(folder):
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= {path.name for path in folder.iterdir()}
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 21e6
    with safe_open(folder / "model.safetensors", "pt") as file:
        assert {file.get_tensor(name).dtype for name in file.keys()} == {torch.float16}  # noqa: SIM118 (no dict)


def test_auto_classes_open_it_whole(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model, report = AutoModel.from_pretrained(folder, output_loading_info=True)
    assert all("pooler" in key for key in report["missing_keys"])
    assert not report["unexpected_keys"]
    hidden = model.eval()(**tokenizer("The bank of the river was steep.", return_tensors="pt")).last_hidden_state
    assert hidden.shape[2] == 384
    assert torch.isfinite(hidden).all()


def test_it_opens_by_name_and_knows_8000_pieces():
    transformer = load_transformer("cut-minilm")
    assert (transformer.n_layers, len(transformer.tokenizer), transformer.longest) == (4, 8_000, 128)
    pieces = transformer.tokenizer.tokenize("unbelievableness")
    assert "".join(piece.removeprefix("##") for piece in pieces) == "unbelievableness"


def test_its_last_layer_tells_senses_apart_as_the_record_says():
    record = build_log()["minilm"]["senses_by_layer"]
    found = [float(right_senses(layer, senses()).mean()) for layer in layer_vectors(senses(), "cut-minilm")]
    np.testing.assert_allclose(found, [row["accuracy"] for row in record["after the training"]], atol=0.01)


def test_the_record_says_what_the_cut_lost_and_the_training_won_back():
    record = build_log()["minilm"]["senses_by_layer"]
    best = {name: max(row["accuracy"] for row in rows) for name, rows in record.items()}
    assert best["after the cut"] < best["after the training"] < best["whole"]
