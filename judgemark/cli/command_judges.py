"""Lists the kinds of judge that are installed."""

from __future__ import annotations

import argparse

from judgemark.cli import DONE
from judgemark.cli.terminal import say, table
from judgemark.judges.judge_kind import JudgeKind
from judgemark.judges.registry import judge_kinds
from judgemark.setting_names import flag_of


def run(args: argparse.Namespace) -> int:
    """Print each kind of judge with its modes and options; return the exit code."""
    del args
    for kind in judge_kinds().values():
        say(f"{kind.form}: {kind.summary}")
        say(table(_facts(kind)))
    return DONE


def _facts(kind: JudgeKind) -> list[tuple[str, str]]:
    modes = [f"{m} (default)" if m == kind.default_mode else m for m in kind.modes]
    facts = [("Modes", ", ".join(modes))]
    if kind.options:
        facts.append(("Options", ", ".join(flag_of(option.name) for option in kind.options)))
    return facts
