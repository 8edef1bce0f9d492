"""The labelled texts and word lists of the course as pandas frames; ``data/README.md`` has a card for each file.

    reviews  senses  questions  topics  topic_sentences  other_language                      sentences
    triples  morphology  documentation_pairs  misspellings  translations  false_friends  association_tests    words

Every loader checks that the file is whole and has the columns it should have; cells are text unless said otherwise.
"""

from functools import cache
from typing import TYPE_CHECKING

from lessons_lib.bundled import DamagedFileError, bundled_path

if TYPE_CHECKING:
    import pandas as pd

LANGUAGES = ("french", "spanish")


def _table(name: str, *columns: str) -> "pd.DataFrame":
    """Read a bundled CSV file as text cells (an empty cell is "", the word *null* is a word) and check its columns."""
    import pandas as pd

    path = bundled_path(name)
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    if missing := [column for column in columns if column not in table]:
        raise DamagedFileError(
            f"{path}: no column {', '.join(missing)}; its first line has {', '.join(table.columns)}. "
            f"Restore it: git checkout -- data/{name}"
        )
    return table


def _table_of_language(language: str, name: str, *columns: str) -> "pd.DataFrame":
    """Read the rows of one language from a bundled CSV file with a column language, and drop that column."""
    if language not in LANGUAGES:
        raise KeyError(f"No list for the language {language!r}. There are: {', '.join(LANGUAGES)}")
    table = _table(name, "language", *columns)
    return table[table.language == language].drop(columns="language").reset_index(drop=True)


def reviews() -> "pd.DataFrame":
    """Return the reviews: columns id, text, label (positive, negative), domain, split (train, test), style, unseen.

    ``unseen`` (bool) marks test reviews whose sentiment lies in words that no training review has.

    Examples
    --------
    >>> sorted(reviews().label.unique())
    ['negative', 'positive']
    """
    table = _table("text/reviews.csv", "id", "text", "label", "domain", "split", "style", "unseen")
    return table.assign(unseen=table.unseen == "yes")


def senses() -> "pd.DataFrame":
    """Return sentences with an ambiguous word: columns id, word, sense, gloss, text, position (int), form.

    ``tokenise(text)[position] == form``: the word as it stands in the sentence.

    Examples
    --------
    >>> senses().form[0]
    'bank'
    """
    table = _table("text/senses.csv", "id", "word", "sense", "gloss", "text", "position", "form")
    return table.astype({"position": int})


def questions() -> "pd.DataFrame":
    """Return plain questions and the functions that answer them: columns id, question, answers, library.

    ``answers`` is a list of qualified names, all of them right; they are names in
    :func:`lessons_lib.documentation.entries`.

    Examples
    --------
    >>> questions().answers[0][0]
    'numpy.unique'
    """
    table = _table("text/questions.csv", "id", "question", "answers", "library")
    return table.assign(answers=table.answers.str.split("|"))


def topics() -> "pd.DataFrame":
    """Return the 106 Wikipedia articles inside gensim: columns title, topic, split (train, validation, test).

    Examples
    --------
    >>> len(topics()), topics().topic.nunique()
    (106, 8)
    """
    return _table("text/topics.csv", "title", "topic", "split")


@cache
def _cut_articles() -> "pd.DataFrame":
    import pandas as pd

    from lessons_lib.wikipedia import article_sentences, gensim_articles

    articles, rows = gensim_articles(), []
    for row in topics().itertuples():
        rows += [(text, row.topic, row.title, row.split) for text in article_sentences(articles[row.title])]
    return pd.DataFrame(rows, columns=["text", "topic", "title", "split"]).drop_duplicates("text", ignore_index=True)


def topic_sentences() -> "pd.DataFrame":
    """Return the sentences of those articles with the topic: columns text, topic, title, split.

    Real sentences of 6 to 40 words, in the order of the articles. All sentences of an article are in one split, so
    what a model learns about one article does not help on another. The first call takes some seconds.

    Examples
    --------
    >>> sentences = topic_sentences()
    >>> len(sentences) > 10_000
    True
    """
    return _cut_articles().copy()


def other_language() -> "pd.DataFrame":
    """Return reviews in Spanish and French: columns id, text, label, domain, language (es, fr).

    Examples
    --------
    >>> sorted(other_language().language.unique())
    ['es', 'fr']
    """
    return _table("text/other_language.csv", "id", "text", "label", "domain", "language")


def triples() -> "pd.DataFrame":
    """Return words with a synonym, an antonym and a word that has nothing to do with them; no pair is in SimLex-999.

    Examples
    --------
    >>> triples().head(1)
        word synonym antonym unrelated
    0  abstract theoretical concrete tidal
    """
    return _table("words/triples.csv", "word", "synonym", "antonym", "unrelated")


def morphology() -> "pd.DataFrame":
    """Return word forms: columns word, form, relation (plural, irregular past, agent, ...).

    Examples
    --------
    >>> morphology().relation.nunique()
    12
    """
    return _table("words/morphology.csv", "word", "form", "relation")


def documentation_pairs() -> "pd.DataFrame":
    """Return word pairs of technical documentation (*min, minimum*; *row, rows*): columns word1, word2, relation.

    Examples
    --------
    >>> documentation_pairs().word2[0]
    'minimum'
    """
    return _table("words/documentation_pairs.csv", "word1", "word2", "relation")


def misspellings() -> "pd.DataFrame":
    """Return common misspellings, one a row: columns word, misspelling.

    Examples
    --------
    >>> misspellings().set_index("misspelling").word["recieve"]
    'receive'
    """
    table = _table("words/misspellings.csv", "word", "misspellings")
    pairs = table.assign(misspelling=table.misspellings.str.split("|")).explode("misspelling", ignore_index=True)
    return pairs[["word", "misspelling"]]


def translations(language: str) -> "pd.DataFrame":
    """Return 1,200 frequent English words in another language: columns english, translation, part (train, test).

    No word of the test part, English or foreign, is in the train part.

    Parameters
    ----------
    language : str
        ``"french"`` or ``"spanish"``.

    Examples
    --------
    >>> translations("french").set_index("english").translation["bread"]
    'pain'
    """
    return _table_of_language(language, "words/translations.csv", "english", "translation", "part")


def false_friends(language: str) -> "pd.DataFrame":
    """Return words that look alike and differ: columns english, foreign, english_meaning, foreign_meaning.

    Parameters
    ----------
    language : str
        ``"french"`` or ``"spanish"``.

    Examples
    --------
    >>> false_friends("spanish").set_index("foreign").foreign_meaning["sopa"]
    'soup'
    """
    meanings = ("english_meaning", "foreign_meaning")
    return _table_of_language(language, "words/false_friends.csv", "english", "foreign", *meanings)


def association_tests() -> "pd.DataFrame":
    """Return the word sets of the Word Embedding Association Tests 1 to 10: columns test (int), role, name, word.

    ``role`` is target1, target2, attribute1 or attribute2; words are in lower case.

    References
    ----------
    Caliskan, Bryson and Narayanan (2017), "Semantics derived automatically from language corpora contain human-like
    biases", *Science* 356, supplementary material.

    Examples
    --------
    >>> tests = association_tests()
    >>> tests[tests.test == 1].name.unique().tolist()
    ['flowers', 'insects', 'pleasant', 'unpleasant']
    """
    return _table("words/weat.csv", "test", "role", "name", "word").astype({"test": int})
