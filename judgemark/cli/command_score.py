"""Scores stored runs again; no judge is asked."""

from __future__ import annotations

import argparse
import json

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.summary import figures
from judgemark.cli.terminal import say
from judgemark.inputs.references import read_references
from judgemark.judged import JudgedRun
from judgemark.run.run_lookup import load
from judgemark.scoring.result_json import compose


def run(args: argparse.Namespace) -> int:
    """Print the figures of each run; the exit code."""
    found: dict[str, JudgedRun] = {}
    for name in args.runs:
        for run_id, judged in load(name, args.runs_dir).items():
            found[run_id if run_id not in found else f"{name} {run_id}"] = judged
    results = {name: _score(judged, args) for name, judged in found.items()}
    if args.json:
        printed = next(iter(results.values())) if len(results) == 1 else results
        say(json.dumps(printed, ensure_ascii=True, allow_nan=False, indent=1))
    else:
        for result in results.values():
            say(figures(result, details=args.details))
    whole = all(result["status"] != "incomplete" for result in results.values())
    return DONE if whole else INCOMPLETE


def _score(judged: JudgedRun, args: argparse.Namespace) -> dict[str, object]:
    reference = None
    if args.reference_scores is not None:
        writers = {j.writer for j in judged.judged}
        reference = read_references(args.reference_scores, writers)
    return compose(judged, reference, seed=args.seed)
