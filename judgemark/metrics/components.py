"""Every component of one table, with a reason for each one that the table does not define."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics import order_agreement as agreement
from judgemark.metrics import separability
from judgemark.metrics.scorecard import FIGURES
from judgemark.metrics.stability import stability_tau
from judgemark.table.score_table import Floats, ScoreTable


@dataclass(frozen=True, slots=True)
class DefinedFigures:
    """The figures that a table defines, and the reasons why it does not define the others."""

    values: Mapping[str, float]
    reasons: Mapping[str, str]

    def get(self, name: str) -> float | None:
        """Return a figure, or None where it is undefined."""
        return self.values.get(name)


def scored(table: ScoreTable) -> ScoreTable:
    """Return the table without the writers, iterations and items that have no score at all."""
    there = ~np.isnan(table.values)
    keep = [np.flatnonzero(there.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
    return ScoreTable(
        tuple(table.writers[i] for i in keep[0]),
        tuple(table.iterations[i] for i in keep[1]),
        tuple(table.items[i] for i in keep[2]),
        table.values[np.ix_(*keep)],
    )


def measure(
    table: ScoreTable,
    reference: Mapping[str, float] | None,
    *,
    overlap_level: float,
    shuffles: int,
    seed: int,
    means: Floats | None = None,
) -> DefinedFigures:
    """Compute all of FIGURES for one table; `overlap_level`, 0..1, is the level of the CI overlap.

    Definitions and units are those of the functions that are called. A figure that the table does
    not define gets its reason; nothing is raised. `means` are the table's `shuffled_means` where
    the caller has them already.
    """
    by_name: dict[str, Callable[[], float]] = {
        "kw_stat": partial(separability.kruskal_wallis, table),
        "anova_f": partial(separability.anova_f, table),
        "std_dev": partial(separability.std_dev, table),
        "kendall_tau": partial(_with_reference, agreement.reference_tau, table, reference),
        "pearson_r": partial(_with_reference, agreement.reference_pearson, table, reference),
        "score_range": partial(separability.score_range, table),
        "overlap_pct": partial(separability.ci_overlap, table, overlap_level),
        "cohens_d": partial(separability.cohens_d, table),
        "average_ci95": partial(separability.average_ci95, table),
        "emd": partial(separability.emd, table),
        "stability_tau": partial(stability_tau, table, shuffles=shuffles, seed=seed, means=means),
        "omega_squared": partial(separability.omega_squared, table),
        "cliffs_delta": partial(separability.cliffs_delta, table),
    }
    values: dict[str, float] = {}
    reasons: dict[str, str] = {}
    empty = np.isnan(table.values).all()
    for name in FIGURES:
        try:
            if empty:
                raise UndefinedFigure("no scores")
            value = by_name[name]()
            if not math.isfinite(value):
                raise UndefinedFigure("too large or too small to compute")
            values[name] = value
        except UndefinedFigure as undefined:
            reasons[name] = str(undefined)
    return DefinedFigures(values, reasons)


def _with_reference(
    correlate: Callable[[ScoreTable, Mapping[str, float]], float],
    table: ScoreTable,
    reference: Mapping[str, float] | None,
) -> float:
    if not reference:
        raise UndefinedFigure("no reference scores")
    return correlate(table, reference)
