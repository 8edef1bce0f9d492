"""Baselines that search: plain questions against the first paragraphs of the documentation."""

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer

from authoring.baselines.classification import mean_vectors
from authoring.baselines.measures import measured
from lessons_lib.documentation import entries
from lessons_lib.retrieval import CUTS, ranks_of_first_answer
from lessons_lib.text import tokenise
from lessons_lib.texts import questions


def judge_questions() -> pd.DataFrame:
    """Return recall at 1, 5 and 10 and mean reciprocal rank of TF-IDF and mean vectors over first paragraphs."""
    asked, found = questions(), entries()
    tfidf = TfidfVectorizer(tokenizer=tokenise, token_pattern=None, sublinear_tf=True, stop_words="english")
    matrix = tfidf.fit_transform(found.summary)
    lexical = (tfidf.transform(asked.question) @ matrix.T).toarray()
    documents, queries = mean_vectors(found.summary), mean_vectors(asked.question)
    length = np.linalg.norm(documents, axis=1) + 1e-9
    scores = {}
    for name, similarities in {"TF-IDF": lexical, "mean vector": queries @ (documents / length[:, None]).T}.items():
        ranks = ranks_of_first_answer(similarities, list(asked.answers), list(found.name))
        scores[name] = {f"recall@{cut}": ranks <= cut for cut in CUTS} | {"MRR": 1 / ranks}
    return measured(scores)
