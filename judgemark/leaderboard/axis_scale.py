"""From figures to places on a drawing. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_LOG_FROM = 20.0
"""A span of costs from which on equal ratios, not equal differences, are drawn equally far."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale from `low` to `high` with marks at `ticks`; logarithmic where `log`."""

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool = False

    def share(self, value: float) -> float:
        """How far along the scale a value lies; 0 at `low`, 1 at `high`, beyond them beyond."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def linear(values: Iterable[float], most: int = 5) -> Scale:
    """A scale from the least value to the greatest, with at most `most` + 1 round marks."""
    listed = list(values)
    low, high = (min(listed), max(listed)) if listed else (0.0, 1.0)
    if high - low < 1e-9:
        low, high = low - 1, high + 1
    step = _round_step((high - low) / most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return Scale(low, high, tuple(round(n * step, 10) for n in range(first, last + 1)))


def costs(values: Sequence[float]) -> Scale:
    """A scale for dollars above 0: logarithmic where they span much, else from 0."""
    if not values:
        return Scale(0.0, 1.0, (0.0, 1.0))
    low, high = min(values), max(values)
    if high / low < _LOG_FROM:
        return linear([0.0, high])
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    ticks = tuple(10.0**n for n in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks, log=True)


def _round_step(least: float) -> float:
    size = 10.0 ** math.floor(math.log10(least))
    return next(size * step for step in _STEPS if size * step >= least * (1 - 1e-9))
