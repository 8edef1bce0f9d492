"""Capitals and the distances between them: the map that lesson 1 holds word vectors against."""

from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.bundled import bundled_path

if TYPE_CHECKING:
    import pandas as pd

EARTH_RADIUS = 6371.0  # km, mean radius (IUGG)


def capitals() -> "pd.DataFrame":
    """Return 54 capitals of the world: columns word, country, continent, latitude, longitude.

    Words are in lower case, as in the vectors.
    Latitude and longitude are in degrees, north and east positive, rounded to a hundredth.

    Examples
    --------
    >>> capitals().word.isin(["paris", "tokyo"]).sum()
    np.int64(2)
    """
    import pandas as pd

    return pd.read_csv(bundled_path("words/capitals.csv"))


def great_circle_distances(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Return the distances between places over the surface of the Earth.

    Parameters
    ----------
    latitude, longitude : ndarray, shape (n_places,)
        Degrees, north and east positive.

    Returns
    -------
    ndarray, shape (n_places, n_places)
        Kilometres; the Earth is taken as a sphere, which is wrong by half a per cent at most.

    References
    ----------
    The haversine formula: Sinnott (1984), "Virtues of the Haversine", Sky and Telescope 68.

    Examples
    --------
    >>> great_circle_distances(np.array([0.0, 0.0]), np.array([0.0, 90.0])).round()
    array([[    0., 10008.],
           [10008.,     0.]])
    """
    latitude, longitude = np.radians(latitude), np.radians(longitude)
    across = np.sin((latitude[:, None] - latitude) / 2) ** 2
    along = np.cos(latitude[:, None]) * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(across + along, 0, 1)))
