"""Asks whether a judge is swayed by what should not matter."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from typing import Any

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.asking_summary import ask_as_told
from judgemark.cli.environment_file import read_environment
from judgemark.cli.flags_to_settings import job_settings
from judgemark.cli.summary_probes import probes_summary
from judgemark.cli.terminal import say, table, warn
from judgemark.cli.terminal_log import log_to_terminal
from judgemark.jobs.prepare_run import Prepared
from judgemark.jobs.probe_run import ProbeChoice, prepare_probe
from judgemark.jobs.run_kinds import finish_drawn
from judgemark.run.folder import REPORT, RESULT


def run(args: argparse.Namespace) -> int:
    """Ask the probes and print their effects; return the exit code."""
    environment = read_environment()
    log_to_terminal(args.verbosity, environment)
    tell = warn if args.json else say
    prepared = prepared_probe(args, environment, tell)
    if ask_as_told(args, prepared, tell) is None:
        return DONE
    result = finish_drawn(prepared.folder)
    if args.json:
        say(json.dumps(result, ensure_ascii=True, allow_nan=False, indent=1))
    else:
        folder = prepared.folder.path
        say(probes_summary(result, args.details))
        say(table([("Report", str(folder / REPORT)), ("Figures", str(folder / RESULT))]))
    return INCOMPLETE if result["status"] == "incomplete" else DONE


def prepared_probe(
    args: argparse.Namespace,
    environment: Mapping[str, str],
    tell: Callable[[str], None],
    **fixed: Any,
) -> Prepared:
    """Prepare the run that the flags mean; `fixed` are settings that are not among the flags."""
    names = tuple(name for word in args.probes for name in word.split(",") if name)
    settings = job_settings(args, environment, **fixed)
    choice = ProbeChoice(names, args.budget, tuple(args.beside))
    return prepare_probe(settings, environment, choice, tell)
