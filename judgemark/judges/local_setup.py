"""A pairwise judge of this process: a baseline or an engine, with nothing left to find out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.judge_kind import LengthCheck, Say, no_limit
from judgemark.judges.pairwise_baselines import PairwiseBaseline
from judgemark.records import Question

if TYPE_CHECKING:
    from judgemark.judges.engine import EngineJudge
    from judgemark.judges.rendering import TooLong

_TEMPLATE_TOKENS = 512


@dataclass(frozen=True)
class LocalSetup:
    """A pairwise judge of this process."""

    judge: PairwiseBaseline | EngineJudge
    in_process: bool = True
    known: bool = True
    worded: bool = False
    tokens_per_reply: int = 1

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Implement `PairwiseSetup`."""
        return self.judge.configuration

    @property
    def described(self) -> Mapping[str, Any]:
        """The engine's version and settings."""
        return {} if isinstance(self.judge, PairwiseBaseline) else {"engine": self.judge.details}

    def as_begun(self, judge: Mapping[str, Any]) -> LocalSetup:
        """Return the same setup: all is known beforehand."""
        del judge
        return self

    def settled(self, questions: Sequence[Question], say: Say) -> LocalSetup:
        """Return the same setup: all is known beforehand."""
        del questions, say
        return self

    def open(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Return the judge; an engine loads its weights when it is first asked."""
        del adapted
        return self.judge

    def length_check(self, judge: Judge | BatchJudge) -> LengthCheck:
        """Count tokens, but only of prompts that have as many bytes as the context has tokens."""
        del judge
        if isinstance(self.judge, PairwiseBaseline):
            return no_limit
        engine = self.judge
        limit = engine.local.limit

        def check(questions: Iterable[Question]) -> tuple[TooLong, ...]:
            return engine.too_long([q for q in questions if _bytes(q) + _TEMPLATE_TOKENS > limit])

        return check


def _bytes(question: Question) -> int:
    return sum(len(m.content.encode("utf-8", "replace")) for m in question.messages)
