"""The range that a judge declares for its single scores."""

from __future__ import annotations

import math
from collections.abc import Sequence

from judgemark.errors import UsageError
from judgemark.judges.judge_kind import JudgeOption

ScoreRange = tuple[float, float]
"""The lowest and the highest score that a judge can give."""

SCORE_RANGE = JudgeOption(
    "score_range",
    str,
    "the lowest and the highest single score that the judge can give, as in 0,10 (default: what a "
    "function declares itself; without a range raw v2 and v2.1 are not defined)",
    "LOW,HIGH",
)
"""The option of kinds of judge that may answer with one score for a piece."""


def read_score_range(given: object, told: str = "‹score_range›") -> ScoreRange | None:
    """Return a declared range: from `0,10`, from two numbers, or None where nothing is given.

    Raises UsageError, which begins with `told`, for anything that is not a range.
    """
    if given is None:
        return None
    parts: Sequence[object] = ()
    if isinstance(given, str):
        parts = given.split(",")
    elif isinstance(given, Sequence):
        parts = given
    try:
        low, high = (float(str(part)) for part in parts)
    except ValueError:
        low, high = math.nan, math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise UsageError(
            f'{told}: "{given!s:.40}" is not a range; give the lowest and highest score, as 0,10'
        )
    return low, high
