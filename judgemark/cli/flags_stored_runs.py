"""The flags of commands that read stored runs: score, compare, export, repair, runs."""

from __future__ import annotations

import argparse

from judgemark.cli.flag_values import bounded, name, path
from judgemark.cli.flags_ensemble import method_flag
from judgemark.cli.flags_judging import details_flag, runs_dir_flag

RUN_HELP = "A run id, a run's folder, or an upstream runs file (FILE::run_key for one run of it)."


def score_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of `score`."""
    from judgemark.records import SCORE_METHODS

    p.add_argument("runs", nargs="+", metavar="RUN", help=RUN_HELP)
    json_flag(p, "result")
    details_flag(p)
    references_flag(p)
    p.add_argument(
        "--seed",
        type=bounded("--seed"),
        metavar="N",
        help="The seed of shuffles and resamples (default: the run's own).",
    )
    p.add_argument(
        "--score-method",
        choices=SCORE_METHODS,
        help="Take criterion scores from the stored replies in this way: plain, expected or "
        "ranked; the last two need log-probabilities (default: the run's own).",
    )
    runs_dir_flag(p)


def compare_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of `compare`."""
    from judgemark.records import SCORE_METHODS

    p.add_argument("run_a", metavar="RUN_A", help=RUN_HELP)
    p.add_argument("run_b", metavar="RUN_B", help="The run to compare it with.")
    json_flag(p, "comparison")
    references_flag(p)
    p.add_argument(
        "--seed",
        type=bounded("--seed"),
        default=0,
        metavar="N",
        help="The seed of resamples (default: 0).",
    )
    p.add_argument(
        "--score-method",
        choices=SCORE_METHODS,
        help="Score RUN_A by this method; with the same run twice, the comparison says what the "
        "method gains (default: each run's own).",
    )
    runs_dir_flag(p)


def export_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of `export`."""
    p.add_argument("run", metavar="RUN", help=RUN_HELP)
    p.add_argument(
        "--to",
        choices=("csv", "charts", "wrong-pairs"),
        default="csv",
        help="Write this: csv has one row for each criterion score; charts are the charts as PNG, "
        "for light and for dark pages; wrong-pairs has the pairs that the judge of a run over "
        "pairs ordered wrongly, one JSON object a line (default: csv).",
    )
    p.add_argument(
        "-o",
        "--output",
        type=path,
        metavar="F",
        help="Write the table into this file (default: standard output), or the pictures into this "
        "folder (default: the run's own charts/).",
    )
    runs_dir_flag(p)


def repair_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of `repair`."""
    p.add_argument("run", metavar="RUN", help="A run id or a run's folder.")
    runs_dir_flag(p)


def json_flag(p: argparse._ActionsContainer, what: str) -> None:
    """Add `--json`."""
    p.add_argument(
        "--json",
        action="store_true",
        help=f"Print the {what} as JSON (default: as text for a person).",
    )


def references_flag(p: argparse._ActionsContainer) -> None:
    """Add `--reference-scores` of a command that scores again."""
    p.add_argument(
        "--reference-scores",
        type=path,
        metavar="F",
        help="Measure agreement with the order of the writers in this file, {writer: number}, "
        "where higher is better (default: the reference that the run was made with).",
    )


def ensemble_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of `ensemble`."""
    p.add_argument(
        "runs",
        nargs="+",
        metavar="RUN",
        help="A run id or a run's folder; the judges of a run of several are taken one by one. For "
        "--search an upstream runs file may stand here too.",
    )
    p.add_argument(
        "--search",
        type=bounded("--search"),
        metavar="K",
        help="Make no run; say which K of these judges are the best jury, by score and by margin, "
        "chosen on some items and measured on others (default: join all of them into one run).",
    )
    method_flag(p)
    p.add_argument(
        "--run-id",
        type=name,
        metavar="ID",
        help="Give the new run this id (default: made of the judges and the samples).",
    )
    p.add_argument(
        "--seed",
        type=bounded("--seed"),
        default=0,
        metavar="N",
        help="The seed of the folds of --search (default: 0).",
    )
    json_flag(p, "result")
    details_flag(p)
    runs_dir_flag(p)
