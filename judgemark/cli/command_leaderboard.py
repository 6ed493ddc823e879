"""Shows many judges on one page, or as Markdown, CSV or JSON."""

from __future__ import annotations

import argparse
from pathlib import Path

from judgemark.cli import DONE
from judgemark.cli.flags_leaderboard import FORMATS
from judgemark.cli.terminal import say, warn
from judgemark.errors import UsageError
from judgemark.jobs.board_runs import links_to, read_boards
from judgemark.jobs.joined_runs import BoardRuns, board_runs
from judgemark.leaderboard.assembly import Leaderboard, leaderboard
from judgemark.leaderboard.board_file import Board
from judgemark.report.board_export import as_csv, as_json, as_markdown
from judgemark.run.files import write_bytes

DEFAULT = Path("leaderboard.html")


def run(args: argparse.Namespace) -> int:
    """Draw the board; return the exit code."""
    form = args.format or _form_of(args.output)
    output = args.output or (DEFAULT if form == "html" else None)
    runs = BoardRuns((), ())
    if args.runs or not args.board:
        runs = board_runs(args.runs, args.runs_dir, args.reference_scores, tell=warn)
    shared = read_boards(args.board)
    for line in shared.unusable:
        warn(f"damaged: {line}")
    placed = [(found.entry, found.report) for found in runs.entered]
    entries = [*(entry for entry, _ in placed), *shared.entries]
    if not entries:
        where = ", ".join(str(path) for path in args.board) or args.runs_dir
        raise UsageError(
            f"{where}: there is no run to show; judge something first, or name the runs"
        )
    reports = [(entry.digest, report) for entry, report in placed]
    links = links_to(reports, output or DEFAULT)
    told = [*_unusable(len(shared.unusable)), *_signed(shared)]
    board = leaderboard(entries, links, told, (*runs.measured, *shared.measured))
    text = _text(board, form, args.scorecard)
    for remark in board.remarks:
        warn(remark)
    if output is None:
        say(text.removesuffix("\n"))
        return DONE
    write_bytes(output, text.encode("utf-8", "backslashreplace"))
    sections = len(board.parts)
    judges = f"{board.judges} {'judge' if board.judges == 1 else 'judges'}"
    if not board.judges:
        judges = "no judge besides baselines"
    say(f"{output}: {judges} in {sections} {'section' if sections == 1 else 'sections'}")
    return DONE


def _form_of(output: Path | None) -> str:
    suffix = output.suffix.lower().lstrip(".") if output else "html"
    suffix = {"markdown": "md", "htm": "html"}.get(suffix, suffix)
    return suffix if suffix in FORMATS else "html"


def _unusable(count: int) -> list[str]:
    if not count:
        return []
    lines = "line of the board was" if count == 1 else "lines of the board were"
    return [f"{count} damaged {lines} left out."]


def _signed(shared: Board) -> list[str]:
    """Say how many entries are signed, where any is; who signed is not checked here."""
    signed = sum(bool(entry.signatures) for entry in shared.records)
    if not signed:
        return []
    of = f"{signed} of {len(shared.records)} entries of the board are signed; the others are not"
    return [f"{of}. leaderboard verify --allowed-signers says who vouches for them."]


def _text(board: Leaderboard, form: str, scorecard: str) -> str:
    if form == "json":
        return as_json(board)
    if form == "csv":
        return as_csv(board)
    if form == "md":
        return as_markdown(board, scorecard)
    from judgemark.report.board_page import render

    return render(board, scorecard)
