"""The flags of what asking a judge may cost: prices, confirmation and caps."""

from __future__ import annotations

import argparse

from judgemark.cli.flag_values import bounded


def cost_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of prices, confirmation and caps."""
    g = p.add_argument_group("cost")
    price_flags(g)
    _cap_flags(g)


def price_flags(g: argparse._ArgumentGroup) -> None:
    """Add the prices of tokens."""
    for flag, tokens in (("--price-in", "prompt"), ("--price-out", "completion")):
        g.add_argument(
            flag,
            type=bounded(flag),
            metavar="$",
            help=f"The price in dollars of a million {tokens} tokens (default: the endpoint's own "
            "price, where it tells one).",
        )


def _cap_flags(g: argparse._ArgumentGroup) -> None:
    g.add_argument(
        "--confirm-above",
        type=bounded("--confirm-above"),
        default=1.0,
        metavar="$",
        help="Ask for confirmation where the estimate is above this many dollars (default: 1).",
    )
    g.add_argument(
        "--yes",
        action="store_true",
        help="Go on without asking for confirmation (default: ask).",
    )
    g.add_argument(
        "--max-cost",
        type=bounded("--max-cost"),
        metavar="$",
        help="Stop before the run costs more than this many dollars; the same command goes on "
        "from there (default: no cap).",
    )
    g.add_argument(
        "--max-requests",
        type=bounded("--max-requests"),
        metavar="N",
        help="Stop after N requests; the same command goes on from there (default: no cap).",
    )
