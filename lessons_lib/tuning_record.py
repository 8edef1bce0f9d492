"""The tasks of lesson 6 and the record of their runs, made by ``python -m authoring.experiments fine_tuning``.

split_reviews, domain_split, split_topics   texts, labels and tests, as fine_tuning_policies takes them
recorded_policies                           runs of the five policies
recorded_gains                              runs with pre-trained and with random tables
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.bundled import bundled_path

if TYPE_CHECKING:
    import pandas as pd

Split = tuple[list[str], list[str], dict[str, tuple[list[str], list[str]]]]


def _parts(tests: "Mapping[str, pd.DataFrame]", label: str) -> dict[str, tuple[list[str], list[str]]]:
    return {name: (list(part.text), list(part[label])) for name, part in tests.items()}


def split_reviews(seed: int = 0) -> Split:
    """Return the training reviews, their labels, and two tests: ordinary reviews, and those with unseen words.

    The same for every seed; ``seed`` is there so that all splits are called alike.

    Examples
    --------
    >>> texts, labels, tests = split_reviews()
    >>> len(texts) == len(labels), list(tests)
    (True, ['ordinary', 'unseen words'])
    """
    from lessons_lib.texts import reviews

    table = reviews()
    train, test = table[table.split == "train"], table[table.split == "test"]
    tests = {"ordinary": test[~test.unseen], "unseen words": test[test.unseen]}
    return list(train.text), list(train.label), _parts(tests, "label")


def domain_split(seed: int = 0) -> Split:
    """Return the training reviews of four domains drawn by ``seed``, and tests on these and on the other domains.

    No review of the other four domains is trained on, so all their ordinary ones are a test.
    """
    from lessons_lib.texts import reviews

    table = reviews()
    inside = np.random.default_rng(seed).permutation(sorted(table.domain.unique()))[:4]
    own = table[table.domain.isin(inside)]
    train, ordinary = own[own.split == "train"], table[~table.unseen]
    tests = {
        "same domains": own[(own.split == "test") & ~own.unseen],
        "other domains": ordinary[~ordinary.domain.isin(inside)],
    }
    return list(train.text), list(train.label), _parts(tests, "label")


def split_topics(seed: int = 0) -> Split:
    """Return sentences with topics, a fifth of them set aside by ``seed`` as a test beside that on other articles."""
    from lessons_lib.texts import topic_sentences

    table = topic_sentences()
    train = table[table.split == "train"]
    aside = np.random.default_rng(seed).permutation(len(train)) < len(train) // 5
    tests = {"same articles": train[aside], "other articles": table[table.split == "test"]}
    return list(train.text[~aside]), list(train.topic[~aside]), _parts(tests, "topic")


def recorded() -> dict:
    """Return the whole record of the policies, with its log: versions, settings, seconds."""
    return json.loads(bundled_path("experiments/fine_tuning.json").read_text(encoding="utf-8"))


def recorded_policies(task: str) -> "pd.DataFrame":
    """Return the recorded runs of a task: the columns of :func:`fine_tuning_policies`.

    Parameters
    ----------
    task : str
        ``"reviews"``, ``"domains"`` (tested on other domains too) or ``"topics"``.

    Examples
    --------
    >>> list(recorded_policies("reviews").policy.unique())[:2]
    ['frozen', 'full']
    """
    import pandas as pd

    tasks = recorded()["tasks"]
    if task not in tasks:
        raise KeyError(f"No runs of {task!r} are recorded. There are: {', '.join(tasks)}")
    return pd.DataFrame(tasks[task]["runs"])


def recorded_gains() -> "pd.DataFrame":
    """Return the recorded runs that ask what vectors gain: columns task, arm, size, seed, accuracy, best_epoch.

    Examples
    --------
    >>> "accuracy" in recorded_gains()
    True
    """
    import pandas as pd

    return pd.DataFrame(recorded()["gains"])
