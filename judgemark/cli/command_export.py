"""Writes the scores of a run as a table for other programs, or its charts as pictures."""

from __future__ import annotations

import argparse

from judgemark.cli import DONE
from judgemark.cli.terminal import say
from judgemark.jobs.run_kinds import scored_verdicts
from judgemark.jobs.run_pictures import draw_pictures
from judgemark.run.files import write_parts
from judgemark.scoring.run_tables import tables_of
from judgemark.scoring.scores_csv import CRITERION_COLUMNS, as_csv, criterion_rows


def run(args: argparse.Namespace) -> int:
    """Print the table, or write it into a file, or draw the pictures; the exit code."""
    if args.to == "charts":
        for file in draw_pictures(args.run, args.runs_dir, args.output):
            say(str(file))
        return DONE
    judged = scored_verdicts(args.run, args.runs_dir)
    text = as_csv(CRITERION_COLUMNS, criterion_rows(judged, tables_of(judged)))
    if args.output is None:
        say(text.rstrip("\n"))
    else:
        write_parts(args.output, [text])
        say(f"{args.output}: {text.count(chr(10)) - 1} rows")
    return DONE
