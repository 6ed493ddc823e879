"""Adds runs to a shared board file."""

from __future__ import annotations

import argparse

from judgemark.cli import DONE
from judgemark.cli.terminal import say, warn
from judgemark.jobs.joined_runs import board_runs
from judgemark.leaderboard.board_file import append, counted
from judgemark.leaderboard.signatures import sign
from judgemark.leaderboard.validity_entry import BoardRecord


def run(args: argparse.Namespace) -> int:
    """Append an entry for each run, signed where a key is given; return the exit code."""
    for name in args.runs:
        found = board_runs([name], args.runs_dir, args.reference_scores, tell=warn)
        records: list[BoardRecord] = [*(run.entry for run in found.entered), *found.measured]
        for record in records:
            entry = record
            if args.sign is not None:
                entry = record.signed([sign(record.digest, args.sign)])
            what = append(args.board, entry)
            say(f"{what}: {entry.judge.name} ({entry.run_id}), entry {entry.digest[:12]}")
    count, unusable = counted(args.board)
    for line in unusable:
        warn(f"damaged: {line}")
    say(f"{args.board}: {count} {'entry' if count == 1 else 'entries'}")
    return DONE
