"""The flags of known pairs: where they come from, which are drawn, and the converter of sets."""

from __future__ import annotations

import argparse

from judgemark.cli.flag_values import bounded, name, path
from judgemark.cli.flags_pairwise import asking_flags
from judgemark.cli.flags_samples import samples_flags
from judgemark.cli.flags_stored_runs import json_flag


def pairs_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of `pairs`: where the pairs come from and which of them are asked about."""
    _source_flags(p.add_argument_group("where the pairs come from (give one of the three)"))
    g = p.add_argument_group("pairs")
    samples_flags(g, "the reference run's own pieces, or data/samples.json")
    _mode_flag(g)
    asking_flags(g)
    _rule_flags(g)
    g.add_argument(
        "--margin-wanted",
        type=bounded("--margin-wanted"),
        metavar="X",
        help="Say, before anything is asked, how many pairs and questions show with 80%% power "
        "that a judge is X points of 100 better than counting, and what they cost; with --dry-run "
        "nothing else is done (default: do not say it).",
    )
    json_flag(g, "result")


def _source_flags(g: argparse._ArgumentGroup) -> None:
    from judgemark.inputs.pair_columns import USUAL_NAMES

    g.add_argument(
        "--pairs-file",
        type=name,
        metavar="F",
        help="Ask about the pairs of this preference file: JSON Lines, JSON, CSV, TSV or Parquet "
        "with a prompt, a chosen and a rejected text (or two texts and a label), or the name of a "
        "Hugging Face dataset, OWNER/NAME[:SPLIT] (default: none).",
    )
    g.add_argument(
        "--columns",
        nargs="+",
        type=name,
        default=(),
        metavar="PART=COLUMN",
        help="Find a part of a pair in this column, as in chosen=better_text; the parts are "
        f"{', '.join(USUAL_NAMES)} (default: the usual names, such as prompt, chosen, rejected).",
    )
    g.add_argument(
        "--ratings",
        type=path,
        metavar="F",
        help="Ask about pairs of the samples that people scored differently: lines {writer, "
        "iteration, item, rater, score}, or {writer: {iteration: {item: score}}} (default: none).",
    )
    for flag, end, which in (
        ("--ratings-min", "lowest", "smallest"),
        ("--ratings-max", "highest", "largest"),
    ):
        g.add_argument(
            flag,
            type=bounded(flag),
            metavar="X",
            help=f"The {end} score of the people's scale (default: the {which} score of a file of "
            f"raters' lines; {0 if which == 'smallest' else 100} for one score for each piece).",
        )
    g.add_argument(
        "--reference",
        metavar="RUN_OR_FILE",
        help="Ask about pairs of pieces that another judge scored differently: a finished rubric "
        "run, or a JSON file {writer: {iteration: {item: score of 0 to 100}}} (default: none).",
    )


def _mode_flag(g: argparse._ArgumentGroup) -> None:
    g.add_argument(
        "--mode",
        choices=("rubric", "pairwise"),
        help="Have the judge score each piece by itself (rubric) or compare the two (pairwise). "
        "Default: pairwise with --reference, else as in the main command.",
    )


def _rule_flags(g: argparse._ArgumentGroup) -> None:
    g.add_argument(
        "--length-ratio",
        type=bounded("--length-ratio"),
        metavar="X",
        help="Take only pairs whose longer piece has at most X times the characters of the "
        "shorter (default: 1.2 with --reference, else any).",
    )
    g.add_argument(
        "--margin-min",
        type=bounded("--margin-min"),
        metavar="X",
        help="Take only pairs whose scores differ by at least X points of 100 (default: 5; with "
        "--pairs-file any, and the points are those of its margin column).",
    )
    g.add_argument(
        "--margin-max",
        type=bounded("--margin-max"),
        metavar="X",
        help="Take only pairs whose scores differ by at most X points of 100 (default: 10 with "
        "--reference, else any).",
    )
    g.add_argument(
        "-n",
        "--pairs",
        type=bounded("--pairs"),
        metavar="N",
        help="Draw N pairs at random (default: 500 with --reference, else all).",
    )


def import_set_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of `import-set`."""
    from judgemark.inputs.human_sets import HUMAN_SETS

    listed = "; ".join(f"{name}: {one.file}" for name, one in HUMAN_SETS.items())
    p.add_argument("set", choices=tuple(HUMAN_SETS), metavar="NAME", help=f"The set ({listed}).")
    p.add_argument(
        "file", type=path, metavar="FILE", help="The set's own file, as it is published."
    )
    p.add_argument(
        "-o",
        "--output",
        type=path,
        required=True,
        metavar="FOLDER",
        help="Write the files into this folder (required).",
    )
