"""Tell the senses of a word apart: the table of the card, every layer of the transformers beside static baselines.

data/text/senses.csv  ->  a table of accuracies; the sentence that is asked about is left out of its centroid
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.contextual import layer_vectors, neighbour_means, right_senses
from lessons_lib.contextual.senses import own_vectors
from lessons_lib.statistics import bootstrap

if TYPE_CHECKING:
    import pandas as pd
    from gensim.models import KeyedVectors


def sense_table(senses: "pd.DataFrame", folders: dict[str, Path], vectors: "KeyedVectors") -> list[dict]:
    """Return one row a method: accuracy with its interval, for every layer and for two static baselines."""
    methods = {
        "the word's own static vector": own_vectors(vectors, senses),
        "mean of 20 neighbours": neighbour_means(vectors, senses),
    }
    for name, folder in folders.items():
        for layer, found in enumerate(layer_vectors(senses, folder)):
            methods[f"{name}, layer {layer}"] = found
    rows = []
    for method, found in methods.items():
        accuracy = bootstrap(np.mean, right_senses(found, senses))
        rows.append({"method": method, **{key: round(value, 4) for key, value in accuracy._asdict().items()}})
    return rows
