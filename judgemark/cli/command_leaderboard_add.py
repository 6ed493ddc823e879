"""Adds runs to a shared board file."""

from __future__ import annotations

import argparse

from judgemark.cli import DONE
from judgemark.cli.terminal import say, warn
from judgemark.jobs.board_runs import scored
from judgemark.leaderboard.board_file import append, read_board
from judgemark.leaderboard.signatures import sign


def run(args: argparse.Namespace) -> int:
    """Append an entry for each run, signed where a key is given; return the exit code."""
    for name in args.runs:
        for found in scored(name, args.runs_dir, args.reference_scores):
            entry = found.entry
            if args.sign is not None:
                entry = entry.signed([sign(entry.digest, args.sign)])
            what = append(args.board, entry)
            say(f"{what}: {entry.judge.name} ({entry.run_id}), entry {entry.digest[:12]}")
    board = read_board(args.board)
    for loss in board.losses:
        warn(f"damaged: {loss}")
    count = len(board.entries)
    say(f"{args.board}: {count} {'entry' if count == 1 else 'entries'}")
    return DONE
