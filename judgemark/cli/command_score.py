"""Scores stored runs again; no judge is asked."""

from __future__ import annotations

import argparse
import json

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.kind_summaries import figures_of
from judgemark.cli.terminal import say
from judgemark.jobs.run_kinds import Rescoring, results_of
from judgemark.scoring.result_types import Result


def run(args: argparse.Namespace) -> int:
    """Print the figures of each run; return the exit code."""
    rescoring = Rescoring(args.reference_scores, args.seed, args.score_method)
    results: dict[str, Result] = {}
    for name in args.runs:
        for run_id, result in results_of(name, args.runs_dir, rescoring).items():
            results[run_id if run_id not in results else f"{name} {run_id}"] = result
    if args.json:
        printed = next(iter(results.values())) if len(results) == 1 else results
        say(json.dumps(printed, ensure_ascii=True, allow_nan=False, indent=1))
    else:
        for result in results.values():
            say(figures_of(result, details=args.details))
    whole = all(result["status"] != "incomplete" for result in results.values())
    return DONE if whole else INCOMPLETE
