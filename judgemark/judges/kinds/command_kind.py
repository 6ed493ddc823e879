"""Judges that are programs in any language: `command:PROGRAM`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from judgemark.judges.base import Json
from judgemark.judges.judge_kind import JudgeKind, JudgeOption, JudgeRequest
from judgemark.judges.request_limits import RequestLimits
from judgemark.judges.score_range import SCORE_RANGE, read_score_range
from judgemark.records import Question, Reply

if TYPE_CHECKING:
    from judgemark.judges.command_line import CommandLine
    from judgemark.judges.local_setup import LocalPairs, LocalRubric
    from judgemark.judges.program_judge import ProgramJudge
    from judgemark.judges.running_program import Answer


def _rubric(request: JudgeRequest) -> LocalRubric:
    from judgemark.judges.command_line import read_command
    from judgemark.judges.local_setup import LocalRubric
    from judgemark.judges.program_judge import RubricLines

    command = read_command(request.name)

    def opens() -> ProgramJudge:
        lines = RubricLines(request.instructions, prompted=request.prompted)
        return _judge(request, command, lines.write, lines.read)

    return LocalRubric(
        opens,
        command.configuration,
        "function",
        score_range=read_score_range(request.options.get("score_range")),
        instructions=request.instructions,
    )


def _pairwise(request: JudgeRequest) -> LocalPairs:
    from judgemark.judges.command_line import read_command
    from judgemark.judges.local_setup import LocalPairs
    from judgemark.judges.program_judge import PairLines

    command = read_command(request.name)
    lines = PairLines(request.instructions)
    return LocalPairs(
        lambda: _judge(request, command, lines.write, lines.read), command.configuration
    )


def _judge(
    request: JudgeRequest,
    command: CommandLine,
    write: Callable[[Question], Mapping[str, Json]],
    read: Callable[[Answer], Reply],
) -> ProgramJudge:
    from judgemark.judges.program_judge import ProgramJudge
    from judgemark.redaction import Scrubber, secrets_of_environment

    at_once = request.options.get("at_once")
    return ProgramJudge(
        command,
        write,
        read,
        request.limits or RequestLimits(),
        # The program inherits the environment, and may print what it finds there.
        Scrubber(secrets_of_environment(os.environ)),
        copies=request.threads,
        at_once=at_once if isinstance(at_once, int) else 1,
    )


KIND = JudgeKind(
    prefix="command",
    form="command:PROGRAM",
    summary="a program in any language that answers lines of JSON (docs/judge-protocol.md)",
    rubric=_rubric,
    pairwise=_pairwise,
    place="a program on this machine",
    needs_instructions=False,
    options=(
        SCORE_RANGE,
        JudgeOption(
            "at_once", int, "give each copy of the program up to N questions before it has "
            "answered (default: 1)", "N", 1, 10_000,
        ),
    ),
)  # fmt: skip
