"""The range of every number that a flag or a setting of the environment takes.

Values beyond these ranges are typing errors: a run that would take years, a pause of centuries, a
figure that no result can hold. Every range has room for whatever is wanted on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from judgemark.bounds import LARGEST_COUNT

_DAY = 86_400
_DOLLARS = 1e9
_TOKENS = 10_000_000


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most that is taken; `whole` takes whole numbers only."""

    low: float
    high: float
    whole: bool = False

    def __str__(self) -> str:
        return f"{_shown(self.low)} to {_shown(self.high)}"


def _shown(end: float) -> str:
    """Return a number without rounding it: 1,000,000 instead of 1e+06."""
    return f"{int(end):,}" if end == int(end) else f"{end:g}"


def _whole(low: int, high: int) -> Range:
    return Range(low, high, whole=True)


_SEED = _whole(0, LARGEST_COUNT)

FLAGS: Mapping[str, Range] = {
    "--temperature": Range(0, 100),
    "--top-p": Range(0, 1),
    "--top-k": _whole(1, 1_000_000),
    "--max-tokens": _whole(1, _TOKENS),
    "--scoring-min": Range(-1e9, 1e9),
    "--scoring-max": Range(-1e9, 1e9),
    "--iterations": _whole(1, 1_000_000),
    "--limit": _whole(1, 1_000_000_000),
    "--num-runs": _whole(1, 1000),
    "--merit-rounds": _whole(0, 10),
    "--scoring-rounds": _whole(0, 10),
    "--search": _whole(2, 50),
    "--threads": _whole(1, 1024),
    "--replicas": _whole(1, 10_000),
    "--batch-poll": Range(0.01, _DAY),
    "--give-up-after": Range(0, 30 * _DAY),
    "--max-reply-mb": Range(0.001, 4096),
    "--seed": _SEED,
    "--price-in": Range(0, _DOLLARS),
    "--price-out": Range(0, _DOLLARS),
    "--confirm-above": Range(0, _DOLLARS),
    "--max-cost": Range(0, _DOLLARS),
    "--max-requests": _whole(1, 1_000_000_000),
    "--rounds": _whole(1, 10_000),
    "--bootstraps": _whole(1, 10_000),
    "--k-factor": Range(0.001, 1e6),
    "--initial-rating": Range(-1e6, 1e6),
    "--length-ratio": Range(1, 1_000_000),
    "--margin-min": Range(0, 100),
    "--margin-max": Range(0, 100),
    "--pairs": _whole(1, 10_000_000),
    "--levels": _whole(1, 20),
    "--budget": _whole(1, 1_000_000_000),
    "--margin-wanted": Range(0.1, 100),
    "--ratings-min": Range(-1e9, 1e9),
    "--ratings-max": Range(-1e9, 1e9),
}
"""By the flag's name; those of a kind of judge stand with its options."""

ENVIRONMENT: Mapping[str, Range] = {
    "MAX_RETRIES": _whole(0, 1000),
    "RETRY_DELAY": Range(0, 3600),
    "REQUEST_TIMEOUT": Range(0.001, _DAY),
}
"""By the variable's name."""
