"""Measure how far simple methods come on the texts of the course: the tables in data/README.md.

    python -m authoring.baselines               all tables, as markdown
    python -m authoring.baselines topics        one of them

Every number has a 95 % bootstrap interval over the items of the test part. Change here what counts as a baseline.
"""

import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from lessons_lib.bundled import load_vectors
from lessons_lib.documentation import entries, which_library
from lessons_lib.statistics import bootstrap
from lessons_lib.text import tokenise
from lessons_lib.texts import questions, reviews, topic_sentences

SEED = 0
CUTS = (1, 5, 10)  # recall among so many answers


def mean_vectors(texts: pd.Series) -> np.ndarray:
    """Return the mean bundled word2vec vector of each text, shape (n_texts, n_dims); zeros where no word is known."""
    vectors = load_vectors("word2vec")
    rows = np.zeros((len(texts), vectors.vector_size), dtype=np.float32)
    for number, text in enumerate(texts):
        known = [vectors.key_to_index[word] for word in tokenise(text) if word in vectors.key_to_index]
        if known:
            rows[number] = vectors.vectors[known].mean(axis=0)
    return rows


def classify(table: pd.DataFrame, label: str) -> pd.DataFrame:
    """Return accuracy with its interval: majority, TF-IDF and mean vectors, both with logistic regression."""
    train, test = (table[table.split == part] for part in ("train", "test"))
    tfidf = TfidfVectorizer(tokenizer=tokenise, token_pattern=None, sublinear_tf=True)
    logistic = LogisticRegression(C=10, max_iter=2000, random_state=SEED)
    models = {
        "majority": (DummyClassifier(), train.text.to_frame(), test.text.to_frame()),
        "TF-IDF + logistic regression": (make_pipeline(tfidf, logistic), train.text, test.text),
        "mean vector + logistic regression": (
            make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000, random_state=SEED)),
            mean_vectors(train.text),
            mean_vectors(test.text),
        ),
    }
    right = {
        name: (model.fit(seen, train[label]).predict(unseen) == test[label].to_numpy())
        for name, (model, seen, unseen) in models.items()
    }
    rows = {name: bootstrap(np.mean, hits.astype(float), seed=SEED) for name, hits in right.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["accuracy", "low", "high"]).assign(n=len(test))


def rank_of_first_answer(similarities: np.ndarray, names: np.ndarray, answers: pd.Series) -> np.ndarray:
    """Return for each question the rank (from 1) of the best placed right answer; ties count against it."""
    ranks = []
    for row, right in zip(similarities, answers, strict=True):
        best = row[np.isin(names, right)].max()
        ranks.append(1 + int((row[~np.isin(names, right)] >= best).sum()))
    return np.array(ranks)


def retrieve() -> pd.DataFrame:
    """Return recall at 1, 5 and 10 and mean reciprocal rank of TF-IDF and mean vectors over first paragraphs."""
    asked, found = questions(), entries()
    tfidf = TfidfVectorizer(tokenizer=tokenise, token_pattern=None, sublinear_tf=True, stop_words="english")
    matrix = tfidf.fit_transform(found.summary)
    lexical = (tfidf.transform(asked.question) @ matrix.T).toarray()
    documents, queries = mean_vectors(found.summary), mean_vectors(asked.question)
    length = np.linalg.norm(documents, axis=1) + 1e-9
    ranked = {"TF-IDF": lexical, "mean vector": queries @ (documents / length[:, None]).T}
    rows = {}
    for name, similarities in ranked.items():
        ranks = rank_of_first_answer(similarities, found.name.to_numpy(), asked.answers)
        scores = {f"recall@{cut}": (ranks <= cut).astype(float) for cut in CUTS} | {"MRR": 1 / ranks}
        rows[name] = {score: str(bootstrap(np.mean, values, seed=SEED)) for score, values in scores.items()}
    return pd.DataFrame.from_dict(rows, orient="index").assign(questions=len(asked), entries=len(found))


TABLES: dict[str, Callable[[], pd.DataFrame]] = {
    "reviews": lambda: classify(reviews(), "label"),
    "topics": lambda: classify(topic_sentences(), "topic"),
    "which_library": lambda: classify(which_library(), "label"),
    "questions": retrieve,
}


def as_markdown(table: pd.DataFrame) -> str:
    """Return a table in markdown, numbers with three decimals."""
    cells = table.map(lambda cell: f"{cell:.3f}" if isinstance(cell, float) else str(cell))
    lines = [
        ["", *cells.columns],
        ["---"] * (len(cells.columns) + 1),
        *([name, *row] for name, *row in cells.itertuples()),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    for wanted in sys.argv[1:] or TABLES:
        print(f"{wanted}\n\n{as_markdown(TABLES[wanted]())}\n")
