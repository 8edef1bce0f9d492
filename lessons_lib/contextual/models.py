"""Open a transformer by name or folder: tokeniser and network together, quiet, without a pooling layer."""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transformers import PreTrainedModel, PreTrainedTokenizerFast

PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True)
class Transformer:
    """A tokeniser and its network, ready to read text.

    Attributes
    ----------
    folder : Path
        Where both come from.
    tokenizer, network
        As transformers loads them.
    """

    folder: Path
    tokenizer: "PreTrainedTokenizerFast"
    network: "PreTrainedModel"

    @property
    def n_layers(self) -> int:
        """Number of layers; their outputs are numbered from 1, and 0 is what enters the first."""
        return self.network.config.num_hidden_layers

    @property
    def n_dims(self) -> int:
        """Numbers in a vector."""
        return self.network.config.hidden_size

    @property
    def longest(self) -> int:
        """Most pieces of a text, the marks at its ends included."""
        return min(self.network.config.max_position_embeddings, self.tokenizer.model_max_length)

    def table(self) -> "np.ndarray":  # noqa: F821 (imported where it is used)
        """Return the static input table, one row a piece, shape (n_pieces, n_dims), float32."""
        return self.network.get_input_embeddings().weight.detach().float().numpy()


def transformer_folder(model: str | Path) -> Path:
    """Return the folder of a model: of a bundled or fetched one by its name, or the folder that is given.

    Raises
    ------
    FileNotFoundError
        There is no such folder, or it holds no ``config.json``.
    """
    from lessons_lib.sources import model_folder

    folder = Path(model).expanduser()
    if isinstance(model, str) and "/" not in model and not folder.is_dir():
        folder = model_folder(model)
    if not (folder / "config.json").is_file():
        raise FileNotFoundError(
            f"{folder} holds no config.json. Give the folder of a Hugging Face model (config.json, model.safetensors, "
            "tokenizer.json), or the name of one that the course brings: mini-bert, cut-minilm."
        )
    return folder


def load_transformer(
    model: str | Path | Transformer = "mini-bert", precision: str = "float32", attention: str = "sdpa"
) -> Transformer:
    """Return a transformer; a second call with the same arguments returns the same object.

    Parameters
    ----------
    model : str, Path or Transformer
        Name or folder; a transformer that is open already is returned as it is.
    precision : str
        ``"float32"``; ``"bfloat16"``, half the memory and about twice as fast where the processor knows it;
        ``"auto"``: the second where the processor knows it, else the first.
    attention : str
        ``"sdpa"`` is fast; ``"eager"`` can also return the attention weights.

    Examples
    --------
    >>> mini_bert = load_transformer("mini-bert")
    >>> mini_bert.tokenizer.tokenize("Reading")
    ['reading']
    """
    if isinstance(model, Transformer):
        return model
    if precision not in PRECISIONS:
        raise ValueError(f"Precision {precision!r} is unknown. There are: {', '.join(PRECISIONS)}")
    if precision == "auto":
        precision = "bfloat16" if knows_bfloat16() else "float32"
    return _load(transformer_folder(model).resolve(), precision, attention)


@lru_cache(maxsize=6)
def _load(folder: Path, precision: str, attention: str) -> Transformer:
    import torch
    from transformers import AutoModel, AutoTokenizer

    with quiet():
        tokenizer = AutoTokenizer.from_pretrained(folder)
        network = AutoModel.from_pretrained(folder, dtype=getattr(torch, precision), attn_implementation=attention)
    return Transformer(folder, tokenizer, network.eval())


def knows_bfloat16() -> bool:
    """Tell whether this processor calculates in bfloat16 itself (others imitate it, which is slow)."""
    import torch

    capabilities = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


@contextmanager
def quiet() -> "Iterator[None]":
    """Keep transformers from printing loading bars and the report on weights that nobody uses here."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
