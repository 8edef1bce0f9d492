"""The bundled BERT: standard calls of transformers open it, it fills in masked words, and its size is as promised."""

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoModelForMaskedLM, AutoTokenizer

from lessons_lib.scores import build_log


@pytest.fixture(scope="module")
def folder(root):
    return root / "data" / "models" / "mini-bert"


@pytest.fixture(scope="module")
def tokenizer(folder):
    return AutoTokenizer.from_pretrained(folder)


@pytest.fixture(scope="module")
def model(folder):
    return AutoModelForMaskedLM.from_pretrained(folder, dtype=torch.float32).eval()


def test_the_files_are_safe_small_and_in_half_precision(folder):
    from safetensors import safe_open

    assert {"config.json", "model.safetensors", "tokenizer.json"} <= {path.name for path in folder.iterdir()}
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 15e6
    with safe_open(folder / "model.safetensors", "pt") as file:
        weights = [file.get_tensor(name) for name in file.keys()]  # noqa: SIM118 (the file is no dict)
    assert {weight.dtype for weight in weights} == {torch.float16}
    assert 3e6 <= sum(weight.numel() for weight in weights) <= 7e6


def test_auto_classes_open_it_whole(folder, tokenizer):
    plain, report = AutoModel.from_pretrained(folder, output_loading_info=True)
    assert not report["missing_keys"] or all("pooler" in key for key in report["missing_keys"])
    encoded = tokenizer("The bank of the river was steep.", return_tensors="pt")
    hidden = plain.eval()(**encoded).last_hidden_state
    assert hidden.shape == (1, encoded.input_ids.shape[1], plain.config.hidden_size)
    assert torch.isfinite(hidden).all()


def test_the_tokenizer_cuts_rare_words_and_keeps_common_ones(tokenizer):
    assert tokenizer.vocab_size == 8_000
    assert tokenizer.tokenize("The River") == ["the", "river"]
    pieces = tokenizer.tokenize("unbelievableness")
    assert len(pieces) > 1 and all(piece.startswith("##") for piece in pieces[1:])
    assert "".join(piece.removeprefix("##") for piece in pieces) == "unbelievableness"


MASKED = [  # a sentence, and words of which a reader expects one
    ("He was born in 1902 in the [MASK] of Chicago, Illinois.", {"city", "town", "suburb", "state", "village"}),
    ("The capital of France is [MASK].", {"paris", "france", "lyon", "brussels", "london"}),
    ("She wrote several [MASK] and short stories.", {"novels", "books", "poems", "plays", "stories", "articles"}),
    ("The river flows into the [MASK] Sea.", {"black", "north", "baltic", "red", "mediterranean", "caspian"}),
    ("Water boils at a higher [MASK] under pressure.", {"temperature", "pressure", "temperatures", "rate", "level"}),
]


@pytest.mark.parametrize(("sentence", "expected"), MASKED)
def test_it_fills_in_a_masked_word_among_its_ten_best_guesses(model, tokenizer, sentence, expected):
    encoded = tokenizer(sentence, return_tensors="pt")
    place = (encoded.input_ids[0] == tokenizer.mask_token_id).nonzero().item()
    with torch.inference_mode():
        best = model(**encoded).logits[0, place].topk(10).indices
    assert expected & set(tokenizer.convert_ids_to_tokens(best)), tokenizer.convert_ids_to_tokens(best)


def test_word_order_matters(folder, tokenizer):
    """A bag of words could not tell these two apart; positions and attention do."""
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.inference_mode():
        first, second = (
            model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0, 1].numpy()
            for text in ("dog bites man", "dog man bites")
        )
    assert not np.allclose(first, second, atol=1e-3)


def test_the_record_holds_layers_baselines_perplexity_and_the_story_of_pre_training():
    log = build_log()["bert"]
    methods = {row["method"]: row["value"] for row in log["senses"]}
    assert methods["the word's own static vector"] < 0.5
    layers = [value for method, value in methods.items() if method.startswith("mini-bert, layer")]
    assert max(layers) > methods["mean of 20 neighbours"] > methods["the word's own static vector"]
    assert log["held_out_perplexity"] < 8_000 / 20
    story = log["masked_words_alone"]["losses"]
    assert {"random", "word2vec"} == set(story)
    assert all(run[-1]["masked"] < run[0]["masked"] for run in story.values())
