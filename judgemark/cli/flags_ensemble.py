"""The flags of an ensemble of judges: who is in it and how their scores are joined."""

from __future__ import annotations

import argparse

from judgemark.cli.flag_values import bounded


def several_judges_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags that name several judges."""
    g = p.add_argument_group("several judges")
    g.add_argument(
        "--judge-models",
        type=_judge_list,
        default=(),
        metavar="A,B,...",
        help="Ask each of these judges about each piece and join their scores; a name that stands "
        "here twice is asked twice. NAME@ADDRESS#VARIABLE asks a judge at its own endpoint with "
        "the key in that environment variable (default: one judge, --judge-model).",
    )
    method_flag(g)
    g.add_argument(
        "--book-club",
        action="store_true",
        help="Let the judges discuss each piece after their first scores, and score it again "
        "(default: each scores alone).",
    )
    for name, what in (("--merit-rounds", "the merits"), ("--scoring-rounds", "proposed scores")):
        g.add_argument(
            name,
            type=bounded(name),
            metavar="N",
            help=f"Let a book club discuss {what} for N rounds (default: 1).",
        )


def as_single_judge(args: argparse.Namespace) -> None:
    """Take one name in `--judge-models` as `--judge-model`, which is how upstream's users type it.

    A book club of one judge stays as it is and is refused later.
    """
    if len(args.judge_models) == 1 and not args.judge_model and not args.book_club:
        args.judge_model, args.judge_models = args.judge_models[0], ()


def method_flag(g: argparse._ActionsContainer) -> None:
    """Add `--ensemble-method`."""
    from judgemark.table.member_joining import ENSEMBLE_METHODS

    g.add_argument(
        "--ensemble-method",
        choices=tuple(ENSEMBLE_METHODS),
        default="average",
        help="Join the scores that the judges gave a piece by their mean (average), by their "
        "median, or by the mean without the lowest and the highest (trimmed). Default: average.",
    )


def _judge_list(text: str) -> tuple[str, ...]:
    """Parse the names of several judges, separated by commas."""
    return tuple(name.strip() for name in text.split(","))
