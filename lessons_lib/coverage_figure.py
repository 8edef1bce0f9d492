"""The picture of a coverage report."""

from typing import TYPE_CHECKING

from lessons_lib.figures import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from lessons_lib.coverage_report import Coverage


def plot_coverage(report: "Coverage") -> "Figure":
    """Draw a coverage report: the frequency bands at the left, the rungs of normalising at the right.

    Parameters
    ----------
    report : Coverage
        What :func:`lessons_lib.coverage` returned.
    """
    import matplotlib.pyplot as plt

    from lessons_lib.coverage_report import Coverage

    if not isinstance(report, Coverage):
        raise TypeError(f"plot_coverage draws what coverage(vectors, texts) returned, got {type(report).__name__}.")
    rungs = _rungs_that_count(report)
    height = max(3.2, 0.36 * max(len(rungs), len(report.bands)) + 1.4)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, height), width_ratios=(4, 5))
    _draw_bands(left, report)
    _draw_rungs(right, report, rungs)
    title = f"A vector for {report.tokens:.1%} of the running words and {report.types:.1%} of the different words"
    figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
    return figure


def _rungs_that_count(report: "Coverage") -> list[str]:
    """Return the rungs to draw: the first, and those that win back a word."""
    won = report.normalising.won_types > 0
    return [name for number, name in enumerate(report.normalising.index) if number == 0 or won.iloc[number]]


def _draw_bands(axes: "Axes", report: "Coverage") -> None:
    """Draw the share of different words with a vector, a bar for each frequency band."""
    shares, places = report.bands["share"], range(len(report.bands))
    axes.barh(places, 1, color="#EDEDED", height=0.7)
    axes.barh(places, shares, color=PALETTE[0], height=0.7)
    for place, (share, types) in enumerate(zip(shares, report.bands["types"], strict=True)):
        text = f"{share:.0%} of {types:,}" if share in (0, 1) else f"{share:.1%} of {types:,}"
        inside = share > 0.45
        axes.text(share - 0.02 if inside else share + 0.02, place, text, va="center", fontsize=9.5,
                  ha="right" if inside else "left", color="white" if inside else "black")  # fmt: skip
    axes.set(yticks=places, yticklabels=report.bands.index, xlim=(0, 1), ylim=(-0.6, max(len(places), 3) - 0.4),
             xlabel="different words with a vector", ylabel="the word occurs")  # fmt: skip
    axes.set_title("By frequency in the text", fontweight="normal", fontsize=11)
    axes.xaxis.set_major_formatter("{x:.0%}")
    axes.grid(False)


def _draw_rungs(axes: "Axes", report: "Coverage", rungs: list[str]) -> None:
    """Draw the shares of running and different words, rung by rung, from top to bottom."""
    table, places = report.normalising.loc[rungs], range(len(rungs))
    lowest = float(table[["types", "tokens"]].to_numpy().min())
    left, right = max(0.0, lowest - 0.12), 1.04
    close = abs(table.tokens.iloc[-1] - table.types.iloc[-1]) < 0.12 * (right - left)
    lines = (("types", "different words", PALETTE[0], "o", 8), ("tokens", "running words", PALETTE[1], "s", 22))
    for column, name, colour, marker, above in lines:
        first, last = table[column].iloc[0], table[column].iloc[-1]
        axes.plot(table[column], places, color=colour, marker=marker)
        place = (first - left) / (right - left)
        side = "left" if place < 0.25 else "right" if place > 0.75 else "center"
        axes.annotate(name, (first, 0), xytext=(0, above), textcoords="offset points", ha=side, color=colour,
                      fontweight="bold")  # fmt: skip
        side = "center" if not close else "right" if column == "types" else "left"
        axes.annotate(f" {last:.1%} ", (last, places[-1]), xytext=(0, -16), textcoords="offset points", ha=side,
                      color=colour)  # fmt: skip
    axes.set(yticks=places, yticklabels=["as written", *(f"+ {name}" for name in rungs[1:])], xlim=(left, right),
             ylim=(len(rungs) - 0.2, -1.1), xlabel="share with a vector")  # fmt: skip
    axes.set_title("What normalising wins back", fontweight="normal", fontsize=11)
    axes.xaxis.set_major_formatter("{x:.0%}")
