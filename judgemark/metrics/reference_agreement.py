"""Agreement with reference scores, besides tau: are the writers separated in the right order?

Every writer of the table with a reference score is used. Each pair of writers is taken with the
writer first whom the reference calls better; resampling items gives the uncertainty of each figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics import batch_figures as figures
from judgemark.metrics.components import scored
from judgemark.metrics.interval_ends import Interval
from judgemark.metrics.interval_methods import resampled_t
from judgemark.metrics.kendall import pair_signs
from judgemark.metrics.resampling import RESAMPLES, item_resamples
from judgemark.metrics.table_batch import Batch, Coded, Ints, Moments, divided
from judgemark.table.score_table import Floats, ScoreTable

ITEM_SETS_OF_THIS_SIZE = "the expected value for these writers on item sets of this size"

LOWEST = {"pair_concordance": 0.0, "item_concordance": 0.0, "signed_delta": -1.0}
"""Where each figure's range begins; all end at 1."""


@dataclass(frozen=True, slots=True)
class AgreementEstimate:
    """A figure and its 95% interval over items; either is None, with a reason, if undefined."""

    value: float | None
    ci95: Interval | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReferenceAgreement:
    """How well the judge separates `writers` writers in the order of their reference scores.

    `pair_concordance`, 0..1: the share of writer pairs whose means the judge orders as the
    reference does. `item_concordance`, 0..1: the share of pairs of pieces by two writers, of the
    same item and iteration, that it orders so. Ties of the judge or of the reference count half:
    0.5 is chance, and higher is better. `signed_delta`, -1..1: the mean Cliff's delta of the better
    writer, over the `ordered_pairs` pairs that the reference does not tie; 0 is chance, higher is
    better, and below 0 the judge is inverted.
    """

    pair_concordance: AgreementEstimate
    item_concordance: AgreementEstimate
    signed_delta: AgreementEstimate
    writers: int
    ordered_pairs: int


def reference_agreement(
    table: ScoreTable, reference: Mapping[str, float], seed: int, resamples: int = RESAMPLES
) -> ReferenceAgreement:
    """Compare a table (writers, iterations, items) with reference scores, higher is better.

    The concordances are (1 + tau-a) / 2 of Kendall (1938), over writers and over matched pieces;
    without any of these item concordance is None, with a reason. Source of Cliff's delta: Cliff
    (1993). Intervals are `resampled_t`'s, cut off at the ends of
    the figure's range; resample k is that of the scorecards' intervals. A resample that leaves a
    writer without items is void.

    Raises UndefinedFigure for fewer than two scored writers with a reference score and for
    reference scores that all tie. With 0 `resamples` the figures have no intervals.
    """
    table = scored(table)
    known = [w for w, name in enumerate(table.writers) if name in reference]
    if len(known) < 2:
        raise UndefinedFigure("fewer than two writers have a reference score")
    references = np.array([[reference[table.writers[w]] for w in known]])
    order = pair_signs(references)[0].astype(np.float64)
    if not order.any():
        raise UndefinedFigure("all reference scores tie")
    values = table.values[known]
    matched = _matched(values, order)
    names = tuple(table.writers[w] for w in known)
    coded = Coded.of(ScoreTable(names, table.iterations, table.items, values))
    whole = np.arange(len(table.items))[np.newaxis]
    points = _figures(coded, order, matched, whole)
    if resamples:
        draws = item_resamples(table.items, seed, resamples)
        replicates = _figures(coded, order, matched, draws)
        estimates = {
            name: _estimate(float(points[name][0]), replicates[name], low, len(table.items), seed)
            for name, low in LOWEST.items()
        }
    else:
        estimates = {name: AgreementEstimate(float(points[name][0]), None) for name in LOWEST}
    return ReferenceAgreement(
        **estimates,
        writers=len(known),
        ordered_pairs=int(np.count_nonzero(order)),
    )


def _estimate(
    value: float, replicates: Floats, low: float, items: int, seed: int
) -> AgreementEstimate:
    if np.isnan(value):
        return AgreementEstimate(
            None, None, "no two writers have pieces on the same item and iteration"
        )
    try:
        interval = resampled_t(value, replicates, items=items, seed=seed)
    except UndefinedFigure as undefined:
        return AgreementEstimate(value, None, str(undefined))
    cut = replace(interval, low=max(interval.low, low), high=min(interval.high, 1.0))
    return AgreementEstimate(value, replace(cut, estimand=ITEM_SETS_OF_THIS_SIZE))


def _matched(values: Floats, order: Floats) -> Floats:
    """Per item: sum of agreements (+1, 0, -1) and number of matched pairs; shape (2, items)."""
    first, second = np.triu_indices(len(values), k=1)
    sums = np.zeros((2, values.shape[2]))
    for a, b, sign in zip(first, second, order, strict=True):
        difference = values[a] - values[b]
        sums[0] += sign * np.nansum(np.sign(difference), axis=0)
        sums[1] += (~np.isnan(difference)).sum(axis=0)
    return sums


def _figures(coded: Coded, order: Floats, matched: Floats, picks: Ints) -> dict[str, Floats]:
    """Return the three figures of the tables of the items at `picks` (B, items).

    Each has shape (B,).
    """
    agreements, pairs = matched[0][picks].sum(axis=1), matched[1][picks].sum(axis=1)
    found = {
        "pair_concordance": np.empty(len(picks)),
        "item_concordance": (1 + divided(agreements, pairs)) / 2,
        "signed_delta": np.empty(len(picks)),
    }
    void = np.zeros(len(picks), dtype=bool)
    for rows, batch in coded.with_items(picks):
        means = Moments.of(batch, batch.raw_levels()).means
        void[rows] = np.isnan(means).any(axis=1)
        found["pair_concordance"][rows] = (1 + (pair_signs(means) * order).mean(axis=1)) / 2
        found["signed_delta"][rows] = _signed_delta(batch, order)
    for values in found.values():
        values[void] = np.nan
    return found


def _signed_delta(batch: Batch, order: Floats) -> Floats:
    pairs = np.triu_indices(batch.shape[1], k=1)
    signed = np.empty(batch.shape[0])
    for rows, deltas in figures.delta_matrices(batch):
        signed[rows] = deltas[:, pairs[0], pairs[1]] @ order / np.count_nonzero(order)
    return signed
