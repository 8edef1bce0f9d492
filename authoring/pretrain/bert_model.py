"""Step bert, part 3: the student, where its numbers start from, and what it is asked to learn.

Three things at once, in one pass: the masked piece (cross-entropy), the vector that the teacher gives each word in its
sentence, and the vector that the teacher gives the passage (both: 1 - cosine). Linear maps into the teacher's space
serve the training only and do not ship; a student as wide as its teacher gives its word vectors directly.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from transformers import BertConfig, BertForMaskedLM

from authoring.pretrain.bert_teacher import text_means, word_means

if TYPE_CHECKING:
    from gensim.models import KeyedVectors
    from tokenizers import Tokenizer
    from transformers import BertModel

MASKED = 0.15  # of the pieces; of these 80 % become [MASK], 10 % another piece, 10 % stay
POSITIONS = 128
HEAD_DIMS = 32  # dimensions of an attention head


@dataclass(frozen=True)
class Shape:
    """Size of a student and its start: ``random``, ``word2vec`` (token table) or ``teacher`` (table and layers)."""

    dims: int = 256
    layers: int = 4
    feed_forward: int = 1024
    start: str = "word2vec"
    teacher_layers: tuple[int, ...] = ()  # of the teacher, bottom to top; only for start="teacher"


class Student(nn.Module):
    """A BERT with its masked-language-model head, and the maps into the teacher's space."""

    def __init__(self, shape: Shape, n_pieces: int, teacher_dims: int) -> None:
        super().__init__()
        config = BertConfig(
            vocab_size=n_pieces,
            hidden_size=shape.dims,
            num_hidden_layers=shape.layers,
            num_attention_heads=max(1, shape.dims // HEAD_DIMS),
            intermediate_size=shape.feed_forward,
            max_position_embeddings=POSITIONS,
            hidden_dropout_prob=0.0,  # the text is seen a few times only: nothing to protect from
            attention_probs_dropout_prob=0.0,
        )
        self.model = BertForMaskedLM(config)
        self.to_words = nn.Identity() if shape.dims == teacher_dims else nn.Linear(shape.dims, teacher_dims)
        self.to_texts = nn.Linear(shape.dims, teacher_dims)

    def losses(self, batch: "Batch") -> dict[str, torch.Tensor]:
        """Return the losses of a batch: ``masked`` if pieces are hidden, ``words`` and ``texts`` if it has targets."""
        n_pieces = batch.pieces.shape[1]
        hidden = self.model.bert(
            batch.masked,
            attention_mask=(batch.pieces > 0).long(),
            position_ids=torch.arange(n_pieces)[None] + batch.offset,
        ).last_hidden_state
        found = {}
        if batch.is_masked.any():
            guesses = self.model.cls(hidden[batch.is_masked]).float()
            found["masked"] = F.cross_entropy(guesses, batch.pieces[batch.is_masked])
        if batch.word_targets is not None:
            words = self.to_words(word_means(hidden, batch.words, batch.n_words))
            texts = self.to_texts(text_means(hidden, batch.pieces))
            found["words"] = 1 - F.cosine_similarity(words.float(), batch.word_targets).mean()
            found["texts"] = 1 - F.cosine_similarity(texts.float(), batch.text_targets).mean()
        return found


@dataclass
class Batch:
    """What the student reads and what it should answer; see ``Passages`` for the shapes."""

    pieces: torch.Tensor
    masked: torch.Tensor
    is_masked: torch.Tensor
    words: torch.Tensor
    n_words: torch.Tensor
    word_targets: torch.Tensor | None
    text_targets: torch.Tensor | None
    offset: int = 0  # the first position; moved so that all positions are learnt


def mask(pieces: torch.Tensor, special: int, mask_piece: int, n_pieces: int, seed: int, only_mask: bool = False):
    """Return the pieces with some of them hidden, and which ones: numbers below ``special`` are never hidden.

    Parameters
    ----------
    pieces : Tensor of int, shape (n_passages, length)
    special : int
        Number of the first piece that is not a special one.
    mask_piece : int
        Number of [MASK].
    n_pieces : int
        Size of the vocabulary.
    seed : int
        The same seed hides the same pieces.
    only_mask : bool
        Put [MASK] everywhere (to measure), instead of in 80 % of the places (to train).

    Returns
    -------
    masked, is_masked : Tensor, shape (n_passages, length)
        At least one piece of the batch is hidden.
    """
    lot = torch.Generator().manual_seed(seed)
    chance = torch.rand(pieces.shape, generator=lot).masked_fill(pieces < special, 1.0)
    is_masked = chance <= max(MASKED, float(chance.min()))
    kind = torch.rand(pieces.shape, generator=lot)
    others = torch.randint(special, n_pieces, pieces.shape, generator=lot)
    masked = pieces.masked_fill(is_masked & (only_mask | (kind < 0.8)), mask_piece)
    if not only_mask:
        masked = torch.where(is_masked & (kind >= 0.9), others, masked)
    return masked, is_masked


def start_from_word2vec(student: Student, tokenizer: "Tokenizer", vectors: "KeyedVectors", seed: int = 0) -> int:
    """Set the rows of whole words in the token table from word2vec, turned into the table's dimensions and scaled.

    Returns
    -------
    int
        Number of rows that were set; the others keep their random start.
    """
    table = student.model.bert.embeddings.word_embeddings.weight
    vocabulary = tokenizer.get_vocab()
    words = [word for word in vocabulary if word in vectors.key_to_index]
    found = vectors[words]
    turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(table.shape[1], found.shape[1])))[0].T
    rows = (found - found.mean(0)) @ turn
    rows *= float(table.std()) / rows.std()
    with torch.no_grad():
        table[[vocabulary[word] for word in words]] = torch.from_numpy(rows.astype(np.float32))
    return len(words)


def start_from_teacher(
    student: Student, tokenizer: "Tokenizer", teacher: "BertModel", other: "Tokenizer", shape: Shape
):
    """Set token table, positions and layers from a teacher of the same width, and its strongest units.

    A piece that the teacher lacks starts as the mean of the teacher's pieces for it.
    """
    mine, theirs = student.model.bert, teacher.float()
    known = other.get_vocab()
    other.no_truncation(), other.no_padding()
    table = theirs.embeddings.word_embeddings.weight
    with torch.no_grad():
        for piece, number in tokenizer.get_vocab().items():
            numbers = (
                [known[piece]]
                if piece in known
                else other.encode(piece.removeprefix("##"), add_special_tokens=False).ids
            )
            mine.embeddings.word_embeddings.weight[number] = table[numbers].mean(0)
        mine.embeddings.position_embeddings.weight.copy_(theirs.embeddings.position_embeddings.weight[:POSITIONS])
        mine.embeddings.token_type_embeddings.load_state_dict(theirs.embeddings.token_type_embeddings.state_dict())
        mine.embeddings.LayerNorm.load_state_dict(theirs.embeddings.LayerNorm.state_dict())
        for layer, number in zip(mine.encoder.layer, shape.teacher_layers, strict=True):
            state = theirs.encoder.layer[number].state_dict()
            strength = state["intermediate.dense.weight"].norm(dim=1) * state["output.dense.weight"].norm(dim=0)
            kept = strength.topk(shape.feed_forward).indices.sort().values
            for name in ("intermediate.dense.weight", "intermediate.dense.bias"):
                state[name] = state[name][kept]
            state["output.dense.weight"] = state["output.dense.weight"][:, kept]
            layer.load_state_dict(state)


def n_parameters(folder: Path) -> int:
    """Return the number of weights in a folder's model.safetensors."""
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", "pt") as file:
        names = list(file.keys())
        return sum(int(np.prod(file.get_slice(name).get_shape())) for name in names)
