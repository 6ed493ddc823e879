"""Writes the scores of a run as a table for other programs, or its charts as pictures."""

from __future__ import annotations

import argparse

from judgemark.cli import DONE
from judgemark.cli.terminal import say
from judgemark.jobs.known_pairs_run import as_lines, wrong_pairs_in
from judgemark.jobs.run_kinds import scored_verdicts
from judgemark.jobs.run_pictures import draw_pictures
from judgemark.run.files import write_parts
from judgemark.scoring.run_tables import tables_of
from judgemark.scoring.scores_csv import CRITERION_COLUMNS, as_csv, criterion_rows


def run(args: argparse.Namespace) -> int:
    """Print the table, or write it into a file, or draw the pictures; return the exit code."""
    if args.to == "charts":
        for file in draw_pictures(args.run, args.runs_dir, args.output):
            say(str(file))
        return DONE
    if args.to == "wrong-pairs":
        text = "".join(as_lines(wrong_pairs_in(args.run, args.runs_dir)))
        return _written(args, text, text.count("\n"), "pairs")
    judged = scored_verdicts(args.run, args.runs_dir)
    text = as_csv(CRITERION_COLUMNS, criterion_rows(judged, tables_of(judged)))
    return _written(args, text, text.count("\n") - 1, "rows")


def _written(args: argparse.Namespace, text: str, number: int, what: str) -> int:
    if args.output is None:
        say(text.rstrip("\n"))
    else:
        write_parts(args.output, [text])
        say(f"{args.output}: {number} {what}")
    return DONE
