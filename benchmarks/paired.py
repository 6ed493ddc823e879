"""Two ways of doing the same, timed side by side."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Paired:
    """Seconds of both ways: the mean of each round."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Return the median of theirs / ours of each round: above 1, ours is faster."""
        return statistics.median(b / a for a, b in zip(self.ours, self.theirs, strict=True))

    @property
    def spread(self) -> str:
        """Return the least and the greatest of these ratios, for people."""
        ratios = [b / a for a, b in zip(self.ours, self.theirs, strict=True)]
        return f"{min(ratios):.3f} to {max(ratios):.3f}"

    @property
    def seconds(self) -> float:
        """Return the median of our seconds."""
        return statistics.median(self.ours)


def paired(
    ours: Callable[[], object],
    theirs: Callable[[], object],
    rounds: int,
    before: Callable[[], object] = lambda: None,
) -> Paired:
    """Time both twice in each round; `before` runs untimed before each.

    The order is ours, theirs, theirs, ours, and the other way round in every second round: neither
    what a run leaves in caches nor a machine that slowly gets busier favours a side.
    """
    seconds: tuple[list[float], list[float]] = ([], [])
    for n in range(rounds):
        spent = [0.0, 0.0]
        first = n % 2
        for side in (first, 1 - first, 1 - first, first):
            before()
            started = time.perf_counter()
            (ours, theirs)[side]()
            spent[side] += (time.perf_counter() - started) / 2
        for kept, mean in zip(seconds, spent, strict=True):
            kept.append(mean)
    return Paired(tuple(seconds[0]), tuple(seconds[1]))
