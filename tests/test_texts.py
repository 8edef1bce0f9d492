"""The labelled texts and word lists: counts, what must be unique, what must not leak, what must exist elsewhere."""

import re

import pytest
from gensim.parsing.preprocessing import STOPWORDS, stem_text

from lessons_lib import texts
from lessons_lib.bundled import DamagedFileError, data_folder
from lessons_lib.documentation import entries
from lessons_lib.text import tokenise
from lessons_lib.wikipedia import article_sentences, gensim_articles, prose
from lessons_lib.yardsticks import word_pairs


@pytest.fixture(scope="module")
def vocabulary() -> set[str]:
    path = data_folder() / "vectors" / "vocabulary.tsv"
    return {line.split()[0] for line in path.read_text(encoding="utf-8").splitlines()}


@pytest.fixture(scope="module")
def summaries():
    return entries().set_index("name").summary


def content_words(text: str) -> set[str]:
    return {stem_text(word) for word in tokenise(text) if word not in STOPWORDS and len(word) > 1}


# Questions


def test_questions_are_numbered_unique_and_many():
    table = texts.questions()
    assert len(table) >= 120
    assert table.id.tolist() == [f"q{number:03}" for number in range(1, len(table) + 1)]
    assert table.question.str.lower().is_unique
    assert set(table.library) == {"python", "numpy", "scipy", "pandas", "matplotlib", "scikit-learn", "torch"}
    assert table.library.value_counts().min() >= 10


def test_every_answer_is_in_the_mined_documentation(summaries):
    table = texts.questions().explode("answers")
    assert sorted(set(table.answers) - set(summaries.index)) == []
    assert not table.duplicated(["id", "answers"]).any()


def test_the_library_is_the_first_answers():
    installed = {name: name for name in ("numpy", "scipy", "pandas", "matplotlib", "torch")}
    installed["sklearn"] = "scikit-learn"
    for row in texts.questions().itertuples():
        assert row.library == installed.get(row.answers[0].split(".")[0], "python")


def test_few_questions_share_a_content_word_with_the_summary(summaries):
    table = texts.questions()
    summary = table.answers.str[0].map(summaries)
    pairs = zip(table.question, summary, strict=True)
    shared = sum(bool(content_words(question) & content_words(text)) for question, text in pairs)
    assert 0 < shared <= len(table) / 3


def test_no_two_questions_ask_nearly_the_same():
    words = [content_words(text) for text in texts.questions().question]
    for number, first in enumerate(words):
        for second in words[:number]:
            assert len(first & second) <= max(1, min(len(first), len(second)) / 2), (first, second)


# Topics


def test_topics_name_every_article_once():
    table = texts.topics()
    assert table.title.is_unique
    assert set(table.title) == set(gensim_articles())
    assert 6 <= table.topic.nunique() <= 8
    assert table.topic.value_counts().min() >= 8


def test_every_topic_is_in_every_split_and_nothing_leaks():
    sentences = texts.topic_sentences()
    assert len(sentences) >= 10_000
    assert sentences.text.is_unique
    assert sentences.groupby("title").split.nunique().max() == 1
    counts = sentences.groupby(["topic", "split"]).size().unstack()
    assert set(counts.columns) == {"train", "validation", "test"}
    assert counts.min().min() >= 30


def test_topic_sentences_are_clean():
    sentences = texts.topic_sentences().text
    lengths = sentences.map(lambda text: len(tokenise(text)))
    assert lengths.between(6, 40).all()
    assert not sentences.str.contains(r"''|\[\[|\]\]|\{\{|\}\}|==|https?:|&nbsp|<ref").any()


def test_closing_sections_and_lists_are_cut():
    sentence = "Ada was a poet and a friend of Mr. Babbage."
    article = f"{sentence}\n* a list of things with many words in it.\n== See also ==\nMore text."
    assert prose(article) == sentence
    assert article_sentences(article) == [sentence]


# Word lists


def test_triples_are_known_words_beyond_simlex(vocabulary):
    table = texts.triples()
    pairs = {frozenset(pair) for pair in word_pairs("simlex999")[["word1", "word2"]].itertuples(index=False)}
    assert len(table) == 150
    assert table.word.is_unique
    assert table.nunique(axis=1).eq(4).all()
    for column in ("synonym", "antonym", "unrelated"):
        assert not [pair for pair in zip(table.word, table[column], strict=True) if frozenset(pair) in pairs]
    assert not set(table.to_numpy().ravel()) - vocabulary


def test_a_synonym_is_nowhere_the_antonym_of_its_word():
    table = texts.triples()
    synonyms = {frozenset(pair) for pair in zip(table.word, table.synonym, strict=True)}
    antonyms = {frozenset(pair) for pair in zip(table.word, table.antonym, strict=True)}
    assert not synonyms & antonyms


def test_morphology_has_known_pairs_of_twelve_relations(vocabulary):
    table = texts.morphology()
    assert len(table) == 200
    assert not table.duplicated(["word", "form"]).any()
    assert table.relation.value_counts().min() >= 13
    assert not (set(table.word) | set(table.form)) - vocabulary


def test_documentation_pairs_are_words_of_the_documentation():
    table = texts.documentation_pairs()
    assert len(table) == 80
    assert not table.duplicated(["word1", "word2"]).any()
    spoken = {word for text in entries(["numpy", "pandas", "scikit-learn", "torch"]).text for word in tokenise(text)}
    assert not (set(table.word1) | set(table.word2)) - spoken


def test_misspellings_are_no_words_and_near_their_word(vocabulary):
    table = texts.misspellings()
    assert table.word.nunique() == 300
    assert table.misspelling.is_unique
    assert not set(table.word) - vocabulary
    assert not set(table.misspelling) & vocabulary
    assert table.groupby("word").size().isin([1, 2]).all()
    assert all(abs(len(word) - len(slip)) <= 2 for word, slip in table.itertuples(index=False))
    assert all(word[0] == slip[0] for word, slip in table.itertuples(index=False))


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_translations_do_not_leak(language, vocabulary):
    table = texts.translations(language)
    train, test = (table[table.part == part] for part in ("train", "test"))
    assert (len(train), len(test)) == (900, 300)
    assert table.english.is_unique
    assert not set(table.english) - vocabulary
    assert not set(train.translation) & set(test.translation)
    assert table.translation.map(lambda word: re.fullmatch(r"[^\W\d_]+(?:'[^\W\d_]+)?", word) is not None).all()


def test_both_languages_translate_the_same_words_in_the_same_parts():
    french, spanish = (texts.translations(language).set_index("english").part for language in texts.LANGUAGES)
    assert french.equals(spanish)


def test_false_friends_mean_different_things():
    tables = [texts.false_friends(language) for language in texts.LANGUAGES]
    assert sum(map(len, tables)) == 60
    for table in tables:
        assert not table.duplicated(["english", "foreign"]).any()
        assert (table.english_meaning != table.foreign_meaning).all()
        assert table.english.str[:1].eq(table.foreign.str[:1].replace({"é": "e"})).mean() > 0.9


def test_association_tests_have_the_published_sizes():
    table = texts.association_tests()
    sizes = table.groupby(["test", "role"]).size().unstack()
    assert sizes[["target1", "target2"]].to_numpy().tolist() == [
        [25, 25], [25, 25], [32, 32], [16, 16], [16, 16], [8, 8], [8, 8], [8, 8], [6, 6], [8, 8]
    ]  # fmt: skip
    assert sizes.attribute1.tolist() == sizes.attribute2.tolist() == [25, 25, 25, 25, 8, 8, 8, 8, 7, 8]
    assert not table.duplicated(["test", "word"]).any()


def test_the_name_tests_have_their_own_unpleasant_words():
    table = texts.association_tests()
    words = table[table.role == "attribute2"].groupby("test").word.agg(set)
    assert words[1] == words[2]
    assert words[3] == words[4]
    assert (words[1] - words[3], words[3] - words[1]) == ({"agony", "prison"}, {"bomb", "evil"})


# Errors


def test_an_unknown_language_is_refused_with_the_known_ones():
    with pytest.raises(KeyError, match="french, spanish"):
        texts.translations("german")


def test_a_file_without_a_column_is_refused(tmp_path, monkeypatch):
    (tmp_path / "triples.csv").write_text("word,synonym\nold,aged\n", encoding="utf-8")
    monkeypatch.setattr(texts, "bundled_path", lambda name: tmp_path / "triples.csv")
    with pytest.raises(DamagedFileError, match="antonym, unrelated"):
        texts.triples()
