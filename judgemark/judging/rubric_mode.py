"""The rubric mode: a judge is asked for scores of single pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from judgemark.errors import UsageError
from judgemark.inputs.our_files import OUR_CRITERIA, OUR_PROMPTS, OUR_WRITING_PROMPTS
from judgemark.inputs.prompts import Fills, PromptSet, read_criteria, read_fill, read_prompts
from judgemark.inputs.samples import SampleSet
from judgemark.inputs.writing_prompts import read_writing_prompts
from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.judge_kind import JudgeRequest, RubricSetup, SettledByAsking
from judgemark.judges.judge_spec import JudgeSpec
from judgemark.judges.structured_scores import StructuredScores
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.judge_request import judge_request
from judgemark.judging.judging_mode import AskingEstimate, Say, tokens_of
from judgemark.protocols.function_protocol import FunctionProtocol
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.protocols.number_protocol import NumberProtocol
from judgemark.protocols.rubric_protocol import RubricProtocol
from judgemark.records import Criterion, Outcome, Question, QuestionKey, Rubric, Sample
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal
from judgemark.run.stored_run import good_verdicts


@dataclass(frozen=True)
class RubricMode:
    """Asks `judge` about each piece by itself, with `prompts` where it needs them."""

    samples: SampleSet
    selected: tuple[Sample, ...]
    rubric: Rubric
    repeats: int
    judge: RubricSetup
    prompts: PromptSet | None

    @cached_property
    def configuration(self) -> Mapping[str, Json]:
        """Implement `JudgingMode`."""
        return self.judge.configuration

    @cached_property
    def protocol(self) -> JudgingProtocol:
        """Implement `JudgingMode`."""
        judge, rubric = self.judge, self.rubric
        if judge.protocol == "direct":
            return NumberProtocol(self.configuration, self.selected, judge.by_place)
        if judge.protocol == "function":
            return FunctionProtocol(
                self.configuration, self.selected, self.prompts, rubric, self.repeats
            )
        if self.prompts is None:
            raise UsageError("‹prompts_file›: this judge needs judge prompts; give a file of them")
        return RubricProtocol(
            self.configuration, self.selected, self.prompts, rubric, self.repeats, judge.system
        )

    @property
    def pieces(self) -> SampleSet:
        """Return all pieces, because a run over a part of them can be extended later."""
        return self.samples

    @property
    def piece_count(self) -> int:
        """Implement `JudgingMode`."""
        return len(self.selected)

    @property
    def fingerprint_parts(self) -> Mapping[str, Json]:
        """Return the digest of the prompts, and the scoring."""
        criteria = self.rubric.criteria
        listed: Json = None
        if criteria is not None:
            listed = [{"name": c.name, "negative": c.negative} for c in criteria]
        return {
            "prompts": {"sha256": self.prompts.sha256 if self.prompts else None},
            "scoring": {
                "min": self.rubric.scoring_min,
                "max": self.rubric.scoring_max,
                "criteria": listed,
            },
        }

    @property
    def described(self) -> Mapping[str, Any]:
        """Implement `JudgingMode`."""
        return self.judge.described

    @property
    def prompts_name(self) -> str | None:
        """Implement `JudgingMode`."""
        return self.prompts.name if self.prompts else None

    def as_begun(self, spec: Mapping[str, Any]) -> RubricMode:
        """Implement `JudgingMode`."""
        if not isinstance(self.judge, SettledByAsking):
            return self
        return replace(self, judge=self.judge.as_begun(spec["judge"]))

    def check(self) -> None:
        """Do nothing: everything was checked when it was read."""

    def settled(self, say: Say) -> RubricMode:
        """Implement `JudgingMode`."""
        if not isinstance(self.judge, SettledByAsking):
            return self
        return replace(self, judge=self.judge.settled(say))

    def estimate(self, journal: Path | None) -> AskingEstimate:
        """Implement `JudgingMode`."""
        wave: list[Question] = list(next(self.protocol.plan(), ()))
        good = self._good(journal) if journal else {}
        todo = [q for q in wave if q.key not in good]
        answered = len(wave) - len(todo)
        each = self.judge.tokens_per_reply
        return AskingEstimate(len(todo), answered, tokens_of(todo), len(todo) * each)

    def open_judge(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Implement `JudgingMode`."""
        return self.judge.open(adapted)

    def plan(self, judge: Judge | BatchJudge, journal: Journal) -> Plan:
        """Implement `JudgingMode`."""
        del judge
        journal.read_as(self._good(journal.path))
        return self.protocol.plan()

    def _good(self, journal: Path) -> Mapping[QuestionKey, Outcome]:
        if self.judge.protocol == "direct":
            return good_verdicts(journal, None)
        return good_verdicts(journal, self.rubric, self.judge.protocol)

    def store_instructions(self, folder: RunFolder) -> None:
        """Do nothing: scoring a run needs no prompts."""
        del folder


def rubric_mode(
    settings: JobSettings,
    spec: JudgeSpec,
    endpoint: Endpoint | None,
    samples: SampleSet,
    selected: tuple[Sample, ...],
    say: Say,
) -> RubricMode:
    """Read and check everything that the rubric mode needs.

    Raises UsageError or InputError.
    """
    if spec.kind.rubric is None:
        raise UsageError(f"‹mode› rubric does not work with {spec.kind.prefix}: judges")
    prompts, criteria = _read_prompts(settings, samples, needed=spec.kind.needs_prompts)
    request = replace(
        judge_request(settings, spec, endpoint, samples.samples, say=say),
        prompted=prompts is not None,
        instructions=_instructions(settings, samples),
    )
    rubric = Rubric(settings.scoring_min, settings.scoring_max, criteria)
    judge = spec.kind.rubric(_structured(request, settings, rubric))
    return RubricMode(samples, selected, rubric, settings.num_runs, judge, prompts)


def _structured(request: JudgeRequest, settings: JobSettings, rubric: Rubric) -> JudgeRequest:
    """Add the schema for scores to the request where structured asks for it."""
    wish = settings.sampling.structured
    if wish == "off":
        return request
    if request.parameters is None:
        raise UsageError(f"‹structured› is for judges at an endpoint, not for {request.text}")
    if rubric.criteria is None:
        raise UsageError(
            f"‹structured› {wish}: the schema needs the names of the criteria; give ‹criteria_file›"
        )
    names = tuple(criterion.name for criterion in rubric.criteria)
    schema = StructuredScores(names, rubric.scoring_min, rubric.scoring_max)
    parameters = replace(request.parameters, structured=schema)
    return replace(request, parameters=parameters, structured=wish)


def _instructions(settings: JobSettings, samples: SampleSet) -> Mapping[str, str]:
    """Return the writing prompts by item, where they are known."""
    given = settings.files.writing_prompts
    if given is None and settings.files.samples_file is None:
        given = OUR_WRITING_PROMPTS
    return read_writing_prompts(given, samples.items).by_item if given else {}


def _read_prompts(
    settings: JobSettings, samples: SampleSet, *, needed: bool
) -> tuple[PromptSet | None, tuple[Criterion, ...] | None]:
    """Return the user's prompts and criteria, or ours where they are needed."""
    files = settings.files
    if not settings.scoring_min < settings.scoring_max:
        raise UsageError(
            f"‹scoring_min› {settings.scoring_min:g} is not below "
            f"‹scoring_max› {settings.scoring_max:g}; give a least and a greatest score"
        )
    criteria = read_criteria(files.criteria_file) if files.criteria_file else None
    if files.prompts_file is None and not needed:
        return None, criteria
    if files.prompts_file is None and criteria is None:
        criteria = read_criteria(OUR_CRITERIA)
    fills = Fills(
        settings.scoring_min,
        settings.scoring_max,
        read_fill(files.rubric_criteria_file),
        read_fill(files.score_anchoring_file),
    )
    return read_prompts(files.prompts_file or OUR_PROMPTS, samples.items, fills), criteria
