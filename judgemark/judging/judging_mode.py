"""The interface of the modes of the main job, rubric and pairwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from judgemark.inputs.samples import SampleSet
from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.judge_kind import Say
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.records import Outcome, Question, QuestionKey
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal
from judgemark.run.stored_run import ReadJournal

_BYTES_PER_TOKEN = 4


@dataclass(frozen=True)
class AskingEstimate:
    """An estimate of what is left to ask: questions, and tokens of prompts and replies.

    Where later questions depend on answers, `at_most` is set and all figures are upper bounds.
    `journal` is the run's journal as it was read, where nothing is left to ask and the mode has it.
    """

    questions: int
    answered: int
    prompt_tokens: int
    completion_tokens: int
    at_most: bool = False
    journal: ReadJournal | None = field(default=None, repr=False, compare=False)


def tokens_of(questions: Iterable[Question]) -> int:
    """Estimate the tokens of prompts, at four bytes of UTF-8 per token.

    In English these are four characters. Scripts with more bytes to a character have more tokens
    to it as well: about one for every 1.3 Japanese and for every 2 Arabic characters.
    """
    size = sum(
        len(m.content.encode("utf-8", "surrogatepass")) for q in questions for m in q.messages
    )
    return size // _BYTES_PER_TOKEN


def waves_so_far(plan: Plan, known: Mapping[QuestionKey, Outcome]) -> Iterator[Sequence[Question]]:
    """Yield the waves of a plan as far as all outcomes are known, and the first that has others."""
    wave = next(plan, None)
    while wave is not None:
        yield wave
        outcomes = {q.key: known[q.key] for q in wave if q.key in known}
        wave = _sent(plan, outcomes) if all(q.key in outcomes for q in wave) else None
    plan.close()


def _sent(plan: Plan, outcomes: Mapping[QuestionKey, Outcome]) -> Sequence[Question] | None:
    try:
        return plan.send(outcomes)
    except StopIteration:
        return None


class JudgingMode(Protocol):
    """Everything that differs between the modes while a run is prepared and asked."""

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return the settings that shape the judge's answers."""

    @property
    def protocol(self) -> JudgingProtocol:
        """Return the protocol: what is asked and how replies are read."""

    @property
    def pieces(self) -> SampleSet:
        """Return the pieces of the run, which are stored in its folder."""

    @property
    def piece_count(self) -> int:
        """Return the number of pieces that this command asks about."""

    @property
    def fingerprint_parts(self) -> Mapping[str, Json]:
        """Return the parts of the fingerprint besides judge, protocol and samples."""

    @property
    def described(self) -> Mapping[str, Any]:
        """Return what run.json says about the judge besides the fingerprint."""

    @property
    def prompts_name(self) -> str | None:
        """Return the name of the file of prompts."""

    def as_begun(self, spec: Mapping[str, Any]) -> JudgingMode:
        """Return a copy with what a stored run's probes of its judge showed."""

    @property
    def asks_before(self) -> bool:
        """Return whether `settled` has to ask the judge what it can do."""

    def check(self) -> None:
        """Check everything that needs no request to the judge; raises UsageError."""

    def settled(self, say: Say) -> JudgingMode:
        """Return a copy with the judge's capabilities probed; may send requests.

        Raises Refused or UsageError."""

    def known(self, journal: Path | None) -> Mapping[QuestionKey, Outcome]:
        """Return the outcomes that need no asking, given the run's journal if it has one."""

    def estimate(self, journal: Path | None) -> AskingEstimate:
        """Estimate what is left to ask, given the run's journal if it has one."""

    def open_judge(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Open the judge; `adapted` names parameters that it is known to reject."""

    def plan(self, judge: Judge | BatchJudge, journal: Journal) -> Plan:
        """Return the plan of questions for the runner."""

    def store_instructions(self, folder: RunFolder) -> None:
        """Store in a new run's folder what scoring it later needs besides the pieces."""
