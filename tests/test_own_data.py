"""What the lessons measure with, on data of others: labels of text, three classes, 50 dimensions, words nobody knows.

Everything here is made up; nothing comes from ``data/``. Whatever cannot be measured has to say so.
"""

import numpy as np
import pandas as pd
import pytest
from gensim.models import KeyedVectors

import lessons_lib

KINDS = ("sport", "food", "tech")
WORDS = {kind: [f"{kind}{a}{b}" for a in "abcdefgh" for b in "ijklmnop"] for kind in KINDS}
NAN = float("nan")


def keyed(words, rows):
    vectors = KeyedVectors(rows.shape[1])
    vectors.add_vectors(list(words), rows.astype(np.float32))
    return vectors


@pytest.fixture(scope="module")
def vectors():
    """50 numbers a word; words of a kind lie near each other."""
    rng = np.random.default_rng(0)
    words = rng.permutation([word for own in WORDS.values() for word in own]).tolist()
    centres = {kind: rng.normal(size=50) for kind in KINDS}
    return keyed(words, np.array([centres[word[:-2]] + rng.normal(size=50) for word in words]))


@pytest.fixture(scope="module")
def few():
    """Vectors that know ten of the words in the texts."""
    rng = np.random.default_rng(1)
    return keyed([*WORDS["sport"][:5], *WORDS["food"][:5], "elsewhere"], rng.normal(size=(11, 50)))


@pytest.fixture(scope="module")
def foreign():
    return keyed(["xx", "yy", "zz"], np.eye(3, 50))


def made_up(n, seed):
    """Texts of six words of a kind and two words that no vectors know, with the kind as label; one text is empty."""
    rng = np.random.default_rng(seed)
    labels = [KINDS[number % 3] for number in range(n)]
    texts = [" ".join([*rng.choice(WORDS[kind], 6), "qwrt", "zxcv"]) for kind in labels]
    return ["", "qwrt zxcv", *texts], ["food", "tech", *labels]


TRAIN, TEST = made_up(120, 0), made_up(60, 1)
ARMS = ["pretrained frozen", "pretrained tuned", "shuffled frozen", "random tuned", "TF-IDF", "mean vector"]


def as_columns(part):
    """Return the same data as columns of a table that was filtered: the index does not count from 0."""
    table = pd.DataFrame({"text": part[0], "label": part[1]})
    table.index = table.index * 7 + 1000
    return table.text, table.label


def curve(train=TRAIN, test=TEST, vectors=None, sizes=(12,), arms=ARMS, **others):
    runs = lessons_lib.learning_curve(train, test, vectors, sizes, seeds=(0,), arms=arms, epochs=6, **others)
    return runs.groupby("arm").accuracy.mean()


def test_learning_curve_takes_lists_columns_and_any_labels(vectors):
    first = curve(vectors=vectors)
    assert set(first.index) == set(ARMS)
    assert first["pretrained frozen"] > 0.8 > first["shuffled frozen"]
    pd.testing.assert_series_equal(curve(as_columns(TRAIN), as_columns(TEST), vectors), first)
    numbers = {kind: number * 10 - 5 for number, kind in enumerate(sorted(KINDS))}
    others = [(texts, np.array([numbers[label] for label in labels])) for texts, labels in (TRAIN, TEST)]
    pd.testing.assert_series_equal(curve(*others, vectors), first)
    cut = [([text.split() for text in texts], labels) for texts, labels in (TRAIN, TEST)]
    pd.testing.assert_series_equal(curve(*cut, vectors), first)


def test_learning_curve_with_vectors_that_lack_most_words(few):
    found = curve(vectors=few)
    assert found.between(0, 1).all()


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({"train": (TRAIN[0], TRAIN[1][:-5])}, ValueError, "train: 122 texts and 117 labels"),
        ({"test": (TEST[0], TEST[1][:-5])}, ValueError, "test: 62 texts and 57 labels"),
        ({"test": ([], [])}, ValueError, "test: there are no texts"),
        (
            {"test": (["new"], ["novel"])},
            ValueError,
            "no training text has the label novel; there are food, sport, tec",
        ),
        ({"test": (TEST[0], [1] * 62)}, ValueError, "test: no training text has the label 1"),
        ({"train": (TRAIN[0], [None, *TRAIN[1][1:]])}, ValueError, "train, labels: number 0 is missing"),
        ({"train": (TRAIN[0], [1, *TRAIN[1][1:]])}, TypeError, "texts and numbers are mixed"),
        ({"train": ([NAN, *TRAIN[0][1:]], TRAIN[1])}, TypeError, r"number 0 is neither text nor .* Drop empty cells"),
        ({"train": (TRAIN[0], ["x"] * 122)}, ValueError, "no training text has the label"),
        ({"train": pd.DataFrame({"text": TRAIN[0]})}, TypeError, r"train: a pair \(texts, labels\) is needed"),
        ({"train": ("one text", "a")}, TypeError, r"Put it into a list: \[text\]"),
        ({"train": (["", "."] * 40, ["food", "tech"] * 40), "test": ([""], ["food"])}, ValueError, "have no words"),
        ({"sizes": [1000]}, ValueError, "label (food|sport|tech), and there are"),
        ({"sizes": []}, ValueError, "no sizes"),
        ({"vectors": "glove.txt"}, TypeError, r"Open the file first: lessons_lib\.load"),
        ({"vectors": type("Model", (), {"wv": None})()}, TypeError, r"Pass its vectors: model\.wv"),
    ],
)
def test_learning_curve_says_what_is_wrong(vectors, changed, error, says):
    with pytest.raises(error, match=says):
        curve(**({"vectors": vectors} | changed))


def test_learning_curve_needs_two_labels_and_a_known_word(vectors, foreign):
    with pytest.raises(ValueError, match="All training texts have the label x"):
        curve((TRAIN[0], ["x"] * 122), (TEST[0], ["x"] * 62), vectors)
    with pytest.raises(ValueError, match=r"None of the .* training words has a vector"):
        curve(vectors=foreign)


def policies(texts=TRAIN[0], labels=TRAIN[1], tests=None, vectors=None, **others):
    tests = {"mine": TEST} if tests is None else tests
    settings = {"sizes": [60], "seeds": [0], "n_validation": 30, "epochs": 4} | others
    return lessons_lib.fine_tuning_policies(texts, labels, tests, vectors, **settings)


def test_fine_tuning_takes_columns_and_small_vocabularies(vectors, few):
    first = policies(vectors=vectors)
    assert list(first.policy) == list(lessons_lib.POLICIES)
    assert first.set_index("policy").mine["frozen"] > 0.7
    pd.testing.assert_frame_equal(policies(*as_columns(TRAIN), {"mine": as_columns(TEST)}, vectors), first)
    lost = policies(vectors=few).set_index("policy")
    assert lost.drift["frozen"] == 0 < lost.drift["full"]
    assert lost.neighbours_lost.between(0, 1).all()


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({"tests": TEST}, TypeError, "a mapping"),
        ({"tests": {"mine": (TEST[0], TEST[1][:3])}}, ValueError, "test 'mine': 62 texts and 3 labels"),
        ({"tests": {"mine": (["a"], ["novel"])}}, ValueError, "no training text has the label novel"),
        ({"queries": ["nothing"]}, KeyError, "the first is 'nothing'"),
        ({"labels": ["x"] * 122, "tests": {}}, ValueError, "two labels"),
        ({"sizes": [110]}, ValueError, "140 texts"),
    ],
)
def test_fine_tuning_says_what_is_wrong(vectors, changed, error, says):
    with pytest.raises(error, match=says):
        policies(**({"vectors": vectors} | changed))


def hidden(texts=TRAIN[0], labels=TRAIN[1], train=None, vectors=None, **others):
    train = [number % 4 > 0 for number in range(len(texts))] if train is None else train
    settings = {"bands": {"all": (0, None)}, "n_words": 12, "rounds": 1, "n_neighbours": 5} | others
    return lessons_lib.oov_strategies(vectors, texts, labels, train, **settings)


def test_unknown_words_on_other_texts_and_strategies(vectors):
    def twos(vectors, words, sentences=(), seed=0):
        return np.full((len(words), vectors.vector_size), 2.0)

    found = hidden(vectors=vectors, strategies={"twos": twos, **lessons_lib.STRATEGIES}).set_index("strategy")
    assert set(found.index) == {"true vector", "twos", *lessons_lib.STRATEGIES}
    assert found.cosine["true vector"] == pytest.approx(1)
    pd.testing.assert_frame_equal(
        hidden(*as_columns(TRAIN), vectors=vectors), hidden([text.split() for text in TRAIN[0]], vectors=vectors)
    )


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({"train": [True] * 122}, ValueError, "train is True for all"),
        ({"train": list(range(122))}, ValueError, "not the numbers of texts"),
        ({"labels": ["x"] * 122}, ValueError, "two labels"),
        ({"texts": [NAN, *TRAIN[0][1:]]}, TypeError, "number 0 is neither text"),
        (
            {"strategies": {"wrong": lambda v, w, s, seed: np.ones((len(w), 3))}},
            ValueError,
            r"'wrong' returned .*, 3\)",
        ),
        ({"bands": {"late": (5000, None)}}, ValueError, "'late' has 0 words"),
    ],
)
def test_unknown_words_say_what_is_wrong(vectors, changed, error, says):
    with pytest.raises(error, match=says):
        hidden(**({"vectors": vectors} | changed))


SENSES = pd.DataFrame(
    [
        ("mouse", "animal", "A mouse ate the cheese", 1),
        ("mouse", "animal", "The cat caught a mouse", 4),
        ("mouse", "animal", "Mouse holes in the barn", 0),
        ("mouse", "device", "Click with the mouse", 3),
        ("mouse", "device", "My mouse has two buttons", 1),
        ("mouse", "device", "Plug the mouse into the computer", 2),
    ],
    columns=["word", "sense", "text", "position"],
    index=range(10, 16),
)


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory):
    """Write a transformer of two layers that nobody trained, as Hugging Face writes it; return its folder."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("transformer")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz"]
    pieces += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    tokenizer = BertTokenizerFast(vocab={piece: number for number, piece in enumerate(pieces)})
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    BertModel(BertConfig(vocab_size=len(pieces), max_position_embeddings=64, **sizes)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_senses_of_any_model_folder_and_any_vectors(model_folder, vectors, foreign):
    found = lessons_lib.sense_accuracy(model_folder, SENSES)
    assert list(found.index) == ["layer 0", "layer 1", "layer 2"]
    assert found.accuracy.between(0, 1).all()
    assert lessons_lib.sense_accuracy(str(model_folder), SENSES).equals(found)
    nothing = lessons_lib.sense_accuracy(foreign, SENSES)
    assert nothing.accuracy.tolist() == [0.5, 0.5]  # no word is known: every answer is a draw of two senses
    own = np.repeat(np.eye(2), 3, axis=0)
    assert lessons_lib.sense_accuracy(own, SENSES).accuracy.tolist() == [1.0]


@pytest.mark.parametrize(
    ("how", "senses", "error", "says"),
    [
        ("vectors", SENSES.drop(columns="position"), KeyError, "lacks position"),
        ("vectors", SENSES.assign(position=99), IndexError, "no token number 99"),
        ("vectors", SENSES[SENSES.sense == "animal"], ValueError, "no word has two senses"),
        ("vectors", SENSES.to_dict("records"), TypeError, "pandas DataFrame"),
        ("list", SENSES, TypeError, "got list"),
        ("/nowhere/model", SENSES, FileNotFoundError, r"config\.json"),
    ],
)
def test_senses_say_what_is_wrong(vectors, how, senses, error, says):
    with pytest.raises(error, match=says):
        lessons_lib.sense_accuracy({"vectors": vectors, "list": [[1.0, 2.0]] * 6}.get(how, how), senses)


def test_search_in_other_documents(vectors, model_folder):
    documents = [" ".join(own[:6]) for own in WORDS.values()]
    questions = [own[2] for own in WORDS.values()]
    for how in ("tfidf", "bm25", vectors, model_folder, lambda texts: np.array([[len(text), 1.0] for text in texts])):
        scores = lessons_lib.retrieval_scores(lessons_lib.similarities(how, questions, documents), KINDS, KINDS)
        assert 0 < scores.mrr.value <= 1
        if how in ("tfidf", "bm25"):
            assert scores.mrr.value == 1
    numbered = lessons_lib.retrieval_scores(np.eye(3), [0, [1], (2, 0)], range(3))
    assert numbered.ranks.tolist() == [1, 1, 1]
    columns = pd.Series(questions, index=[7, 8, 9]), pd.Series(documents, index=[7, 8, 9])
    assert lessons_lib.similarities("bm25", *columns).shape == (3, 3)
    assert lessons_lib.similarities(vectors, ["", "zxcv"], documents).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_search_says_what_is_wrong(vectors):
    with pytest.raises(ValueError, match="documents have no words"):
        lessons_lib.similarities("bm25", ["a"], ["", "..."])
    with pytest.raises(TypeError, match="questions: a list of texts is needed"):
        lessons_lib.similarities(vectors, "one question", ["a"])
    with pytest.raises(TypeError, match="documents: number 1 is no text but nan"):
        lessons_lib.similarities(vectors, ["a"], ["a", NAN])
    with pytest.raises(ValueError, match="NaN"):
        lessons_lib.retrieval_scores(np.full((1, 1), NAN), ["a"], ["a"])
    with pytest.raises(ValueError, match="no questions"):
        lessons_lib.retrieval_scores(np.zeros((0, 3)), [], list("abc"))
    with pytest.raises(TypeError, match="one str"):
        lessons_lib.encode("one text")


def test_coverage_of_other_vectors(vectors, few, foreign):
    texts = [text for text in TRAIN[0] if "sport" in text]
    shares = [lessons_lib.coverage(own, pd.Series(texts)).tokens for own in (vectors, few, foreign)]
    assert shares[0] == 0.75 > shares[1] > shares[2] == 0
    with pytest.raises(TypeError, match="one of its columns"):
        lessons_lib.coverage(vectors, pd.DataFrame({"text": texts}))


def test_alignment_of_other_spaces(vectors, foreign):
    turn = np.linalg.qr(np.random.default_rng(3).normal(size=(50, 50)))[0]
    turned = keyed([word.upper() for word in vectors.index_to_key], vectors.vectors @ turn)
    pairs = pd.DataFrame({"from": vectors.index_to_key, "to": turned.index_to_key})
    rotation = lessons_lib.rotation_between(vectors, turned, pairs[:100])
    found = lessons_lib.precision_across(vectors, turned, pairs[100:], rotation)
    assert found.at[1].value == 1
    assert lessons_lib.nearest_across(vectors, turned, ["foodai"], rotation, 1).iloc[0, 0] == "FOODAI"
    with pytest.raises(TypeError, match="target needs KeyedVectors"):
        lessons_lib.rotation_between(vectors, "file.vec", pairs)
    with pytest.raises(ValueError, match="both sides"):
        lessons_lib.rotation_between(vectors, foreign, pairs)


def test_association_of_other_words(vectors, foreign):
    sets = [WORDS["sport"][:8], WORDS["food"][:8], WORDS["sport"][20:30], WORDS["food"][20:30]]
    found = lessons_lib.association_test(vectors, *sets, rounds=500)
    assert found.effect > 1.5
    assert found.p_value < 0.01
    repeated = lessons_lib.association_test(vectors, sets[0] * 2, *sets[1:], rounds=500)
    assert repeated.effect == found.effect
    assert (lessons_lib.seed_sensitivity(vectors, *sets, draws=5) > 1).all()
    with pytest.raises(ValueError, match="first target has 0 words"):
        lessons_lib.association_test(foreign, *sets)
    with pytest.raises(ValueError, match="first target has 0 words"):
        lessons_lib.seed_sensitivity(foreign, *sets)
    with pytest.raises(TypeError, match="a list of words"):
        lessons_lib.association_test(vectors, "sport", *sets[1:])
    with pytest.raises(ValueError, match="lean alike"):
        lessons_lib.association_test(vectors, sets[0], sets[1], sets[2], sets[2])


def test_pairs_analogies_and_relations_of_ones_own(vectors, foreign):
    rng = np.random.default_rng(4)
    words = rng.permutation(vectors.index_to_key)[:60]
    pairs = pd.DataFrame({"word1": words[:30], "word2": words[30:]})
    pairs["rating"] = [vectors.similarity(a, b) for a, b in zip(pairs.word1, pairs.word2, strict=True)]
    assert lessons_lib.pair_score(vectors, pairs).correlation.value == pytest.approx(1)
    with pytest.raises(ValueError, match="None of the 30 pairs of your table"):
        lessons_lib.pair_score(foreign, pairs)
    with pytest.raises(ValueError, match=r"1 of the 1 pairs of your table .* too few"):
        lessons_lib.pair_score(vectors, pairs[:1])
    with pytest.raises(KeyError, match="lacks rating"):
        lessons_lib.pair_score(vectors, pairs.drop(columns="rating"))
    plane = keyed(["row", "rows", "axis", "axes", "box", "boxes"],
                  np.array([[1, 0], [1, 1], [2, 0], [2, 2], [3, 0], [3, 3]]))  # fmt: skip
    related = pd.DataFrame({"word1": ["row", "axis", "box"], "word2": ["rows", "axes", "boxes"], "relation": "plural"})
    score = lessons_lib.relation_score(plane, related)
    assert np.isfinite(score.estimate).all()
    asked = lessons_lib.analogy_score(plane, questions=pd.DataFrame({"section": ["mine"], "a": "row", "b": "rows",
                                                                     "c": "axis", "d": "axes"}))  # fmt: skip
    assert asked.loc["mine", "asked"] == asked.loc["total", "asked"] == 1
    with pytest.raises(ValueError, match="share 0 words"):
        lessons_lib.shared_neighbours(vectors, foreign)


def test_typos_in_other_texts(vectors):
    reader = lessons_lib.mean_reader(lambda word: vectors[word] if word in vectors.key_to_index else None, 50)
    found = lessons_lib.accuracy_by_typo_rate({"mean": reader}, as_columns(TRAIN), TEST, rates=(0, 1), rounds=1)
    assert found.accuracy[0] > 0.9 > found.accuracy[1]
    with pytest.raises(ValueError, match="train: 122 texts and 9 labels"):
        lessons_lib.accuracy_by_typo_rate({"mean": reader}, (TRAIN[0], TRAIN[1][:9]), TEST)
