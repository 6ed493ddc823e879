"""The flags of pairwise judges: tournaments and engines."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from judgemark.bounds import LARGEST_NUMBER
from judgemark.cli.flag_bounds import Range
from judgemark.cli.flag_values import bounded, bounded_by, path
from judgemark.judges.judge_kind import JudgeOption
from judgemark.judges.registry import all_options, kinds_named_with
from judgemark.setting_names import flag_of

_ABSENT = argparse.SUPPRESS


def pairwise_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of tournaments, and of how a pair is asked about."""
    g = p.add_argument_group("pairwise judges (--mode pairwise)")
    asking_flags(g)
    g.add_argument(
        "--tournament",
        choices=("isolated", "bootstrap", "full"),
        default="isolated",
        help="Play a Swiss tournament for each item and iteration (isolated, the default), "
        "tournaments over items drawn with replacement (bootstrap), or all pairs of each item and "
        "iteration (full).",
    )
    g.add_argument(
        "--rounds",
        type=bounded("--rounds"),
        metavar="N",
        help="Play N rounds in each tournament (default: 5, or 20 with --tournament bootstrap).",
    )
    g.add_argument(
        "--bootstraps",
        type=bounded("--bootstraps"),
        metavar="N",
        help="Play N tournaments with --tournament bootstrap (default: 10).",
    )
    g.add_argument(
        "--k-factor",
        type=bounded("--k-factor"),
        metavar="K",
        help="The Elo step of one match (default: 32).",
    )
    g.add_argument(
        "--initial-rating",
        type=bounded("--initial-rating"),
        metavar="R",
        help="The rating that every writer begins with (default: 1200).",
    )
    g.add_argument(
        "--verdicts",
        metavar="RUN",
        help="Use the verdicts of this run of the same judge, so that no pair of it is asked "
        "again (default: none).",
    )


def asking_flags(g: argparse._ArgumentGroup) -> None:
    """Add the flags of how a pair is asked about."""
    g.add_argument(
        "--writing-prompts",
        type=path,
        metavar="F",
        help="Read what the writers were asked from this file, "
        '{item: {"writing_prompt": text}}; for pairwise judges and for --template (default: the '
        "prompts of our own samples).",
    )
    g.add_argument(
        "--worded",
        action="store_true",
        help="Ask an endpoint for A, B or tie in words, even where it gives log-probabilities "
        "(default: words only where it gives none).",
    )
    g.add_argument(
        "--escape-non-ascii",
        action="store_true",
        help="Escape characters beyond ASCII in the prompt, as one published judge's card does in "
        "part (default: send the text as it is).",
    )
    g.add_argument(
        "--card-fallback",
        action="store_true",
        help="Count a letter without a log-probability as -100, and two of them as a tie, as one "
        "published judge's card does (default: take the highest log-probability that it can have).",
    )
    g.add_argument(
        "--on-too-long",
        choices=("error", "skip"),
        default="error",
        help="Where a pair does not fit the judge's context, refuse to begin (error, the default) "
        "or leave the pair out (skip).",
    )


def judge_option_flags(p: argparse.ArgumentParser) -> None:
    """Add the options of all kinds of judge; a flag that is not given is not set."""
    g = p.add_argument_group("options of local judges")
    for option in all_options():
        shared = kinds_named_with(option.name)
        help_text = f"For {shared} judges: {option.help.removesuffix('.')}."
        if option.type is bool:
            flag = flag_of(option.name)
            g.add_argument(flag, action="store_true", default=_ABSENT, help=help_text)
            continue
        g.add_argument(
            flag_of(option.name),
            type=_option_value(option),
            default=_ABSENT,
            metavar=option.metavar,
            help=help_text,
        )


def _option_value(option: JudgeOption) -> Callable[[str], object]:
    if option.type not in (int, float):
        return str
    most = LARGEST_NUMBER if option.most is None else option.most
    within = Range(option.least or 0, most, whole=option.type is int)
    parse: Callable[[str], object] = bounded_by(within)
    if not option.auto:
        return parse
    return lambda text: None if text.lower() == "auto" else parse(text)
