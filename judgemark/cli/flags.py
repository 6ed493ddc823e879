"""The registry of commands and their parsers; imports nothing heavy, so that help comes at once.

To add a command, write `judgemark/cli/command_NAME.py` with a function `run(args) -> int` and give
it one entry in COMMANDS.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Protocol

from judgemark.cli import flags_judging as judging
from judgemark.cli import flags_leaderboard as board
from judgemark.cli import flags_stored_runs as stored
from judgemark.cli.flags_batches import batch_flags
from judgemark.cli.flags_cluster import cluster_flags
from judgemark.cli.flags_cost import cost_flags
from judgemark.cli.flags_inputs import (
    drawn_input_flags,
    input_flags,
    probe_input_flags,
    prompt_flags,
)
from judgemark.cli.flags_ladder import ladder_flags
from judgemark.cli.flags_pairs import import_set_flags, pairs_flags
from judgemark.cli.flags_pairwise import judge_option_flags, pairwise_flags
from judgemark.cli.flags_probes import probe_flags
from judgemark.cli.standard_streams import STANDARD_OUTPUT, named
from judgemark.errors import UsageError
from judgemark.version import __version__

AddFlags = Callable[[argparse.ArgumentParser], None]
"""Adds flags to a command's parser."""


class _Writable(Protocol):
    """Where argparse prints to."""

    def write(self, text: str, /) -> object:
        """Write a text."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the program.

    Attributes:
        name: what the user types, one or two words.
        help: one line that says what it does.
        flags: the functions that add its flags, in the order of its help.
    """

    name: str
    help: str
    flags: tuple[AddFlags, ...]

    @property
    def module(self) -> str:
        """The module whose function `run` does it, named for the command."""
        return f"judgemark.cli.command_{self.name.replace(' ', '_').replace('-', '_')}"


_RUN = (judging.run_flags, cost_flags, batch_flags, cluster_flags)
_VERBOSITY = (judging.verbosity_flag,)
_STORED = (judging.runs_dir_flag, *_VERBOSITY)

_LISTED = (
    Command(
        "judge",
        "judge every sample, finish what is missing, score and draw (the default command)",
        (
            judging.judge_or_ensemble_flags, judging.mode_flags, judging.protocol_flags,
            input_flags, pairwise_flags, judge_option_flags, judging.main_seed,
            judging.output_flags, *_RUN,
        ),
    ),
    Command(
        "score",
        "score stored runs again from their verdicts, without asking a judge",
        (stored.score_flags, *_VERBOSITY),
    ),
    Command(
        "compare", "compare two judges on the same samples", (stored.compare_flags, *_VERBOSITY)
    ),
    Command(
        "pairs",
        "measure how often a judge prefers the piece that people, or a reference, call better",
        (
            pairs_flags, judging.judge_flags, prompt_flags, judge_option_flags,
            judging.pairs_seed, *_RUN,
        ),
    ),
    Command(
        "import-set",
        "turn the file of a public set that people labelled into files that pairs reads",
        (import_set_flags, *_VERBOSITY),
    ),
    Command(
        "ladder",
        "measure whether a judge notices damage: known pieces, damaged in known ways",
        (
            judging.judge_flags, judging.mode_flags, drawn_input_flags, ladder_flags,
            judge_option_flags, judging.details_flag, *_RUN,
        ),
    ),
    Command(
        "probe",
        "ask whether a judge is swayed by what should not matter, such as position or padding",
        (
            judging.judge_flags, judging.mode_flags, probe_input_flags, probe_flags,
            judge_option_flags, judging.details_flag, *_RUN,
        ),
    ),
    Command(
        "ensemble",
        "join finished runs into one of several judges, or search them for the best jury",
        (stored.ensemble_flags, *_VERBOSITY),
    ),
    Command(
        "judges",
        "list the kinds of judge that are installed, with their modes and options",
        _VERBOSITY,
    ),
    Command(
        "judges check",
        "ask a judge about three pieces: what comes back, how it is read, what a whole run takes",
        (
            judging.checked_judge_flags, judging.mode_flags, input_flags, pairwise_flags,
            judge_option_flags, judging.main_seed, judging.check_flags,
        ),
    ),
    Command("runs", "list the stored runs", _STORED),
    Command(
        "repair",
        "repair a damaged journal: keep its whole lines and move the others to a second file",
        (stored.repair_flags, *_VERBOSITY),
    ),
    Command(
        "export",
        "write the scores of a run as a table for other programs",
        (stored.export_flags, *_VERBOSITY),
    ),
    Command(
        "leaderboard",
        "compare many judges on one page, or as Markdown, CSV or JSON",
        (board.leaderboard_flags, *_VERBOSITY),
    ),
    Command(
        "leaderboard add", "add runs to a shared board file", (board.add_flags, *_VERBOSITY)
    ),
    Command(
        "leaderboard verify",
        "compute a board's figures again from a run's own verdicts and compare",
        (board.verify_flags, *_VERBOSITY),
    ),
    Command(
        "card",
        "print a block of figures for a judge's model card",
        (board.card_flags, *_VERBOSITY),
    ),
    Command(
        "gate",
        "exit with 1 where a run misses a threshold, for continuous integration",
        (board.gate_flags, *_VERBOSITY),
    ),
)  # fmt: skip

COMMANDS: Mapping[str, Command] = {command.name: command for command in _LISTED}
"""Every command by its name, in the order of the help."""


def program() -> str:
    """Return what the user types to start this program: the installed command, the module, the
    script."""
    started = Path(sys.argv[0]).name
    return {"judgemark.py": "python judgemark.py", "__main__.py": "python -m judgemark"}.get(
        started, "judgemark"
    )


class _Store(argparse.Action):
    """Stores the value of a flag; the last one counts, as usual, but where a judge would be lost.

    Scripts give a flag again to change what they gave before. A second judge, or a second list, is
    hardly meant so: the first would be dropped unseen, and the wrong judge costs money. A
    flag that may be given several times says so itself (`append`, `extend`).
    """

    _given: tuple[argparse.Namespace, object] | None = None

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        del parser, option_string
        # The namespace tells one command line from another that the same parser reads.
        line, before = self._given or (None, None)
        if line is namespace and before != values:
            if self.dest == "judge_model":
                said = f'is given twice, with "{before}" and with "{values}"; give it once'
                raise argparse.ArgumentError(self, said)
            if self.option_strings and isinstance(values, list):
                said = "is given twice with different values; give all of them after one flag"
                raise argparse.ArgumentError(self, said)
        self._given = (namespace, values)
        setattr(namespace, self.dest, values)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and how to find out more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (None, "store"):
            self.register("action", name, _Store)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")

    def _print_message(self, message: str, file: _Writable | None = None) -> None:
        """Print help or the version; unlike argparse's own, raises OSError where that fails."""
        del file
        # None where it is closed.
        if sys.stdout is not None:
            with named(STANDARD_OUTPUT):
                sys.stdout.write(message)
                sys.stdout.flush()


def parser(command: str | None) -> argparse.ArgumentParser:
    """Return the parser of one command, or of the program as a whole where `command` is None.

    Raises UsageError where a kind of judge of an installed package cannot be used, or has an option
    with the name of a flag.
    """
    if command is None:
        return _whole_program()
    entry = COMMANDS[command]
    what = f"{entry.help[0].upper()}{entry.help[1:]}."
    p = _Parser(prog=f"{program()} {command}", description=what, allow_abbrev=False)
    try:
        for add in entry.flags:
            add(p)
    except argparse.ArgumentError as exc:
        raise UsageError(
            "an installed package adds a kind of judge with the option "
            f"{exc.argument_name}, which is a flag already; update or uninstall that package"
        ) from exc
    return p


def _whole_program() -> argparse.ArgumentParser:
    start = program()
    width = max(len(name) for name in COMMANDS)
    listed = "\n".join(f"  {name:<{width}}  {entry.help}" for name, entry in COMMANDS.items())
    p = _Parser(
        prog=start,
        usage=f"{start} --judge-model SPEC [options]\n       {start} COMMAND [options]",
        description="Measures how well an LLM judge tells strong writing from weak.",
        epilog=f"commands:\n{listed}\n\n{start} COMMAND --help explains the flags of a command.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    p.add_argument("--version", action="version", version=f"judgemark {__version__}")
    return p


def split_command(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """Return the command and its arguments.

    A bare first flag means `judge`, help and version none.
    """
    if not arguments or arguments[0] in ("--help", "-h", "--version"):
        return None, list(arguments)
    if arguments[0].startswith("-"):
        return "judge", list(arguments)
    words = 2 if " ".join(arguments[:2]) in COMMANDS else 1
    return " ".join(arguments[:words]), list(arguments[words:])
