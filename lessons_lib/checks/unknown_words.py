"""Checks of lesson 5: the learner's functions are tried on small cases that can be computed by hand, or on gensim."""

from typing import Any

import numpy as np

from lessons_lib.checks import Wrong, call, exercise, expect

FIXED_BAR = 0.8  # share of common misspellings to put right; looking for one slip reaches more
KEPT_BAR = 0.95  # share of right words to leave alone


def toy_vectors() -> Any:
    """Return KeyedVectors of seven words in two dimensions, made by hand."""
    from gensim.models import KeyedVectors

    rows = {"good": (1, 0), "film": (0, 1), "dull": (-1, 0), "The": (0, 2), "us": (1, 1), "US": (2, 1), "café": (3, 1)}
    toy = KeyedVectors(2)
    toy.add_vectors(list(rows), np.array(list(rows.values()), dtype=np.float32))
    return toy


@exercise(
    "05-1",
    "Go through the words of the text one by one; there are as many answers as words.",
    "Count a word each time it occurs: running words, not different ones.",
    "Divide the number of words with `word in vectors.key_to_index` by the number of words.",
)
def token_coverage(answer: Any) -> None:
    """Ask for the share of running words with a vector."""
    toy, words = toy_vectors(), ["good", "good", "good", "film", "awful", "awful", "plot"]
    wrong = {
        "that is the share of the different words: count a word each time it occurs.": 0.5,
        "that is the share of words without a vector.": 3 / 7,
        "that is a number of words: divide by all words.": 4,
        "that is a percentage: give a share between 0 and 1.": 400 / 7,
        "you count all words above and the different ones below: divide by all words.": 1.0,
        "you count the different words above and all words below: count each word as often as it occurs.": 2 / 7,
    }
    expect(call(answer, toy, words), 4 / 7, f"For {words}", wrong)

    class MakesUp(type(toy)):  # like fastText: `in` says yes to everything
        def __contains__(self, word: str) -> bool:
            return True

    everything = MakesUp(2)
    everything.add_vectors(toy.index_to_key, toy.vectors)
    where = "For vectors that can make up any word, like fastText's,"
    expect(call(answer, everything, words), 4 / 7, where, {"`in vectors` is always true: ask key_to_index.": 1.0})


@exercise(
    "05-2",
    "Try the word as it stands before you change anything.",
    "Then try word.lower(), then word.capitalize(); return the first form that is in vectors.key_to_index.",
    "If no form is known, return None.",
)
def first_known_form(answer: Any) -> None:
    """Ask for a small ladder: as written, lower case, capital."""
    toy = toy_vectors()
    asked = [("good", "good"), ("US", "US"), ("FILM", "film"), ("Café", "café"), ("the", "The"), ("us", "us")]
    for word, right in asked:
        try:
            found = answer(toy, word) if word != "good" else call(answer, toy, word)  # None is an answer, later on
        except KeyError as error:
            raise Wrong(f"For {word!r} a lookup raises KeyError: ask key_to_index before you look up.") from error
        if found is None:
            raise Wrong(f"For {word!r} you return None, but {right!r} is known: go on to the next form.")
        if not isinstance(found, str):
            raise Wrong(f"For {word!r} you return {type(found).__name__}: return the form of the word that is known.")
        wrong = {} if word != right else {"you change the word before you try it as it is.": word.lower()}
        expect(found, right, f"For {word!r} with the known words {toy.index_to_key}", wrong)
    if (found := answer(toy, "plot")) is not None:
        raise Wrong(f"For 'plot', which has no vector in any form, you return {found!r}: return None.")


@exercise(
    "05-3",
    "Put < before the word and > behind it, then take all runs of 3 characters.",
    "A text of m characters has m - n + 1 runs of n characters.",
    "marked[start : start + n] for start in range(len(marked) - n + 1).",
)
def ngrams_of(answer: Any) -> None:
    """Ask for the n-grams of one length of a word with its marks."""
    for word, n, right in (("whale", 3, ["<wh", "wha", "hal", "ale", "le>"]), ("a", 3, ["<a>"]), ("ox", 5, [])):
        marked = f"<{word}>"
        runs = lambda text, n=n: [text[i : i + n] for i in range(len(text) - n + 1)]  # noqa: E731
        short = [marked[i : i + n] for i in range(len(marked))]
        wrong = {
            "the marks < and > are missing.": runs(word),
            "at the end there are shorter runs: stop n characters before the end.": short,
            "the last run is missing: range() stops one before its end.": runs(marked)[:-1],
            "the last two runs are missing: count the places of the word with its marks.": runs(marked)[:-2],
        }
        found = call(answer, word, n)
        if not isinstance(found, list):
            raise Wrong(f"For {word!r} you return {type(found).__name__}: return a list, so that the order is kept.")
        _expect_list(found, right, f"For {word!r} and n = {n}", wrong)


def _expect_list(found: list, right: list, where: str, wrong: dict[str, list]) -> None:
    """Compare lists of text of any lengths; name the mistake if the result is that of a known mistake."""
    if found != right:
        named = next((text for text, mistake in wrong.items() if found == mistake), f"{right} is expected.")
        raise Wrong(f"{where} you return {found}: {named}")


@exercise(
    "05-4",
    "Only the buckets of the n-grams count for an unknown word; for a known one its own vector is one more.",
    "gensim has the row of the word's own vector in fasttext.vectors_vocab and those of n-grams in vectors_ngrams.",
    "ft_ngram_hashes(word, fasttext.min_n, fasttext.max_n, fasttext.bucket) gives the buckets; divide by their number, "
    "plus one if the word is known.",
)
def fasttext_vector(answer: Any) -> None:
    """Ask for fastText's vector of known and unknown words."""
    from gensim.models.fasttext import ft_ngram_hashes

    from lessons_lib.bundled import load_vectors

    fasttext = load_vectors("fasttext")
    for word in ("whalez", "señorita", "whale"):
        buckets = fasttext.vectors_ngrams[ft_ngram_hashes(word, fasttext.min_n, fasttext.max_n, fasttext.bucket)]
        wrong = {"that is the sum: divide by the number of vectors.": buckets.sum(axis=0)}
        if word in fasttext.key_to_index:
            own = fasttext.vectors_vocab[fasttext.key_to_index[word]]
            wrong |= {
                "the word is known, and its own vector is missing in the mean.": buckets.mean(axis=0),
                "that is the word's own vector alone: its n-grams belong to it too.": own,
                "you divide by the number of n-grams; with the word's own vector there is one more.": (
                    buckets.sum(axis=0) + own
                )
                / len(buckets),
                "you give the word's own vector one half: it weighs no more than each n-gram.": (
                    buckets.mean(axis=0) + own
                )
                / 2,
            }
        try:
            found = call(answer, fasttext, word)
        except KeyError as error:
            raise Wrong(f"For {word!r} a lookup raises KeyError: an unknown word has no row of its own.") from error
        expect(found, fasttext[word], f"For {word!r}", wrong)


@exercise(
    "05-5",
    "Print the two means for 'good film' and 'dull film', with vectors that do not know dull. Are they different?",
    "A word that is left out without a trace cannot be told from a word that was never there.",
    "Count the words without a vector and return the share of them beside the mean: mean, n_unknown / n_words.",
)
def mean_with_warning(answer: Any) -> None:
    """Ask for the mean vector and the share of words that went missing."""
    toy = toy_vectors()
    for words, mean, share in (
        (["good", "film"], (0.5, 0.5), 0.0),
        (["awful", "film"], (0.0, 1.0), 0.5),
        (["awful", "plot"], (0.0, 0.0), 1.0),
        ([], (0.0, 0.0), 0.0),
    ):
        result = call(answer, toy, words)
        if not isinstance(result, tuple | list) or len(result) != 2:
            raise Wrong("Return two things: the mean vector, and the share of words that have no vector.")
        found, missing = result
        if np.isnan(np.asarray(found, dtype=float)).any():
            raise Wrong(f"For {words} the mean is not a number: there is nothing to average. Return zeros then.")
        divided = np.array(mean) * (1 - share)
        wrong = {"unknown words count as zeros and shrink the mean: average over the known ones.": divided}
        expect(found, np.array(mean), f"For {words} the mean:", wrong if share and share < 1 else None)
        number = share * len(words)
        wrong = {"that is the share of known words.": 1 - share, "that is a number: divide by all words.": number}
        expect(missing, share, f"For {words} the share without a vector:", wrong)


@exercise(
    "05-6",
    "At every place try the longest rest of the word first, then one letter less, and so on.",
    "Behind the first piece, look for '##' + letters in the list.",
    "If not even one letter fits, the whole word is ['[UNK]'].",
)
def wordpiece(answer: Any) -> None:
    """Ask for greedy cutting of words with a small list of pieces."""
    pieces = {"un", "unh", "##happy", "##app", "##y", "##h", "##a", "##p", "happy", "h", "s", "##s", "u"}
    asked = {"happy": ["happy"], "happys": ["happy", "##s"], "unhappy": ["unh", "##app", "##y"], "unx": ["[UNK]"]}
    for word, right in asked.items():
        found = call(answer, word, pieces)
        if isinstance(found, str):
            raise Wrong(f"For {word!r} you return the text {found!r}: return a list of pieces, even of one.")
        found = list(found)
        wrong = {
            "you take the shortest piece that fits: try the longest first.": ["h", "##a", "##p", "##p", "##y"],
            "take the longest piece that fits, even if a shorter one would give a nicer cut.": ["un", "##happy"],
            "pieces inside a word are marked ##: look for the marked form.": ["happy", "s"],
            "when a part does not fit, the whole word is unknown: return ['[UNK]'] alone.": ["un", "[UNK]"],
        }
        _expect_list(found, right, f"For {word!r} with the pieces {sorted(pieces)}", wrong)


@exercise(
    "05-7",
    "Begin with all words that are one slip away from the mistyped one: letters left out, added, swapped, replaced.",
    "If several are known, take the most frequent: the lower number in key_to_index.",
    "A word that is known, or that nothing known resembles, goes back unchanged.",
)
def corrector(answer: Any) -> str:
    """Count how many common misspellings are put right, and how many right words are left alone."""
    from lessons_lib.bundled import load_vectors
    from lessons_lib.texts import misspellings

    known = load_vectors("word2vec").key_to_index
    table = misspellings()
    table = table[table.word.isin(known.keys()) & ~table.misspelling.isin(known.keys())]
    right_words = list(known)[500:2000:15]
    kept = np.mean([call(answer, word) == word for word in right_words])
    if kept < KEPT_BAR:
        example = next(word for word in right_words if answer(word) != word)
        raise Wrong(f"You change {1 - kept:.0%} of words that are right: {example!r} becomes {answer(example)!r}. "
                    "Leave known words alone.")  # fmt: skip
    made = [answer(slip) for slip in table.misspelling]
    fixed = np.mean([found == word for found, word in zip(made, table.word, strict=True)])
    if fixed < FIXED_BAR:
        missed = zip(table.misspelling, made, table.word, strict=True)
        slip, found, word = next(row for row in missed if row[1] != row[2])
        raise Wrong(f"{fixed:.0%} of {len(table)} misspellings are put right; at least {FIXED_BAR:.0%} are asked for. "
                    f"{slip!r} becomes {found!r}, and {word!r} was meant.")  # fmt: skip
    return f"Right: {fixed:.0%} of {len(table)} common misspellings are put right."
