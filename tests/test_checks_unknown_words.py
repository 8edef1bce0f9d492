"""The checks of lesson 5: right answers pass, and each known mistake is called by its name."""

import numpy as np
import pytest

from lessons_lib import check

pytestmark = pytest.mark.usefixtures("own_home")


def known(kv, word):
    return word in kv.key_to_index


def first_form(kv, word, forms=(str, str.lower, str.capitalize)):
    return next((form(word) for form in forms if form(word) in kv.key_to_index), None)


def runs(text, n):
    return [text[i : i + n] for i in range(len(text) - n + 1)]


def ngram_rows(kv, word):
    from gensim.models.fasttext import ft_ngram_hashes

    return kv.vectors_ngrams[ft_ngram_hashes(word, kv.min_n, kv.max_n, kv.bucket)]


def mean_and_share(kv, words, divide_by_all=False, share=lambda n, m: n / m if m else 0.0):
    rows = [kv[word] for word in words if known(kv, word)]
    total = np.sum(rows, axis=0) if rows else np.zeros(2)
    return total / (len(words) if divide_by_all else max(1, len(rows))), share(len(words) - len(rows), len(words))


def cut(word, pieces, mark="##", longest=True, whole=True):
    found, start = [], 0
    while start < len(word):
        ends = range(len(word), start, -1) if longest else range(start + 1, len(word) + 1)
        end = next((e for e in ends if (mark if start else "") + word[start:e] in pieces), None)
        if end is None:
            return ["[UNK]"] if whole else [*found, "[UNK]"]
        found.append((mark if start else "") + word[start:end])
        start = end
    return found


MISTAKES = [
    ("05-1", lambda kv, ws: np.mean([known(kv, w) for w in set(ws)]), "different words"),
    ("05-1", lambda kv, ws: 1 - np.mean([known(kv, w) for w in ws]), "without a vector"),
    ("05-1", lambda kv, ws: sum(known(kv, w) for w in ws), "divide by all words"),
    ("05-1", lambda kv, ws: 100 * np.mean([known(kv, w) for w in ws]), "percentage"),
    ("05-1", lambda kv, ws: np.mean([w in kv for w in ws]), "ask key_to_index"),
    ("05-2", lambda kv, w: first_form(kv, w, (str.lower, str.capitalize)), "you change the word before you try it"),
    ("05-2", lambda kv, w: first_form(kv, w) or w, "return None"),
    ("05-2", lambda kv, w: kv[w] is not None and w, "KeyError"),
    ("05-3", runs, "marks < and > are missing"),
    ("05-3", lambda w, n: [f"<{w}>"[i : i + n] for i in range(len(w) + 2)], "shorter runs"),
    ("05-3", lambda w, n: runs(f"<{w}>", n)[:-1], "the last run is missing"),
    ("05-4", lambda kv, w: ngram_rows(kv, w).sum(axis=0), "that is the sum"),
    ("05-4", lambda kv, w: ngram_rows(kv, w).mean(axis=0), "its own vector is missing"),
    ("05-4", lambda kv, w: kv.vectors_vocab[kv.key_to_index[w]] if known(kv, w) else kv[w], "own vector alone"),
    ("05-5", lambda kv, ws: mean_and_share(kv, ws)[0], "Return two things"),
    ("05-5", lambda kv, ws: (np.mean([kv[w] for w in ws if known(kv, w)] or [[np.nan] * 2], axis=0),
                             mean_and_share(kv, ws)[1]), "not a number"),
    ("05-5", lambda kv, ws: mean_and_share(kv, ws, divide_by_all=True), "count as zeros"),
    ("05-5", lambda kv, ws: mean_and_share(kv, ws, share=lambda n, m: 1 - n / m if m else 0.0), "share of known words"),
    ("05-5", lambda kv, ws: mean_and_share(kv, ws, share=lambda n, m: n), "divide by all words"),
    ("05-6", lambda w, p: ["un", "##happy"] if w == "unhappy" else cut(w, p), "longest piece that fits"),
    ("05-6", lambda w, p: cut(w, p | {"s"}, mark="") if w == "happys" else cut(w, p), "marked ##"),
    ("05-6", lambda w, p: cut(w, p, whole=False), "the whole word is unknown"),
    ("05-7", lambda w: w, "at least 80% are asked for"),
    ("05-7", lambda w: "the", "Leave known words alone"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "diagnosis"), MISTAKES)
def test_known_mistakes_are_named(name, answer, diagnosis, capsys):
    check(name, answer)
    printed = capsys.readouterr().out
    assert printed.startswith(f"Not yet, {name}")
    assert diagnosis in printed.split("\nHint")[0]


def speller():
    from lessons_lib import load_vectors
    from lessons_lib.spelling import Speller

    return Speller(load_vectors("word2vec").index_to_key)


RIGHT = [
    ("05-1", lambda kv, ws: len([w for w in ws if known(kv, w)]) / len(ws)),
    ("05-2", first_form),
    ("05-3", lambda w, n: list(map("".join, zip(*(f"<{w}>"[k:] for k in range(n)), strict=False)))),
    ("05-4", lambda kv, w: kv[w]),
    ("05-5", mean_and_share),
    ("05-6", cut),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_other_right_answers_than_ours_pass(name, answer, capsys):
    check(name, answer)
    assert capsys.readouterr().out.startswith(f"Solved, {name}")


def test_a_speller_passes_and_hears_its_score(capsys):
    own = speller()
    check("05-7", lambda word: word if word in own.words[:30_000] else own.one_slip(word) or word)
    printed = capsys.readouterr().out
    assert printed.startswith("Solved, 05-7")
    assert "common misspellings are put right" in printed
