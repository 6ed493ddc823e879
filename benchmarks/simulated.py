"""Judged tables of known truth: writers of given quality, and a judge of given noise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from statistics import NormalDist

import numpy as np

from benchmarks.run_streams import run_streams
from judgemark.metrics.calibration import Landmarks, calibrate
from judgemark.metrics.composite import v4_score
from judgemark.table.score_table import Floats, ScoreTable

MIDDLE = 5.5
FINE = 0.01
"""Scores have two decimals, as rubric item scores do."""

SPREAD_WITHIN = 1.0
"""Standard deviation of one writer's scores; true omega squared sets the writers' own spread."""

SHARES = (0.15, 0.15, 0.70)
"""Of a writer's variance: item, writer x item, piece; as in the real judged pieces."""


@dataclass(frozen=True, slots=True)
class World:
    """Writers, items and a judge, from which any number of tables can be drawn.

    The score of a piece is 5.5 + quality of its writer + item + (writer x item) + piece, all
    normal. Qualities are fixed: they are normal quantiles, spread so that the true omega squared
    with unlimited items is `omega_squared` (0: a judge of pure noise). `shares` split the variance
    within a writer over item, writer x item and piece; `step` rounds scores; `gaps` is the share of
    pieces without a score.
    """

    writers: int
    items: int
    iterations: int
    omega_squared: float
    shares: tuple[float, float, float] = SHARES
    step: float = FINE
    gaps: float = 0.0
    noise: float = 1.0

    @property
    def qualities(self) -> Floats:
        """The writers' true means less 5.5, ascending; shape (writers,)."""
        ranks = (np.arange(self.writers) + 0.5) / self.writers
        z = np.array([NormalDist().inv_cdf(r) for r in ranks])
        spread = SPREAD_WITHIN * sqrt(self.omega_squared / (1 - self.omega_squared))
        qualities: Floats = spread * z / z.std()
        return qualities

    @property
    def reference(self) -> dict[str, float]:
        """The true order, as reference scores."""
        return dict(zip(self.names, self.qualities.tolist(), strict=True))

    @property
    def names(self) -> tuple[str, ...]:
        """Names whose order has nothing to do with quality."""
        order = np.random.default_rng(0).permutation(self.writers)
        return tuple(f"writer-{n:02}" for n in order)

    def with_noise(self, noise: float) -> World:
        """Return the same writers under a judge whose deviations are multiplied by a factor."""
        return replace(self, noise=noise)

    def table(
        self, rng: np.random.Generator, judge_rng: np.random.Generator | None = None
    ) -> ScoreTable:
        """Draw one table; only the writers' qualities are the same in every draw.

        Two judges of the same samples share the state of `rng`, from which items and writer x item
        are drawn, and have a `judge_rng` each, for the pieces.
        """
        shape = (self.writers, self.iterations, self.items)
        item, pair, piece = (SPREAD_WITHIN * self.noise * sqrt(s) for s in self.shares)
        values = MIDDLE + self.qualities[:, np.newaxis, np.newaxis]
        values = values + rng.normal(0, item, (1, 1, self.items))
        values = values + rng.normal(0, pair, (self.writers, 1, self.items))
        values = values + (judge_rng or rng).normal(0, piece, shape)
        values = np.round(values / self.step) * self.step
        values[(judge_rng or rng).random(shape) < self.gaps] = np.nan
        return self._named(values)

    def other_writers(self, rng: np.random.Generator) -> tuple[ScoreTable, dict[str, float]]:
        """Draw a table of new writers on the same items, and their true order.

        Qualities are normal with the spread that the true omega squared sets; the items are those
        of every draw.
        """
        (fixed,) = run_streams(0, f"items {self.items}", 0)
        spread = SPREAD_WITHIN * sqrt(self.omega_squared / (1 - self.omega_squared))
        qualities = rng.normal(0, spread, self.writers)
        shape = (self.writers, self.iterations, self.items)
        item, pair, piece = (SPREAD_WITHIN * self.noise * sqrt(s) for s in self.shares)
        values = MIDDLE + qualities[:, np.newaxis, np.newaxis] + fixed.normal(0, item, self.items)
        values = values + rng.normal(0, pair, (self.writers, 1, self.items))
        values = values + rng.normal(0, piece, shape)
        values = np.round(values / self.step) * self.step
        values[rng.random(shape) < self.gaps] = np.nan
        return self._named(values), dict(zip(self.names, qualities.tolist(), strict=True))

    def _named(self, values: Floats) -> ScoreTable:
        names = self.names
        order = np.argsort(names)
        return ScoreTable(
            tuple(names[n] for n in order),
            tuple(str(t + 1) for t in range(self.iterations)),
            tuple(f"item-{i:05}" for i in range(self.items)),
            values[order],
        )


def true_v4(world: World, marks: Landmarks | None = None) -> float:
    """The v4 score (0..133) of unlimited items: what the v4 interval is to cover.

    Of raw scores, or of scores calibrated by the landmarks of one run. Exact, from each writer's
    distribution over the scores that rounding leaves: with V the variance of the writers' means
    (population) and S the mean variance within writers, omega squared tends to V / (V + S), and a
    pair's delta to P(a > b) - P(a < b).
    """
    from scipy.special import ndtr

    within = SPREAD_WITHIN * world.noise
    reach = float(np.abs(world.qualities).max()) + 8 * within
    first = round((MIDDLE - reach) / world.step)
    steps: Floats = np.arange(first, round((MIDDLE + reach) / world.step) + 1, dtype=np.float64)
    edges = (np.append(steps, steps[-1] + 1) - 0.5) * world.step
    at_most = ndtr((edges - MIDDLE - world.qualities[:, np.newaxis]) / within)
    chance = np.diff(at_most, axis=1)
    scores = steps * world.step if marks is None else calibrate(steps * world.step, marks)
    means = chance @ scores
    variances = chance @ scores**2 - means**2
    omega = means.var() / (means.var() + variances.mean())
    below_or_half = np.cumsum(chance, axis=1) - chance / 2
    deltas = 2 * chance @ below_or_half.T - 1
    pairs = np.triu_indices(world.writers, k=1)
    return float(v4_score(omega, np.abs(deltas[pairs]).mean()))
