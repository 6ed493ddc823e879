"""The flags that say how a ladder of damage is drawn."""

from __future__ import annotations

import argparse

from judgemark.cli.flag_values import bounded
from judgemark.cli.flags_pairwise import asking_flags
from judgemark.cli.flags_stored_runs import json_flag


def ladder_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of `ladder` that no other command has."""
    g = p.add_argument_group("ladder")
    g.add_argument(
        "--kinds",
        nargs="+",
        default=(),
        metavar="KIND",
        help="Damage the pieces in these ways only, as in words-shuffled end-cut (default: all "
        "kinds; docs/validity.md lists them).",
    )
    g.add_argument(
        "--levels",
        type=bounded("--levels"),
        default=3,
        metavar="N",
        help="Damage each piece to N degrees of each kind (default: 3).",
    )
    g.add_argument(
        "--budget",
        type=bounded("--budget"),
        metavar="N",
        help="Draw a part of the ladder that needs at most N questions, spread over kinds and "
        "pieces (default: the whole ladder).",
    )
    g.add_argument(
        "--seed",
        type=bounded("--seed"),
        metavar="N",
        help="The seed of the damage (default: that of the quarter of the year, as 20264; an "
        "unfinished ladder goes on with its own).",
    )
    asking_flags(g)
    json_flag(g, "result")
