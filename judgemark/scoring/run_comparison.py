"""Compare two judged runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from judgemark.judged import JudgedRun
from judgemark.metrics.judge_comparison import Contender, compare
from judgemark.records import PLAIN
from judgemark.scoring.pooled_ratings import SHARED_VERDICTS, is_pooled
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
    return {"runs": runs, **found, "warnings": list(_unlike_rules(first, second))}


def _unlike_rules(first: JudgedRun, second: JudgedRun) -> Iterator[str]:
    """Yield why the scores of two runs are of different kinds; nothing where they are of one.

    Ratings depend on the rules of the tournaments: the same preferences give another score with
    more rounds or with steeper probabilities.
    """
    if first.ratings != second.ratings:
        yield (
            "one run holds ratings from tournaments and the other scores of single pieces, so that "
            "the difference is not one of the judges alone; the share of writer pairs in the "
            "reference order (`pair_concordance`) has the same meaning in both"
        )
        return
    if not first.ratings:
        return
    ours, theirs = (_rules(run) for run in (first, second))
    if first.tournaments is None or second.tournaments is None:
        # A runs file does not name the protocol.
        ours["protocol"] = theirs["protocol"]
    unlike = [
        f"{key.replace('_', ' ')} {_shown(ours.get(key))} and {_shown(theirs.get(key))}"
        for key in sorted({*ours, *theirs})
        if ours.get(key) != theirs.get(key)
    ]
    if unlike:
        yield (
            f"the tournaments were played by different rules ({', '.join(unlike)}), so that the "
            "difference is not one of the judges alone"
        )


def _shown(value: object) -> str:
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _rules(run: JudgedRun) -> dict[str, Any]:
    """Return what ratings depend on besides the judge."""
    return {"protocol": run.protocol.get("name"), **(run.protocol.get("tournament") or {})}


def _contender(run: JudgedRun) -> Contender:
    tables = tables_of(run)
    hashes = {(j.writer, j.iteration, j.item): j.text_sha256 for j in run.judged if j.text_sha256}
    absent = SHARED_VERDICTS if is_pooled(run) else ""
    return Contender(tables.v2, tables.v21, hashes, no_raw_scale(run), absent)
