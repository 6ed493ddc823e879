"""A run scored by another method: the replies as written, or what their probabilities say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judgemark.errors import UsageError
from judgemark.judged import JudgedRun, has_probabilities, scored_by
from judgemark.records import PLAIN, SCORE_METHODS

SECTION = "score_methods"


def by_method(run: JudgedRun, method: str) -> JudgedRun:
    """Return a run with its criterion scores taken by a method; no judge is asked.

    Raises UsageError where the run holds no log-probabilities, for any method but `plain`.
    """
    if method == run.score_method:
        return run
    if method != PLAIN and not has_probabilities(run):
        raise UsageError(
            f'‹score_method› {method}: run "{run.run_id}" holds no log-probabilities of scores; '
            "its judge was not asked for them, or its endpoint gives none"
        )
    return scored_by(run, method)


def methods_section(
    run: JudgedRun, reference: Mapping[str, float] | None, seed: int
) -> dict[str, Any]:
    """Return what scores from probabilities gain over plain ones, under its name in the result.

    Empty for a run whose judge was not asked for log-probabilities. `scores` counts criterion
    scores, and `expected` those that are expected values. `gain` has, for each method, the
    differences of its scorecards to those of plain scores (`compare_runs`); None with a reason
    where it is undefined.
    """
    if run.score_method == PLAIN and not has_probabilities(run):
        return {}
    section: dict[str, Any] = {
        "method": run.score_method,
        "scores": sum(len(j.scores or {}) for j in run.judged),
        "expected": sum(j.expected.expected for j in run.judged if j.expected is not None),
        "gain": {},
        "reason": None,
    }
    if not section["expected"]:
        section["reason"] = "the endpoint gave no log-probabilities that could be used"
        return {SECTION: section}
    from judgemark.scoring.run_comparison import compare_runs

    plain = scored_by(run, PLAIN)
    for method in SCORE_METHODS[1:]:
        try:
            found = compare_runs(scored_by(run, method), plain, reference, seed=seed)
        except UsageError as exc:
            section["reason"] = exc.message
            break
        section["gain"][method] = found["differences"]
    return {SECTION: section}
