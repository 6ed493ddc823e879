"""Lists the stored runs."""

from __future__ import annotations

import argparse

from judgemark.cli import DONE
from judgemark.cli.kind_summaries import in_short
from judgemark.cli.summary_parts import number
from judgemark.cli.terminal import say, table
from judgemark.errors import JudgemarkError
from judgemark.leaderboard.result_cache import kept_result_is_current
from judgemark.run.folder import RunFolder
from judgemark.run.kind_of_run import RunKindName, kind_of
from judgemark.run.run_lookup import list_runs, without_description


def run(args: argparse.Namespace) -> int:
    """Print one line for each run; return the exit code."""
    lines = [(folder.run_id, _line(folder)) for folder in list_runs(args.runs_dir)]
    lost = without_description(args.runs_dir)
    lines += [(name, f"unreadable: {problem}") for name, problem in lost.items()]
    if not lines:
        say(f"no runs in {args.runs_dir}")
        return DONE
    say(table(sorted(lines), indent=0))
    return DONE


def _line(folder: RunFolder) -> str:
    try:
        return _figures(folder)
    except JudgemarkError as exc:
        return f"unreadable: {exc.message}"


def _figures(folder: RunFolder) -> str:
    spec = folder.spec()
    begun = f"{spec['judge'].get('spec', '')}  {spec.get('created', '')}"
    kind = kind_of(spec)
    pairs = folder.pairs() if kind is RunKindName.PAIRS else None
    if pairs is not None:
        return f"{begun}  pairs, strict accuracy {100 * pairs['strict_accuracy']['value']:.1f}%"
    result = folder.result()
    if kind is not RunKindName.JUDGE:
        begun += f"  {kind}"
    if result is None:
        return f"{begun}  not finished"
    since = "" if kept_result_is_current(folder) else " before it was asked further; not finished"
    begun += f"  {result['status']}{since}"
    if kind is not RunKindName.JUDGE:
        return f"{begun}  {in_short(result)}"
    card = result["scorecards"].get("v4", {}).get("raw") or {}
    return f"{begun}  v4 {number(card.get('score'))}"
