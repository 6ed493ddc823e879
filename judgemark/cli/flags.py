"""The flags of every command; imports nothing heavy, so that help comes at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from judgemark.cli import flags_leaderboard as board
from judgemark.cli.flag_values import bounded, json_object, name, none_or, path
from judgemark.cli.flags_pairwise import judge_option_flags, pairs_flags, pairwise_flags
from judgemark.cli.flags_samples import samples_flags
from judgemark.errors import UsageError
from judgemark.judges.registry import judge_kinds
from judgemark.version import __version__

COMMANDS = {
    "judge": "judge every sample, resume what is missing, score, draw (a bare first flag means it)",
    "score": "score again from stored verdicts; no judge is asked",
    "compare": "two judges on the same samples",
    "pairs": "how often a pairwise judge names the piece that a reference calls better",
    "judges": "list the kinds of judge that are installed, with their modes and options",
    "runs": "list the stored runs",
    "repair": "keep the whole lines of a damaged journal and set the others aside",
    "export": "the scores of a run as a table for other programs",
    "leaderboard": "many judges: one page, or md, csv, json",
    "leaderboard add": "add runs to a shared board file",
    "leaderboard verify": "hold a board's figures against a run's own verdicts",
    "card": "a block for a judge's model card",
    "gate": "exit 1 where a run is below a bar, for CI",
}


def program() -> str:
    """What the user types to start this program: the installed command, the module, the script."""
    started = Path(sys.argv[0]).name
    return {"judgemark.py": "python judgemark.py", "__main__.py": "python -m judgemark"}.get(
        started, "judgemark"
    )


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and how to find out more."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")


def _judge_flags(p: argparse.ArgumentParser) -> None:
    g = p.add_argument_group("judge")
    g.add_argument(
        "--judge-model",
        "--judge-models",
        metavar="SPEC",
        dest="judge_model",
        required=True,
        help="; ".join(f"{kind.form} is {kind.summary}" for kind in judge_kinds().values()),
    )
    g.add_argument(
        "--base-url",
        metavar="URL",
        help="the endpoint; default: OPENAI_BASE_URL, else "
        "OPENAI_API_URL, else OpenRouter or OpenAI by the key's form",
    )
    g.add_argument(
        "--api-key-env",
        metavar="NAME",
        default="OPENAI_API_KEY",
        help="the variable that holds the key (default: OPENAI_API_KEY)",
    )
    absent = argparse.SUPPRESS
    g.add_argument(
        "--temperature",
        type=none_or(bounded("--temperature")),
        default=absent,
        metavar="T",
        help="default 0; none leaves it to the endpoint",
    )
    g.add_argument("--top-p", type=none_or(bounded("--top-p")), default=absent, metavar="P")
    g.add_argument("--top-k", type=none_or(bounded("--top-k")), default=absent, metavar="K")
    g.add_argument(
        "--max-tokens",
        type=none_or(bounded("--max-tokens")),
        default=absent,
        metavar="N",
        help="default 16000, enough for a judge that reasons",
    )
    g.add_argument("--reasoning-effort", default=absent, metavar="LEVEL")
    g.add_argument(
        "--extra-body",
        type=json_object,
        default=absent,
        metavar="JSON",
        help="further fields of the request",
    )


def _mode_flags(p: argparse.ArgumentParser) -> None:
    g = p.add_argument_group("mode")
    g.add_argument(
        "--mode",
        choices=("rubric", "pairwise"),
        help="what is asked of it (default: "
        + ", ".join(f"{k.default_mode} for {k.prefix}" for k in judge_kinds().values())
        + ")",
    )
    g.add_argument(
        "--structured",
        choices=("auto", "on", "off"),
        default="off",
        help="ask for scores in a JSON schema: where the endpoint supports it (auto), or not at "
        "all without it (on); default off",
    )
    g.add_argument(
        "--preset",
        choices=("upstream-v2", "upstream-v2.1"),
        help="draw answers as the published runs did",
    )


def _input_flags(p: argparse.ArgumentParser) -> None:
    g = p.add_argument_group("samples and prompts")
    samples_flags(g, "default: our own, data/samples.json")
    g.add_argument("--prompts-file", type=path, metavar="F", help="default: our own, prompts/")
    g.add_argument(
        "--criteria-file",
        type=path,
        metavar="F",
        help="the criteria and their polarity; our own prompts bring theirs",
    )
    g.add_argument(
        "--rubric-criteria-file",
        type=path,
        metavar="F",
        help="the text for <RUBRIC_CRITERIA> in the prompts",
    )
    g.add_argument(
        "--score-anchoring-file",
        type=path,
        metavar="F",
        help="the text for <SCORE_ANCHORING> in the prompts",
    )
    g.add_argument(
        "--reference-scores",
        type=path,
        metavar="F",
        help="{writer: number}, higher is better: the order to agree with",
    )
    g.add_argument(
        "--scoring-min", type=bounded("--scoring-min"), default=0.0, metavar="X", help="default 0"
    )
    g.add_argument(
        "--scoring-max", type=bounded("--scoring-max"), default=10.0, metavar="X", help="default 10"
    )
    g.add_argument("--writers", nargs="+", default=(), metavar="NAME", help="only these writers")
    g.add_argument("--items", nargs="+", default=(), metavar="ID", help="only these items")
    g.add_argument(
        "--iterations",
        type=bounded("--iterations"),
        metavar="N",
        help="only the first N iterations of each writer",
    )
    g.add_argument(
        "--limit",
        type=bounded("--limit"),
        metavar="N",
        help="only N pieces, spread over writers and items",
    )
    g.add_argument(
        "--num-runs",
        type=bounded("--num-runs"),
        default=1,
        metavar="N",
        help="ask N times about each piece, to measure the judge's repeatability",
    )


def _run_flags(p: argparse.ArgumentParser) -> None:
    g = p.add_argument_group("run")
    g.add_argument("--run-id", type=name, metavar="ID", help="default: made of judge and samples")
    g.add_argument(
        "--runs-dir", type=path, default=Path("runs"), metavar="DIR", help="default: runs"
    )
    g.add_argument("--fresh", action="store_true", help="ask anew; the old run is kept aside")
    g.add_argument("--threads", type=bounded("--threads"), default=6, metavar="N", help="default 6")
    g.add_argument(
        "--give-up-after",
        type=bounded("--give-up-after"),
        default=600.0,
        metavar="S",
        help="how many seconds a run waits for an endpoint that answers no request, or that asks "
        "to wait; then it stops and can be resumed (default 600)",
    )
    g.add_argument(
        "--max-reply-mb",
        type=bounded("--max-reply-mb"),
        default=32.0,
        metavar="M",
        help="an answer larger than this, decompressed, is not read (default 32)",
    )
    g.add_argument("--dry-run", action="store_true", help="stop before the first call")
    _verbosity_flag(g)


def _verbosity_flag(p: argparse._ActionsContainer) -> None:
    p.add_argument(
        "--verbosity",
        type=str.upper,
        metavar="LEVEL",
        choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        help="how much is logged; DEBUG also tells of every retry, and prints a traceback where "
        "the command fails (default: LOG_VERBOSITY, else WARNING)",
    )


def _export_flags(p: argparse.ArgumentParser) -> None:
    g = p.add_argument_group("export")
    g.add_argument(
        "--runs-file",
        type=path,
        metavar="F",
        help="also write the run into this file, in upstream's format",
    )
    g.add_argument(
        "--save-raw-judge-output",
        action="store_true",
        help="put the replies into the runs file and the report too",
    )


def _seed_flag(p: argparse.ArgumentParser, default: int, of: str) -> None:
    p.add_argument(
        "--seed",
        type=bounded("--seed"),
        default=default,
        metavar="N",
        help=f"of {of} (default {default})",
    )


def _main_seed(p: argparse.ArgumentParser) -> None:
    _seed_flag(p, 0, "everything random: tournaments, shuffles, resamples, the random floor")


def _pairs_seed(p: argparse.ArgumentParser) -> None:
    _seed_flag(p, 42, "the draw of pairs")


def _cost_flags(p: argparse.ArgumentParser) -> None:
    g = p.add_argument_group("cost")
    g.add_argument(
        "--price-in",
        type=bounded("--price-in"),
        metavar="$",
        help="dollars per million prompt tokens",
    )
    g.add_argument(
        "--price-out",
        type=bounded("--price-out"),
        metavar="$",
        help="dollars per million completion tokens",
    )
    g.add_argument(
        "--confirm-above",
        type=bounded("--confirm-above"),
        default=1.0,
        metavar="$",
        help="ask before an estimate above this (default 1)",
    )
    g.add_argument("--yes", action="store_true", help="do not ask")
    g.add_argument(
        "--max-cost",
        type=bounded("--max-cost"),
        metavar="$",
        help="stop before passing it; resumable",
    )
    g.add_argument(
        "--max-requests",
        type=bounded("--max-requests"),
        metavar="N",
        help="stop after N requests; resumable",
    )


def _run_names(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--runs-dir", type=path, default=Path("runs"), metavar="DIR", help="default: runs"
    )


def _score_flags(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "runs",
        nargs="+",
        metavar="RUN",
        help="a run id, a run's folder, or an upstream runs file (FILE::run_key for one run)",
    )
    p.add_argument("--json", action="store_true", help="print the result as JSON")
    p.add_argument(
        "--reference-scores", type=path, metavar="F", help="{writer: number}, higher is better"
    )
    p.add_argument("--seed", type=bounded("--seed"), metavar="N", help="default: the run's own")
    _run_names(p)


def _export_table_flags(p: argparse.ArgumentParser) -> None:
    p.add_argument("run", metavar="RUN", help="a run id, a run's folder, or FILE::run_key")
    p.add_argument(
        "--to",
        choices=("csv",),
        default="csv",
        help="csv: one row for each criterion score (the default)",
    )
    p.add_argument("-o", "--output", type=path, metavar="F", help="default: standard output")
    _run_names(p)


def _repair_flags(p: argparse.ArgumentParser) -> None:
    p.add_argument("run", metavar="RUN", help="a run id or a run's folder")
    _run_names(p)


def _compare_flags(p: argparse.ArgumentParser) -> None:
    p.add_argument("run_a", metavar="RUN_A")
    p.add_argument("run_b", metavar="RUN_B")
    p.add_argument("--json", action="store_true", help="print the comparison as JSON")
    p.add_argument(
        "--reference-scores", type=path, metavar="F", help="{writer: number}, higher is better"
    )
    p.add_argument("--seed", type=bounded("--seed"), default=0, metavar="N", help="default 0")
    _run_names(p)


def parser(command: str | None) -> argparse.ArgumentParser:
    """The parser of one command, or of the program as a whole where `command` is None."""
    if command is None:
        start = program()
        listed = "\n".join(f"  {name:<19} {what}" for name, what in COMMANDS.items())
        p: argparse.ArgumentParser = _Parser(
            prog=start,
            usage=f"{start} --judge-model SPEC [options]\n       {start} COMMAND [options]",
            description="Who judges the judges: how well a judge tells strong writing from weak.",
            epilog=f"commands:\n{listed}\n\n{start} COMMAND --help tells its flags.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        p.add_argument("--version", action="version", version=f"judgemark {__version__}")
        return p
    p = _Parser(prog=f"{program()} {command}", description=COMMANDS[command], allow_abbrev=False)
    add = {
        "judge": (
            _judge_flags,
            _mode_flags,
            _input_flags,
            pairwise_flags,
            judge_option_flags,
            _main_seed,
            _run_flags,
            _export_flags,
            _cost_flags,
        ),
        "score": (_score_flags,),
        "compare": (_compare_flags,),
        "pairs": (
            pairs_flags,
            _judge_flags,
            judge_option_flags,
            _pairs_seed,
            _run_flags,
            _cost_flags,
        ),
        "judges": (),
        "runs": (_run_names,),
        "repair": (_repair_flags,),
        "export": (_export_table_flags,),
        "leaderboard": (board.leaderboard_flags,),
        "leaderboard add": (board.add_flags,),
        "leaderboard verify": (board.verify_flags,),
        "card": (board.card_flags,),
        "gate": (board.gate_flags,),
    }
    for flags in add[command]:
        flags(p)
    if _run_flags not in add[command]:
        _verbosity_flag(p)
    return p


def split_command(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """The command and its arguments; a bare first flag means `judge`, help and version none."""
    if not arguments or arguments[0] in ("--help", "-h", "--version"):
        return None, list(arguments)
    if arguments[0].startswith("-"):
        return "judge", list(arguments)
    words = 2 if " ".join(arguments[:2]) in COMMANDS else 1
    return " ".join(arguments[:words]), list(arguments[words:])
