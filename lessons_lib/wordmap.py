"""Word maps: vectors flattened to two dimensions, how much the map distorts, and an explorer to search and zoom.

A map is a table of words with the columns word, x, y and, for coloured maps, group.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib import session
from lessons_lib.figures import GREY, PALETTE, show

if TYPE_CHECKING:
    import pandas as pd
    from gensim.models import KeyedVectors
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def neighbours_kept(vectors: np.ndarray, positions: np.ndarray, k: int = 10) -> np.ndarray:
    """Return, for each word, the share of its ``k`` nearest words that are still among the ``k`` nearest on the map.

    Parameters
    ----------
    vectors : ndarray, shape (n_words, n_dims)
        Compared by cosine.
    positions : ndarray, shape (n_words, 2)
        Compared by straight distance, as the eye does.
    k : int
        Size of the neighbourhood, below n_words.

    Returns
    -------
    ndarray, shape (n_words,)
        Between 0 and 1; chance is about k / (n_words - 1).

    Examples
    --------
    >>> circle = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.1, 0.9]])
    >>> neighbours_kept(circle, circle, k=1)
    array([1., 1., 1., 1.])
    """
    if not 0 < k < len(vectors):
        raise ValueError(f"k must lie between 1 and {len(vectors) - 1} for {len(vectors)} words, got {k}.")
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    far_in_space = 1 - unit @ unit.T
    far_on_map = np.linalg.norm(positions[:, None] - positions, axis=2)
    for distances in (far_in_space, far_on_map):
        np.fill_diagonal(distances, np.inf)
    near_in_space = np.argsort(far_in_space, axis=1)[:, :k]
    near_on_map = np.argsort(far_on_map, axis=1)[:, :k]
    return np.array([len(set(a) & set(b)) / k for a, b in zip(near_in_space, near_on_map, strict=True)])


def draw_map(positions: np.ndarray, groups: Mapping[str, Sequence[str]], title: str = "") -> "Figure":
    """Draw a word map: a dot and its word for each row, the colour and the marker of its group.

    Parameters
    ----------
    positions : ndarray, shape (n_words, 2)
        One row a word, in the order of ``groups``.
    groups : mapping of str to sequence of str
        Name of the group -> its words; up to as many groups as ``MARKERS``.
    title : str
        What the map is made by.
    """
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8.5, 6))
    start = 0
    for (name, words), (marker, colour) in zip(groups.items(), MARKERS, strict=False):
        axes.scatter(*positions[start : start + len(words)].T, marker=marker, color=colour, s=36, label=name)
        start += len(words)
    _bare(axes, title)
    label_points(axes, positions, [word for words in groups.values() for word in words])
    figure.legend(loc="outside lower center", ncols=min(4, len(groups)), markerscale=1.3)
    return figure


MOST_LABELS = 70  # more words than this cannot be read on one map
MARKERS = [*zip("osD^vPX", PALETTE, strict=True), ("*", GREY)]


def label_points(axes: "Axes", positions: np.ndarray, words: Sequence[str], colour: str = "#333333") -> None:
    """Write each word beside its point, moved aside until no two words lie on each other."""
    from adjustText import adjust_text

    labels = [axes.text(x, y, word, color=colour, size=9) for (x, y), word in zip(positions, words, strict=True)]
    adjust_text(labels, *np.asarray(positions).T, ax=axes, expand=(1.15, 1.35), iter_lim=200,
                arrowprops={"arrowstyle": "-", "color": "#BBBBBB", "lw": 0.6})  # fmt: skip


def _bare(axes: "Axes", title: str) -> None:
    """Take away what a map has no use for: ticks, grid and frame (its axes have no meaning)."""
    axes.set(title=title, xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(False)


class WordMap:
    """A map of frequent words in which any known word can be searched and its neighbours light up.

    Parameters
    ----------
    vectors : KeyedVectors
        Where neighbours come from.
    positions : DataFrame
        Columns word, x, y: the words on the map.
    """

    def __init__(self, vectors: "KeyedVectors", positions: "pd.DataFrame"):
        self.vectors = vectors
        self.positions = positions.set_index("word")
        self.unit = vectors.get_normed_vectors()[[vectors.key_to_index[word] for word in self.positions.index]]

    def neighbours(self, query: str, n: int = 12) -> list[str]:
        """Return the ``n`` words of the map that are nearest in cosine to ``query``, nearest first.

        Raises
        ------
        KeyError
            ``query`` has no vector.
        """
        if query not in self.vectors:
            raise KeyError(f"{query!r} has no vector. Words are lower-case; try another form or another word.")
        cosines = self.unit @ self.vectors.get_vector(query, norm=True)
        ranked = self.positions.index[np.argsort(-cosines)]
        return [word for word in ranked if word != query][:n]

    def figure(self, query: str, zoom: float = 1.0) -> "Figure":
        """Draw the map with ``query`` and its neighbours in colour; ``zoom`` 1 shows all, 8 a small part around it."""
        import matplotlib.pyplot as plt

        neighbours = self.neighbours(query)
        places = self.positions[["x", "y"]]
        # a word that is not on the map is shown in the middle of its three nearest
        middle = places.loc[query] if query in places.index else places.loc[neighbours[:3]].mean()
        half = np.ptp(places.to_numpy(), axis=0).max() / 2 / zoom
        near = places[((places - middle).abs() < half).all(axis=1)]
        figure, axes = plt.subplots(figsize=(8, 6))
        axes.scatter(places.x, places.y, s=6 * zoom**0.5, color="#BBBBBB")
        if zoom > 1:
            axes.set(xlim=(middle.x - half, middle.x + half), ylim=(middle.y - half, middle.y + half))
        _bare(axes, f"{query} and its neighbours among {len(places):,} frequent words")
        lit = places.loc[neighbours]
        axes.scatter(lit.x, lit.y, s=40, color=PALETTE[0])
        axes.scatter(*middle, s=110, marker="*", color=PALETTE[1], zorder=3)
        axes.annotate(
            query,
            middle,
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
            color=PALETTE[1],
            size=12,
            weight="bold",
        )
        shown = near if zoom > 1 and len(near) <= MOST_LABELS else near.loc[near.index.isin(neighbours)]
        shown = shown.drop(query, errors="ignore")
        label_points(axes, shown.to_numpy(), list(shown.index))
        return figure

    def alt(self, query: str) -> str:
        """Return the alt text of ``figure(query)``: the neighbours in words."""
        nearest = ", ".join(self.neighbours(query, 8))
        return f"Word map with {query} marked; nearest to it in the vector space are {nearest}."


def frequent_words_map(vectors: "KeyedVectors", first: int = 150, last: int = 1650, seed: int = 0) -> WordMap:
    """Lay out the words of frequency rank ``first`` to ``last`` by t-SNE; a few seconds for 1,500 words."""
    import pandas as pd
    from sklearn.manifold import TSNE

    words = [word for word in vectors.index_to_key[first:last] if word.isalpha()]
    rows = np.stack([vectors.get_vector(word, norm=True) for word in words])
    places = TSNE(random_state=seed, perplexity=20, max_iter=500, init="pca").fit_transform(rows)
    return WordMap(vectors, pd.DataFrame({"word": words, "x": places[:, 0], "y": places[:, 1]}))


def explore_map(word_map: WordMap, query: str = "music") -> None:
    """Show the explorer: a field to search any word and a slider to zoom; without a kernel, a picture of ``query``."""
    if not session.interactive():
        show(word_map.figure(query, zoom=4), alt=word_map.alt(query))
        return
    from html import escape

    from IPython.display import display
    from ipywidgets import HTML, FloatSlider, Output, Text, VBox

    search = Text(value=query, description="Word", continuous_update=False)
    zoom = FloatSlider(value=4, min=1, max=10, step=0.5, description="Zoom", continuous_update=False)
    said, picture = HTML(), Output()

    def refresh(_: object = None) -> None:
        word = search.value.strip().lower()
        try:
            found = word_map.neighbours(word)
        except KeyError as error:
            said.value = f'<p role="status">{escape(error.args[0])}</p>'
            return
        said.value = f'<p role="status">Nearest to <b>{escape(word)}</b>: {escape(", ".join(found))}</p>'
        with picture:
            picture.clear_output(wait=True)
            show(word_map.figure(word, zoom.value), alt=word_map.alt(word))

    search.observe(refresh, names="value")
    zoom.observe(refresh, names="value")
    refresh()
    display(VBox([search, zoom, said, picture]))
