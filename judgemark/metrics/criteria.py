"""What each criterion of a rubric contributes: its use of the scale, its spread, its effect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.order_agreement import pearson
from judgemark.records import Criterion
from judgemark.table.score_table import Floats, Observation, ScoreTable, build_table

Separability = Callable[[ScoreTable], float]


@dataclass(frozen=True, slots=True)
class GivenScores:
    """The criterion scores that one reply gave one piece.

    `given` holds valid scores alone, as the judge gave them (not inverted), by the names of the
    criteria as the prompt set spells them.
    """

    writer: str
    iteration: str
    item: str
    given: Mapping[str, float]
    member: int = 0
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion over all sheets; a figure these data do not define is None, see `reasons`.

    n: scores given. used: score as given -> share of the n (0..1, sums to 1), ascending.
    mean, std (sample standard deviation): of the scores, inverted where negative, on the
    judge's scale; a higher mean is better writing.
    drop: how much the separability of all criteria's mean falls without this one, in the units
    of the separability that was passed in; below 0 where the score separates better without it.
    correlation: Pearson r, -1..1, with the mean of all criteria of the same sheet (which holds
    this one); correlation_rest: with the mean of the others alone, which a criterion of pure
    noise leaves near 0 (the corrected item-total correlation of Henrysson 1963).
    """

    name: str
    negative: bool
    n: int
    used: Mapping[float, float]
    mean: float | None
    std: float | None
    drop: float | None
    correlation: float | None
    correlation_rest: float | None
    reasons: Mapping[str, str]


def criterion_rows(
    sheets: Sequence[GivenScores],
    criteria: Sequence[Criterion],
    scoring: tuple[float, float],
    separability: Separability,
) -> tuple[CriterionRow, ...]:
    """Return one row for each criterion, in the order of `criteria`.

    `scoring` is the (least, greatest) score of the rubric. `separability` computes a figure, such
    as the v4 score, from the table of unrounded mean scores. The order of the sheets has no effect.
    What these data do not define is None with a reason; nothing is raised.
    """
    ordered = sorted(sheets, key=lambda s: (s.writer, s.iteration, s.item, s.member, s.repeat))
    scores = _inverted_scores(ordered, criteria, scoring)
    present = ~np.isnan(scores)
    sums = np.where(present, scores, 0.0).sum(axis=1)
    counts = present.sum(axis=1)
    whole = _ratio(sums, counts)
    table_of = _tables_of_sheets(ordered)
    full, why_not = _separability_of(table_of(whole), separability)
    rows = []
    for n, criterion in enumerate(criteria):
        rest = _ratio(sums - np.where(present[:, n], scores[:, n], 0.0), counts - present[:, n])
        without, why_not_without = _separability_of(table_of(rest), separability)
        reasons = {"drop": why_not or why_not_without}
        column = scores[:, n]
        figures = _spread(column[present[:, n]], reasons)
        rows.append(
            CriterionRow(
                name=criterion.name,
                negative=criterion.negative,
                n=int(present[:, n].sum()),
                used=shares_of(
                    [s.given[criterion.name] for s in ordered if criterion.name in s.given]
                ),
                mean=figures[0],
                std=figures[1],
                drop=None if full is None or without is None else full - without,
                correlation=_correlation(column, whole, "correlation", reasons),
                correlation_rest=_correlation(column, rest, "correlation_rest", reasons),
                reasons={figure: reason for figure, reason in reasons.items() if reason},
            )
        )
    return tuple(rows)


def _inverted_scores(
    sheets: Sequence[GivenScores], criteria: Sequence[Criterion], scoring: tuple[float, float]
) -> Floats:
    """Return criterion scores for which higher is better: `min + max - score` for negative
    criteria.

    The shape is (sheets, criteria); NaN where a sheet has no score for the criterion.
    """
    gap = float("nan")
    names = [c.name for c in criteria]
    given = [[sheet.given.get(name, gap) for name in names] for sheet in sheets]
    scores = np.array(given, dtype=np.float64).reshape(len(sheets), len(criteria))
    negative = np.array([c.negative for c in criteria], dtype=bool)
    turned: Floats = np.where(negative, scoring[0] + scoring[1] - scores, scores)
    return turned


def criterion_means(
    sheets: Sequence[GivenScores], criteria: Sequence[Criterion], scoring: tuple[float, float]
) -> tuple[tuple[str, ...], Floats]:
    """Return the writers in sorted order, and their mean inverted score on each criterion.

    The means have shape (writers, criteria) and are on the judge's scale; higher is better writing.
    NaN where a writer has no score on a criterion.
    """
    ordered = sorted(sheets, key=lambda s: (s.writer, s.iteration, s.item, s.member, s.repeat))
    scores = _inverted_scores(ordered, criteria, scoring)
    writers = tuple(sorted({s.writer for s in sheets}))
    means = np.full((len(writers), len(criteria)), np.nan)
    for row, writer in enumerate(writers):
        own = scores[[n for n, s in enumerate(ordered) if s.writer == writer]]
        counts = (~np.isnan(own)).sum(axis=0)
        means[row] = _ratio(np.nansum(own, axis=0), counts)
    return writers, means


def shares_of(values: Sequence[float]) -> dict[float, float]:
    """Return each value's share of all values (0..1), ascending by value; empty for no values."""
    return {value: n / len(values) for value, n in sorted(Counter(values).items())}


def _ratio(sums: Floats, counts: Floats) -> Floats:
    """sums / counts, NaN where there is nothing to divide by."""
    ratios = np.full(sums.shape, np.nan)
    np.divide(sums, counts, out=ratios, where=counts > 0)
    return ratios


def _spread(column: Floats, reasons: dict[str, str]) -> tuple[float | None, float | None]:
    if column.size == 0:
        reasons["mean"] = reasons["std"] = "no reply gave this criterion a valid score"
        return None, None
    if column.size == 1:
        reasons["std"] = "a single score has no spread"
        return float(column[0]), None
    return float(column.mean()), float(column.std(ddof=1))


def _tables_of_sheets(sheets: Sequence[GivenScores]) -> Callable[[Floats], ScoreTable]:
    """Return a function that makes the table of one score per sheet, where NaN is no score.

    Sheets are put in their places once where every piece has a single one.
    """
    places = [(s.writer, s.iteration, s.item) for s in sheets]
    if len(set(places)) < len(places):
        return lambda scores: build_table(
            Observation(s.writer, s.iteration, s.item, s.member, s.repeat, float(score))
            for s, score in zip(sheets, scores, strict=True)
            if not np.isnan(score)
        )
    axes = [tuple(sorted(set(names))) for names in zip(*places, strict=True)] or [(), (), ()]
    at = [{name: n for n, name in enumerate(axis)} for axis in axes]
    index = tuple(np.array([at[k][place[k]] for place in places], dtype=np.intp) for k in range(3))

    def table(scores: Floats) -> ScoreTable:
        values = np.full([len(axis) for axis in axes], np.nan)
        values[index] = scores
        return ScoreTable(axes[0], axes[1], axes[2], values)

    return table


def _separability_of(table: ScoreTable, separability: Separability) -> tuple[float | None, str]:
    try:
        if np.isnan(table.values).all():
            raise UndefinedFigure("no criterion is left")
        return separability(table), ""
    except UndefinedFigure as reason:
        return None, str(reason)


def _correlation(a: Floats, b: Floats, figure: str, reasons: dict[str, str]) -> float | None:
    both = ~(np.isnan(a) | np.isnan(b))
    try:
        return pearson(a[both], b[both])
    except UndefinedFigure:
        reasons[figure] = "needs at least two scores that differ, on both sides"
        return None
