"""``data/text/reviews.csv`` and ``other_language.csv``: reviews written one by one hold what their cards promise.

The numbers below are the promise. A review that breaks one is rewritten in the file; the number stays.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from gensim.parsing.porter import PorterStemmer
from gensim.parsing.preprocessing import STOPWORDS
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from authoring.baselines.classification import hits_of, tuned_models
from lessons_lib.bundled import bundled_path
from lessons_lib.text import tokenise
from lessons_lib.texts import other_language, reviews

DOMAINS = ["books", "courses", "films", "gadgets", "public services", "restaurants", "software", "travel"]
STYLES = {"plain", "ironic", "mixed", "negated", "comparative"}
TRAIN, UNSEEN = 75, 10  # reviews of a label in a domain; unseen ones are in the test part
ORDINARY = ({"positive": 23, "negative": 22}, {"positive": 22, "negative": 23})  # test ones; in every second domain
WORDS = range(8, 41)  # as a person counts them: by spaces
SHARED_CONTENT = 0.5  # at most, of the content words of the shorter of two reviews
DISTINCT_FOUR_GRAMS = 0.9  # at least
SAME_OPENING = 3  # reviews of a domain that begin with the same three words, at most
RESERVED_WORD = 2  # reviews of a domain that lean on the same reserved word, at most
TRIVIAL = 0.6  # accuracy that length, punctuation and domain may reach
ORDINARY_TFIDF = (0.72, 0.90)  # accuracy of TF-IDF + logistic regression where the words are known
UNSEEN_TFIDF = (0.40, 0.60)  # and where they are not: chance, give or take two standard errors of 160 reviews
CHOSEN_C = 10  # by cross-validation; choosing it again would take a quarter of a minute

# The words that carry the sentiment of unseen reviews, and that no other review may use in any form.
RESERVED = {
    "positive": """superb marvellous marvelous splendid delightful exquisite flawless impeccable terrific magnificent
        sublime gorgeous dazzling outstanding stellar fabulous heavenly phenomenal exemplary refreshing masterpiece
        gem triumph enchanting remarkable admirable elegant joyful thrilling blissful""".split(),
    "negative": """dreadful appalling abysmal atrocious shoddy lousy horrendous dismal mediocre pathetic wretched
        hideous ghastly miserable disgraceful deplorable farce fiasco shambles vile repulsive insulting tedious dire
        inept gruesome horrid obnoxious clumsy bleak""".split(),
}

stem = cache(PorterStemmer().stem)
RESERVED_STEMS = {label: {stem(word) for word in words} for label, words in RESERVED.items()}


def stems(text: str) -> set[str]:
    """Return the stems of the words of ``text``."""
    return {stem(token) for token in tokenise(text)}


def content_words(text: str) -> set[str]:
    """Return the stems of an English text without function words and numbers."""
    return {stem(token) for token in tokenise(text) if token not in STOPWORDS and token[0].isalpha()}


def long_words(text: str) -> set[str]:
    """Return the words of more than three letters, which leaves out most function words of Spanish and French."""
    return {token for token in tokenise(text) if len(token) > 3}


def near_duplicates(table: pd.DataFrame, words_of: Callable[[str], set[str]]) -> list[tuple[str, str]]:
    """Return the ids of all pairs that share more than SHARED_CONTENT of the content words of the shorter one."""
    counts = CountVectorizer(analyzer=words_of, binary=True).fit_transform(table.text)
    sizes = np.asarray(counts.sum(axis=1)).ravel()
    shared = np.triu((counts @ counts.T).toarray(), k=1)
    pairs = np.argwhere(shared > SHARED_CONTENT * np.minimum.outer(sizes, sizes))
    return [(table.id.iloc[a], table.id.iloc[b]) for a, b in pairs]


def distinct_four_grams(texts: pd.Series) -> float:
    """Return the share of different ones among all runs of four words."""
    runs = [run for words in texts.map(tokenise) for run in zip(words, words[1:], words[2:], words[3:], strict=False)]
    return len(set(runs)) / len(runs)


def trivial_cues(table: pd.DataFrame) -> pd.DataFrame:
    """Return what can be counted without reading: length, punctuation, capitals, digits, domain."""
    cues = {mark: table.text.str.count(re.escape(mark)) for mark in "!?.,:;'\"-("}
    cues |= {"capitals": table.text.str.count("[A-Z]"), "digits": table.text.str.count("[0-9]")}
    cues |= {"letters": table.text.str.len(), "words": table.text.str.split().str.len()}
    return pd.concat([pd.DataFrame(cues), pd.get_dummies(table.domain).astype(int)], axis=1)


def cue_model():
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))


@cache
def tfidf_hits() -> np.ndarray:
    """Tell for each test review whether TF-IDF + logistic regression is right, with the C that tuning chooses."""
    model = tuned_models()["TF-IDF + logistic regression"].estimator.set_params(logisticregression__C=CHOSEN_C)
    return hits_of({"TF-IDF": model}, reviews(), "label")["TF-IDF"]


# Counts and form


def test_every_domain_has_the_same_parts_in_balance():
    counts = reviews().groupby(["domain", "label", "split", "unseen"]).size()
    labels = ("negative", "positive")
    expected = {(d, label, "train", False): TRAIN for d in DOMAINS for label in labels}
    expected |= {(d, label, "test", False): ORDINARY[n % 2][label] for n, d in enumerate(DOMAINS) for label in labels}
    expected |= {(d, label, "test", True): UNSEEN for d in DOMAINS for label in labels}
    assert counts.to_dict() == expected


def test_there_are_as_many_as_promised():
    table = reviews()
    assert len(table) == 1720
    assert (table.split == "test").sum() == 520
    assert table.groupby("split").label.value_counts().to_dict() == {
        (part, label): size // 2
        for part, size in (("train", 1200), ("test", 520))
        for label in ("negative", "positive")
    }
    assert table.unseen.sum() >= 150


def test_every_style_is_there_with_both_labels():
    table = reviews()
    assert set(table["style"]) == STYLES
    shares = table.groupby("style").label.value_counts(normalize=True)
    assert shares.between(0.45, 0.55).all(), shares
    assert table["style"].value_counts(normalize=True)["plain"] == pytest.approx(0.55, abs=0.03)
    assert table["style"].value_counts(normalize=True).min() >= 0.07


def test_other_languages_are_balanced():
    table = other_language()
    counts = table.groupby(["language", "label"]).size().to_dict()
    assert counts == {(language, label): 100 for language in ("es", "fr") for label in ("negative", "positive")}
    assert sorted(table.domain.unique()) == DOMAINS
    assert table.groupby(["language", "domain"]).size().eq(25).all()
    assert table.groupby(["language", "domain"]).label.value_counts().between(10, 15).all()


def test_ids_are_numbers_within_their_group_in_order():
    groups = [(reviews(), "domain", 215), (other_language(), "language", 200)]
    for table, column, last in groups:
        expected = [
            f"{name.replace(' ', '-')}-{n:03d}" for name in sorted(table[column].unique()) for n in range(1, last + 1)
        ]
        assert table.id.tolist() == expected


@pytest.mark.parametrize("load", [reviews, other_language])
def test_texts_are_unique_clean_and_neither_short_nor_long(load):
    table = load()
    assert table.text.str.casefold().is_unique
    assert table.text.map(lambda text: text == " ".join(text.split())).all()
    assert table.id[~table.text.str.split().str.len().isin(WORDS)].tolist() == []


@pytest.mark.parametrize("name", ["reviews", "other_language"])
def test_files_have_unix_line_ends(name):
    assert b"\r" not in bundled_path(f"text/{name}.csv").read_bytes()


# Diversity and leaks


def test_no_two_reviews_share_more_than_half_of_their_content_words():
    assert near_duplicates(reviews(), content_words) == []  # within a split and across the two


@pytest.mark.parametrize("language", ["es", "fr"])
def test_no_two_reviews_of_another_language_are_near_duplicates(language):
    table = other_language()
    assert near_duplicates(table[table.language == language], long_words) == []


def test_near_duplicates_are_found():
    texts = ["The soup was cold and salty.", "Cold soup, salty waiter, gone.", "Nothing at all to report today."]
    assert near_duplicates(pd.DataFrame({"id": list("abc"), "text": texts}), content_words) == [("a", "b")]


def test_wording_does_not_repeat_itself():
    foreign = other_language()
    for texts in (reviews().text, *(group.text for _, group in foreign.groupby("language"))):
        assert distinct_four_grams(texts) >= DISTINCT_FOUR_GRAMS


def test_openings_do_not_repeat_themselves():
    table = reviews()
    openings = table.text.map(lambda text: " ".join(tokenise(text)[:3]))
    counts = table.groupby("domain").apply(lambda group: openings[group.index].value_counts().max())
    assert counts.max() <= SAME_OPENING, counts


# Unseen words


def test_reserved_words_are_in_unseen_reviews_only():
    every = RESERVED_STEMS["positive"] | RESERVED_STEMS["negative"]
    ordinary = reviews().query("not unseen")
    assert {row.id: stems(row.text) & every for row in ordinary.itertuples() if stems(row.text) & every} == {}


def test_unseen_reviews_lean_on_one_or_two_reserved_words_of_their_label():
    for row in reviews().query("unseen").itertuples():
        other = "negative" if row.label == "positive" else "positive"
        assert len(stems(row.text) & RESERVED_STEMS[row.label]) in (1, 2), row.id
        assert not stems(row.text) & RESERVED_STEMS[other], row.id


def test_reserved_words_are_spread_over_the_unseen_reviews():
    every = RESERVED_STEMS["positive"] | RESERVED_STEMS["negative"]
    for domain, texts in reviews().query("unseen").groupby("domain").text:
        counts = Counter(word for text in texts for word in stems(text) & every)
        assert max(counts.values()) <= RESERVED_WORD, (domain, counts)


# What simple models can and cannot do


def test_trivial_cues_do_not_tell_the_label():
    table = reviews()
    cues, train = trivial_cues(table), table.split == "train"
    assert cue_model().fit(cues[train], table.label[train]).score(cues[~train], table.label[~train]) <= TRIVIAL
    foreign = other_language()
    assert cross_val_score(cue_model(), trivial_cues(foreign), foreign.label, cv=10).mean() <= TRIVIAL


def test_words_tell_the_label_of_ordinary_reviews_and_not_of_unseen_ones():
    unseen = reviews().query("split == 'test'").unseen.to_numpy()
    low, high = ORDINARY_TFIDF
    assert low <= tfidf_hits()[~unseen].mean() <= high
    low, high = UNSEEN_TFIDF
    assert low <= tfidf_hits()[unseen].mean() <= high


def test_the_recorded_baseline_is_what_is_measured():
    recorded = pd.DataFrame(json.loads(bundled_path("baselines.json").read_text(encoding="utf-8"))["reviews"])
    recorded = recorded.set_index(["method", "measure"]).value
    everything = recorded["TF-IDF + logistic regression", "all test reviews"]
    assert tfidf_hits().mean() == pytest.approx(everything, abs=0.01)  # a library's version may move a review or two
