"""Baselines that choose a label: the majority, TF-IDF and mean word vectors. Change here what counts as a baseline.

Reviews: word 1-2-grams as scikit-learn cuts them, C by five-fold cross-validation on the training part.
Topics and libraries: the course's tokeniser, C fixed (folds of sentences would mix the sentences of one article).
Senses: nearest centroid, leaving the sentence out, by the same function that judges the layers of the transformer.
"""

import numpy as np
import pandas as pd
from sklearn.base import ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from authoring.baselines.measures import measured
from lessons_lib import means
from lessons_lib.bundled import load_vectors
from lessons_lib.contextual import neighbour_means, right_senses
from lessons_lib.documentation import which_library
from lessons_lib.text import tokenise
from lessons_lib.texts import other_language, reviews, senses, topic_sentences

SEED = 0
STRENGTHS = (0.001, 0.01, 0.1, 1, 10, 100)  # values of C that cross-validation chooses from


def mean_vectors(texts: pd.Series) -> np.ndarray:
    """Return the mean bundled word2vec vector of each text, shape (n_texts, n_dims); zeros where no word is known."""
    return means.mean_vectors(load_vectors("word2vec"), texts)


def logistic(C: float) -> LogisticRegression:
    """Return logistic regression with the strength ``C``."""
    return LogisticRegression(C=C, max_iter=2000, random_state=SEED)


def tuned(*steps: object) -> GridSearchCV:
    """Return the steps with logistic regression behind them, C chosen by five-fold cross-validation."""
    return GridSearchCV(make_pipeline(*steps, logistic(1)), {"logisticregression__C": STRENGTHS}, cv=5)


def tuned_models() -> dict[str, ClassifierMixin]:
    """Return the models for reviews: nothing about them is set by hand."""
    return {
        "majority": DummyClassifier(),
        "TF-IDF + logistic regression": tuned(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
        "mean vector + logistic regression": tuned(FunctionTransformer(mean_vectors), StandardScaler()),
    }


def fixed_models() -> dict[str, ClassifierMixin]:
    """Return the models for sentences that come in groups: articles, modules."""
    tfidf = TfidfVectorizer(tokenizer=tokenise, token_pattern=None, sublinear_tf=True)
    return {
        "majority": DummyClassifier(),
        "TF-IDF + logistic regression": make_pipeline(tfidf, logistic(10)),
        "mean vector + logistic regression": make_pipeline(
            FunctionTransformer(mean_vectors), StandardScaler(), logistic(0.01)
        ),
    }


def hits_of(models: dict[str, ClassifierMixin], table: pd.DataFrame, label: str) -> dict[str, np.ndarray]:
    """Fit every model on the training part and tell for each test text whether it is right."""
    train, test = (table[table.split == part] for part in ("train", "test"))
    fitted = {name: model.fit(train.text, train[label]) for name, model in models.items()}
    return {name: model.predict(test.text) == test[label].to_numpy() for name, model in fitted.items()}


def judge_reviews() -> pd.DataFrame:
    """Return accuracy on all test reviews, on the ordinary ones, and on those with unseen sentiment words."""
    table = reviews()
    unseen = table[table.split == "test"].unseen.to_numpy()
    hits = hits_of(tuned_models(), table, "label")
    parts = {"all test reviews": np.ones_like(unseen), "ordinary": ~unseen, "unseen words": unseen}
    return measured({name: {part: right[mask] for part, mask in parts.items()} for name, right in hits.items()})


def judge_languages() -> pd.DataFrame:
    """Return accuracy on Spanish and French reviews: trained on English ones, and on their own by cross-validation."""
    english, foreign = reviews(), other_language()
    table = pd.concat([english[english.split == "train"], foreign.assign(split="test")])
    hits = hits_of(tuned_models(), table, "label")
    hits = {name if name == "majority" else f"{name}, trained on English": right for name, right in hits.items()}
    own = np.zeros(len(foreign), dtype=bool)
    for language in foreign.language.unique():
        mask = (foreign.language == language).to_numpy()
        folds = StratifiedKFold(10, shuffle=True, random_state=SEED)
        model = tuned_models()["TF-IDF + logistic regression"]
        own[mask] = cross_val_predict(model, foreign.text[mask], foreign.label[mask], cv=folds) == foreign.label[mask]
    hits["TF-IDF + logistic regression, trained on the language (10 folds)"] = own
    parts = {name: (foreign.language == name).to_numpy() for name in foreign.language.unique()}
    return measured({name: {part: right[mask] for part, mask in parts.items()} for name, right in hits.items()})


def judge_senses() -> pd.DataFrame:
    """Return accuracy of the nearest sense centroid: by chance, with TF-IDF, with the mean of 20 neighbours."""
    table = senses()
    words = [tokenise(text) for text in table.text]
    around = [w[:place] + w[place + 1 :] for w, place in zip(words, table.position, strict=True)]
    tfidf = TfidfVectorizer(analyzer=list, sublinear_tf=True).fit_transform(around).toarray()
    methods = {
        "chance (the word alone)": np.ones((len(table), 1)),
        "TF-IDF, nearest centroid": tfidf,
        "mean vector of 20 neighbours, nearest centroid": neighbour_means(load_vectors("word2vec"), table),
    }
    return measured({name: {"accuracy": right_senses(found, table)} for name, found in methods.items()})


def judge_topics() -> pd.DataFrame:
    """Return accuracy on the sentences of the test articles."""
    hits = hits_of(fixed_models(), topic_sentences(), "topic")
    return measured({name: {"accuracy": right} for name, right in hits.items()})


def judge_which_library() -> pd.DataFrame:
    """Return accuracy on documentation sentences of the test modules."""
    hits = hits_of(fixed_models(), which_library(), "label")
    return measured({name: {"accuracy": right} for name, right in hits.items()})
