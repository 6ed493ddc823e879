"""Checks the figures of a run against thresholds; exits 1 where one is missed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.summary_parts import matches_with_verdict
from judgemark.cli.terminal import say
from judgemark.errors import UsageError
from judgemark.jobs.joined_runs import joined_to_result
from judgemark.jobs.run_kinds import result_of
from judgemark.scoring.thresholds import Threshold, threshold


def run(args: argparse.Namespace) -> int:
    """Print each threshold with the run's figure; return 0 where all are reached, else 1.

    A run with pieces that have no verdict passes none: it may have lost the hard ones. Figures of
    reading and of people come from the other runs of the same judge too, as on the board.
    """
    if not args.min and not args.max:
        raise UsageError("gate needs a threshold; give --min KEY=VALUE or --max KEY=VALUE")
    result = result_of(args.run, args.runs_dir, args.reference_scores)
    joined = joined_to_result(result, args.runs_dir)
    result = joined.completed(result)
    thresholds = [threshold(result, key, limit) for key, limit in args.min]
    thresholds += [threshold(result, key, limit, at_most=True) for key, limit in args.max]
    for checked in thresholds:
        say(_line(checked))
    for run in joined.entries:
        say(f"with     {run.kind} {run.run_id}")
    if result["status"] != "complete":
        say(f"{result['status']}: {matches_with_verdict(result) or _covered(result['coverage'])}")
    passed = all(checked.reached for checked in thresholds) and result["status"] != "incomplete"
    return DONE if passed else INCOMPLETE


def _covered(coverage: Mapping[str, Any]) -> str:
    if "scored" in coverage:
        return f"{coverage['scored']} of {coverage['pieces']} pieces scored"
    return f"{coverage['answered']} of {coverage['questions']} questions answered"


def _line(checked: Threshold) -> str:
    wanted = f"{'at most' if checked.at_most else 'at least'} {checked.limit:g}"
    if checked.value is None:
        return f"missed   {checked.key}: {checked.reason}; {wanted} wanted"
    word = "reached" if checked.reached else "missed "
    return f"{word}  {checked.key} {checked.value:.4f}; {wanted} wanted"
