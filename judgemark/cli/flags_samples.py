"""The flags that say which samples are judged."""

from __future__ import annotations

import argparse

from judgemark.cli.flag_values import path
from judgemark.inputs.our_files import NEWEST_SET, OUR_SETS


def samples_flags(group: argparse._ArgumentGroup, default: str) -> None:
    """`--samples-file` with its default, or `--samples` for a set of our own; not both."""
    either = group.add_mutually_exclusive_group()
    either.add_argument("--samples-file", type=path, metavar="F", help=default)
    either.add_argument(
        "--samples",
        choices=tuple(OUR_SETS),
        help=f"a set of our own: {NEWEST_SET} is data/samples.json, v1 the set shipped first",
    )
