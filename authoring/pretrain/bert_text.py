"""Step bert, part 1: running text becomes passages of WordPiece numbers, for the student and for its teacher.

    ../shared/data/enwiki-*.jsonl.xz -> build/pretrain/bert/tokenizer.json   8,000 pieces, lower case
                                        build/pretrain/bert/passages.npz     numbers of the pieces, passage by passage

A BERT reads text as it is written, with commas and full stops; so this step goes back to the articles instead of
reading corpus.txt. The articles left out there are left out here too.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from tqdm import tqdm

from authoring.pretrain import corpus
from authoring.pretrain.files import SHARED, write_atomically
from lessons_lib.text import split_sentences, tokenise
from lessons_lib.wikipedia import gensim_articles

PIECES = 8_000  # size of the WordPiece vocabulary
LENGTH = 64  # pieces a passage, [CLS] and [SEP] included
SHARE = 0.14  # of the articles; 1 reads them all
BLOCK = 2_048  # passages
HELD_OUT = 0.02  # of the passages, from the last articles: for the perplexity
SEED = 20_261
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


@dataclass
class Passages:
    """Passages as arrays; ``pieces`` and ``teacher_pieces`` have shape (n_passages, LENGTH), 0 is padding.

    ``words`` and ``teacher_words`` give the number of the word (0, 1, ...) that a piece belongs to, -1 for none;
    ``n_words`` counts the words of each passage that both tokenisers kept whole.
    """

    pieces: np.ndarray
    words: np.ndarray
    teacher_pieces: np.ndarray
    teacher_words: np.ndarray
    n_words: np.ndarray

    @classmethod
    def load(cls, path: Path) -> "Passages":
        """Read the arrays from a file that ``save`` wrote."""
        with np.load(path) as arrays:
            return cls(**{field.name: arrays[field.name] for field in fields(cls)})

    def save(self, path: Path) -> None:
        """Write the arrays to one ``.npz`` file."""
        with write_atomically(path) as temporary, open(temporary, "wb") as file:
            np.savez(file, **{field.name: getattr(self, field.name) for field in fields(self)})

    def arranged(self, seed: int) -> "Passages":
        """Return the passages shuffled, then sorted by length inside each ``BLOCK``: neighbours need little padding.

        The last ones, which are held out, are only sorted, so that no article is in both parts.
        """
        train, held_out = self.split()
        shuffled = np.random.default_rng(seed).permutation(train)
        blocks = [*np.array_split(shuffled, max(1, len(shuffled) // BLOCK)), held_out]
        lengths = (self.pieces > 0).sum(axis=1)
        order = np.concatenate([block[np.argsort(lengths[block], kind="stable")] for block in blocks])
        return Passages(**{field.name: getattr(self, field.name)[order] for field in fields(self)})

    def split(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the numbers of the passages to train on and of those held out (the last ones)."""
        n_held_out = max(1, int(len(self.pieces) * HELD_OUT))
        return np.split(np.arange(len(self.pieces)), [len(self.pieces) - n_held_out])


def read_sentences(share: float, sample: int | None = None) -> Iterator[list[str]]:
    """Yield the sentences of one article after another, as written; articles are drawn by a seeded lot."""
    unseen = gensim_articles()
    fingerprints = corpus.long_sentences(unseen)
    for number, path in enumerate(sorted(SHARED.glob("enwiki-*.jsonl.xz"))):
        lot = random.Random(SEED + number)
        for article in islice(corpus.read_articles(path), sample):
            if (sample is None and lot.random() >= share) or article["title"] in unseen:
                continue
            sentences = ((text, tokenise(text)) for text in split_sentences(corpus.clean(article["text"])))
            yield [
                text
                for text, words in sentences
                if len(words) >= corpus.MIN_SENTENCE and " ".join(words) not in fingerprints
            ]


def train_tokenizer(sentences: list[str], size: int = PIECES) -> Tokenizer:
    """Return a lower-case WordPiece tokeniser with ``size`` pieces, learnt from the sentences."""
    from tokenizers import decoders, normalizers, pre_tokenizers, processors, trainers
    from tokenizers.models import WordPiece

    tokenizer = Tokenizer(WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    alphabet = 300  # letters and signs; rarer ones (of other scripts) become [UNK]
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, special_tokens=SPECIAL, limit_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(sentences, trainer)
    ends = [(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
    return tokenizer


def pack(articles: list[list[str]], tokenizer: Tokenizer) -> Iterator[str]:
    """Yield passages: neighbouring sentences of an article, joined as long as they fit into ``LENGTH`` pieces."""
    for sentences in articles:
        passage, used = [], 2  # [CLS] and [SEP]
        encodings = tokenizer.encode_batch_fast(sentences, add_special_tokens=False)
        for sentence, n_pieces in zip(sentences, map(len, encodings), strict=True):
            if passage and used + n_pieces > LENGTH:
                yield " ".join(passage)
                passage, used = [], 2
            passage.append(sentence)
            used += n_pieces
        if passage:
            yield " ".join(passage)


def _numbers(texts: list[str], tokenizer: Tokenizer) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pieces, their words, and the number of whole words of each text (one cut off at the end is none)."""
    tokenizer.enable_truncation(LENGTH)
    tokenizer.enable_padding(length=LENGTH)
    encodings = tokenizer.encode_batch(texts)
    pieces = np.array([encoding.ids for encoding in encodings], dtype=np.uint16)
    words = np.array([[-1 if w is None else w for w in encoding.word_ids] for encoding in encodings], dtype=np.int16)
    cut_off = np.array([bool(encoding.overflowing) for encoding in encodings])
    return pieces, words, words.max(axis=1) + 1 - cut_off


def encode(texts: list[str], student: Tokenizer, teacher: Tokenizer) -> Passages:
    """Return the passages as numbers for both models; the words of both are the same, the pieces are not."""
    parts = []
    for start in tqdm(range(0, len(texts), 2048), desc="passages to pieces", unit_scale=2048):
        batch = texts[start : start + 2048]
        pieces, words, kept = _numbers(batch, student)
        teacher_pieces, teacher_words, teacher_kept = _numbers(batch, teacher)
        n_words = np.minimum(kept, teacher_kept).astype(np.int16)
        parts.append((pieces, words, teacher_pieces, teacher_words, n_words))
    return Passages(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def build(folder: Path, teacher: Tokenizer, sample: int | None = None, share: float = SHARE) -> dict:
    """Write tokenizer.json and passages.npz into ``folder`` and return what was read, for the log."""
    articles = list(tqdm(read_sentences(share, sample), desc="articles", unit=" articles"))
    sentences = [sentence for article in articles for sentence in article]
    tokenizer = train_tokenizer(sentences, PIECES if sample is None else 1_000)
    with write_atomically(folder / "tokenizer.json") as temporary:
        tokenizer.save(str(temporary))
    passages = encode(list(pack(articles, tokenizer)), tokenizer, teacher).arranged(SEED)
    passages.save(folder / "passages.npz")
    report = {
        "articles": len(articles),
        "sentences": len(sentences),
        "passages": len(passages.pieces),
        "pieces": int((passages.pieces > 0).sum()),
        "words": int(passages.n_words.sum()),
        "vocabulary": tokenizer.get_vocab_size(),
    }
    with write_atomically(folder / "passages.json") as temporary:
        temporary.write_text(json.dumps(report, indent=2), encoding="utf-8")
    return report
