"""Judges of this machine, ready to be opened: nothing is left to find out by asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.judge_kind import LengthCheck, Say, no_limit
from judgemark.judges.score_range import ScoreRange
from judgemark.records import Question

if TYPE_CHECKING:
    from judgemark.judges.engine import EngineJudge
    from judgemark.judges.rendering import TooLong

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

    @property
    def described(self) -> Mapping[str, Any]:
        """Return what `describe` gives."""
        return self.describe()

    def open(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Implement `RubricSetup`."""
        del adapted
        return self.opens()


@dataclass(frozen=True)
class LocalPairs:
    """A judge of pairs on this machine.

    `check` finds the pairs that are too long for it; None where it has no limit of its own.
    """

    opens: OpenJudge
    configuration: Mapping[str, Json]
    describe: Describe = dict
    tokens_per_reply: int = 0
    check: LengthCheck | None = None
    in_process: bool = True
    known: bool = True
    worded: bool = False

    @property
    def described(self) -> Mapping[str, Any]:
        """Return what `describe` gives."""
        return self.describe()

    def as_begun(self, judge: Mapping[str, Any]) -> LocalPairs:
        """Return the same setup: all is known beforehand."""
        del judge
        return self

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
    limit = judge.local.limit

    def check(questions: Iterable[Question]) -> tuple[TooLong, ...]:
        """Count tokens, but only of prompts that have as many bytes as the context has tokens."""
        return judge.too_long([q for q in questions if prompt_bytes(q) + _TEMPLATE_TOKENS > limit])

    return LocalPairs(
        lambda: judge, judge.configuration, lambda: {"engine": judge.details}, 1, check
    )


def prompt_bytes(question: Question) -> int:
    """Return the bytes of a question's messages; a token has at least one."""
    return sum(len(m.content.encode("utf-8", "replace")) for m in question.messages)
