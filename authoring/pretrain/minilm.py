"""Step: minilm, the published all-MiniLM-L6-v2 cut down to what the course can carry, and pulled back to the whole.

    build/pretrain/bert/teacher  ->  data/models/cut-minilm/   config.json, model.safetensors (float16), tokenizer.json

Cut off: all but the PIECES most frequent pieces of the vocabulary, all but the lowest four of six layers, positions
from 128 on. What the cut loses is won back in part by training the vector of each word towards the one that the whole
model gives it (the same targets and the same loop as in the step ``bert``), on single sentences of the corpus.
"""

import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from authoring.pretrain import bert, bert_teacher, bert_text, bert_train, files
from authoring.pretrain.bert_model import Shape, Student, start_from_teacher

PIECES = 8_000
SHAPE = Shape(dims=384, layers=4, feed_forward=1536, start="teacher", teacher_layers=(0, 1, 2, 3))
SENTENCES = 32_000  # an even share of the articles that the step ``bert`` reads
ROUNDS = (2_000_000, 1_500_000)  # pieces; the learning rate rises and falls in each
LEARNING_RATE = 3e-4
BATCH = 16


def cut_tokenizer(whole: Tokenizer, texts: list[str], n_pieces: int) -> Tokenizer:
    """Return a tokeniser with the special pieces, the single characters and the most frequent pieces of another one.

    What a dropped piece spelt is spelt with shorter ones; pieces keep their order, and so special ones their place.
    """
    whole.no_truncation(), whole.no_padding()
    content = json.loads(whole.to_str())
    vocabulary = content["model"]["vocab"]
    frequency = np.zeros(len(vocabulary), dtype=np.int64)
    for start in range(0, len(texts), 4096):
        for encoding in whole.encode_batch_fast(texts[start : start + 4096], add_special_tokens=False):
            np.add.at(frequency, encoding.ids, 1)
    always = set(bert_text.SPECIAL) | {piece for piece in vocabulary if _is_ascii_character(piece)}
    by_frequency = sorted(vocabulary, key=lambda piece: (piece not in always, -frequency[vocabulary[piece]]))
    kept = sorted(by_frequency[:n_pieces], key=lambda piece: (piece not in bert_text.SPECIAL, vocabulary[piece]))
    kept[: len(bert_text.SPECIAL)] = bert_text.SPECIAL  # the order that the training loop expects
    numbers = {piece: number for number, piece in enumerate(kept)}
    content["model"]["vocab"] = numbers
    for token in content["added_tokens"]:
        token["id"] = numbers[token["content"]]
    for piece, token in (content["post_processor"] or {}).get("special_tokens", {}).items():
        token["ids"] = [numbers[piece]]
    return Tokenizer.from_str(json.dumps(content))


def _is_ascii_character(piece: str) -> bool:
    letter = piece.removeprefix("##")
    return len(letter) == 1 and letter.isascii()


def prepare(folder: Path, sample: int | None) -> tuple[bert_text.Passages, Path]:
    """Make what is missing of teacher, cut tokeniser, single sentences as numbers, and targets."""
    make = bert_teacher.fetch_teacher if sample is None else bert.made_up_teacher
    teacher = make(files.WORK / "bert" / "teacher")
    whole = Tokenizer.from_file(str(teacher / "tokenizer.json"))
    if not (folder / "passages.npz").is_file():
        articles = bert_text.read_sentences(bert_text.SHARE if sample is None else 1.0, sample)
        sentences = [sentence for article in articles for sentence in article]
        rng = np.random.default_rng(bert_text.SEED)
        chosen = rng.permutation(len(sentences))[:SENTENCES]
        tokenizer = cut_tokenizer(whole, sentences, PIECES)
        with files.write_atomically(folder / "tokenizer.json") as temporary:
            tokenizer.save(str(temporary))
        texts = [sentences[number] for number in chosen]
        passages = bert_text.encode(texts, tokenizer, Tokenizer.from_file(str(teacher / "tokenizer.json")))
        passages.arranged(bert_text.SEED).save(folder / "passages.npz")
    passages = bert_text.Passages.load(folder / "passages.npz")
    bert_teacher.compute_targets(folder, passages, bert_teacher.load_teacher(teacher), len(passages.pieces))
    return passages, teacher


def start(folder: Path, teacher: Path) -> Student:
    """Return the model as it is after the cut, before any training."""
    torch.manual_seed(0)
    mine, theirs = (Tokenizer.from_file(str(place / "tokenizer.json")) for place in (folder, teacher))
    whole = bert_teacher.load_teacher(teacher)
    shape = Shape(**{**vars(SHAPE), "feed_forward": min(SHAPE.feed_forward, whole.config.intermediate_size)})
    student = Student(shape, mine.get_vocab_size(), whole.config.hidden_size)
    start_from_teacher(student, mine, whole, theirs, shape)
    return student


def senses_by_layer(folder: Path) -> list[dict]:
    """Return accuracy, low and high (95 % interval) on data/text/senses.csv of every layer, layer 0 first."""
    from lessons_lib.contextual import sense_accuracy
    from lessons_lib.texts import senses

    return sense_accuracy(folder, senses()).round(4).to_dict("records")


def build(sample: int | None = None) -> dict:
    """Cut, train and write data/models/cut-minilm; return what the cut cost and what the training won back."""
    torch.set_num_threads(bert.THREADS)
    folder = files.WORK / "minilm"
    folder.mkdir(parents=True, exist_ok=True)
    passages, teacher = prepare(folder, sample)
    student = start(folder, teacher)
    bert.ship(student, folder / "tokenizer.json", folder / "before", head=False)
    rows = passages.split()[0]
    reader = bert_train.Reader(passages, folder, rows, distil=True, hide=False)
    log = []
    for number, tokens in enumerate(ROUNDS if sample is None else (5_000, 5_000)):
        plan = bert_train.Plan(tokens, LEARNING_RATE, BATCH, seed=number)
        log.append(bert_train.train(student, reader, plan, folder, f"cut-minilm-{number}"))
    target = files.DATA / "models" / "cut-minilm"
    bert.ship(student, folder / "tokenizer.json", target, head=False)
    found = {"shape": vars(SHAPE), "sentences": len(rows), "losses": log}
    found |= {"training_seconds": sum(each[-1]["seconds"] for each in log)}
    found |= {"bytes": sum(path.stat().st_size for path in target.iterdir())}
    if sample is None:
        places = {"whole": teacher, "after the cut": folder / "before", "after the training": target}
        found["senses_by_layer"] = {name: senses_by_layer(place) for name, place in places.items()}
    return found
