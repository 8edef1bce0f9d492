"""How the teaching tools speak: one display with an HTML and a plain-text version, for eyes and for screen readers."""

from collections.abc import Mapping
from html import escape
from typing import Any

ACCENT = {"question": "#0072B2", "right": "#009E73", "wrong": "#D55E00", "neutral": "#767676"}


def box(kind: str, *paragraphs: str) -> str:
    """Return HTML paragraphs with a coloured bar at their left; ``kind`` is a key of ``ACCENT``.

    The colour repeats what the words say, it never says something alone.
    """
    body = "".join(f'<p style="margin: 0.2em 0">{paragraph}</p>' for paragraph in paragraphs)
    return f'<div style="border-left: 4px solid {ACCENT[kind]}; padding: 0.2em 0.8em; margin: 0.4em 0">{body}</div>'


def fold(summary: str, content: str) -> str:
    """Return an HTML line that opens on click, Enter or Space and then shows ``content`` (both are escaped)."""
    return (
        f'<details style="margin: 0.2em 0 0.2em 1em"><summary>{escape(summary)}</summary>'
        f'<p style="margin: 0.2em 0 0.6em 1.2em">{escape(content)}</p></details>'
    )


def present(text: str, html: str | None = None, extra: Mapping[str, Any] | None = None) -> None:
    """Show ``html`` where a notebook can, else print ``text``; ``extra`` adds further MIME types for programs."""
    try:
        from IPython import get_ipython
    except ImportError:
        print(text)
        return
    if get_ipython() is None:
        print(text)
        return
    from IPython.display import display

    bundle = {"text/plain": text, **({"text/html": html} if html else {}), **(extra or {})}
    display(bundle, raw=True)
