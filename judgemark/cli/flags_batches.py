"""The flags of batches: a provider's own, at half the price, or files for another program."""

from __future__ import annotations

import argparse

from judgemark.cli.flag_values import bounded, path
from judgemark.judges.batches.service_choice import BATCH_FORMS


def batch_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of batches."""
    g = p.add_argument_group("batches")
    g.add_argument(
        "--batch",
        action="store_true",
        help="Submit the questions in the provider's batches, at half the price and answered "
        "within a day; the same command collects the answers later (default: ask at once).",
    )
    g.add_argument(
        "--batch-wait",
        action="store_true",
        help="Wait until all batches are answered (default: submit them and stop with exit code "
        "4).",
    )
    g.add_argument(
        "--batch-poll",
        type=bounded("--batch-poll"),
        default=60.0,
        metavar="S",
        help="While waiting, look for answers every S seconds (default: 60).",
    )
    g.add_argument(
        "--batch-form",
        choices=tuple(BATCH_FORMS),
        help="Submit batches in this form: files (OpenAI, Azure and most others), anthropic or "
        "openrouter (default: the form that the endpoint's address is known for, else files).",
    )
    g.add_argument(
        "--emit-batch",
        type=path,
        metavar="F",
        help="Write the questions to this file in the form of OpenAI's batches, and ask none "
        "(default: ask them).",
    )
    g.add_argument(
        "--ingest",
        type=path,
        metavar="F",
        help="Take the answers from this file of results of a batch or of vllm run-batch, and ask "
        "nothing (default: ask).",
    )
