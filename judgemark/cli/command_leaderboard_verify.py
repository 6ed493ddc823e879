"""Computes a board's figures again from the runs' own verdicts, and checks its signatures."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.terminal import say, warn
from judgemark.errors import UsageError
from judgemark.jobs.board_runs import read_boards
from judgemark.jobs.verify_runs import EntryCheck, Verified, check_signatures, verify
from judgemark.leaderboard.board_entry import Entry
from judgemark.leaderboard.board_file import without_duplicates
from judgemark.leaderboard.signatures import CheckedSignature, Vouching
from judgemark.leaderboard.validity_entry import BoardRecord


def run(args: argparse.Namespace) -> int:
    """Say whether figures are equal and who vouches.

    The exit code is 1 for other figures, for figures that cannot be checked, and for a false
    signature.
    """
    board = read_boards(args.board)
    found = [
        verify(board, name, args.runs_dir, args.reference_scores, args.beside) for name in args.runs
    ]
    for unusable in board.unusable:
        warn(f"damaged: {unusable}")
    for name, one in zip(args.runs, found, strict=True):
        if not one.checks:
            raise UsageError(
                f'{_listed(args)}: has no entry of run "{name}"; add it with leaderboard add'
            )
    checks = [check for one in found for check in one.checks]
    for check in checks:
        say(_compared(check))
    for line in _not_checked(found):
        say(line)
    records = [check.entry for check in checks] if args.runs else board.records
    entries = _once(records)
    if not entries:
        raise UsageError(f"{_listed(args)}: has no entry; add a run with leaderboard add")
    false = False
    for entry, signatures in check_signatures(entries, args.allowed_signers):
        say(_vouched(entry, signatures, allowed=args.allowed_signers))
        false = false or any(s.vouching is Vouching.FALSE for s in signatures)
    return DONE if all(check.found.equal for check in checks) and not false else INCOMPLETE


def _listed(args: argparse.Namespace) -> str:
    return ", ".join(str(path) for path in args.board)


def _once(records: Iterable[BoardRecord]) -> list[BoardRecord]:
    """Return each entry once, those of the main job first."""
    listed = list(records)
    main = without_duplicates(e for e in listed if isinstance(e, Entry))
    return [*main, *without_duplicates(e for e in listed if not isinstance(e, Entry))]


def _head(entry: BoardRecord) -> str:
    kind = "" if isinstance(entry, Entry) else f"{entry.kind} "
    return f"{entry.judge.name} ({kind}{entry.run_id}), entry {entry.digest[:12]}"


def _compared(check: EntryCheck) -> str:
    head, found = _head(check.entry), check.found
    lines = []
    if found.differs:
        lines.append(f"not equal: {head}; these figures follow from the run's own verdicts instead")
        lines += [f"  {line}" for line in found.differs]
    if found.unchecked:
        lines.append(f"not checked: {head}; the run's own verdicts do not give these figures here")
        lines += [f"  {line}" for line in found.unchecked]
    if not lines:
        lines.append(f"equal: {head}; the run's own verdicts give the same figures")
    return "\n".join(lines)


def _not_checked(found: Sequence[Verified]) -> list[str]:
    """Say which entries beside those of the runs were not checked, each once."""
    checked = {check.entry.digest for one in found for check in one.checks}
    lines = {}
    for entry in (entry for one in found for entry in one.others):
        lines[entry.digest] = (
            f"not compared: {_head(entry)}; it is of the same judge, asked in the same way, but of "
            "other verdicts than those of the run"
        )
    for entry in (entry for one in found for entry in one.again):
        lines[entry.digest] = (
            f"not compared: {_head(entry)}; it has these verdicts and figures with other times or "
            "costs, as another run of the judge that gave the same answers has"
        )
    for entry in (entry for one in found for entry in one.joined):
        lines[entry.digest] = (
            f"not compared: {_head(entry)}; its figures stand in the same row of the board: name "
            f'run "{entry.run_id}" too'
        )
    return [line for digest, line in lines.items() if digest not in checked]


def _vouched(entry: BoardRecord, signatures: Sequence[CheckedSignature], *, allowed: object) -> str:
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
