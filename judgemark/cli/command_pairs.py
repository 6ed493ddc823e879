"""How often a pairwise judge names the piece that a reference calls better."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from typing import Any

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.asking_summary import ask_as_told
from judgemark.cli.environment_file import read_environment
from judgemark.cli.flags_to_settings import job_settings
from judgemark.cli.terminal import say, table, warn
from judgemark.cli.terminal_log import log_to_terminal
from judgemark.jobs.pairs_run import PairsJob, finish_pairs, prepare_pairs
from judgemark.metrics.validity.drawn_pairs import PairRules
from judgemark.run.folder import CHARTS, PAIRS
from judgemark.scoring.pairs_result import classification_rows, reliability_rows
from judgemark.scoring.piece_references import read_reference


def run(args: argparse.Namespace) -> int:
    """Ask about the drawn pairs and print the figures; the exit code."""
    environment = read_environment()
    log_to_terminal(args.verbosity, environment)
    tell = warn if args.json else say
    job = prepared_pairs(args, environment, tell)
    tell(
        f"Pairs      {len(job.drawn.pairs)} of {job.drawn.eligible} eligible; the better piece "
        f"of each according to {job.reference.name}"
    )
    if not ask_as_told(args, job.prepared, tell):
        return DONE
    result = finish_pairs(job)
    folder = job.prepared.folder.path
    if args.json:
        say(json.dumps(result, ensure_ascii=True, allow_nan=False, indent=1))
    else:
        say(_figures(result))
        say()
        say(table([("Figures", str(folder / PAIRS)), ("Chart", str(folder / CHARTS))], indent=0))
    return INCOMPLETE if result["status"] == "incomplete" else DONE


def prepared_pairs(
    args: argparse.Namespace,
    environment: Mapping[str, str],
    tell: Callable[[str], None],
    **fixed: Any,
) -> PairsJob:
    """Draw the pairs that the flags mean; `fixed` are settings that are not among the flags."""
    rules = PairRules(args.length_ratio, args.margin_min, args.margin_max, args.pairs, args.seed)
    reference = read_reference(args.reference, args.runs_dir)
    settings = job_settings(args, environment, mode="pairwise", **fixed)
    return prepare_pairs(settings, environment, reference, rules, tell)


def _figures(result: Mapping[str, Any]) -> str:
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
