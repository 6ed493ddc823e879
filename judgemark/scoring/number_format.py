"""How pages and the terminal print numbers: rounded, with a dash for an absent number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from judgemark.scoring.figures import Unit

ABSENT = "–"
MINUS = "−"


def figure(value: float | None, digits: int = 2) -> str:
    """Format a number with `digits` decimals; a number that rounds to zero has no sign."""
    if value is None:
        return ABSENT
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", MINUS)


def mean_figure(value: float | None) -> str:
    """Format a mean on any scale with about three digits, as 1234 and 0.123."""
    if value is None:
        return ABSENT
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2
    return figure(value, digits)


def signed(value: float | None, digits: int = 2) -> str:
    """Format a difference or a correlation, with its sign."""
    if value is None:
        return ABSENT
    text = figure(value, digits)
    return text if text.startswith(MINUS) or float(text) == 0 else f"+{text}"


def interval(ends: Sequence[float] | None, digits: int = 1) -> str:
    """Format an interval as "low to high"."""
    if ends is None:
        return ABSENT
    return f"{figure(ends[0], digits)} to {figure(ends[1], digits)}"


def corrected_score(score: float | None, ends: Sequence[float] | None) -> float | None:
    """Return the corrected score of an interval that leaves the score itself out, else None.

    Only bias-corrected intervals can do so; they lie evenly around the corrected score.
    """
    if score is None or ends is None or ends[0] <= score <= ends[1]:
        return None
    return (ends[0] + ends[1]) / 2


def score_interval(score: float | None, ends: Sequence[float] | None, digits: int = 1) -> str:
    """Format the interval of a score, with the corrected score where it leaves the score out."""
    corrected = corrected_score(score, ends)
    if corrected is None:
        return interval(ends, digits)
    return f"{interval(ends, digits)} around {figure(corrected, digits)}, corrected for few items"


def mean_interval(ends: Sequence[float] | None) -> str:
    """Format the interval of a mean on any scale, like `mean_figure`."""
    if ends is None:
        return ABSENT
    return f"{mean_figure(ends[0])} to {mean_figure(ends[1])}"


def percent(share: float | None, digits: int = 1) -> str:
    """Format a share of 0..1 in percent."""
    return ABSENT if share is None else f"{figure(100 * share, digits)}%"


def count(value: float | None) -> str:
    """Format a whole number with narrow spaces between its thousands."""
    return ABSENT if value is None else f"{value:,.0f}".replace(",", "\u202f")


def dollars(value: float | None) -> str:
    """Format dollars: two decimals, and more for small amounts."""
    if value is None:
        return "not reported"
    return f"${value:.2f}" if value >= 1 or value == 0 else f"${value:.4f}"


def p_value(value: float | None) -> str:
    """Format a p-value with three decimals, but never as zero."""
    if value is None:
        return ABSENT
    return "< 0.001" if value < 0.0005 else f"{value:.3f}"


def plain_number(value: float) -> str:
    """Format a score as a judge gives it: 7 or 7.5."""
    return f"{value:.6g}".replace("-", MINUS)


def percent_interval(ends: Sequence[float] | None, digits: int = 1) -> str:
    """Format an interval of shares of 0..1 in percent."""
    return ABSENT if ends is None else f"{interval([100 * e for e in ends], digits)}%"


def cost(value: float | None) -> str:
    """Format the cost of a run; "none" for a judge that costs nothing."""
    if value is None:
        return ABSENT
    return "none" if value == 0 else dollars(value)


def seconds(value: float | None) -> str:
    """Format seconds, with two decimals where they are few."""
    if value is None:
        return ABSENT
    return "< 0.01" if value < 0.005 else figure(value, 2 if value < 10 else 1)


def share(value: float | None) -> str:
    """Format a share in percent; only a full share is shown as 100%."""
    if value is None:
        return ABSENT
    return "100%" if value >= 1 else f"{min(value, 0.999) * 100:.1f}%"


def share_difference(value: float | None) -> str:
    """Return the difference of two shares of 0..1, in percentage points with its sign."""
    return ABSENT if value is None else signed(100 * value, 1)


_PRINTERS: Mapping[Unit, Callable[[float | None], str]] = {
    Unit.POINTS: lambda value: figure(value, 1),
    Unit.POINT_DIFFERENCE: lambda value: signed(value, 1),
    Unit.INDEX: lambda value: figure(value, 2),
    Unit.CORRELATION: lambda value: signed(value, 2),
    Unit.SHARE: share,
    Unit.SHARE_DIFFERENCE: share_difference,
    Unit.PROBABILITY: p_value,
    Unit.DOLLARS: cost,
    Unit.SECONDS: seconds,
    Unit.JUDGES: lambda value: figure(value, 2),
}


def printed(value: float | None, unit: Unit) -> str:
    """Format a registered figure by its unit; a dash where it is absent."""
    return _PRINTERS[unit](value)
