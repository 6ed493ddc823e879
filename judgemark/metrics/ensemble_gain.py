"""How much better an ensemble separates writers than its best member does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.composite import v4_score
from judgemark.metrics.judge_comparison import ESTIMAND, Difference, paired
from judgemark.metrics.resampling import RESAMPLES, ResampledTable, resampled_scores
from judgemark.metrics.separability import cliffs_delta, omega_squared
from judgemark.table.score_table import Floats, ScoreTable


def v4_of(table: ScoreTable) -> float:
    """Return the raw v4 score of a table, 0..133; raises UndefinedFigure where it has none."""
    return float(v4_score(omega_squared(table), cliffs_delta(table)))


def on_common_cells(tables: Sequence[ScoreTable]) -> list[ScoreTable]:
    """Return the tables on the (writer, iteration, item) that all of them have scored.

    Raises UndefinedFigure where they have none in common.
    """
    axes = [
        sorted(set.intersection(*(set(getattr(t, name)) for t in tables)))
        for name in ("writers", "iterations", "items")
    ]
    values = [_restricted(table, axes) for table in tables]
    gap = np.isnan(np.array(values)).any(axis=0)
    if gap.all():
        raise UndefinedFigure("no piece was scored by all members")
    writers, iterations, items = (tuple(axis) for axis in axes)
    return [ScoreTable(writers, iterations, items, np.where(gap, np.nan, v)) for v in values]


def _restricted(table: ScoreTable, axes: Sequence[Sequence[str]]) -> Floats:
    own = (table.writers, table.iterations, table.items)
    at = [{name: n for n, name in enumerate(axis)} for axis in own]
    places = [[at[d][name] for name in axis] for d, axis in enumerate(axes)]
    found: Floats = table.values[np.ix_(*places)]
    return found


def v4_gain(
    first: ScoreTable, second: ScoreTable, seed: int = 0, resamples: int = RESAMPLES
) -> Difference:
    """Compare the raw v4 scores of two tables with the same axes and gaps, as `compare` does.

    Raises UndefinedFigure where one of them has no score. Source: as for `paired`.
    """
    scores = [v4_of(table) for table in (first, second)]
    difference = scores[0] - scores[1]
    try:
        drawn = [_replicates(table, seed, resamples) for table in (first, second)]
        interval, p = paired(difference, drawn[0] - drawn[1], items=len(first.items), seed=seed)
    except UndefinedFigure as undefined:
        return Difference(scores[0], scores[1], difference, reason=str(undefined))
    about = replace(interval, estimand=ESTIMAND)
    return Difference(scores[0], scores[1], difference, about, p)


def _replicates(table: ScoreTable, seed: int, resamples: int) -> Floats:
    source = ResampledTable(table, {}, None, v4=True)
    return resampled_scores(source, seed, resamples).scores["v4", "raw"]
