"""Judges of this machine, ready to be opened: nothing is left to find out by asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from judgemark.errors import UsageError
from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.judge_kind import JudgeRequest, LengthCheck, Say, no_limit
from judgemark.judges.score_range import ScoreRange
from judgemark.records import Question

if TYPE_CHECKING:
    from judgemark.judges.engine import EngineJudge, EngineSettings, LocalJudge
    from judgemark.judges.generating import GeneratingJudge, ReplySampling
    from judgemark.judges.rendering import ChatRendering, TooLong

_TEMPLATE_TOKENS = 512

OpenJudge = Callable[[], Judge | BatchJudge]
"""Opens a judge; weights are loaded and programs started when it is first asked."""


Describe = Callable[[], Mapping[str, Any]]
"""Gives what run.json says of a judge besides its configuration; it may import an engine."""


def _without_parameters() -> Mapping[str, Any]:
    return {"parameters": None, "system": None}


@dataclass(frozen=True)
class LocalRubric:
    """A judge of single pieces on this machine.

    The fields are those of `RubricSetup` and `AnswersInShapes`; `opens` gives the judge and
    `describe` what run.json says of it.
    """

    opens: OpenJudge
    configuration: Mapping[str, Json]
    protocol: str
    describe: Describe = _without_parameters
    by_place: bool = False
    system: str | None = None
    tokens_per_reply: int = 0
    score_range: ScoreRange | None = None
    instructions: Mapping[str, str] = field(default_factory=dict)
    check: LengthCheck = no_limit

    @property
    def described(self) -> Mapping[str, Any]:
        """Return what `describe` gives."""
        return self.describe()

    def open(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Implement `RubricSetup`."""
        del adapted
        return self.opens()

    def too_long(self, questions: Iterable[Question]) -> tuple[TooLong, ...]:
        """Implement `KnowsContext`."""
        return self.check(questions)


@dataclass(frozen=True)
class LocalPairs:
    """A judge of pairs on this machine.

    `check` finds the pairs that are too long for it; None where it has no limit of its own.
    `in_format` gives the same judge in another number format, where the user left that open.
    """

    opens: OpenJudge
    configuration: Mapping[str, Json]
    describe: Describe = dict
    tokens_per_reply: int = 0
    check: LengthCheck | None = None
    in_process: bool = True
    known: bool = True
    worded: bool = False
    in_format: Callable[[str], LocalPairs] | None = None

    @property
    def described(self) -> Mapping[str, Any]:
        """Return what `describe` gives."""
        return self.describe()

    def as_begun(self, judge: Mapping[str, Any]) -> LocalPairs:
        """Return the setup in the number format in which the run was begun.

        run.json names only what differs from the defaults, of which "auto" is one.
        """
        engine = judge.get("engine")
        if engine is None or self.in_format is None:
            return self
        return self.in_format(engine.get("settings", {}).get("dtype", "auto"))

    def settled(self, questions: Sequence[Question], say: Say) -> LocalPairs:
        """Return the same setup: all is known beforehand."""
        del questions, say
        return self

    def open(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Implement `PairwiseSetup`."""
        del adapted
        return self.opens()

    def length_check(self, judge: Judge | BatchJudge) -> LengthCheck:
        """Implement `PairwiseSetup`."""
        del judge
        return self.check or no_limit


def engine_pairs(judge: EngineJudge) -> LocalPairs:
    """Return the setup of a pairwise judge on an engine of this process."""
    return LocalPairs(
        lambda: judge,
        judge.configuration,
        lambda: {"engine": judge.details},
        1,
        _length_check(judge, judge.local.limit),
    )


class _CountsTokens(Protocol):
    """A judge that counts the tokens of prompts."""

    def too_long(self, questions: Iterable[Question]) -> tuple[TooLong, ...]: ...


def _length_check(judge: _CountsTokens, limit: int) -> LengthCheck:
    """Count tokens, but only of prompts that have as many bytes as the context has tokens."""

    def check(questions: Iterable[Question]) -> tuple[TooLong, ...]:
        return judge.too_long([q for q in questions if _bytes(q) + _TEMPLATE_TOKENS > limit])

    return check


def pairs_settings(request: JudgeRequest) -> EngineSettings:
    """Return how the engine of a pairwise judge is run; UsageError where it is to think."""
    from judgemark.judges.engine import EngineSettings

    given: dict[str, Any] = dict(request.options)
    if given.pop("thinking", False):
        raise UsageError(
            "‹thinking› works only with ‹mode› rubric: the first token of a pairwise judge is its "
            "verdict"
        )
    return EngineSettings(**given)


class _MakesJudge(Protocol):
    """The class of a judge that answers in words on one engine."""

    def __call__(
        self, local: LocalJudge[ChatRendering], sampling: ReplySampling
    ) -> GeneratingJudge: ...


def engine_rubric(request: JudgeRequest, made: _MakesJudge, needs: Sequence[str]) -> LocalRubric:
    """Return the setup of a rubric judge on an engine of this process; loads no weights.

    `made` is its class, `needs` are the packages of its engine. Raises UsageError.
    """
    from judgemark.judges.chat_parameters import ChatParameters
    from judgemark.judges.engine import EngineSettings
    from judgemark.judges.generating import open_generating, reply_sampling

    given: dict[str, Any] = dict(request.options)
    think = bool(given.pop("thinking", False))
    sampling = reply_sampling(request.parameters or ChatParameters(), request.seed, request.text)
    local = open_generating(
        request.name,
        EngineSettings(**given),
        sampling,
        request.say,
        needs,
        think=think,
        system=request.system is not None or request.prompts_system,
    )
    judge = made(local, sampling)
    return LocalRubric(
        lambda: judge,
        judge.configuration,
        "rubric",
        lambda: {
            "engine": judge.details,
            "parameters": sampling.configuration,
            "system": request.system,
        },
        system=request.system,
        check=_length_check(judge, local.limit),
    )


def _bytes(question: Question) -> int:
    return sum(len(m.content.encode("utf-8", "replace")) for m in question.messages)
