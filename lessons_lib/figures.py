"""Figures: one style, one palette that colour-blind readers can tell apart, and alt text that says the finding."""

import base64
import io
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito (2008), "Color Universal Design", without yellow, which is too pale on white
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
GREY = "#767676"
DPI = 144  # two device pixels for each pixel on the page
SHORTEST_ALT = 30  # characters; less cannot say a finding


def use_style() -> None:
    """Set the figure style of the course for this session."""
    import matplotlib as mpl

    mpl.rcParams.update({
        "figure.figsize": (7, 4), "figure.constrained_layout.use": True, "figure.facecolor": "white",
        "axes.prop_cycle": mpl.cycler(color=PALETTE), "axes.spines.top": False, "axes.spines.right": False,
        "axes.titlelocation": "left", "axes.titlesize": 12, "axes.titleweight": "bold", "axes.labelsize": 11,
        "axes.grid": True, "grid.color": "#E5E5E5", "axes.axisbelow": True,
        "xtick.labelsize": 10, "ytick.labelsize": 10, "legend.frameon": False, "font.size": 10.5,
        "lines.linewidth": 2, "lines.markersize": 5,
    })  # fmt: skip


def show(figure: "Figure | Axes", alt: str) -> None:
    """Show a figure with alt text, and close it.

    The picture goes out twice: as PNG for every reader of notebooks, and as an HTML image with ``alt``,
    because JupyterLab drops the alt text of PNG outputs.

    Parameters
    ----------
    figure : Figure or Axes
        What to show.
    alt : str
        What the figure shows, as a finding in one or two sentences, with its numbers.

    Raises
    ------
    ValueError
        The alt text is too short to say a finding.
    """
    import matplotlib.pyplot as plt

    from lessons_lib.rendering import present

    if len(alt.strip()) < SHORTEST_ALT:
        raise ValueError(
            f"The alt text {alt!r} has {len(alt.strip())} characters: say in a sentence what is to be seen."
        )
    figure = figure if hasattr(figure, "savefig") else figure.figure
    picture = base64.b64encode(png(figure)).decode("ascii")
    width = round(figure.get_figwidth() * DPI / 2)
    source = f"data:image/png;base64,{picture}"
    html = f'<img alt="{escape(alt, quote=True)}" width="{width}" style="max-width: 100%" src="{source}">'
    plt.close(figure)
    present(f"Figure: {alt}", html, {"image/png": picture})


def png(figure: "Figure") -> bytes:
    """Return a figure as a PNG file of at most 256 colours: a third of the size, and no eye sees it."""
    from PIL import Image

    raw, small = io.BytesIO(), io.BytesIO()
    figure.savefig(raw, format="png", dpi=DPI)
    picture = Image.open(raw).convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture.save(small, format="png", optimize=True)
    return small.getvalue()


def label_end(axes: "Axes", x: float, y: float, text: str, colour: str) -> None:
    """Write ``text`` right of the point (x, y): a direct label, in place of a legend.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> label_end(axes, 1, 2, "frozen", "black")
    >>> axes.texts[0].get_text()
    'frozen'
    """
    axes.annotate(text, (x, y), xytext=(6, 0), textcoords="offset points", color=colour, va="center", fontweight="bold")
