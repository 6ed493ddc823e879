"""Lists the stored runs."""

from __future__ import annotations

import argparse

from judgemark.cli import DONE
from judgemark.cli.summary import number
from judgemark.cli.terminal import say, table
from judgemark.errors import JudgemarkError
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
        spec, result = folder.spec(), folder.result()
    except JudgemarkError as exc:
        return f"unreadable: {exc}"
    judge = spec["judge"]["spec"]
    if "pairs" in spec["fingerprint"]:
        return f"{judge}  {spec['created']}  pairs{_strict(folder)}"
    if result is None:
        return f"{judge}  {spec['created']}  not finished"
    card = result["scorecards"]["v4"]["raw"] or {"score": None}
    return f"{judge}  {spec['created']}  {result['status']}  v4 {number(card['score'])}"


def _strict(folder: RunFolder) -> str:
    found = folder.pairs()
    if found is None:
        return ", not finished"
    return f", strict accuracy {100 * found['strict_accuracy']['value']:.1f}%"
