"""Lists the stored runs."""

from __future__ import annotations

import argparse

from judgemark.cli import DONE
from judgemark.cli.summary_parts import number
from judgemark.cli.terminal import say, table
from judgemark.errors import JudgemarkError
from judgemark.leaderboard.result_cache import kept_result_is_current
from judgemark.run.folder import RunFolder
from judgemark.run.run_lookup import list_runs


def run(args: argparse.Namespace) -> int:
    """Print one line for each run; the exit code."""
    folders = list_runs(args.runs_dir)
    if not folders:
        say(f"no runs in {args.runs_dir}")
        return DONE
    say(table([(folder.run_id, _line(folder)) for folder in folders], indent=0))
    return DONE


def _line(folder: RunFolder) -> str:
    try:
        return _figures(folder)
    except JudgemarkError as exc:
        return f"unreadable: {exc}"


def _figures(folder: RunFolder) -> str:
    spec = folder.spec()
    begun = f"{spec['judge'].get('spec', '')}  {spec.get('created', '')}"
    if "pairs" in spec["fingerprint"]:
        pairs = folder.pairs()
        if pairs is None:
            return f"{begun}  pairs, not finished"
        return f"{begun}  pairs, strict accuracy {100 * pairs['strict_accuracy']['value']:.1f}%"
    result = folder.result()
    if result is None:
        return f"{begun}  not finished"
    card = result["scorecards"].get("v4", {}).get("raw") or {}
    since = "" if kept_result_is_current(folder) else " before it was asked further; not finished"
    return f"{begun}  {result['status']}{since}  v4 {number(card.get('score'))}"
