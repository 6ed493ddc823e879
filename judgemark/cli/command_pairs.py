"""How often a judge prefers the piece that people, or a reference, call better."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.asking_summary import ask_as_told
from judgemark.cli.environment_file import read_environment
from judgemark.cli.flags_to_settings import job_settings
from judgemark.cli.kind_summaries import figures_of
from judgemark.cli.terminal import say, table, warn
from judgemark.cli.terminal_log import log_to_terminal
from judgemark.inputs.pair_columns import parsed_columns
from judgemark.jobs.ask_run import priced_work
from judgemark.jobs.known_pairs_run import WRONG_PAIRS
from judgemark.jobs.pairs_job import AnyPairsJob, finish_any, prepare_any
from judgemark.jobs.pairs_plan import PlanOfPairs, plan_of_pairs
from judgemark.jobs.pairs_run import PairsJob
from judgemark.jobs.pairs_source import PairsSource
from judgemark.run.folder import CHARTS, PAIRS, REPORT, RESULT
from judgemark.scoring.pairs_result import classification_rows, reliability_rows


def run(args: argparse.Namespace) -> int:
    """Ask about the pairs and print the figures; return the exit code."""
    environment = read_environment()
    log_to_terminal(args.verbosity, environment)
    tell = warn if args.json else say
    job = prepared_pairs(args, environment, tell)
    if args.margin_wanted is not None:
        plan = plan_of_pairs(job, priced_work(job.prepared), args.margin_wanted / 100)
        tell(_planned(plan))
    if ask_as_told(args, job.prepared, tell) is None:
        return DONE
    result = finish_any(job, tell)
    folder = job.prepared.folder.path
    if args.json:
        say(json.dumps(result, ensure_ascii=True, allow_nan=False, indent=1))
    elif isinstance(job, PairsJob):
        say(_compared(result))
        say()
        named = [
            ("Figures", folder / PAIRS),
            ("Chart", folder / CHARTS),
            ("Report", folder / REPORT),
        ]
        say(table([(what, str(path)) for what, path in named if path.exists()], indent=0))
    else:
        say()
        say(figures_of(result))
        say(table(_files(folder), indent=0))
    return INCOMPLETE if result["status"] == "incomplete" else DONE


def _files(folder: Path) -> list[tuple[str, str]]:
    return [
        ("Figures", str(folder / RESULT)),
        ("Wrong pairs", str(folder / WRONG_PAIRS)),
        ("Report", str(folder / REPORT)),
    ]


def prepared_pairs(
    args: argparse.Namespace,
    environment: Mapping[str, str],
    tell: Callable[[str], None],
    pairs_file: Any = None,
    **fixed: Any,
) -> AnyPairsJob:
    """Prepare the pairs that the flags mean.

    `pairs_file` is a file or rows where these are not among the flags, and `fixed` are settings
    that are not.
    """
    named = ("ratings", "ratings_min", "ratings_max", "reference", "length_ratio", "margin_min",
             "margin_max", "pairs", "seed")  # fmt: skip
    source = PairsSource(
        pairs_file=args.pairs_file if pairs_file is None else pairs_file,
        columns=parsed_columns(args.columns),
        **{name: getattr(args, name) for name in named},
    )
    return prepare_any(source, job_settings(args, environment, **fixed), environment, tell)


def _planned(plan: PlanOfPairs) -> str:
    wanted = plan.wanted
    cost = "" if wanted.dollars is None else f", about ${wanted.dollars:,.2f}"
    here = f"the {plan.pairs:,} pairs at hand are {plan.clusters:,} groups"
    if plan.smallest is None:
        here += " and show no margin"
    else:
        here += f" and show a margin from {100 * plan.smallest:.0f} points on"
    return (
        f"Plan       a margin of {100 * wanted.margin:g} points over counting needs "
        f"{wanted.clusters:,} independent groups, as {wanted.pairs:,} pairs and "
        f"{wanted.questions:,} questions{cost} (80% power); {here}"
    )


def _compared(result: Mapping[str, Any]) -> str:
    who = f"{result['judge']['spec']} against {result['reference']['name']}"
    return "\n".join(
        [
            "",
            f"{who}:",
            "",
            *(f"Warning: {warning['text']}." for warning in result["warnings"]),
            table(classification_rows(result)),
            "",
            "  Confidence and share right:",
            table(reliability_rows(result), indent=4),
            "",
            result["caveat"],
        ]
    )
