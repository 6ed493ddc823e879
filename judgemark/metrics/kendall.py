"""Kendall's tau-b, one pair of rankings at a time and many at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from judgemark.errors import UndefinedFigure
from judgemark.metrics.rank_statistics import kendall_tau_b
from judgemark.table.score_table import Floats

Signs = NDArray[np.float32]


def settled(means: Floats) -> Floats:
    """Return means over their largest magnitude (last axis), rounded to 12 digits; gaps stay gaps.

    Without the rounding, two writers whose scores add up to the same decimal number could differ in
    the last bit, and a ranking would depend on the order of addition.
    """
    magnitude = np.where(np.isnan(means), 0.0, np.abs(means)).max(
        axis=-1, keepdims=True, initial=0.0
    )
    rounded: Floats = np.round(means / np.where(magnitude > 0, magnitude, 1.0), 12)
    return rounded


def tau_b(first: Floats, second: Floats) -> float:
    """Return Kendall's tau-b between two rows of numbers of the same things; -1..1, 1 = same order.

    Raises UndefinedFigure for fewer than two things, or when one row is all ties. Source:
    Kendall (1945).
    """
    if len(first) < 2:
        raise UndefinedFigure("fewer than two writers to rank")
    x, y = settled(first), settled(second)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise UndefinedFigure("all writers tie, so they have no order")
    return kendall_tau_b(x, y)


def pair_signs(means: Floats) -> Signs:
    """Return for every pair of writers (last axis, length W) +1, 0 or -1, and 0 where one is a gap.

    Shape (..., W) gives (..., W * (W - 1) / 2). From signs x and y of two rankings of the same
    writers tau-b is sum(x * y) / sqrt(sum(x * x) * sum(y * y)).
    """
    ranked = settled(means)
    first, second = np.triu_indices(means.shape[-1], k=1)
    one, other = ranked.take(first, axis=-1), ranked.take(second, axis=-1)
    # A gap is neither above nor below.
    above, below = (one > other).view(np.int8), (one < other).view(np.int8)
    return np.subtract(above, below).astype(np.float32)


def mean_tau_between(signs: Signs) -> Floats:
    """Return the mean tau-b (`tau_b`) over all pairs of rankings, many times over; -1..1, 1 = one
    order.

    `signs` has shape (batch, rankings, pairs), from `pair_signs`, with gaps in the same places of
    all rankings, at least two; the answer has shape (batch,), NaN where a tau is undefined.
    """
    agreement = (signs @ np.swapaxes(signs, -1, -2)).astype(np.float64)
    untied = np.diagonal(agreement, axis1=-2, axis2=-1)
    scale = np.sqrt(untied[..., :, None] * untied[..., None, :])
    tau = np.divide(agreement, scale, out=np.full_like(agreement, np.nan), where=scale > 0)
    first, second = np.triu_indices(signs.shape[-2], k=1)
    means: Floats = tau[..., first, second].mean(axis=-1)
    return means
