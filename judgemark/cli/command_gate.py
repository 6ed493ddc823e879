"""Holds a run against bars; exits 1 below one of them."""

from __future__ import annotations

import argparse

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.terminal import say
from judgemark.errors import UsageError
from judgemark.jobs.board_runs import scored_one
from judgemark.scoring.thresholds import Bar, bar


def run(args: argparse.Namespace) -> int:
    """Print how the run stands to each bar; 0 where it reaches all, else 1.

    A run with pieces that have no verdict passes none: it may have lost the hard ones.
    """
    if not args.min and not args.max:
        raise UsageError("gate: no bar; give --min KEY=VALUE")
    result = scored_one(args.run, args.runs_dir, args.reference_scores).composed.result
    bars = [bar(result, key, limit) for key, limit in args.min]
    bars += [bar(result, key, limit, at_most=True) for key, limit in args.max]
    for held in bars:
        say(_line(held))
    coverage = result["coverage"]
    if result["status"] != "complete":
        say(f"{result['status']}: {coverage['scored']} of {coverage['pieces']} pieces scored")
    passed = all(held.reached for held in bars) and result["status"] != "incomplete"
    return DONE if passed else INCOMPLETE


def _line(held: Bar) -> str:
    wanted = f"{'at most' if held.at_most else 'at least'} {held.limit:g}"
    if held.value is None:
        return f"missed   {held.key}: {held.reason}; {wanted} wanted"
    word = "reached" if held.reached else "missed "
    return f"{word}  {held.key} {held.value:.4f}; {wanted} wanted"
