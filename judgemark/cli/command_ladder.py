"""Does the judge notice damage? The same pieces, damaged in known ways and to rising degrees."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.asking_summary import ask_as_told
from judgemark.cli.environment_file import read_environment
from judgemark.cli.flags_to_settings import job_settings
from judgemark.cli.summary_ladder import ladder_figures
from judgemark.cli.terminal import say, warn
from judgemark.cli.terminal_log import log_to_terminal
from judgemark.jobs.ladder_run import LadderJob, LadderRules, prepare_ladder
from judgemark.jobs.run_kinds import finish_drawn
from judgemark.metrics.validity.pair_planner import smallest_margin
from judgemark.run.folder import REPORT


def run(args: argparse.Namespace) -> int:
    """Build the ladder, ask about it and print the figures; return the exit code."""
    environment = read_environment()
    log_to_terminal(args.verbosity, environment)
    tell = warn if args.json else say
    job = prepared_ladder(args, environment, tell)
    tell(f"Ladder     {_ladder(job)}")
    if args.dry_run:
        tell(f"Shows      {_shows(job)}")
    if ask_as_told(args, job.prepared, tell) is None:
        return DONE
    folder = job.prepared.folder
    quiet = args.json or not sys.stdout.isatty()
    result = finish_drawn(folder, (lambda _: None) if quiet else say)
    if args.json:
        say(json.dumps(result, ensure_ascii=True, allow_nan=False, indent=1))
    else:
        say(ladder_figures(result, args.details, opens=f"{folder.path / REPORT}"))
    return INCOMPLETE if result["status"] == "incomplete" else DONE


def prepared_ladder(
    args: argparse.Namespace,
    environment: Mapping[str, str],
    tell: Callable[[str], None],
    **fixed: Any,
) -> LadderJob:
    """Build the ladder that the flags mean; `fixed` are settings that are not among the flags."""
    rules = LadderRules(tuple(args.kinds), args.levels, args.budget, args.seed)
    settings = job_settings(args, environment, **{**fixed, "seed": args.seed or 0})
    return prepare_ladder(settings, environment, rules, tell)


def _ladder(job: LadderJob) -> str:
    ladder = job.ladder
    pieces, kinds = len(ladder.sources), len({v.kind for v in ladder.versions})
    text = (
        f"{pieces} {'piece' if pieces == 1 else 'pieces'}, {kinds} "
        f"{'kind' if kinds == 1 else 'kinds'} of damage: {len(ladder.versions)} versions"
    )
    if ladder.missing:
        text += f", {len(ladder.missing)} could not be made (the report says why)"
    return f"{text}; seed {job.seed}"


def _shows(job: LadderJob) -> str:
    """Return the smallest margin that a ladder of this size shows, as far as that is known
    beforehand."""
    pieces, versions = len(job.ladder.sources), len(job.ladder.versions)
    smallest = smallest_margin(pieces, versions / pieces)
    if smallest is None:
        return "too few pieces to show whether a judge reads; with more pieces a ladder does"
    return f"a margin over counting from about {100 * smallest:.0f} points on, in 80% of such runs"
