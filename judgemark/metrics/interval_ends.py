"""The confidence interval, with what it is about and how it was computed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval that names what it is about.

    `estimand` says what the interval is about, `method` how it was computed, `level` with which
    confidence (0..1), and `n` how many clusters were left out or resampled. `seed`, `resamples` and
    `void` (resamples that could not be scored) are None, 0 and 0 where nothing was drawn.
    `overstated` is the factor by which resampling makes the variance too large, which the ends are
    corrected for; 1 where it was not estimated. `corrected` is the score without its bias, the
    middle of a bias-corrected interval, which need not contain the score itself; None for other
    intervals. `low` and `high` are in the unit of the score; they are clamped to its range only
    where `method` says so.
    """

    low: float
    high: float
    estimand: str
    method: str
    n: int
    level: float = 0.95
    seed: int | None = None
    resamples: int = 0
    void: int = 0
    overstated: float = 1.0
    corrected: float | None = None

    def ends(self) -> list[float]:
        """[low, high]."""
        return [self.low, self.high]

    def to_json(self) -> dict[str, float | int | str | None]:
        """Return the fields as plain values."""
        return {
            "low": self.low,
            "high": self.high,
            "estimand": self.estimand,
            "method": self.method,
            "level": self.level,
            "n": self.n,
            "seed": self.seed,
            "resamples": self.resamples,
            "void": self.void,
            "overstated": self.overstated,
            "corrected": self.corrected,
        }
