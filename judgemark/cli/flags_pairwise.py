"""The flags of pairwise judges: tournaments, engines, and the pairs command."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from judgemark.bounds import LARGEST_NUMBER
from judgemark.cli.flag_bounds import Range
from judgemark.cli.flag_values import bounded, bounded_by, path
from judgemark.cli.flags_samples import samples_flags
from judgemark.cli.flags_stored_runs import json_flag
from judgemark.judges.judge_kind import JudgeOption
from judgemark.judges.registry import all_options, kinds_with
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
        shared = " and ".join(f"{prefix}:" for prefix in kinds_with(option.name))
        help_text = f"For {shared} judges: {option.help}."
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
    return parse


def pairs_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags that say which pairs are drawn, and what reference they come from."""
    g = p.add_argument_group("pairs")
    g.add_argument(
        "--reference",
        required=True,
        metavar="RUN_OR_FILE",
        help="Take the better piece of each pair from this reference (required): a finished "
        "rubric run, or a JSON file {writer: {iteration: {item: score of 0 to 100}}}.",
    )
    samples_flags(g, "the reference run's own pieces, or data/samples.json")
    asking_flags(g)
    g.add_argument(
        "--length-ratio",
        type=bounded("--length-ratio"),
        default=1.2,
        metavar="X",
        help="Draw only pairs whose longer piece has at most X times the characters of the "
        "shorter (default: 1.2).",
    )
    g.add_argument(
        "--margin-min",
        type=bounded("--margin-min"),
        default=5.0,
        metavar="X",
        help="Draw only pairs whose reference scores differ by at least X points of 100 "
        "(default: 5).",
    )
    g.add_argument(
        "--margin-max",
        type=bounded("--margin-max"),
        default=10.0,
        metavar="X",
        help="Draw only pairs whose reference scores differ by at most X points of 100 "
        "(default: 10).",
    )
    g.add_argument(
        "-n",
        "--pairs",
        type=bounded("--pairs"),
        default=500,
        metavar="N",
        help="Draw N pairs (default: 500).",
    )
    json_flag(g, "result")
