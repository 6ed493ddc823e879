"""The seam between the modes of the main job: who is asked what while a run is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from judgemark.inputs.samples import SampleSet
from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.records import Question
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal

Say = Callable[[str], None]
"""Takes one line for the user."""

_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class AskingEstimate:
    """What asking will take: questions not answered yet, and tokens, both ways.

    `at_most` where later questions depend on answers: then all figures are upper bounds.
    """

    questions: int
    answered: int
    prompt_tokens: int
    completion_tokens: int
    at_most: bool = False


def tokens_of(questions: Iterable[Question]) -> int:
    """The tokens of prompts, roughly: a token has four characters."""
    characters = sum(len(m.content) for q in questions for m in q.messages)
    return characters // _CHARACTERS_PER_TOKEN


class Asking(Protocol):
    """All that differs between modes while a run is prepared and asked."""

    @property
    def configuration(self) -> Mapping[str, Json]:
        """What shapes the judge's answers."""

    @property
    def protocol(self) -> JudgingProtocol:
        """What is asked, and how replies are read."""

    @property
    def pieces(self) -> SampleSet:
        """The pieces that the run is about, stored with it."""

    @property
    def chosen(self) -> int:
        """How many pieces are asked about now."""

    @property
    def inputs(self) -> Mapping[str, Json]:
        """The parts of the fingerprint beside judge, protocol and samples."""

    @property
    def described(self) -> Mapping[str, Any]:
        """What run.json says of the judge beside the fingerprint."""

    @property
    def prompts_name(self) -> str | None:
        """The name of the file of prompts."""

    def as_begun(self, spec: Mapping[str, Any]) -> Asking:
        """The same as a stored run was asked, in what only asking can find out."""

    def check(self) -> None:
        """Raise UsageError for what can be told to be wrong without asking anybody."""

    def settled(self, say: Say) -> Asking:
        """The same with that found out; may ask the judge. Raises Refused or UsageError."""

    def estimate(self, journal: Path | None) -> AskingEstimate:
        """What is left to ask, given the journal of the run if there is one already."""

    def open_judge(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """The judge itself; `adapted` are parameters that it is known to refuse."""

    def plan(self, judge: Judge | BatchJudge, journal: Journal) -> Plan:
        """The questions, for the runner."""

    def keep(self, folder: RunFolder) -> None:
        """Store in a new run's folder what scoring it again needs beside the pieces."""
