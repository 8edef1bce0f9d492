"""Step bert, part 4: the training loop, which can be interrupted and goes on from its last checkpoint."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from authoring.pretrain.bert_model import POSITIONS, Batch, Student, mask
from authoring.pretrain.bert_text import LENGTH, SPECIAL, Passages
from authoring.pretrain.files import write_atomically

MASK_PIECE = SPECIAL.index("[MASK]")
TOPIC = 1.0  # weight of the passage's vector in the target of each of its words; see tried.jsonl for what it is worth


@dataclass(frozen=True)
class Plan:
    """How long and how fast to train; ``tokens`` counts pieces, without padding."""

    tokens: int
    learning_rate: float = 1e-3
    batch: int = 32
    warm_up: float = 0.05  # share of the steps
    seed: int = 0
    distil: bool = True
    weight_masked: float = 0.1  # the two cosine losses have weight 1
    checkpoint_every: int = 100  # steps

    def rate(self, step: int, steps: int) -> float:
        """Return the factor on the learning rate: up to 1 during the warm-up, then down to 0 in a straight line."""
        rise = max(1, int(self.warm_up * steps))
        return min((step + 1) / rise, (steps - step) / max(1, steps - rise))


def _scale(targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and spread of each dimension: a direction that all targets share would hide their differences."""
    some = np.asarray(targets[:50_000], dtype=np.float32)
    some = some[some.any(axis=1)]  # rows that are not computed yet hold zeros
    return some.mean(0), some.std(0) + 1e-3


def _unit(targets: np.ndarray, centre: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Return centred and scaled rows of length 1, float32."""
    scaled = (targets.astype(np.float32) - centre) / spread
    return scaled / np.linalg.norm(scaled, axis=1, keepdims=True)


class Reader:
    """Gives batches of neighbouring passages, in a new order each epoch, with the teacher's answers if wanted.

    Without ``hide`` every piece is shown: nothing is learnt about masked pieces, and more about words.
    """

    def __init__(self, passages: Passages, folder: Path, rows: np.ndarray, distil: bool, hide: bool = True) -> None:
        self.passages, self.rows, self.n_pieces = passages, rows, int(passages.pieces.max()) + 1
        self.hide = hide
        self.starts = np.concatenate([[0], np.cumsum(passages.n_words, dtype=np.int64)])
        self.word_targets = self.text_targets = None
        if distil:
            self.word_targets = np.load(folder / "word_targets.npy", mmap_mode="r")
            self.text_targets = np.load(folder / "text_targets.npy", mmap_mode="r")
            self.of_words, self.of_texts = (_scale(targets) for targets in (self.word_targets, self.text_targets))

    def batch(self, step: int, size: int, seed: int) -> Batch:
        """Return batch number ``step``."""
        per_epoch = max(1, len(self.rows) // size)
        epoch, place = divmod(step, per_epoch)
        first = int(np.random.default_rng([seed, epoch]).permutation(per_epoch)[place]) * size
        offset = 0 if step % 4 else int(np.random.default_rng([seed, step]).integers(0, POSITIONS - LENGTH + 1))
        return self.read(self.rows[first : first + size], seed * 1_000_003 + step, offset=offset)

    def read(self, rows: np.ndarray, seed: int, only_mask: bool = False, offset: int = 0) -> Batch:
        """Return the passages ``rows`` as a batch."""
        pieces, words, n_words = (
            torch.from_numpy(array[rows].astype(np.int64))
            for array in (self.passages.pieces, self.passages.words, self.passages.n_words)
        )
        longest = int((pieces > 0).sum(1).max())
        pieces, words = pieces[:, :longest], words[:, :longest]
        if self.hide:
            masked, is_masked = mask(pieces, len(SPECIAL), MASK_PIECE, self.n_pieces, seed, only_mask)
        else:
            masked, is_masked = pieces, torch.zeros_like(pieces, dtype=torch.bool)
        word_targets = text_targets = None
        if self.word_targets is not None:
            found = np.concatenate([self.word_targets[self.starts[row] : self.starts[row + 1]] for row in rows])
            text_targets = torch.from_numpy(_unit(self.text_targets[rows], *self.of_texts))
            word_targets = torch.from_numpy(_unit(found, *self.of_words))
            word_targets += TOPIC * text_targets.repeat_interleave(n_words, dim=0)
        return Batch(pieces, masked, is_masked, words, n_words, word_targets, text_targets, offset)


def perplexity(student: Student, reader: Reader, rows: np.ndarray) -> float:
    """Return the perplexity of masked pieces on the passages ``rows``: 15 % are hidden, always the same ones."""
    total, count = 0.0, 0
    with torch.inference_mode():
        for start in range(0, len(rows), 64):
            batch = reader.read(rows[start : start + 64], seed=start, only_mask=True)
            batch.word_targets = None
            hidden = int(batch.is_masked.sum())
            total += float(student.losses(batch)["masked"]) * hidden
            count += hidden
    return float(np.exp(total / count))


def train(student: Student, reader: Reader, plan: Plan, folder: Path, name: str) -> list[dict]:
    """Train ``student`` as ``plan`` says and return the log: losses against pieces seen, a line each 50 steps.

    ``folder/name.pt`` keeps the state; an interrupted run with the same plan goes on from it.
    """
    tokens_per_step = plan.batch * float((reader.passages.pieces[reader.rows] > 0).sum(1).mean())
    steps = max(1, int(plan.tokens / tokens_per_step))
    optimiser = torch.optim.AdamW(student.parameters(), lr=plan.learning_rate, weight_decay=0.01, betas=(0.9, 0.98))
    first, seconds, log, sums = 0, 0.0, [], {}
    checkpoint = folder / f"{name}.pt"
    shapes = {key: list(value.shape) for key, value in student.state_dict().items()}
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        if state["plan"] == asdict(plan) and state["shapes"] == shapes:
            student.load_state_dict(state["student"])
            optimiser.load_state_dict(state["optimiser"])
            first, seconds, log = state["step"], state["seconds"], state["log"]
    began = time.perf_counter() - seconds
    bar = tqdm(range(first, steps), desc=name, initial=first, total=steps, mininterval=5)
    for step in bar:
        for group in optimiser.param_groups:
            group["lr"] = plan.learning_rate * plan.rate(step, steps)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            losses = student.losses(reader.batch(step, plan.batch, plan.seed))
        loss = sum(
            value * (plan.weight_masked if key == "masked" and plan.distil else 1) for key, value in losses.items()
        )
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimiser.step()
        sums = {key: sums.get(key, 0.0) + float(value.detach()) for key, value in losses.items()}
        if (step + 1) % 50 == 0 or step + 1 == steps:
            shown = {key: round(value / (step % 50 + 1), 4) for key, value in sums.items()}
            log.append(
                {"tokens": round((step + 1) * tokens_per_step), "seconds": round(time.perf_counter() - began), **shown}
            )
            sums = {}
            bar.set_postfix(shown, refresh=False)
        if (step + 1) % plan.checkpoint_every == 0 or step + 1 == steps:
            state = {"plan": asdict(plan), "student": student.state_dict(), "optimiser": optimiser.state_dict()}
            state |= {"shapes": shapes, "step": step + 1, "seconds": time.perf_counter() - began, "log": log}
            with write_atomically(checkpoint) as temporary:
                torch.save(state, temporary)
            with write_atomically(folder / f"{name}.log.json") as temporary:
                temporary.write_text(json.dumps(log))
    return log
