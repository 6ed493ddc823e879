"""The flags that say which samples are judged."""

from __future__ import annotations

import argparse

from judgemark.cli.flag_values import path
from judgemark.inputs.our_files import NEWEST_SET, OUR_SETS


def samples_flags(group: argparse._ArgumentGroup, default: str) -> None:
    """Add `--samples-file` with its default, and `--samples`, which excludes it."""
    either = group.add_mutually_exclusive_group()
    either.add_argument(
        "--samples-file",
        type=path,
        metavar="F",
        help=f"Judge the samples of this file (default: {default}).",
    )
    either.add_argument(
        "--samples",
        choices=tuple(OUR_SETS),
        help="Judge a set of our own samples: v1 is the set that was shipped first (default: "
        f"{NEWEST_SET}, which is data/samples.json).",
    )
