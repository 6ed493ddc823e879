"""The main job: judge every sample, resume what is missing, score, draw."""

from __future__ import annotations

import argparse
import sys

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.asking_summary import ask_as_told
from judgemark.cli.environment_file import read_environment
from judgemark.cli.flags_ensemble import as_single_judge
from judgemark.cli.flags_to_settings import job_settings
from judgemark.cli.ladder_hint import ladder_like
from judgemark.cli.summary import summary
from judgemark.cli.terminal import say
from judgemark.cli.terminal_log import log_to_terminal
from judgemark.jobs.finish_run import begin_figures, finish
from judgemark.jobs.prepare_run import prepare


def run(args: argparse.Namespace) -> int:
    """Do the main job; return the exit code."""
    environment = read_environment()
    as_single_judge(args)
    if args.runs_file is not None:
        from judgemark.scoring.upstream_export import check_place

        check_place(args.runs_file)
    log_to_terminal(args.verbosity, environment)
    prepared = prepare(job_settings(args, environment), environment, say)
    begun = None if args.dry_run else begin_figures(prepared)
    work = ask_as_told(args, prepared)
    if work is None:
        return DONE
    folder, references = prepared.folder, prepared.references
    samples, journal = prepared.judging.pieces, work.estimate.journal
    del prepared, work  # all questions, with their prompts
    result = finish(
        folder,
        references,
        method=args.ensemble_method if args.judge_models else None,
        runs_file=args.runs_file,
        with_replies=args.save_raw_judge_output,
        samples=samples,
        journal=journal,
        begun=begun,
        progress=say if sys.stdout.isatty() else None,
    )
    shown_by = "" if args.judge_models else ladder_like(args)
    say("\n" + summary(result, folder, details=args.details, shown_by=shown_by))
    return INCOMPLETE if result["status"] == "incomplete" else DONE
