"""The sections of a result on criteria and on single items."""

from __future__ import annotations

from typing import Any

from judgemark.judged import JudgedRun
from judgemark.metrics.composite import v4_score
from judgemark.metrics.criteria import criterion_rows
from judgemark.metrics.item_agreement import ItemAgreement, item_agreement, most_and_least
from judgemark.metrics.separability import cliffs_delta, omega_squared
from judgemark.scoring.run_tables import criteria_of, sheets_of
from judgemark.table.score_table import ScoreTable


def criterion_section(run: JudgedRun) -> dict[str, Any] | None:
    """Return one entry per criterion; None for judges without criteria."""
    criteria = criteria_of(run)
    if not criteria:
        return None
    rows = criterion_rows(
        sheets_of(run, criteria),
        criteria,
        (run.rubric.scoring_min, run.rubric.scoring_max),
        lambda table: float(v4_score(omega_squared(table), cliffs_delta(table))),
    )
    return {
        row.name: {
            "negative": row.negative,
            "n": row.n,
            "mean": row.mean,
            "std": row.std,
            "used": {f"{value:g}": share for value, share in row.used.items()},
            "drop": row.drop,
            "correlation": row.correlation,
            "correlation_rest": row.correlation_rest,
            "reasons": dict(row.reasons),
        }
        for row in rows
    }


def item_section(table: ScoreTable) -> dict[str, Any]:
    """Return the items whose order of writers agrees most and least with the run's order."""
    most, least = most_and_least(item_agreement(table))
    return {"most": [_item(a) for a in most], "least": [_item(a) for a in least]}


def _item(agreement: ItemAgreement) -> dict[str, Any]:
    return {"item": agreement.item, "tau": agreement.tau, "writers": agreement.writers}
