"""Probes of a judge that scores single pieces: every arm is a rubric of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from judgemark.inputs.samples import SampleSet
from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.judge_kind import Say
from judgemark.judging.judging_mode import AskingEstimate
from judgemark.judging.rubric_mode import RubricMode
from judgemark.protocols.armed_protocol import ArmedProtocol, asked_again
from judgemark.protocols.function_protocol import FunctionProtocol
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.protocols.number_protocol import NumberProtocol
from judgemark.protocols.rubric_protocol import RubricProtocol
from judgemark.records import Outcome, Place, Question, QuestionKey, Rubric, Sample
from judgemark.run.armed_entries import counted_arms
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal, read_entries
from judgemark.tournaments.tournament_settings import stream


@dataclass(frozen=True)
class ScoredArm:
    """One arm: what is asked, and which plain piece each of its pieces stands for.

    `mode` holds the arm's pieces, prompts and scale; `sources` is parallel to its pieces. `later`
    is true for the arm that asks the plain questions again.
    """

    key: str
    mode: RubricMode
    sources: tuple[Place, ...]
    later: bool = False


@dataclass(frozen=True)
class ArmQuestion:
    """A question of an arm about the piece that stands at `source` when it is not changed."""

    arm: ScoredArm
    source: Place
    question: Question


@dataclass(frozen=True)
class ProbedScoring:
    """Asks about every piece of every arm; `base` is how the plain arm is asked.

    The questions of all arms are asked in one random order, so that no arm is asked earlier than
    the others; the repeats come after them.
    """

    base: RubricMode
    arms: tuple[ScoredArm, ...]
    seed: int

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Implement `JudgingMode`."""
        return self.base.configuration

    @cached_property
    def questions(self) -> tuple[ArmQuestion, ...]:
        """Return the questions of all arms, arm by arm."""
        return tuple(
            ArmQuestion(arm, source, _question(arm, sample))
            for arm in self.arms
            for sample, source in zip(arm.mode.selected, arm.sources, strict=True)
        )

    @cached_property
    def protocol(self) -> JudgingProtocol:
        """Implement `JudgingMode`."""
        first = [q.question for q in self.questions if not q.arm.later]
        order = stream(self.seed, "order of probes").permutation(len(first))
        later = [q.question for q in self.questions if q.arm.later]
        readers = {
            q.question.key.question: q.arm.mode.protocol.read for q in reversed(self.questions)
        }
        waves = ([first[int(n)] for n in order], later)
        return ArmedProtocol(self.base.protocol.fingerprint, waves, readers)

    @property
    def pieces(self) -> SampleSet:
        """Implement `JudgingMode`."""
        return self.base.pieces

    @property
    def piece_count(self) -> int:
        """Implement `JudgingMode`."""
        return len(self.base.selected)

    @property
    def fingerprint_parts(self) -> Mapping[str, Json]:
        """Return those of the plain arm; what the others change is part of the draw."""
        return self.base.fingerprint_parts

    @property
    def described(self) -> Mapping[str, Any]:
        """Implement `JudgingMode`."""
        return self.base.described

    @property
    def prompts_name(self) -> str | None:
        """Implement `JudgingMode`."""
        return self.base.prompts_name

    def as_begun(self, spec: Mapping[str, Any]) -> ProbedScoring:
        """Implement `JudgingMode`."""
        return self._with(self.base.as_begun(spec))

    def settled(self, say: Say) -> ProbedScoring:
        """Implement `JudgingMode`."""
        return self._with(self.base.settled(say))

    def _with(self, base: RubricMode) -> ProbedScoring:
        """Return a copy in which all arms ask the judge of `base`."""
        arms = tuple(replace(a, mode=replace(a.mode, judge=base.judge)) for a in self.arms)
        return replace(self, base=base, arms=arms)

    @property
    def asks_before(self) -> bool:
        """Implement `JudgingMode`."""
        return self.base.asks_before

    def check(self) -> None:
        """Do nothing: everything was checked when it was read."""

    def estimate(self, journal: Path | None) -> AskingEstimate:
        """Implement `JudgingMode`."""
        return self.base.estimate_of([q.question for q in self.questions], self.known(journal))

    def open_judge(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Implement `JudgingMode`."""
        return self.base.open_judge(adapted)

    def plan(self, judge: Judge | BatchJudge, journal: Journal) -> Plan:
        """Implement `JudgingMode`."""
        del judge
        journal.read_as(self.known(journal.path))
        return self.protocol.plan()

    def known(self, journal: Path | None) -> Mapping[QuestionKey, Outcome]:
        """Implement `JudgingMode`: the good outcomes."""
        if journal is None:
            return {}
        rubrics = {q.question.key.question: q.arm.mode.rubric for q in self.questions}
        found = counted_arms(
            read_entries(journal), self.base.protocol.fingerprint, self.base.rubric, rubrics
        )
        return {key: f.outcome for key, f in found.items() if f.outcome.cls.good}

    def store_instructions(self, folder: RunFolder) -> None:
        """Do nothing: what the arms asked is part of the draw."""
        del folder

    def facts(self) -> dict[str, Any]:
        """Return, as plain JSON, which question each arm asked about which piece."""
        arms: dict[str, dict[str, Any]] = {}
        for one in self.questions:
            rubric: Rubric = one.arm.mode.rubric
            ends = [rubric.scoring_min, rubric.scoring_max]
            arm = arms.setdefault(one.arm.key, {"ends": ends, "later": one.arm.later, "asked": []})
            arm["asked"].append([*one.source, one.question.key.question])
        return {"arms": arms}


def _question(arm: ScoredArm, sample: Sample) -> Question:
    protocol = arm.mode.protocol
    if not isinstance(protocol, RubricProtocol | FunctionProtocol | NumberProtocol):
        raise TypeError(f"{type(protocol).__name__} asks about no single pieces")
    question = protocol.question(sample)
    return asked_again(question) if arm.later else question
