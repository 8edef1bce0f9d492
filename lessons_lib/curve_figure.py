"""The picture of learning curves: accuracy against the number of training texts, with intervals over seeds."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from lessons_lib.figures import GREY, PALETTE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOOKS = {  # start of the table -> colour and marker
    "pretrained": (PALETTE[0], "o"), "general": (PALETTE[0], "o"), "documentation": (PALETTE[3], "D"),
    "random": (PALETTE[1], "s"), "shuffled": (PALETTE[2], "^"),
    "TF-IDF": ("#000000", None), "mean vector": (GREY, None),
}  # fmt: skip
KINDS = ("frozen", "tuned")


def plot_curves(summaries: Mapping[str, "pd.DataFrame"], live: Mapping[str, "pd.DataFrame"] | None = None) -> "Figure":
    """Draw one row of two panels a task: frozen tables at the left, tuned ones at the right, baselines in both.

    Parameters
    ----------
    summaries : mapping of str to DataFrame
        Title -> what :func:`lessons_lib.curves.over_seeds` returned. Shaded: the 95 % interval.
    live : mapping of str to DataFrame, optional
        Title -> the same for runs made just now, drawn as open circles.
    """
    import matplotlib.pyplot as plt

    figure, grid = plt.subplots(
        len(summaries), 2, figsize=(10, 3.7 * len(summaries)), sharex="row", sharey="row", squeeze=False
    )
    for row, (title, summary) in zip(grid, summaries.items(), strict=True):
        for axes, kind in zip(row, KINDS, strict=True):
            _draw(axes, summary, kind, (live or {}).get(title))
            axes.set_title(f"{title}: the table is {kind}")
        row[0].set_ylabel("accuracy on test texts")
    for axes in grid[-1]:
        axes.set_xlabel("training texts")
    return figure


def _draw(axes: "Axes", summary: "pd.DataFrame", kind: str, live: "pd.DataFrame | None") -> None:
    ends = []
    for arm, own in summary.groupby("arm", sort=False):
        start = arm.removesuffix(f" {kind}")
        if start.endswith(KINDS):
            continue
        colour, marker = LOOKS.get(start, (PALETTE[5], "v"))
        own = own.sort_values("size")
        style = "--" if marker is None else "-"
        axes.fill_between(own["size"], own["low"], own["high"], color=colour, alpha=0.13, linewidth=0)
        axes.plot(own["size"], own["value"], style, color=colour, marker=marker, markersize=4, linewidth=1.7)
        ends.append((float(own["value"].iloc[-1]), start, colour))
        if live is not None:
            points = live[live.arm == arm]
            axes.plot(points["size"], points["value"], "o", markersize=9, markerfacecolor="none", color=colour)
    sizes = sorted(summary["size"].unique())
    axes.set_xscale("log")
    axes.set(xticks=sizes, xticklabels=[f"{size:,}" for size in sizes], xlim=(sizes[0] * 0.9, sizes[-1] * 1.1))
    axes.minorticks_off()
    _label_ends(axes, ends)


def _label_ends(axes: "Axes", ends: list[tuple[float, str, str]]) -> None:
    """Write the names right of the ends of the lines, moved apart where lines end close together."""
    low, high = axes.get_ylim()
    gap = 0.062 * (high - low)
    ends = sorted(ends)
    places = spread([value for value, _, _ in ends], gap)
    for place, (_, name, colour) in zip(places, ends, strict=True):
        axes.annotate(name, (1.01, place), xycoords=axes.get_yaxis_transform(), color=colour, va="center",
                      fontweight="bold", fontsize=9.5, annotation_clip=False)  # fmt: skip


def spread(values: list[float], gap: float) -> np.ndarray:
    """Return sorted values moved apart to at least ``gap``, each group around its own middle.

    Examples
    --------
    >>> spread([0.0, 0.1, 5.0], 1.0).tolist()
    [-0.45, 0.55, 5.0]
    """
    groups: list[list[float]] = []
    for value in values:
        groups.append([value])
        while len(groups) > 1 and _reach(groups[-2], gap)[1] + gap > _reach(groups[-1], gap)[0]:
            last = groups.pop()
            groups[-1] += last
    return np.concatenate([_reach(group, gap)[0] + gap * np.arange(len(group)) for group in groups]).round(12)


def _reach(group: list[float], gap: float) -> tuple[float, float]:
    """Return the lowest and the highest place of a group that is spread evenly around its mean."""
    half = gap * (len(group) - 1) / 2
    return float(np.mean(group)) - half, float(np.mean(group)) + half
