"""The separability of tournament ratings, as published for pairwise judges."""

from __future__ import annotations

from dataclasses import dataclass

from judgemark.metrics.composite import v4_score, v4_unscaled
from judgemark.metrics.separability import cliffs_delta, omega_squared
from judgemark.table.score_table import ScoreTable


@dataclass(frozen=True, slots=True)
class Separation:
    """How far apart ratings set the writers; higher is further apart for all four figures.

    `omega_squared` is at most 1, and `cliffs_delta` (the mean of the absolute values) is 0..1.
    `unscaled` is the mean of the two times 100, and `combined` is that over 0.75, at most 133. They
    change with the number of rounds, with K and with how extreme the judge's probabilities are, so
    that only tournaments of the same rules can be compared.
    """

    omega_squared: float
    cliffs_delta: float
    unscaled: float
    combined: float


def separation(table: ScoreTable) -> Separation:
    """Return the published figures of a table of ratings; raises UndefinedFigure without any."""
    omega, delta = omega_squared(table), cliffs_delta(table)
    return Separation(omega, delta, float(v4_unscaled(omega, delta)), float(v4_score(omega, delta)))
