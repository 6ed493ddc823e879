"""Calibration: maps scores to a common 0..10 by where they lie among all scores of the run.

Source: the published code of Judgemark v2.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.table.score_table import Floats, ScoreTable

OUTPUTS = (0.0, 3.0, 5.0, 7.0, 10.0)
"""What the five landmarks are mapped to, in their order."""

QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Five numbers that describe where a run's raw scores lie, ascending, in raw units."""

    low: float
    q1: float
    median: float
    q3: float
    high: float

    def as_list(self) -> list[float]:
        """Return the minimum, lower quartile, median, upper quartile, maximum."""
        return list(astuple(self))


def landmarks(table: ScoreTable) -> Landmarks:
    """Return the landmarks of all scores of a table, as linearly interpolated percentiles.

    Raises UndefinedFigure for a table without scores. Source: the code of Judgemark v2, which takes
    the median where its description says mean; we follow the code.
    """
    scores = table.values[~np.isnan(table.values)]
    if scores.size == 0:
        raise UndefinedFigure("no scores")
    return Landmarks(*np.quantile(scores, QUANTILES).tolist())


def calibrate(scores: Floats, marks: Landmarks) -> Floats:
    """Map scores piecewise-linearly so that the landmarks go to 0, 3, 5, 7, 10; any shape.

    Never decreasing; gaps (NaN) stay gaps. Beyond the ends the outer segments extrapolate. A
    score equal to a landmark belongs to the lowest segment that contains it, and a segment of
    zero width maps to its lower output: scores that are all equal become 0.
    """
    edges = np.array(marks.as_list())
    outputs = np.array(OUTPUTS)
    segment = np.searchsorted(edges[1:4], scores, side="left")
    left, width = edges[segment], (edges[1:] - edges[:-1])[segment]
    rise = (outputs[1:] - outputs[:-1])[segment]
    share = np.divide(scores - left, width, out=np.zeros_like(scores), where=width > 0)
    calibrated: Floats = np.where(np.isnan(scores), np.nan, outputs[segment] + share * rise)
    return calibrated


def calibrated(table: ScoreTable) -> ScoreTable:
    """Return the table on its own calibrated scale, 0..10; raises UndefinedFigure without
    scores."""
    return table.with_values(calibrate(table.values, landmarks(table)))
