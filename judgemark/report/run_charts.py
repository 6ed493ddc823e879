"""The charts of a run: which of them are drawn, and from which data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.judged import JudgedRun
from judgemark.metrics.criteria import GivenScores, criterion_means
from judgemark.records import Criterion
from judgemark.report.charts import draw_grid, draw_lengths, draw_scores
from judgemark.report.charts_tables import (
    Chart,
    Grid,
    LengthPanel,
    MeanEstimate,
    ScaleUse,
    WriterBar,
    criterion_grid,
    item_grid,
    length_panel,
    scale_use,
)
from judgemark.scoring.pooled_ratings import is_pooled
from judgemark.scoring.run_tables import criteria_of, lengths_of, sheets_of
from judgemark.table.score_table import ScoreTable


def draw(run: JudgedRun, result: Mapping[str, Any], table: ScoreTable) -> tuple[Chart, ...]:
    """Draw the charts of a run and its score table; a chart without data is left out."""
    criteria = criteria_of(run)
    sheets = sheets_of(run, criteria) if criteria else ()
    rules = run.tournaments.played.result.settings if run.tournaments else None
    raw_from = rules.initial_rating if rules else 0.0
    makers: tuple[Callable[[], Chart], ...] = (
        lambda: draw_scores(_bars(result), _scale_use(run, table, sheets), raw_from),
        lambda: draw_lengths(_panels(run, result, table)),
        lambda: draw_grid(_grid(run, result, table, criteria, sheets)),
    )
    charts = []
    for make in makers:
        try:
            charts.append(make())
        except UndefinedFigure:
            continue
    return tuple(charts)


def _bars(result: Mapping[str, Any]) -> list[WriterBar]:
    def estimate(figure: Mapping[str, Any] | None) -> MeanEstimate | None:
        if figure is None:
            return None
        low, high = figure["ci95"] or (None, None)
        return MeanEstimate(figure["mean"], low, high)

    return [
        WriterBar(name, estimate(w["raw"]), estimate(w["calibrated"]))
        for name, w in result["writers"].items()
    ]


def _scale_use(run: JudgedRun, table: ScoreTable, sheets: Sequence[GivenScores]) -> ScaleUse | None:
    """Return the use of the scale by criterion scores, or by item scores without criteria."""
    try:
        if sheets:
            given: dict[str, list[float]] = {}
            for sheet in sheets:
                given.setdefault(sheet.writer, []).extend(sheet.given.values())
            return scale_use(given, (run.rubric.scoring_min, run.rubric.scoring_max))
        scores = {w: g.tolist() for w, g in zip(table.writers, table.groups, strict=True)}
        return scale_use(scores, None, "item scores")
    except UndefinedFigure:
        return None


def _panels(run: JudgedRun, result: Mapping[str, Any], table: ScoreTable) -> list[LengthPanel]:
    """Return one panel per writer, best first, of the pieces whose length is known."""
    lengths = lengths_of(run)
    panels = {}
    for w, writer in enumerate(table.writers):
        known = [
            (lengths[writer, iteration, item], float(table.values[w, t, i]))
            for t, iteration in enumerate(table.iterations)
            for i, item in enumerate(table.items)
            if not np.isnan(table.values[w, t, i]) and (writer, iteration, item) in lengths
        ]
        panels[writer] = length_panel(writer, [x for x, _ in known], [y for _, y in known])
    ranked = sorted(panels, key=lambda w: (-result["writers"][w]["raw"]["mean"], w))
    return [panels[w] for w in ranked]


def _grid(
    run: JudgedRun,
    result: Mapping[str, Any],
    table: ScoreTable,
    criteria: Sequence[Criterion],
    sheets: Sequence[GivenScores],
) -> Grid:
    if not criteria:
        return item_grid(table, "bootstrap" if is_pooled(run) else "item")
    writers, means = criterion_means(
        sheets, criteria, (run.rubric.scoring_min, run.rubric.scoring_max)
    )
    known = [n for n, w in enumerate(writers) if w in result["writers"]]
    overall = {writers[n]: result["writers"][writers[n]]["raw"]["mean"] for n in known}
    return criterion_grid([writers[n] for n in known], criteria, means[known], overall)
