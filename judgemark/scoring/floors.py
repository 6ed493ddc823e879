"""The scores of judges that do not read, on the same pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from judgemark.errors import UndefinedFigure
from judgemark.judges.baselines import FLOORS, random_number
from judgemark.metrics.composite import v4_score
from judgemark.metrics.order_agreement import reference_tau
from judgemark.metrics.permutation_null import permutation_nulls
from judgemark.metrics.separability import cliffs_delta, omega_squared
from judgemark.metrics.surface_bias import SurfaceFeatures, surface_features
from judgemark.records import Place, Sample
from judgemark.scoring.run_tables import baseline_table
from judgemark.table.score_table import ScoreTable

T = TypeVar("T")

_COLUMNS = {"length": 0, "lexical": 2}
"""Which surface feature a baseline replies with."""

PERMUTATIONS = 200
"""The number of shuffles for a floor; the judge's own null has more."""


@dataclass(frozen=True, slots=True)
class BaselineFloor:
    """A baseline's v4 score (0..133) and its parts; None with a reason where undefined.

    `null_mean` and `null_p95` (95th percentile) are what its own scores reach with the writers
    exchanging theirs within each item. Every judge has its own null: random scores have a
    higher one than scores that depend on the item. `no_chance` is the reason where it is absent.
    `table` are its scores (writers, iterations, items).
    """

    score: float | None = None
    omega_squared: float | None = None
    cliffs_delta: float | None = None
    kendall_tau: float | None = None
    null_mean: float | None = None
    null_p95: float | None = None
    reason: str | None = None
    no_chance: str | None = None
    table: ScoreTable | None = field(default=None, repr=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return the figures without the reasons and the scores."""
        return {
            "score": self.score,
            "omega_squared": self.omega_squared,
            "cliffs_delta": self.cliffs_delta,
            "kendall_tau": self.kendall_tau,
            "null_mean": self.null_mean,
            "null_p95": self.null_p95,
            "chance": None
            if self.null_mean is None
            else {"mean": self.null_mean, "p95": self.null_p95},
        }


def floors(
    samples: Sequence[Sample],
    reference: Mapping[str, float] | None,
    seed: int,
    features: Mapping[Place, SurfaceFeatures] | None = None,
) -> dict[str, BaselineFloor]:
    """Score `samples` with the random, length and lexical baselines.

    `features` are the surface features of the samples, where the caller has counted them already.
    """
    features = features_of_samples(samples) if features is None else features
    found = {}
    for name in FLOORS:
        values = baseline_scores(name, samples, seed, features)
        found[name] = floor_of(baseline_table(samples, values), reference, seed)
    return found


def features_of_samples(samples: Sequence[Sample]) -> dict[Place, SurfaceFeatures]:
    """Count the surface features of each sample."""
    return {(s.writer, s.iteration, s.item): surface_features(s.text) for s in samples}


def baseline_scores(
    name: str,
    samples: Sequence[Sample],
    seed: int,
    features: Mapping[Place, SurfaceFeatures],
) -> list[float]:
    """Return what the baseline `random`, `length` or `lexical` replies about each sample."""
    if name == "random":
        return [random_number(seed, s) for s in samples]
    column = _COLUMNS[name]
    return [features[s.writer, s.iteration, s.item][column] for s in samples]


def floor_of(
    table: ScoreTable, reference: Mapping[str, float] | None, seed: int, *, no_chance: str = ""
) -> BaselineFloor:
    """Return the figures of a baseline's table of scores or ratings.

    `no_chance` is the reason why its scores must not be permuted; "" where they may be.
    """
    try:
        omega, delta = omega_squared(table), cliffs_delta(table)
    except UndefinedFigure as undefined:
        return BaselineFloor(reason=str(undefined))
    null = None
    if not no_chance:
        try:
            null = permutation_nulls(table, seed, PERMUTATIONS, ("raw",))["raw"]
        except UndefinedFigure as undefined:
            no_chance = str(undefined)
    return BaselineFloor(
        score=float(v4_score(omega, delta)),
        omega_squared=omega,
        cliffs_delta=delta,
        kendall_tau=_defined(lambda: reference_tau(table, reference)) if reference else None,
        null_mean=null.mean if null else None,
        null_p95=null.p95 if null else None,
        no_chance=no_chance or None,
        table=table,
    )


def _defined(figure: Callable[[], T]) -> T | None:
    try:
        return figure()
    except UndefinedFigure:
        return None
