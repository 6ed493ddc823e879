"""The separability of tournament ratings, as published for pairwise judges."""

from __future__ import annotations

from dataclasses import dataclass

from judgemark.metrics.composite import v4_score, v4_unscaled
from judgemark.metrics.separability import cliffs_delta, omega_squared
from judgemark.table.score_table import ScoreTable


@dataclass(frozen=True, slots=True)
class Separation:
    """How far ratings set writers apart; all four higher = further apart.

    `omega_squared` at most 1, `cliffs_delta` (mean of the absolute values) 0..1, `unscaled` the
    mean of the two times 100, `combined` that over 0.75, at most 133. They move with the rounds,
    K and the steepness of the judge's probabilities: only like tournaments compare.
    """

    omega_squared: float
    cliffs_delta: float
    unscaled: float
    combined: float


def separation(table: ScoreTable) -> Separation:
    """The published figures of a table of ratings; UndefinedFigure where it defines none."""
    omega, delta = omega_squared(table), cliffs_delta(table)
    return Separation(omega, delta, float(v4_unscaled(omega, delta)), float(v4_score(omega, delta)))
