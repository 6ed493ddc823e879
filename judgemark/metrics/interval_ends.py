"""What an interval says besides its two ends."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval that names what it is about.

    `estimand` says of what, `method` how, `level` how sure (0..1), `n` the clusters left out or
    resampled; `seed`, `resamples` and `void` (resamples that could not be scored) are None, 0 and
    0 where nothing was drawn. `overstated` is how many times too large resampling made the
    variance, which the ends allow for; 1 where that was not asked. `low` and `high` are in the
    unit of the score and are not clamped to its range.
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

    def ends(self) -> list[float]:
        """[low, high]."""
        return [self.low, self.high]

    def to_json(self) -> dict[str, float | int | str | None]:
        """The fields as plain values."""
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
        }
