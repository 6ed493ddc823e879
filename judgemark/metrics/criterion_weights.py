"""Weights of criteria by how far each agrees with the others in order (`ranked` scores)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from judgemark.metrics.criteria import GivenScores
from judgemark.records import Criterion
from judgemark.table.item_scores import fold_name
from judgemark.table.score_table import Floats

_FEWEST = 3
"""Pieces that a rank correlation needs."""

CriterionWeights = Mapping[str, Mapping[str, float]]
"""By item, the weight (0..1) of each criterion by its folded name."""


def rank_weights(
    sheets: Sequence[GivenScores], criteria: Sequence[Criterion], scale: tuple[float, float]
) -> dict[str, dict[str, float]]:
    """Return each criterion's weight for the pieces on each item.

    A weight is Spearman's rho over pieces between the criterion and the mean of the other
    criteria, and 0 where that is negative or undefined. It is computed on the pieces of all other
    items, so that no score takes part in its own weight. Where no criterion has a weight above 0,
    all have the same.

    Source: the corrected item-total correlation of test theory (Nunnally and Bernstein,
    Psychometric Theory, 1994, ch. 8) by ranks (Spearman 1904), as weights; the cross-fitting over
    items is ours.

    Args:
        sheets: criterion scores as given, by piece.
        criteria: all criteria, with their polarity.
        scale: the least and the greatest score, by which negative criteria are inverted.
    """
    table = _table(sheets, criteria, scale)
    items = np.array([sheet.item for sheet in sheets])
    names = [fold_name(criterion.name) for criterion in criteria]
    return {
        item: dict(zip(names, _weights(table[items != item]), strict=True))
        for item in sorted(set(items.tolist()))
    }


def _table(
    sheets: Sequence[GivenScores], criteria: Sequence[Criterion], scale: tuple[float, float]
) -> Floats:
    """Scores of shape (pieces, criteria), higher is better; NaN where a piece has none."""
    low, high = scale
    table = np.full((len(sheets), len(criteria)), np.nan)
    for row, sheet in enumerate(sheets):
        for column, criterion in enumerate(criteria):
            score = sheet.given.get(criterion.name)
            if score is not None:
                table[row, column] = low + high - score if criterion.negative else score
    return table


def _weights(table: Floats) -> list[float]:
    known = ~np.isnan(table)
    sums, counts = np.nansum(table, axis=1), known.sum(axis=1)
    weights = []
    for column in range(table.shape[1]):
        rows = known[:, column] & (counts > 1)
        own = table[rows, column]
        rest = (sums[rows] - own) / np.maximum(counts[rows] - 1, 1)
        weights.append(max(0.0, _spearman(own, rest)))
    return weights if any(weights) else [1.0] * table.shape[1]


def _spearman(one: Floats, other: Floats) -> float:
    """Return Spearman's rho; 0 where there are too few pieces or all are equal."""
    from scipy.stats import rankdata

    if len(one) < _FEWEST:
        return 0.0
    # Sums of the same scores in another order may differ in their last digit.
    x, y = rankdata(one.round(9)), rankdata(other.round(9))
    x, y = x - x.mean(), y - y.mean()
    scale = float(np.sqrt((x**2).sum() * (y**2).sum()))
    return float((x * y).sum()) / scale if scale else 0.0
