"""The flags of leaderboard, card and gate."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from judgemark.cli.flag_values import path

FORMATS = ("html", "md", "csv", "json")
SCORECARDS = ("v4", "v2.1", "v2")
RUN_HELP = "a run id, a run's folder, or an upstream runs file (FILE::run_key for one run)"


def leaderboard_flags(p: argparse.ArgumentParser) -> None:
    """Of `leaderboard`."""
    p.add_argument(
        "runs",
        nargs="*",
        metavar="RUN",
        help=f"{RUN_HELP}; without any and without --board: all in the runs folder",
    )
    p.add_argument(
        "--board",
        type=path,
        action="append",
        default=[],
        metavar="FILE",
        help="a shared board file to draw; may be given several times",
    )
    p.add_argument(
        "-o",
        "--output",
        type=path,
        metavar="FILE",
        help="default: leaderboard.html; the other formats go to standard output",
    )
    p.add_argument("--format", choices=FORMATS, help="default: by the name of --output, else html")
    p.add_argument(
        "--scorecard",
        choices=SCORECARDS,
        default="v4",
        help="the one that md prints and that the page opens with (default v4)",
    )
    _common(p)


def add_flags(p: argparse.ArgumentParser) -> None:
    """Of `leaderboard add`."""
    p.add_argument("runs", nargs="+", metavar="RUN", help=RUN_HELP)
    p.add_argument(
        "--board", type=path, required=True, metavar="FILE", help="made where it is missing"
    )
    _common(p)


def verify_flags(p: argparse.ArgumentParser) -> None:
    """Of `leaderboard verify`."""
    p.add_argument("run", metavar="RUN", help=RUN_HELP)
    p.add_argument("--board", type=path, required=True, action="append", metavar="FILE")
    _common(p)


def card_flags(p: argparse.ArgumentParser) -> None:
    """Of `card`."""
    p.add_argument("run", metavar="RUN", help=RUN_HELP)
    _common(p)


def gate_flags(p: argparse.ArgumentParser) -> None:
    """Of `gate`."""
    p.add_argument("run", metavar="RUN", help=RUN_HELP)
    for flag, what in (("--min", "at least"), ("--max", "at most")):
        p.add_argument(
            flag,
            type=_bar,
            nargs="+",
            action="extend",
            default=[],
            metavar="KEY=VALUE",
            help=f"the figure KEY must be {what} VALUE; KEY is a short name (v4, v4_low, "
            "kendall_tau, above_lexical, ...; an unknown one lists them) or a path into "
            "result.json",
        )
    _common(p)


def _common(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--reference-scores",
        type=path,
        metavar="F",
        help="{writer: number}, higher is better; instead of the runs' own",
    )
    p.add_argument(
        "--runs-dir", type=path, default=Path("runs"), metavar="DIR", help="default: runs"
    )


def _bar(text: str) -> tuple[str, float]:
    key, equals, value = text.partition("=")
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not key or not equals or not math.isfinite(number):
        raise argparse.ArgumentTypeError(f'"{text}" is not of the form KEY=VALUE, VALUE a number')
    return key.strip(), number
