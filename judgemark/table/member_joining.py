"""The ways to join the scores that several judges gave one piece."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

Reduce = Callable[[Sequence[float]], float]
"""Joins the scores of several judges of one piece, in the order of the judges."""

_FEWEST_TO_TRIM = 3


def exact_mean(values: Sequence[float]) -> float:
    """Return the mean without rounding on the way: equal values in another order stay equal.

    `sum / len` of 6.1, 6.2 and 6.3 depends on their order in the last digit, which would break ties
    between pieces and move the ranks that H, tau and |delta| count.
    """
    if len(values) <= 2:
        return sum(values) / len(values)  # one rounding, whatever the order; much faster
    return statistics.mean(values)


def trimmed_mean(scores: Sequence[float]) -> float:
    """Return the exact mean without the lowest and the highest score.

    Of fewer than three scores it is the mean. Source: the trimmed mean of Tukey (1962), by one
    score at each end.
    """
    if len(scores) < _FEWEST_TO_TRIM:
        return exact_mean(scores)
    return exact_mean(sorted(scores)[1:-1])


ENSEMBLE_METHODS: Mapping[str, Reduce] = MappingProxyType(
    {"average": exact_mean, "median": statistics.median, "trimmed": trimmed_mean}
)
"""The ways to join the scores of members, by the names that `ensemble_method` takes."""
