"""``data/text/senses.csv``: sentences with an ambiguous noun, written one by one, hold what their card promises.

The numbers below are the promise. A sentence that breaks one is rewritten in the file; the number stays.
"""

import csv
from collections import Counter, defaultdict
from functools import cache
from itertools import combinations
from pathlib import Path

from gensim.parsing.porter import PorterStemmer
from gensim.parsing.preprocessing import STOPWORDS

from lessons_lib.text import tokenise

PATH = Path(__file__).parents[1] / "data" / "text" / "senses.csv"
COLUMNS = ["id", "word", "sense", "gloss", "text", "position", "form"]
PLURALS = {"bass": "bass", "match": "matches", "mouse": "mice", "pitch": "pitches"}  # the others add an s

WORDS = 20
SENTENCES = 660  # at least
SENTENCES_A_SENSE = range(16, 19)
TOKENS = range(8, 31)
GLOSS_WORDS = 8  # at most
PLURAL_SHARE = 0.25  # at most, of the sentences of a sense
CUE_ROWS = 3  # at most, of the sentences of a sense: one content word
SHARED_CONTENT = 0.5  # at most, of the content words of the shorter of two sentences
DISTINCT_FOUR_GRAMS = 0.95  # at least
FUNCTION_WORDS = STOPWORDS - {"bill", "bottom", "computer", "cry", "empty", "fill", "find", "fire", "front", "full"}
FUNCTION_WORDS -= {"interest", "mill", "move", "side", "system", "thick", "thin", "top"}  # gensim's list is generous


@cache
def rows() -> tuple[dict[str, str], ...]:
    """Return the rows of the file, in order."""
    with open(PATH, encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def senses() -> dict[tuple[str, str], list[dict[str, str]]]:
    """Return the rows of each (word, sense)."""
    groups = defaultdict(list)
    for row in rows():
        groups[row["word"], row["sense"]].append(row)
    return dict(groups)


def content_words(row: dict[str, str]) -> set[str]:
    """Return the stems of the words around the target, without function words and numbers."""
    around = (token for i, token in enumerate(tokenise(row["text"])) if i != int(row["position"]))
    return {PorterStemmer().stem(token) for token in around if token not in FUNCTION_WORDS and token[0].isalpha()}


def four_grams(text: str) -> list[tuple[str, ...]]:
    """Return the runs of four words of ``text``."""
    tokens = tokenise(text)
    return list(zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False))


def test_columns_and_counts():
    assert list(rows()[0]) == COLUMNS
    assert len({row["word"] for row in rows()}) == WORDS
    assert len(rows()) >= SENTENCES
    assert {key: len(group) for key, group in senses().items() if len(group) not in SENTENCES_A_SENSE} == {}
    senses_of_word = Counter(word for word, _ in senses())
    assert {word: n for word, n in senses_of_word.items() if n not in (2, 3)} == {}


def test_ids_number_the_sentences_of_each_sense():
    for (word, sense), group in senses().items():
        assert [row["id"] for row in group] == [f"{word}-{sense}-{n:02d}" for n in range(1, len(group) + 1)]


def test_texts_are_unique_and_clean():
    texts = [row["text"] for row in rows()]
    assert [text for text, n in Counter(text.casefold() for text in texts).items() if n > 1] == []
    assert [text for text in texts if text != " ".join(text.split())] == []
    assert {row["id"]: n for row in rows() if (n := len(tokenise(row["text"]))) not in TOKENS} == {}


def test_target_stands_once_where_the_row_says():
    for row in rows():
        forms = {row["word"], PLURALS.get(row["word"], row["word"] + "s")}
        found = [(i, token) for i, token in enumerate(tokenise(row["text"])) if token in forms]
        assert found == [(int(row["position"]), row["form"])], row["id"]


def test_each_sense_has_one_short_gloss_that_does_not_name_the_word():
    for (word, sense), group in senses().items():
        glosses = {row["gloss"] for row in group}
        assert len(glosses) == 1, (word, sense, glosses)
        tokens = tokenise(glosses.pop())
        assert 1 <= len(tokens) <= GLOSS_WORDS and word not in tokens, (word, sense, tokens)


def test_plurals_are_few():
    for key, group in senses().items():
        assert sum(row["form"] != row["word"] for row in group) <= PLURAL_SHARE * len(group), key


def test_no_word_gives_a_sense_away():
    for key, group in senses().items():
        cues = Counter(stem for row in group for stem in content_words(row))
        assert {stem: n for stem, n in cues.items() if n > CUE_ROWS} == {}, key


def test_no_two_sentences_share_more_than_half_of_their_content_words():
    words = {row["id"]: content_words(row) for row in rows()}
    assert [name for name, found in words.items() if len(found) < 2] == []
    near = {(a, b): words[a] & words[b] for a, b in combinations(words, 2)}
    assert {p: w for p, w in near.items() if len(w) > SHARED_CONTENT * min(len(words[p[0]]), len(words[p[1]]))} == {}


def test_wording_does_not_repeat_itself():
    grams = [gram for row in rows() for gram in four_grams(row["text"])]
    assert len(set(grams)) >= DISTINCT_FOUR_GRAMS * len(grams)
