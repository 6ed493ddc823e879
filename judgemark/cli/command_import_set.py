"""Turns the file of a public set that people labelled into files that `pairs` reads."""

from __future__ import annotations

import argparse
import shlex

from judgemark.cli import DONE
from judgemark.cli.flags import program
from judgemark.cli.terminal import say
from judgemark.jobs.import_set import import_set
from judgemark.setting_names import flag_of


def run(args: argparse.Namespace) -> int:
    """Convert the file and say what to do with the result; return the exit code."""
    converted = import_set(args.set, args.file, args.output)
    say(f"{args.output}: {converted.summary} ({', '.join(converted.files)})")
    words = ["pairs", "--judge-model", "SPEC"]
    for setting, value in converted.settings.items():
        inside = value in converted.files
        words += [flag_of(setting), str(args.output / value) if inside else value]
    say(f"Next: {program()} {shlex.join(words)}")
    return DONE
