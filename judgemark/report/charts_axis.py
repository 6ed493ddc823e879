"""The axes of the leaderboard's drawings: their limits, ticks and positions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from judgemark.report.charts_ticks import numbers_within, round_numbers

_TICK_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_LEAST_LOG_RATIO = 20.0
"""The ratio of the greatest to the least cost from which the axis of costs is logarithmic."""


@dataclass(frozen=True, slots=True)
class DrawnAxis:
    """An axis from `low` to `high` with marks at `ticks`; logarithmic where `log`."""

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool = False

    def share(self, value: float) -> float:
        """Return a value's position along the axis: 0 at `low`, 1 at `high`, linear in between.

        A value outside the limits gets a position below 0 or above 1. Where the axis is
        logarithmic, the position is linear in the logarithm.
        """
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def linear_axis(values: Iterable[float], most_intervals: int = 5) -> DrawnAxis:
    """Return an axis from the least to the greatest value, with ticks at round numbers.

    There are at least two ticks and at most `most_intervals` + 1. Equal values, or none, get an
    axis of length 2 or 1.
    """
    listed = list(values)
    low, high = (min(listed), max(listed)) if listed else (0.0, 1.0)
    if high - low < 1e-9:
        low, high = low - 1, high + 1
    proposed = round_numbers(low, high, most_intervals, _TICK_STEPS)
    return DrawnAxis(low, high, tuple(round(t, 10) for t in numbers_within(proposed, low, high)))


def cost_axis(costs: Sequence[float]) -> DrawnAxis:
    """Return an axis for costs above 0, in dollars.

    It is logarithmic, with a tick at each power of ten, where the costs span a wide range;
    otherwise it is linear and begins at 0.
    """
    if not costs:
        return DrawnAxis(0.0, 1.0, (0.0, 1.0))
    low, high = min(costs), max(costs)
    if high / low < _LEAST_LOG_RATIO:
        return linear_axis([0.0, high])
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    ticks = tuple(10.0**n for n in range(first, last + 1))
    return DrawnAxis(ticks[0], ticks[-1], ticks, log=True)
