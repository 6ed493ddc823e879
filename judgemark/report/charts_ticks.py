"""Round numbers along an axis, and how numbers are written in charts."""

from __future__ import annotations

import math
from collections.abc import Sequence

MINUS = "−"
STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_ROUNDING = 1e-9


def round_numbers(
    low: float, high: float, most_intervals: int, steps: Sequence[float] = STEPS
) -> list[float]:
    """Return evenly spaced round numbers from at or below `low` to at or above `high`, low < high.

    The distance between them is the smallest of `steps` (1..10, ascending) times a power of ten of
    which at most `most_intervals` fit between the limits. Where fewer than two of the numbers would
    lie within the limits, smaller distances are tried.
    """
    least = (high - low) / most_intervals
    power = math.floor(math.log10(least))
    wanted = [step * 10.0**p for p in (power - 1, power, power + 1) for step in steps[:-1]]
    first = next(n for n, step in enumerate(wanted) if step >= least * (1 - _ROUNDING))
    for step in reversed(wanted[: first + 1]):
        below = math.floor(low / step + _ROUNDING)
        above = math.ceil(high / step - _ROUNDING)
        numbers = [_without_rest(n * step, step) for n in range(below, above + 1)]
        if len(numbers_within(numbers, low, high)) >= 2:
            return numbers
    return numbers


def numbers_within(numbers: Sequence[float], low: float, high: float) -> list[float]:
    """Return those of the numbers that lie within the limits, but for rounding."""
    room = _ROUNDING * (high - low)
    return [n for n in numbers if low - room <= n <= high + room]


def number(value: float) -> str:
    """Format a score for a chart: about three digits, no exponent below a million."""
    if abs(value) >= 1e6:
        text = f"{value:.3g}"
    elif abs(value) >= 100:
        text = f"{value:.0f}"
    else:
        text = f"{value:.1f}" if abs(value) >= 20 else f"{value:.2f}"
    return text.replace("-", MINUS)


def tick(value: float, _place: int | None = None) -> str:
    """Format a number on an axis."""
    return f"{value:.6g}".replace("-", MINUS)


def _without_rest(value: float, step: float) -> float:
    """Return a multiple of a step without the last digits of the multiplication."""
    digits = max(0, 3 - math.floor(math.log10(step)))
    return round(value, min(digits, 300))
