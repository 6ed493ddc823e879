"""Prints a block for the card of a judge."""

from __future__ import annotations

import argparse

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.terminal import say
from judgemark.jobs.board_runs import scored_one
from judgemark.jobs.joined_runs import joined_to
from judgemark.report.board_card import card_block


def run(args: argparse.Namespace) -> int:
    """Print the block as Markdown; return the exit code."""
    run = scored_one(args.run, args.runs_dir, args.reference_scores)
    entry = run.entry
    say(card_block(entry, args.run, joined_to(run, args.runs_dir)))
    return INCOMPLETE if entry.coverage.status == "incomplete" else DONE
