"""The flags of `probe`."""

from __future__ import annotations

import argparse

from judgemark.cli.flag_values import bounded
from judgemark.cli.flags_pairwise import asking_flags
from judgemark.cli.flags_stored_runs import json_flag


def probe_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags that say which probes are asked, about which pieces."""
    from judgemark.probes.probe_registry import PROBES, USUAL_PIECES

    g = p.add_argument_group("probes")
    listed = "; ".join(
        f"{probe.key}: {probe.help[0].lower()}{probe.help[1:-1]}" for probe in PROBES
    )
    g.add_argument(
        "--probes",
        nargs="+",
        default=(),
        metavar="NAME",
        help="Ask these probes, with spaces or commas between them (default: all that the judge "
        f"can be asked). {listed}.",
    )
    g.add_argument(
        "--limit",
        type=bounded("--limit"),
        default=USUAL_PIECES,
        metavar="N",
        help="Draw at most N undamaged pieces, spread over items and writers (default: "
        f"{USUAL_PIECES}).",
    )
    g.add_argument(
        "--budget",
        type=bounded("--budget"),
        metavar="N",
        help="Draw as many pieces as N questions allow (default: no bound but --limit).",
    )
    g.add_argument(
        "--beside",
        nargs="+",
        default=(),
        metavar="RUN",
        help="For the probes self and family: compare the judge's own run of the main job, which "
        "must be among these, with the runs of other judges over the same pieces (default: none).",
    )
    g.add_argument(
        "--seed",
        type=bounded("--seed"),
        default=0,
        metavar="N",
        help="The seed of the choice of pieces and of what is changed in them (default: 0).",
    )
    json_flag(g, "result")
    pairs = p.add_argument_group("pairwise judges (--mode pairwise)")
    asking_flags(pairs)
