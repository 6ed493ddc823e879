"""The flags of pairwise judges: tournaments, engines, and the pairs command."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from judgemark.bounds import LARGEST_NUMBER
from judgemark.cli.flag_bounds import Range
from judgemark.cli.flag_values import bounded, bounded_by, path
from judgemark.cli.flags_samples import samples_flags
from judgemark.judges.judge_kind import JudgeOption
from judgemark.judges.registry import all_options, kinds_with

_ABSENT = argparse.SUPPRESS


def pairwise_flags(p: argparse.ArgumentParser) -> None:
    """What is played, and how a pair is asked about."""
    g = p.add_argument_group("pairwise judges (--mode pairwise)")
    _asking_flags(g)
    g.add_argument(
        "--tournament",
        choices=("isolated", "bootstrap", "full"),
        default="isolated",
        help="a Swiss tournament for each item and iteration (the default), over bootstrapped "
        "items, or all pairs of each item and iteration",
    )
    g.add_argument(
        "--rounds",
        type=bounded("--rounds"),
        metavar="N",
        help="default 5 (isolated) or 20 (bootstrap)",
    )
    g.add_argument("--bootstraps", type=bounded("--bootstraps"), metavar="N", help="default 10")
    g.add_argument("--k-factor", type=bounded("--k-factor"), metavar="K", help="default 32")
    g.add_argument(
        "--initial-rating", type=bounded("--initial-rating"), metavar="R", help="default 1200"
    )
    g.add_argument(
        "--verdicts",
        metavar="RUN",
        help="a run of the same judge that lends its verdicts: no pair of it is asked again",
    )


def _asking_flags(g: argparse._ArgumentGroup) -> None:
    g.add_argument(
        "--writing-prompts",
        type=path,
        metavar="F",
        help='what the writers were asked, {item: {"writing_prompt": text}}; our own samples '
        "bring theirs",
    )
    g.add_argument(
        "--worded",
        action="store_true",
        help="ask an endpoint for A, B or tie in words even if it gives log-probabilities",
    )
    g.add_argument(
        "--escape-non-ascii",
        action="store_true",
        help="escape characters beyond ASCII in the prompt, as the judge's card does in part",
    )
    g.add_argument(
        "--card-fallback",
        action="store_true",
        help="count an unseen letter as -100 and two as a tie, as the judge's card does",
    )
    g.add_argument(
        "--on-too-long",
        choices=("error", "skip"),
        default="error",
        help="a pair that does not fit the context: refuse to begin (the default), or leave it out",
    )


def judge_option_flags(p: argparse.ArgumentParser) -> None:
    """The options of all kinds of judge; a flag that is not given is not set."""
    g = p.add_argument_group("options of local judges")
    for option in all_options():
        shared = " and ".join(f"{prefix}:" for prefix in kinds_with(option.name))
        help_text = f"{shared} only; {option.help}"
        if option.type is bool:
            g.add_argument(option.flag, action="store_true", default=_ABSENT, help=help_text)
            continue
        g.add_argument(
            option.flag,
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
    """Which pairs are drawn, and against whom the judge is held."""
    g = p.add_argument_group("pairs")
    g.add_argument(
        "--reference",
        required=True,
        metavar="RUN_OR_FILE",
        help="who says which piece is better: a finished rubric run, or a JSON file "
        "{writer: {iteration: {item: score of 0 to 100}}}",
    )
    samples_flags(g, "default: the reference run's own pieces, or data/samples.json")
    _asking_flags(g)
    g.add_argument(
        "--length-ratio",
        type=bounded("--length-ratio"),
        default=1.2,
        metavar="X",
        help="the longer piece has at most X times the characters (default 1.2)",
    )
    g.add_argument(
        "--margin-min",
        type=bounded("--margin-min"),
        default=5.0,
        metavar="X",
        help="least difference of the reference's scores, in points of 100 (default 5)",
    )
    g.add_argument(
        "--margin-max",
        type=bounded("--margin-max"),
        default=10.0,
        metavar="X",
        help="greatest (default 10)",
    )
    g.add_argument(
        "-n",
        "--pairs",
        type=bounded("--pairs"),
        default=500,
        metavar="N",
        help="so many (default 500)",
    )
    g.add_argument("--json", action="store_true", help="print the result as JSON")
