"""The flags of leaderboard, card and gate."""

from __future__ import annotations

import argparse
import math

from judgemark.cli.flag_values import path
from judgemark.cli.flags_judging import runs_dir_flag
from judgemark.cli.flags_stored_runs import RUN_HELP, references_flag

FORMATS = ("html", "md", "csv", "json")
SCORECARDS = ("v4", "v2.1", "v2")


def leaderboard_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of `leaderboard`."""
    p.add_argument(
        "runs",
        nargs="*",
        metavar="RUN",
        help=f"{RUN_HELP} Default: all runs of the runs folder, unless --board is given.",
    )
    p.add_argument(
        "--board",
        type=path,
        action="append",
        default=[],
        metavar="FILE",
        help="Show the entries of this shared board file; give the flag several times for several "
        "files (default: none).",
    )
    p.add_argument(
        "-o",
        "--output",
        type=path,
        metavar="FILE",
        help="Write into this file (default: leaderboard.html; other formats go to standard "
        "output).",
    )
    p.add_argument(
        "--format",
        choices=FORMATS,
        help="Write this format (default: the one that the name of --output ends in, else html).",
    )
    p.add_argument(
        "--scorecard",
        choices=SCORECARDS,
        default="v4",
        help="Rank by this scorecard in Markdown and when the page opens (default: v4).",
    )
    _common(p)


def add_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of `leaderboard add`."""
    p.add_argument("runs", nargs="+", metavar="RUN", help=RUN_HELP)
    p.add_argument(
        "--board",
        type=path,
        required=True,
        metavar="FILE",
        help="Add the runs to this board file, which is made where it does not exist (required).",
    )
    p.add_argument(
        "--sign",
        type=path,
        metavar="KEYFILE",
        help="Sign the entries with this SSH key, as ~/.ssh/id_ed25519; ssh-keygen makes the "
        "signature. An entry that the board has already gets the signature. By default entries are "
        "not signed.",
    )
    _common(p)


def verify_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of `leaderboard verify`."""
    p.add_argument(
        "runs",
        nargs="*",
        metavar="RUN",
        help=f"{RUN_HELP} The entries of these runs are computed again from their verdicts: runs "
        "of the main job, ladders, runs over pairs and runs of probes. Without a run, only the "
        "signatures of the entries are checked.",
    )
    p.add_argument(
        "--beside",
        nargs="+",
        default=(),
        metavar="RUN",
        help="For a run of probes that was made with --beside: name the same runs, to check the "
        "effects that they gave (default: none, and these are reported as not checked).",
    )
    p.add_argument(
        "--allowed-signers",
        type=path,
        metavar="F",
        help="Say which of the signers in this file vouches for each entry; a file as git and "
        "ssh-keygen use it, with a line NAME KIND PUBLIC_KEY for each signer. By default only the "
        "keys of signatures are shown.",
    )
    p.add_argument(
        "--board",
        type=path,
        required=True,
        action="append",
        metavar="FILE",
        help="Check the entries of this board file (required); give the flag several times for "
        "several files.",
    )
    _common(p)


def card_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of `card`."""
    p.add_argument("run", metavar="RUN", help=RUN_HELP)
    _common(p)


def gate_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of `gate`."""
    p.add_argument("run", metavar="RUN", help=RUN_HELP)
    for flag, what in (("--min", "at least"), ("--max", "at most")):
        p.add_argument(
            flag,
            type=_bar,
            nargs="+",
            action="extend",
            default=[],
            metavar="KEY=VALUE",
            help=f"Require the figure KEY to be {what} VALUE (default: no requirement). KEY is the "
            "name of a figure (v4, v4_low, kendall_tau, above_lexical and others; an unknown name "
            "lists them) or a dotted path into result.json.",
        )
    _common(p)


def _common(p: argparse.ArgumentParser) -> None:
    references_flag(p)
    runs_dir_flag(p)


def _bar(text: str) -> tuple[str, float]:
    key, equals, value = text.partition("=")
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not key or not equals or not math.isfinite(number):
        raise argparse.ArgumentTypeError(f'"{text}" is not of the form KEY=VALUE, VALUE a number')
    return key.strip(), number
