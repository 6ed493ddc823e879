"""Computes a board's figures again from the run's own verdicts, and checks its signatures."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.terminal import say, warn
from judgemark.errors import UsageError
from judgemark.jobs.board_runs import EntryCheck, check_signatures, read_boards, verify
from judgemark.leaderboard.board_entry import Entry
from judgemark.leaderboard.board_file import without_duplicates
from judgemark.leaderboard.signatures import CheckedSignature, Vouching


def run(args: argparse.Namespace) -> int:
    """Say whether figures are equal and who vouches; 1 for other figures or a false signature."""
    if args.run is None:
        board = read_boards(args.board)
        losses, entries, differing = board.losses, without_duplicates(board.entries), False
    else:
        verified = verify(args.board, args.run, args.runs_dir, args.reference_scores)
        losses, entries = verified.losses, tuple(found.entry for found in verified.found)
        differing = any(found.differs for found in verified.found)
    for loss in losses:
        warn(f"damaged: {loss}")
    if not entries:
        boards = ", ".join(str(path) for path in args.board)
        of_run = "" if args.run is None else f' of run "{args.run}"'
        raise UsageError(f"{boards}: has no entry{of_run}; add it with leaderboard add")
    if args.run is not None:
        for found in verified.found:
            say(_compared(found))
    false = False
    for entry, signatures in check_signatures(entries, args.allowed_signers):
        say(_vouched(entry, signatures, allowed=args.allowed_signers))
        false = false or any(s.vouching is Vouching.FALSE for s in signatures)
    return INCOMPLETE if differing or false else DONE


def _head(entry: Entry) -> str:
    return f"{entry.judge.name} ({entry.run_id}), entry {entry.digest[:12]}"


def _compared(found: EntryCheck) -> str:
    head = _head(found.entry)
    if not found.differs:
        return f"equal: {head}; the run's own verdicts give the same figures"
    listed = "\n".join(f"  {line}" for line in found.differs)
    return f"not equal: {head}; these figures follow from the run's own verdicts instead\n{listed}"


def _vouched(entry: Entry, signatures: Sequence[CheckedSignature], *, allowed: object) -> str:
    head = _head(entry)
    if not signatures:
        return f"unsigned: {head}; no one has signed it"
    return "\n".join(_in_words(head, signature, allowed) for signature in signatures)


def _in_words(head: str, signature: CheckedSignature, allowed: object) -> str:
    key = f" ({signature.key})" if signature.key else ""
    if signature.vouching is Vouching.VOUCHED:
        return f"vouched for: {head}; signed by {signature.signer}{key}"
    if signature.vouching is Vouching.FALSE:
        return (
            f"false signature: {head}; it does not fit the entry: it was forged, or made for other "
            "figures"
        )
    if allowed is None:
        return f"signed: {head}; --allowed-signers F says whose key this is{key}"
    return f"unknown signer: {head}; {allowed} does not allow the key{key}"
