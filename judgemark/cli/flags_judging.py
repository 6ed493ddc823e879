"""The flags of commands that ask a judge: who judges what, how the run goes, what it may cost."""

from __future__ import annotations

import argparse
from pathlib import Path

from judgemark.cli.flag_values import auto_or, bounded, json_object, name, none_or, path
from judgemark.cli.flags_cost import price_flags
from judgemark.cli.flags_ensemble import several_judges_flags
from judgemark.judges.registry import judge_kinds

_ABSENT = argparse.SUPPRESS


def judge_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags that name the judge, its endpoint and how its answers are drawn."""
    g = p.add_argument_group("judge")
    g.add_argument(
        "--judge-model",
        metavar="SPEC",
        required=True,
        help=f"The judge to measure (required). {_forms()}.",
    )
    _endpoint_flags(g)


def judge_or_ensemble_flags(p: argparse.ArgumentParser) -> None:
    """Add the same flags where several judges may be named instead of one."""
    g = p.add_argument_group("judge")
    g.add_argument(
        "--judge-model",
        metavar="SPEC",
        default="",
        help=f"The judge to measure (required), or several in --judge-models. {_forms()}.",
    )
    _endpoint_flags(g)
    several_judges_flags(p)


def _forms() -> str:
    return "; ".join(f"{kind.form}: {kind.summary}" for kind in judge_kinds().values())


def checked_judge_flags(p: argparse.ArgumentParser) -> None:
    """Add the judge to check, its endpoint and how its answers are drawn."""
    g = p.add_argument_group("judge")
    g.add_argument(
        "judge_model", metavar="SPEC", help="The judge to check, as --judge-model names it."
    )
    _endpoint_flags(g)


def _endpoint_flags(g: argparse._ArgumentGroup) -> None:
    g.add_argument(
        "--base-url",
        action="append",
        metavar="URL",
        help="Ask the judge at this OpenAI-compatible endpoint. Give it several times, or a file "
        "with one address a line, and the endpoints share the questions: each goes to the one with "
        "most room, and one that does not answer is tried again later. Default: the variable "
        "OPENAI_BASE_URL, else OPENAI_API_URL; where neither is set, a key that begins with "
        "sk-or- means OpenRouter and any other key the OpenAI API.",
    )
    g.add_argument(
        "--api-key-env",
        metavar="NAME",
        default="OPENAI_API_KEY",
        help="Take the key from this environment variable (default: OPENAI_API_KEY).",
    )
    _answer_flags(g)


def _answer_flags(g: argparse._ArgumentGroup) -> None:
    g.add_argument(
        "--temperature",
        type=none_or(bounded("--temperature")),
        default=_ABSENT,
        metavar="T",
        help="Draw answers at this temperature (default: 0); 'none' leaves it to the endpoint.",
    )
    g.add_argument(
        "--top-p",
        type=none_or(bounded("--top-p")),
        default=_ABSENT,
        metavar="P",
        help="Draw each token from the most likely ones that hold this share of the probability "
        "(default: left to the endpoint).",
    )
    g.add_argument(
        "--top-k",
        type=none_or(bounded("--top-k")),
        default=_ABSENT,
        metavar="K",
        help="Draw each token from the K most likely ones (default: left to the endpoint).",
    )
    g.add_argument(
        "--max-tokens",
        type=none_or(bounded("--max-tokens")),
        default=_ABSENT,
        metavar="N",
        help="Let a reply have at most N tokens (default: 16000, enough for a judge that reasons).",
    )
    g.add_argument(
        "--reasoning-effort",
        default=_ABSENT,
        metavar="LEVEL",
        help="Ask the judge to reason this much, as in low, medium or high (default: left to the "
        "endpoint).",
    )
    g.add_argument(
        "--extra-body",
        type=json_object,
        default=_ABSENT,
        metavar="JSON",
        help="Send the fields of this JSON object with every request (default: none).",
    )


def protocol_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags that say how a judge of single pieces is asked, and its scores taken."""
    from judgemark.records import PLAIN, SCORE_METHODS

    g = p.add_argument_group("scores of single pieces (--mode rubric)")
    g.add_argument(
        "--protocol",
        choices=("rubric", "anchored"),
        default="rubric",
        help="Ask for scores of the criteria of a rubric (rubric), or for one score beside a "
        "weaker piece with the score 2 and a stronger one with the score 9, chosen by the "
        "reference scores (anchored). Default: rubric.",
    )
    g.add_argument(
        "--score-method",
        choices=SCORE_METHODS,
        default=PLAIN,
        help="Take criterion scores as the reply has them (plain), as expected values over what "
        "the judge might have written, by its token log-probabilities (expected), or as such "
        "values weighted by how the criteria agree in order (ranked). Default: plain.",
    )


def mode_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags that say what is asked of the judge."""
    g = p.add_argument_group("mode")
    kinds = judge_kinds().values()
    modes = sorted({kind.default_mode for kind in kinds}, reverse=True)
    defaults = "; ".join(
        f"{mode} for {', '.join(k.prefix for k in kinds if k.default_mode == mode)}"
        for mode in modes
    )
    g.add_argument(
        "--mode",
        choices=("rubric", "pairwise"),
        help="Ask for scores of single pieces (rubric) or for the better of two pieces "
        f"(pairwise). Default: {defaults}.",
    )
    g.add_argument(
        "--structured",
        choices=("auto", "on", "off"),
        default="off",
        help="Ask for scores in a JSON schema where the endpoint supports it (auto), always, "
        "refusing an endpoint that does not support it (on), or never (off). Default: off.",
    )
    g.add_argument(
        "--preset",
        choices=("upstream-v2", "upstream-v2.1"),
        help="Ask as the published runs of Judgemark v2 or v2.1 did, and compare with the "
        "reference scores published with them (default: no preset).",
    )


def run_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of a run folder and of the asking itself."""
    g = p.add_argument_group("run")
    g.add_argument(
        "--run-id",
        type=name,
        metavar="ID",
        help="Give the run this name (default: a name made of judge and samples).",
    )
    runs_dir_flag(g)
    g.add_argument(
        "--fresh",
        action="store_true",
        help="Ask every question again and keep the old run beside the new one (default: finish "
        "or show the old run).",
    )
    _request_flags(g)
    g.add_argument(
        "--dry-run",
        action="store_true",
        help="Say what would be asked and stop before the first call (default: ask).",
    )
    verbosity_flag(g)


def check_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of a check: how it asks, and the prices for its estimate."""
    g = p.add_argument_group("run")
    _request_flags(g)
    price_flags(g)
    verbosity_flag(g)


def _request_flags(g: argparse._ArgumentGroup) -> None:
    g.add_argument(
        "--threads",
        type=auto_or(bounded("--threads")),
        default=6,
        metavar="N",
        help="Send up to N requests at the same time, or auto: begin with 8 and take on more, up "
        "to 256, until the endpoint complains of too many (default: 6).",
    )
    g.add_argument(
        "--give-up-after",
        type=bounded("--give-up-after"),
        default=600.0,
        metavar="S",
        help="Wait at most S seconds for an endpoint that answers no request or that asks to "
        "wait; then stop, resumable (default: 600). Where no connection was made since the command "
        "began, it stops after three tries of each address.",
    )
    g.add_argument(
        "--max-reply-mb",
        type=bounded("--max-reply-mb"),
        default=32.0,
        metavar="M",
        help="Refuse answers larger than M megabytes after decompression (default: 32).",
    )


def runs_dir_flag(p: argparse._ActionsContainer) -> None:
    """Add `--runs-dir`."""
    p.add_argument(
        "--runs-dir",
        type=path,
        default=Path("runs"),
        metavar="DIR",
        help="Keep runs in this folder and look for them there (default: runs).",
    )


def verbosity_flag(p: argparse._ActionsContainer) -> None:
    """Add `--verbosity`."""
    p.add_argument(
        "--verbosity",
        type=str.upper,
        metavar="LEVEL",
        choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        help="Log messages of this level and above: DEBUG, INFO, WARNING, ERROR or CRITICAL. "
        "DEBUG also logs every retry and prints a traceback where the command fails (default: "
        "the variable LOG_VERBOSITY, else WARNING).",
    )


def details_flag(p: argparse._ActionsContainer) -> None:
    """Add `--details`."""
    p.add_argument(
        "--details",
        action="store_true",
        help="Print every figure of the run (default: a summary of at most twelve lines).",
    )


def output_flags(p: argparse.ArgumentParser) -> None:
    """Add the flags of what a finished run prints and writes beside its folder."""
    g = p.add_argument_group("output")
    details_flag(g)
    g.add_argument(
        "--runs-file",
        type=path,
        metavar="F",
        help="Also write the run into this file, in the format of Judgemark v2 (default: none).",
    )
    g.add_argument(
        "--save-raw-judge-output",
        action="store_true",
        help="Put the judge's replies into the report and the runs file as well (default: only "
        "into the run folder).",
    )


def main_seed(p: argparse.ArgumentParser) -> None:
    """Add the seed of the main job."""
    _seed(p, 0, "everything random: tournaments, shuffles, resamples and the random floor")


def pairs_seed(p: argparse.ArgumentParser) -> None:
    """Add the seed of `pairs`."""
    _seed(p, 42, "the random choice of pairs")


def _seed(p: argparse.ArgumentParser, default: int, of: str) -> None:
    p.add_argument(
        "--seed",
        type=bounded("--seed"),
        default=default,
        metavar="N",
        help=f"The seed of {of} (default: {default}).",
    )
