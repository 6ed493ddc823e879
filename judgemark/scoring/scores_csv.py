"""A run's scores as rows: `scores.csv` in the run folder, and the long form by criterion."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from judgemark.judged import JudgedRun
from judgemark.scoring.run_tables import RunTables
from judgemark.scoring.spreadsheet_cells import safe_cell

SCORE_COLUMNS = ("writer", "iteration", "item", "repeat", "member", "score", "class")
CRITERION_COLUMNS = (
    "writer", "iteration", "item", "repeat", "member", "criterion", "value", "score", "class",
)  # fmt: skip

Cells = tuple[str | int | float | None, ...]


def score_rows(run: JudgedRun, tables: RunTables) -> Iterator[Cells]:
    """Yield one row for each verdict and each failure, in the order of `SCORE_COLUMNS`.

    The score is the item score under the rule of v2.1, which v4 uses too; None where the reply
    has no item score. The class says how the question ended.
    """
    scored = {(o.writer, o.iteration, o.item, o.member, o.repeat): o.value for o in
              tables.observations}  # fmt: skip
    for j in run.judged:
        place = (j.writer, j.iteration, j.item, j.member, j.repeat)
        yield (*place[:3], j.repeat, j.member, scored.get(place), j.cls.value)
    for u in run.unjudged:
        yield (u.writer, u.iteration, u.item, u.repeat, u.member, None, u.cls.value)


def criterion_rows(run: JudgedRun, tables: RunTables) -> Iterator[Cells]:
    """Yield one row for each criterion score, in the order of `CRITERION_COLUMNS`.

    The value is the score as the judge gave it, not inverted. A verdict without criterion scores,
    and a failure, has one row with neither criterion nor value.
    """
    given: dict[Cells, Mapping[str, float] | None] = {
        (j.writer, j.iteration, j.item, j.repeat, j.member): j.scores for j in run.judged
    }
    for row in score_rows(run, tables):
        place, score, cls = row[:5], row[5], row[6]
        scores = given.get(place)
        if not scores:
            yield (*place, None, None, score, cls)
        for criterion, value in (scores or {}).items():
            yield (*place, criterion, value, score, cls)


def as_csv(columns: Sequence[str], rows: Iterable[Cells]) -> str:
    """Return rows as CSV with a header; absent values are empty.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue()
