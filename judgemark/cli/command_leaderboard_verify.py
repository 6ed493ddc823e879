"""Computes a board's figures again from the run's own verdicts and compares."""

from __future__ import annotations

import argparse

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.terminal import say, warn
from judgemark.errors import UsageError
from judgemark.jobs.board_runs import EntryCheck, verify


def run(args: argparse.Namespace) -> int:
    """Say equal, or where not; 0 where every entry of the run is equal, else 1."""
    verified = verify(args.board, args.run, args.runs_dir, args.reference_scores)
    for loss in verified.losses:
        warn(f"damaged: {loss}")
    if not verified.found:
        boards = ", ".join(str(path) for path in args.board)
        raise UsageError(f'{boards}: has no entry of run "{args.run}"; add it with leaderboard add')
    for found in verified.found:
        say(_words(found))
    return INCOMPLETE if any(found.differs for found in verified.found) else DONE


def _words(found: EntryCheck) -> str:
    entry = found.entry
    head = f"{entry.judge.name} ({entry.run_id}), entry {entry.digest[:12]}"
    if not found.differs:
        return f"equal: {head}; the run's own verdicts give the same figures"
    listed = "\n".join(f"  {line}" for line in found.differs)
    return f"not equal: {head}; these figures follow from the run's own verdicts instead\n{listed}"
