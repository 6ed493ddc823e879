"""Compare two judged runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judgemark.judged import JudgedRun
from judgemark.metrics.judge_comparison import Contender, compare
from judgemark.records import PLAIN
from judgemark.scoring.run_tables import no_raw_scale, tables_of


def compare_runs(
    first: JudgedRun,
    second: JudgedRun,
    reference: Mapping[str, float] | None = None,
    *,
    seed: int = 0,
) -> dict[str, Any]:
    """Return the comparison as plain values; the first run's reference is the default.

    Raises UsageError where the runs do not share their samples.
    """
    reference = first.references if reference is None else reference
    found = compare(_contender(first), _contender(second), reference, seed=seed).to_json()
    runs = [
        {
            "run_id": run.run_id,
            "judge": run.judge.get("spec"),
            **({} if run.score_method == PLAIN else {"score_method": run.score_method}),
        }
        for run in (first, second)
    ]
    return {"runs": runs, **found}


def _contender(run: JudgedRun) -> Contender:
    tables = tables_of(run)
    hashes = {(j.writer, j.iteration, j.item): j.text_sha256 for j in run.judged if j.text_sha256}
    return Contender(tables.v2, tables.v21, hashes, no_raw_scale(run))
