"""A small WordPiece tokenizer trained on the spot, and vectors for its pieces."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

UNKNOWN = "[UNK]"
CONTINUES = "##"  # before a piece that does not begin a word


def train_wordpiece(texts: Iterable[str], size: int) -> "Tokenizer":
    """Return a WordPiece tokenizer with a vocabulary of about ``size`` pieces, trained on ``texts``.

    Texts are cut at white space and between letters and punctuation; give them in lower case if case should not count.

    Parameters
    ----------
    texts : iterable of str
    size : int
        Number of pieces; all characters of the texts stay in, as beginnings or inside of words, wherever they occurred.

    Examples
    --------
    >>> tokenizer = train_wordpiece(["low lower lowest", "new newer newest"], 30)
    >>> tokenizer.encode("lowest newer").tokens
    ['lowest', 'newer']
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    if size < 2:
        raise ValueError(f"A vocabulary of {size} pieces is too small: give at least the number of characters.")
    tokenizer = Tokenizer(models.WordPiece(unk_token=UNKNOWN, max_input_chars_per_word=100))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.WordPieceTrainer(vocab_size=size, special_tokens=[UNKNOWN], show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def pieces_of(tokenizer: "Tokenizer", word: str) -> list[str]:
    """Return the pieces of one word.

    Examples
    --------
    >>> pieces_of(train_wordpiece(["low lower lowest"], 30), "low")
    ['low']
    """
    return tokenizer.encode(word).tokens
