"""Claims: the sentences of a lesson that must be true, each checked against what was just measured."""

import math
from html import escape

from lessons_lib import session
from lessons_lib.rendering import box, present
from lessons_lib.statistics import Estimate

MIME = "application/vnd.lessons.claim+json"  # `lessons run` collects the claims of a lesson by this type


class ClaimError(AssertionError):
    """A claim does not hold (raised only when ``LESSONS_STRICT=1``)."""


def readable(number: float) -> str:
    """Return a measured number with three digits that count, or whole with thousands marked.

    Examples
    --------
    >>> readable(0.08351), readable(2607.3)
    ('0.0835', '2,607')
    """
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def claim(
    statement: str, value: float | Estimate, *, at_least: float | None = None, at_most: float | None = None
) -> None:
    """State what a lesson claims, with the number behind it and its bound, and say whether it holds.

    Parameters
    ----------
    statement : str
        A plain sentence without a full stop.
    value : float or Estimate
        The measured number. Of an estimate, the value is held against the bound and the interval is printed.
    at_least, at_most : float, optional
        The bounds, at least one of them; both ends count as inside.

    Raises
    ------
    ClaimError
        The claim does not hold and ``LESSONS_STRICT=1``. Without it, a changed experiment is never a crash.
        A number that is not finite never holds.

    Examples
    --------
    >>> claim("Two and two make at least four", 2 + 2, at_least=4)
    HOLDS: Two and two make at least four: 4 (at least 4)
    """
    if at_least is None and at_most is None:
        raise ValueError(f"The claim {statement!r} needs a bound: at_least=, at_most= or both.")
    number = float(value.value if isinstance(value, Estimate) else value)
    bounds = [
        f"at least {at_least:g}" if at_least is not None else "",
        f"at most {at_most:g}" if at_most is not None else "",
    ]
    holds = (
        math.isfinite(number) and (at_least is None or number >= at_least) and (at_most is None or number <= at_most)
    )
    shown = str(value) if isinstance(value, Estimate) else readable(number)
    detail = f"{shown} ({', '.join(filter(None, bounds))})"
    line = f"{'HOLDS' if holds else 'DOES NOT HOLD'}: {statement}: {detail}"
    record = {
        "lesson": session.current.lesson,
        "statement": statement,
        "value": number if math.isfinite(number) else None,
        "at_least": at_least,
        "at_most": at_most,
        "holds": holds,
    }
    verdict = "Holds" if holds else "Does not hold"
    html = box("right" if holds else "wrong", f"<b>{verdict}:</b> {escape(statement)}: {escape(detail)}")
    present(line, html, {MIME: record})
    if not holds and session.strict():
        raise ClaimError(line)
