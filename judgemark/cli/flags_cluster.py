"""The flags of copies of a judge on a cluster."""

from __future__ import annotations

import argparse

from judgemark.cli.flag_values import bounded


def cluster_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of a Ray cluster."""
    g = p.add_argument_group("cluster")
    g.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="Ask copies of a vllm: or hf: judge on the Ray cluster at this address; local starts "
        "one on this machine (default: the judge runs in this process).",
    )
    g.add_argument(
        "--replicas",
        type=bounded("--replicas"),
        metavar="N",
        help="Run N copies of the judge on the cluster (default: 1).",
    )
