"""Step: mini-bert, a small BERT with its masked-language-model head, trained on two cores.

    build/pretrain/bert/*  ->  data/models/mini-bert/   config.json, model.safetensors (float16), tokenizer.json, ...

Parts: bert_text.py (passages, WordPiece), bert_teacher.py (targets), bert_model.py (student), bert_train.py (loop).
The model reads the course's corpus only; what all-MiniLM-L6-v2 contributes is stated in ``SHAPE`` and in the card.
"""

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from authoring.pretrain import bert_teacher, bert_text, bert_train, files, senses
from authoring.pretrain.bert_model import (
    POSITIONS,
    Shape,
    Student,
    n_parameters,
    start_from_teacher,
    start_from_word2vec,
)
from lessons_lib.bundled import open_vectors

SHAPE = Shape(dims=384, layers=4, feed_forward=384, start="teacher", teacher_layers=(0, 1, 2, 3))
TOKENS = 8_000_000
LEARNING_RATE = 5e-4
TARGETS = 64_000  # passages that the teacher answers; the student reads them several times
STORY_SHAPE = Shape(
    dims=192, layers=3, feed_forward=768
)  # from scratch, masked words alone: for the story of pre-training
STORY_TOKENS = 600_000
THREADS = 1  # two wait for each other as soon as anything else runs; on an idle machine 2 is faster


def tokenizers(folder: Path) -> tuple[Tokenizer, Tokenizer]:
    """Return the student's and the teacher's tokeniser."""
    return Tokenizer.from_file(str(folder / "tokenizer.json")), Tokenizer.from_file(
        str(folder / "teacher" / "tokenizer.json")
    )


def made_up_teacher(folder: Path) -> Path:
    """Put a tiny teacher with random weights into ``folder``: the sample needs no download and no knowledge."""
    from tokenizers import models, normalizers, pre_tokenizers

    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    pieces = [*bert_text.SPECIAL, *letters, *(f"##{letter}" for letter in letters), *".,;:!?()'\"-"]
    tokenizer = Tokenizer(models.WordPiece({piece: number for number, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=SHAPE.dims, num_hidden_layers=max(SHAPE.teacher_layers) + 1,
        num_attention_heads=12, intermediate_size=SHAPE.feed_forward, max_position_embeddings=512,
    )  # fmt: skip
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


def prepare(folder: Path, sample: int | None) -> tuple[bert_text.Passages, dict]:
    """Make what the training reads, or what of it is missing: teacher, passages, targets."""
    make = bert_teacher.fetch_teacher if sample is None else made_up_teacher
    teacher = make(folder / "teacher")
    if not (folder / "passages.npz").is_file():
        bert_text.build(folder, Tokenizer.from_file(str(teacher / "tokenizer.json")), sample)
    passages = bert_text.Passages.load(folder / "passages.npz")
    bert_teacher.compute_targets(folder, passages, bert_teacher.load_teacher(teacher), TARGETS)
    return passages, json.loads((folder / "passages.json").read_text(encoding="utf-8"))


def new_student(shape: Shape, folder: Path, seed: int = 0) -> Student:
    """Return a student of the given shape, at its start."""
    torch.manual_seed(seed)
    mine, theirs = tokenizers(folder)
    teacher = bert_teacher.load_teacher(folder / "teacher")
    student = Student(shape, mine.get_vocab_size(), teacher.config.hidden_size)
    if shape.start == "teacher":
        start_from_teacher(student, mine, teacher, theirs, shape)
    elif shape.start == "word2vec":
        start_from_word2vec(student, mine, open_vectors(files.DATA / "vectors" / "word2vec.bin"), seed)
    return student


def ship(student: Student, tokenizer: Path, target: Path, head: bool = True) -> None:
    """Write a Hugging Face folder for ``AutoModel``, ``AutoTokenizer`` and, with ``head``, ``AutoModelForMaskedLM``."""
    import copy
    import os
    import shutil

    from transformers import BertTokenizerFast

    side = target.with_name(f".{target.name}.part")
    shutil.rmtree(side, ignore_errors=True)
    copy.deepcopy(student.model if head else student.model.bert).half().save_pretrained(side)
    plain = Tokenizer.from_file(str(tokenizer))
    plain.no_padding(), plain.no_truncation()
    BertTokenizerFast(tokenizer_object=plain, do_lower_case=True, model_max_length=POSITIONS).save_pretrained(side)
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(side.iterdir()):
        os.replace(path, target / path.name)
    side.rmdir()


def story(passages: bert_text.Passages, folder: Path, tokens: int) -> dict[str, list[dict]]:
    """Train two small students on masked words alone, token table random or from word2vec; return their logs."""
    logs = {}
    reader = bert_train.Reader(passages, folder, passages.split()[0], distil=False)
    for start in ("random", "word2vec"):
        student = new_student(Shape(**{**vars(STORY_SHAPE), "start": start}), folder)
        plan = bert_train.Plan(tokens, 1e-3, distil=False)
        logs[start] = bert_train.train(student, reader, plan, folder, f"story-{start}")
    return logs


def measure(folder: Path, student: Student, passages: bert_text.Passages) -> dict:
    """Return parameters, bytes, held-out perplexity and the table of sense accuracies of what ships."""
    import pandas as pd

    model = files.DATA / "models" / "mini-bert"
    reader = bert_train.Reader(passages, folder, passages.split()[1], distil=False)
    found = {
        "parameters": n_parameters(model),
        "bytes": sum(path.stat().st_size for path in model.iterdir()),
        "held_out_passages": len(passages.split()[1]),
        "held_out_perplexity": round(bert_train.perplexity(student, reader, passages.split()[1]), 2),
    }
    labelled = files.ROOT / "data" / "text" / "senses.csv"
    if labelled.is_file():
        word2vec = open_vectors(files.DATA / "vectors" / "word2vec.bin")
        models = {"mini-bert": model, "all-MiniLM-L6-v2": folder / "teacher"}
        found["senses"] = senses.sense_table(pd.read_csv(labelled), models, word2vec)
    return found


def build(sample: int | None = None) -> dict:
    """Train and write data/models/mini-bert; return text, losses, perplexity, senses and the story of pre-training."""
    torch.set_num_threads(THREADS)
    folder = files.WORK / "bert"
    folder.mkdir(parents=True, exist_ok=True)
    passages, text = prepare(folder, sample)
    student = new_student(SHAPE, folder)
    rows = passages.split()[0]
    reader = bert_train.Reader(passages, folder, rows[: min(TARGETS, len(rows))], distil=True)
    plan = bert_train.Plan(TOKENS if sample is None else 20_000, LEARNING_RATE)
    log = bert_train.train(student, reader, plan, folder, "mini-bert")
    ship(student, folder / "tokenizer.json", files.DATA / "models" / "mini-bert")
    logs = story(passages, folder, STORY_TOKENS if sample is None else 10_000)
    return {
        "text": text, "shape": vars(SHAPE), "plan": vars(plan), **measure(folder, student, passages),
        "losses": log, "masked_words_alone": {"shape": vars(STORY_SHAPE), "losses": logs},
    }  # fmt: skip
