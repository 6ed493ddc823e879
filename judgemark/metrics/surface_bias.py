"""How much a judge's scores depend on the surface of the text: its length and its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.length_trend import Trend, length_trend
from judgemark.metrics.rank_statistics import mid_ranks
from judgemark.metrics.separability import omega_squared
from judgemark.records import Place
from judgemark.table.score_table import Floats, Ints, ScoreTable

FEATURES = ("characters", "words", "distinct words / sqrt(words)")
SurfaceFeatures = tuple[float, float, float]
"""The numbers of one text, in the order of FEATURES."""

ROUNDING = 1e-9
"""A rest of the scores within this part of their range is the order of additions, not a score."""


@dataclass(frozen=True, slots=True)
class ScoreLengthBias:
    """How scores change with length, among pieces by the same writer.

    `rho`, -1..1, is the rank correlation within writers over all `n` pieces: above 0 a writer's
    longer pieces score higher, and 0 is no bias (Spearman 1904, pooled within writers by us).
    `by_writer` has each writer's own Spearman rho and Theil-Sen line (score points per unit of
    length); `reasons` says why a writer has none.
    """

    rho: float
    n: int
    by_writer: Mapping[str, Trend]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StyleBounds:
    """omega squared (`separability.omega_squared`) before and after style control.

    `without_writers`: the slopes are fitted without regard to the writers, so that style is given
    all the variance between writers that it could explain. This is too low, because good writers
    differ in style because they are good. `within_writers`: the slopes are fitted on differences
    between pieces of the same writer alone.
    """

    uncontrolled: float
    without_writers: float
    within_writers: float

    @property
    def bounds(self) -> tuple[float, float]:
        """The two controlled figures, lower one first (sampling error can swap them)."""
        low, high = sorted((self.without_writers, self.within_writers))
        return low, high


def lexical_variety(text: str) -> float:
    """Return distinct words / sqrt(words): richness of vocabulary, corrected for length.

    A word is one of `text.lower().split()`; a text without words gives 0. Source: Guiraud (1954).
    """
    return surface_features(text)[2]


def surface_features(text: str) -> SurfaceFeatures:
    """Return the characters, words and lexical variety of a text, in the order of FEATURES.

    All are 0 or more. A word is whatever stands between white space.
    """
    words = text.lower().split()
    variety = len(set(words)) / len(words) ** 0.5 if words else 0.0
    return float(len(text)), float(len(words)), variety


def feature_values(table: ScoreTable, found: Mapping[Place, SurfaceFeatures]) -> Floats:
    """Return the surface features of the pieces of a table; shape (writers, iterations, items, 3).

    NaN where none are found, whether the piece is scored or not.
    """
    values = np.full((*table.values.shape, len(FEATURES)), np.nan)
    for w, writer in enumerate(table.writers):
        for t, iteration in enumerate(table.iterations):
            for i, item in enumerate(table.items):
                features = found.get((writer, iteration, item))
                if features is not None:
                    values[w, t, i] = features
    return values


def length_bias(table: ScoreTable, lengths: Floats) -> ScoreLengthBias:
    """Return the rank correlation of score and length within writers, and each writer's trend.

    `lengths` has the shape of the table (in characters, for example); pieces without a score or a
    length are left out. Scores and lengths are ranked among each writer's pieces (mid-ranks for
    ties, as a share of the writer's pieces) and centred, and Pearson's r is taken over all pieces.
    So differences in length between good and poor writers have no effect. Writers with fewer than
    three pieces, or whose lengths or scores are all equal, are left out and have a reason instead
    of a trend. Raises UndefinedFigure where no writer is left.
    """
    trends, reasons = {}, {}
    ranks_x, ranks_y = [], []
    for writer, scores, length in zip(table.writers, table.values, lengths, strict=True):
        known = ~(np.isnan(scores) | np.isnan(length))
        x, y = length[known], scores[known]
        try:
            trends[writer] = length_trend(x.tolist(), y.tolist())
        except UndefinedFigure as reason:
            reasons[writer] = str(reason)
            continue
        middle = (len(x) + 1) / 2
        ranks_x.append((mid_ranks(x) - middle) / len(x))
        ranks_y.append((mid_ranks(y) - middle) / len(y))
    if not trends:
        raise UndefinedFigure("no writer has three pieces of different lengths and scores")
    rx, ry = np.concatenate(ranks_x), np.concatenate(ranks_y)
    rho = float(rx @ ry / np.sqrt((rx @ rx) * (ry @ ry)))
    return ScoreLengthBias(rho, len(rx), trends, reasons)


def style_bounds(table: ScoreTable, features: Floats) -> StyleBounds:
    """Return omega squared of what remains of the scores after surface features are regressed out.

    `features` has shape (writers, iterations, items, f); pieces without a score or a feature are
    left out of all three figures. Scores are regressed on the features (least squares), once with
    one intercept and once with one per writer; the slopes times the features are subtracted from
    the scores, and omega squared is computed on the rest. With an intercept per writer the slopes
    are those of the analysis of covariance (Frisch & Waugh 1933: a regression on values centred
    within writers). Raises UndefinedFigure where omega squared is undefined, before or after
    control, and where there are no more pieces than writers and slopes together.
    """
    known = ~(np.isnan(table.values) | np.isnan(features).any(axis=-1))
    scores = np.where(known, table.values, np.nan)
    writer = np.nonzero(known)[0]
    y, x = scores[known], features[known]
    if len(y) <= len(set(writer)) + x.shape[1]:
        raise UndefinedFigure("too few pieces to estimate the part of style")
    everyone = np.zeros(len(y), dtype=np.int64)

    def left(group: Ints) -> float:
        rest = y - x @ _slopes(_centred(x, group), _centred(y[:, np.newaxis], group)[:, 0])
        if np.ptp(rest) <= ROUNDING * np.ptp(y):
            raise UndefinedFigure("surface features account for all of the scores")
        controlled = scores.copy()
        controlled[known] = rest
        return omega_squared(table.with_values(controlled))

    return StyleBounds(omega_squared(table.with_values(scores)), left(everyone), left(writer))


def _centred(values: Floats, group: Ints) -> Floats:
    """Columns less their group means; shape (pieces, columns)."""
    counts = np.maximum(np.bincount(group), 1)
    sums = np.stack([np.bincount(group, weights=column) for column in values.T], axis=1)
    centred: Floats = values - (sums / counts[:, np.newaxis])[group]
    return centred


def _slopes(x: Floats, y: Floats) -> Floats:
    """Least squares; a feature that does not vary gets 0, one that repeats another shares."""
    scale = np.sqrt((x**2).mean(axis=0))
    scale[scale == 0] = 1
    slopes: Floats = np.linalg.lstsq(x / scale, y, rcond=1e-9)[0] / scale
    return slopes
