"""Bounds for every number that comes from outside: files, replies, headers, flags, environment.

A number beyond them comes from a faulty program or is forged. Taken as it is, it would turn sums
into infinities that no result can hold.
"""

from __future__ import annotations

LARGEST_NUMBER = 1e15
"""No score, price, time or figure comes near it, and a million such numbers can still be added."""

LARGEST_COUNT = 10**15
"""The same for whole numbers: tokens, attempts, pieces."""

_NUMBERS = (int, float)


def bounded_number(value: object) -> float | None:
    """Return the value as a float, or None where it is not a finite number within
    +-LARGEST_NUMBER."""
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        return None
    # No comparison with a NaN is true.
    return float(value) if -LARGEST_NUMBER <= value <= LARGEST_NUMBER else None


def bounded_count(value: object) -> int | None:
    """Return the value as a whole number, or None where it is not one of 0..LARGEST_COUNT."""
    number = bounded_number(value)
    if number is None or number < 0 or number != int(number):
        return None
    return int(number)
