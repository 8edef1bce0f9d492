"""Accuracy against the number of training texts: the experiment of lesson 3, for any texts, labels and vectors.

    learning_curve   train every arm on growing subsets, several seeds each: one row a run
    over_seeds       mean and 95 % interval of the runs of each arm and size
    recorded_curves  the runs that ship with the course, made by the same function

An arm is named ``"START TABLE"``: the table starts from pre-trained vectors (``pretrained``), from the same vectors
handed to the wrong words (``shuffled``) or from random rows (``random``), and is ``frozen`` or ``tuned``.
Two baselines stand beside them: ``"TF-IDF"`` and ``"mean vector"``, both with logistic regression.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.arms import BASELINES, Texts, prepare, run
from lessons_lib.bundled import bundled_path
from lessons_lib.indexing import cut
from lessons_lib.inputs import labelled
from lessons_lib.statistics import Estimate

if TYPE_CHECKING:
    import pandas as pd
    from gensim.models import KeyedVectors

ARMS = tuple(f"{start} {table}" for start in ("pretrained", "shuffled", "random") for table in ("frozen", "tuned"))
RATES = (0.001, 0.004)  # learning rates that validation chooses from
STRENGTHS = (0.01, 0.1, 1.0, 10.0)  # of logistic regression (C)
N_VALIDATION = 200
SEARCHED = 1  # so many seeds try every setting; the best on average serves all seeds


def learning_curve(
    train: Texts,
    test: Texts,
    vectors: "KeyedVectors | Mapping[str, KeyedVectors]",
    sizes: Sequence[int],
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
    arms: Sequence[str] = (*ARMS, *BASELINES),
    validation: Texts | None = None,
    groups: Mapping[str, np.ndarray] | None = None,
    rates: Sequence[float] = RATES,
    epochs: int = 20,
    patience: int | None = 4,
    report: Callable[[str], None] | None = None,
) -> "pd.DataFrame":
    """Train every arm on balanced subsets of each size and return one row a run.

    A seed draws the subset, the random or shuffled rows, the weights and the order of the texts; at one seed and size
    all arms get the same subset. Every arm has the same settings to choose from (learning rates, or the strength of
    logistic regression): the first seed tries all of them, and the one with the lowest validation loss is used for
    every seed. The epoch, too, is chosen by validation loss.

    Parameters
    ----------
    train, test : (texts, labels)
        Texts (or lists of words) and their labels, of any kind that sorts.
    vectors : KeyedVectors, or mapping of a name to KeyedVectors
        Pre-trained vectors; those of a mapping have one size, and arms are then named after them ("general frozen").
    sizes : sequence of int
        Numbers of training texts. They are drawn equally from all labels, as far as that divides.
    seeds : sequence of int
    arms : sequence of str
        ``ARMS``, ``BASELINES``, or names as above.
    validation : (texts, labels), optional
        Without it, 200 training texts (a fifth, if there are fewer than 1,000), the same for all runs, are set aside.
    groups : mapping of str to ndarray of bool, optional
        Parts of the test texts to judge on their own: each adds a column ``accuracy NAME``.
    rates, epochs, patience
        As in :func:`lessons_lib.learning.train`; patience counts for the networks.
    report : callable, optional
        Called with a line after each size.

    Returns
    -------
    DataFrame
        Columns arm, size, seed, accuracy (0 to 1, on test), one a group, validation_accuracy, validation_loss,
        setting (rate or C), best_epoch, words_per_second, parameters (numbers trained), curve (validation accuracy
        after each epoch); the last four are of networks only.

    Raises
    ------
    ValueError
        An arm is unknown, vectors have different sizes, a size asks for more texts of a label than there are, as many
        labels as texts are not there, a label is missing or unknown to the training texts, or there is nothing to run.
    TypeError
        Texts, labels or vectors are of another type; the error says which and what to do.

    Examples
    --------
    >>> from lessons_lib import load_vectors
    >>> texts = ["good film", "bad film", "good plot", "bad plot"] * 10, [1, 0, 1, 0] * 10
    >>> runs = learning_curve(texts, texts, load_vectors(), [8], seeds=[0], arms=["pretrained tuned"])
    >>> float(runs.accuracy[0])
    1.0
    """
    import pandas as pd

    parts = {"train": labelled(train, "train")}
    for name, part in {"test": test, "validation": validation}.items():
        if part is not None:
            parts[name] = labelled(part, name, known=parts["train"][1])
    parts = {name: (cut(texts), labels) for name, (texts, labels) in parts.items()}
    for name, found in {"sizes": sizes, "seeds": seeds, "arms": arms}.items():
        if not len(found):
            raise ValueError(f"learning_curve got no {name}: there is nothing to run.")
    settings = {arm: STRENGTHS if arm in BASELINES else tuple(rates) for arm in arms}
    rows = []
    for size in sizes:
        runs: dict[str, list[dict]] = {arm: [] for arm in arms}
        for number, seed in enumerate(seeds):
            subset = prepare(parts, vectors, size, seed, N_VALIDATION)
            for arm, own in runs.items():
                values = settings[arm] if number < SEARCHED else [best_setting(own)]
                own += run(arm, subset, values, epochs, patience, groups or {})
        for own in runs.values():
            best = best_setting(own)
            rows += [{"size": size, **row} for row in own if row["setting"] == best]
        if report is not None:
            report(f"{size:,} texts: {len(arms)} arms, {len(seeds)} seeds")
    return pd.DataFrame(rows)


def best_setting(runs: list[dict], searched: int = SEARCHED) -> float:
    """Return the setting with the lowest mean validation loss over the first ``searched`` seeds.

    Examples
    --------
    >>> best_setting([{"seed": 0, "setting": rate, "validation_loss": rate + 1} for rate in (0.004, 0.001)])
    0.001
    """
    seeds = list(dict.fromkeys(row["seed"] for row in runs))[:searched]
    losses: dict[float, list[float]] = {}
    for row in runs:
        if row["seed"] in seeds:
            losses.setdefault(row["setting"], []).append(row["validation_loss"])
    return min(losses, key=lambda setting: np.mean(losses[setting]))


def mean_interval(values: Iterable[float], of_new_runs: int | None = None) -> Estimate:
    """Return the mean of some runs and its 95 % interval by Student's t.

    Parameters
    ----------
    values : iterable of float
        At least two results of runs that differ in their seeds only.
    of_new_runs : int, optional
        Return the interval in which the mean of so many *new* runs is expected (a prediction interval).

    References
    ----------
    Student (1908), "The Probable Error of a Mean", *Biometrika* 6.

    Examples
    --------
    >>> print(mean_interval([0.70, 0.72, 0.74, 0.71, 0.73]))
    0.720 [0.700, 0.740]
    """
    from scipy.stats import t

    values = np.array(list(values), dtype=float)
    if len(values) < 2:
        raise ValueError(f"An interval over runs needs at least two runs, got {len(values)}.")
    share = 1 / len(values) + (1 / of_new_runs if of_new_runs else 0)
    half = t.ppf(0.975, len(values) - 1) * values.std(ddof=1) * np.sqrt(share)
    return Estimate(float(values.mean()), float(values.mean() - half), float(values.mean() + half))


def over_seeds(runs: "pd.DataFrame", measure: str = "accuracy", of_new_runs: int | None = None) -> "pd.DataFrame":
    """Return mean and 95 % interval for each arm and size: columns arm, size, value, low, high, n_seeds.

    Examples
    --------
    >>> import pandas as pd
    >>> runs = pd.DataFrame({"arm": "a", "size": 20, "seed": [0, 1, 2], "accuracy": [0.7, 0.8, 0.9]})
    >>> over_seeds(runs).round(2).values.tolist()
    [['a', 20, 0.8, 0.55, 1.05, 3]]
    """
    import pandas as pd

    rows = [
        {"arm": arm, "size": size, **mean_interval(own[measure], of_new_runs)._asdict(), "n_seeds": len(own)}
        for (arm, size), own in runs.groupby(["arm", "size"], sort=False)
    ]
    return pd.DataFrame(rows)


def difference(runs: "pd.DataFrame", arm: str, other: str, size: int, measure: str = "accuracy") -> Estimate:
    """Return how much higher ``arm`` is than ``other`` at a size: the mean over paired seeds and its 95 % interval.

    Examples
    --------
    >>> import pandas as pd
    >>> runs = pd.DataFrame({"arm": ["a", "b"] * 2, "size": 20, "seed": [0, 0, 1, 1], "accuracy": [0.8, 0.7, 0.9, 0.8]})
    >>> print(difference(runs, "a", "b", 20))
    0.100 [0.100, 0.100]
    """
    own = runs[runs["size"] == size].pivot(index="seed", columns="arm", values=measure)
    if missing := [name for name in (arm, other) if name not in own]:
        raise ValueError(
            f"No runs of {', '.join(missing)} at size {size}. There are: {', '.join(own.columns) or 'none'}"
        )
    return mean_interval(own[arm] - own[other])


def crossing(runs: "pd.DataFrame", arm: str, other: str, measure: str = "accuracy") -> Estimate:
    """Return the number of training texts at which ``other`` overtakes ``arm`` for good, with its 95 % interval.

    For each seed: the last change of sign of the difference, on a straight line between two sizes (sizes on a
    logarithmic scale). The value is the geometric mean over seeds.

    Raises
    ------
    ValueError
        In a seed ``other`` does not overtake within the measured sizes.

    Examples
    --------
    >>> import pandas as pd
    >>> one = pd.DataFrame({"arm": ["a", "b"] * 2, "size": [10, 10, 1000, 1000], "accuracy": [0.7, 0.6, 0.8, 0.9]})
    >>> print(crossing(pd.concat([one.assign(seed=0), one.assign(seed=1)]), "a", "b"))
    100.000 [100.000, 100.000]
    """
    lead = runs.pivot(index=["seed", "size"], columns="arm", values=measure)[[arm, other]]
    places = []
    for seed, own in (lead[arm] - lead[other]).groupby("seed"):
        sizes, gaps = np.log(own.index.get_level_values("size").to_numpy()), own.to_numpy()
        ahead = np.flatnonzero(gaps >= 0)
        if len(ahead) == 0 or ahead[-1] == len(gaps) - 1:
            raise ValueError(
                f"Seed {seed}: {other} does not overtake {arm} between {own.index[0][1]} and {own.index[-1][1]}."
            )
        last = ahead[-1]
        share = gaps[last] / (gaps[last] - gaps[last + 1])
        places.append(sizes[last] + share * (sizes[last + 1] - sizes[last]))
    return Estimate(*np.exp(mean_interval(places)).tolist())


def recorded_curves(task: str) -> "pd.DataFrame":
    """Return the recorded runs of a task: the columns of :func:`learning_curve`.

    Parameters
    ----------
    task : str
        ``"reviews"``, ``"topics"`` or ``"documentation"``; ``data/README.md`` has the settings.

    Examples
    --------
    >>> sorted(recorded_curves("reviews").arm.unique())[:2]
    ['TF-IDF', 'mean vector']
    """
    import pandas as pd

    record = recorded()
    if task not in record["runs"]:
        raise KeyError(f"No runs of {task!r} are recorded. There are: {', '.join(record['runs'])}")
    return pd.DataFrame(record["runs"][task])


def recorded() -> dict:
    """Return the whole record, with its log: versions, settings, seconds, sizes of the tasks.

    Examples
    --------
    >>> sorted(recorded()["runs"])
    ['documentation', 'reviews', 'topics']
    """
    return json.loads(bundled_path("experiments/learning_curves.json").read_text(encoding="utf-8"))
