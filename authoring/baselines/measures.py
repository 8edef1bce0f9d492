"""From what was right and wrong to rows with intervals."""

import numpy as np
import pandas as pd

from lessons_lib.statistics import bootstrap


def measured(scores: dict[str, dict[str, np.ndarray]]) -> pd.DataFrame:
    """Return one row a method and measure: the mean over the items, its 95 % interval and the number of items.

    Parameters
    ----------
    scores : dict
        Method -> measure -> one score an item, between 0 and 1.

    Returns
    -------
    DataFrame
        Columns method, measure, value, low, high, n.

    Examples
    --------
    >>> measured({"coin": {"accuracy": np.array([1, 0, 1, 1])}})
      method   measure  value   low  high  n
    0   coin  accuracy   0.75  0.25   1.0  4
    """
    rows = [
        {"method": method, "measure": measure, **bootstrap(np.mean, items.astype(float))._asdict(), "n": len(items)}
        for method, measures in scores.items()
        for measure, items in measures.items()
    ]
    return pd.DataFrame(rows)
