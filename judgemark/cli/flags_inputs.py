"""The flags that say which samples are judged, by which prompts and on which scale."""

from __future__ import annotations

import argparse

from judgemark.cli.flag_values import bounded, path
from judgemark.cli.flags_samples import samples_flags


def input_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags that say which samples are judged, by which prompts and on which scale."""
    g = p.add_argument_group("samples and prompts")
    samples_flags(g, "our own samples, data/samples.json")
    _prompt_files(g)
    _reference_flag(g)
    _scale_flags(g)
    _selection_flags(g)


def drawn_input_flags(p: argparse.ArgumentParser) -> None:
    """Add those flags of `input_flags` that concern more than the order of writers."""
    g = p.add_argument_group("samples and prompts")
    samples_flags(g, "our own samples, data/samples.json")
    _prompt_files(g)
    _scale_flags(g)
    _selection_flags(g)


def probe_input_flags(p: argparse.ArgumentParser) -> None:
    """Add those flags of `drawn_input_flags` that do not say how many pieces are asked about."""
    g = p.add_argument_group("samples and prompts")
    samples_flags(g, "our own samples, data/samples.json")
    _prompt_files(g)
    _scale_flags(g)
    _which_pieces(g)


def prompt_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of a rubric judge's prompts and scale."""
    g = p.add_argument_group("prompts of judges that score pieces")
    _prompt_files(g)
    _scale_flags(g)


def _prompt_files(g: argparse._ArgumentGroup) -> None:
    g.add_argument(
        "--prompts-file",
        type=path,
        metavar="F",
        help="Take the judge prompts from this file, {item: prompt} (default: our own, in "
        "prompts/).",
    )
    g.add_argument(
        "--template",
        type=path,
        metavar="F",
        help="Make the judge prompts of all items from this one text, in which <WRITING_PROMPT> "
        "stands for what the writer was asked (default: a prompt for each item).",
    )
    g.add_argument(
        "--criteria-file",
        type=path,
        metavar="F",
        help="Read the names of the criteria, and which of them are negative, from this file "
        "(default: our own criteria where our own prompts are used).",
    )
    g.add_argument(
        "--rubric-criteria-file",
        type=path,
        metavar="F",
        help="Put the text of this file in place of <RUBRIC_CRITERIA> in the prompts (default: "
        "none).",
    )
    g.add_argument(
        "--score-anchoring-file",
        type=path,
        metavar="F",
        help="Put the text of this file in place of <SCORE_ANCHORING> in the prompts (default: "
        "none).",
    )


def _reference_flag(g: argparse._ArgumentGroup) -> None:
    g.add_argument(
        "--reference-scores",
        type=path,
        metavar="F",
        help="Measure agreement with the order of the writers in this file, {writer: number}, "
        "where higher is better (default: the known order of our own samples, or a preset's).",
    )


def _scale_flags(g: argparse._ArgumentGroup) -> None:
    g.add_argument(
        "--scoring-min",
        type=bounded("--scoring-min"),
        default=0.0,
        metavar="X",
        help="The lowest score of the scale (default: 0).",
    )
    g.add_argument(
        "--scoring-max",
        type=bounded("--scoring-max"),
        default=10.0,
        metavar="X",
        help="The highest score of the scale (default: 10).",
    )


def _which_pieces(g: argparse._ArgumentGroup) -> None:
    g.add_argument(
        "--writers",
        nargs="+",
        default=(),
        metavar="NAME",
        help="Judge only these writers (default: all).",
    )
    g.add_argument(
        "--items",
        nargs="+",
        default=(),
        metavar="ID",
        help="Judge only these items (default: all).",
    )
    g.add_argument(
        "--iterations",
        type=bounded("--iterations"),
        metavar="N",
        help="Judge only the first N iterations of each writer (default: all).",
    )


def _selection_flags(g: argparse._ArgumentGroup) -> None:
    _which_pieces(g)
    g.add_argument(
        "--limit",
        type=bounded("--limit"),
        metavar="N",
        help="Judge only N pieces, spread over writers and items (default: all).",
    )
    g.add_argument(
        "--num-runs",
        type=bounded("--num-runs"),
        default=1,
        metavar="N",
        help="Ask N times about each piece, which measures the judge's repeatability (default: 1).",
    )
