"""Adjusts p values for the number of tests."""

from __future__ import annotations

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's (1979) adjusted p values, in the order given; they bound the family-wise error.

    The k-th smallest of m is multiplied by m - k + 1; values never fall with rank and end at 1.
    """
    order = sorted(range(len(p_values)), key=lambda n: p_values[n])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, n in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[n]))
        adjusted[n] = highest
    return adjusted


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's (1995) adjusted p values, in the order given.

    They bound the expected share of false findings: the k-th smallest of m is multiplied by
    m / k, and none is above the one after it.
    """
    order = sorted(range(len(p_values)), key=lambda n: p_values[n], reverse=True)
    adjusted, lowest = [0.0] * len(p_values), 1.0
    for before, n in enumerate(order):
        rank = len(p_values) - before
        lowest = min(lowest, p_values[n] * len(p_values) / rank)
        adjusted[n] = lowest
    return adjusted
