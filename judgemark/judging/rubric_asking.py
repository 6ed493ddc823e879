"""Asking for scores of single pieces: an endpoint by a rubric, a baseline for its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from judgemark.errors import UsageError
from judgemark.inputs.our_files import OUR_CRITERIA, OUR_PROMPTS
from judgemark.inputs.prompts import Fills, PromptSet, read_criteria, read_fill, read_prompts
from judgemark.inputs.samples import SampleSet
from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.baselines import Baseline, baseline
from judgemark.judges.configuration import endpoint_configuration
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.request_limits import RequestLimits
from judgemark.judging.asking import Estimate, Say, tokens_of
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.presets import Drawing, resolve
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.protocols.number_protocol import NumberProtocol
from judgemark.protocols.rubric_protocol import RubricProtocol
from judgemark.records import Criterion, Outcome, Question, QuestionKey, Rubric, Sample
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal
from judgemark.run.stored_run import good_verdicts

_TOKENS_PER_REPLY = 800


@dataclass(frozen=True)
class EndpointSetup:
    """An endpoint, how its answers are drawn, and the prompts that it gets."""

    endpoint: Endpoint
    drawing: Drawing
    prompts: PromptSet
    limits: RequestLimits


@dataclass(frozen=True)
class RubricAsking:
    """Asks about each piece by itself; without a `setup` the embedded `floor` answers."""

    samples: SampleSet
    selected: tuple[Sample, ...]
    rubric: Rubric
    repeats: int
    floor: Baseline | None
    setup: EndpointSetup | None

    @cached_property
    def configuration(self) -> Mapping[str, Json]:
        """As in `Asking`."""
        if self.setup is not None:
            parameters = self.setup.drawing.parameters.to_json()
            return endpoint_configuration(self.setup.endpoint.judge_name, parameters)
        return self._floor.configuration

    @property
    def _floor(self) -> Baseline:
        if self.floor is None:
            raise UsageError("there is nobody to ask")
        return self.floor

    @cached_property
    def protocol(self) -> JudgingProtocol:
        """As in `Asking`."""
        if self.setup is None:
            return NumberProtocol(self.configuration, self.selected, self._floor.by_place)
        return RubricProtocol(
            self.configuration,
            self.selected,
            self.setup.prompts,
            self.rubric,
            self.repeats,
            self.setup.drawing.system,
        )

    @property
    def pieces(self) -> SampleSet:
        """All pieces: a part of them can be extended later."""
        return self.samples

    @property
    def chosen(self) -> int:
        """As in `Asking`."""
        return len(self.selected)

    @property
    def inputs(self) -> Mapping[str, Json]:
        """Prompts and scoring."""
        criteria = self.rubric.criteria
        listed: Json = None
        if criteria is not None:
            listed = [{"name": c.name, "negative": c.negative} for c in criteria]
        return {
            "prompts": {"sha256": self.setup.prompts.sha256 if self.setup else None},
            "scoring": {
                "min": self.rubric.scoring_min,
                "max": self.rubric.scoring_max,
                "criteria": listed,
            },
        }

    @property
    def described(self) -> Mapping[str, Any]:
        """The parameters and what is sent before each question."""
        drawing = self.setup.drawing if self.setup else None
        return {
            "parameters": drawing.parameters.to_json() if drawing else None,
            "system": drawing.system if drawing else None,
        }

    @property
    def prompts_name(self) -> str | None:
        """As in `Asking`."""
        return self.setup.prompts.name if self.setup else None

    def as_begun(self, spec: Mapping[str, Any]) -> RubricAsking:
        """The same: all is known beforehand."""
        del spec
        return self

    def check(self) -> None:
        """Nothing: all was checked when it was read."""

    def settled(self, say: Say) -> RubricAsking:
        """The same: all is known beforehand."""
        del say
        return self

    def estimate(self, journal: Path | None) -> Estimate:
        """As in `Asking`."""
        wave: list[Question] = list(next(self.protocol.plan(), ()))
        good = self._good(journal) if journal else {}
        todo = [q for q in wave if q.key not in good]
        answered = len(wave) - len(todo)
        return Estimate(len(todo), answered, tokens_of(todo), len(todo) * self._tokens_per_reply)

    @property
    def _tokens_per_reply(self) -> int:
        """Tokens of a reply, roughly, and no more than the judge is allowed."""
        most = self.setup.drawing.parameters.max_tokens if self.setup else None
        return _TOKENS_PER_REPLY if most is None else min(_TOKENS_PER_REPLY, most)

    def open_judge(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """As in `Asking`."""
        if self.setup is None:
            return self._floor
        from judgemark.judges.chat import ChatJudge

        setup = self.setup
        return ChatJudge(setup.endpoint, setup.drawing.parameters, setup.limits, adapted)

    def plan(self, judge: Judge | BatchJudge, journal: Journal) -> Plan:
        """As in `Asking`."""
        del judge
        journal.read_as(self._good(journal.path))
        return self.protocol.plan()

    def _good(self, journal: Path) -> Mapping[QuestionKey, Outcome]:
        return good_verdicts(journal, self.rubric if self.setup else None)

    def keep(self, folder: RunFolder) -> None:
        """Nothing: prompts are needed for asking alone."""
        del folder


def rubric_asking(
    settings: JobSettings,
    samples: SampleSet,
    selected: tuple[Sample, ...],
    *,
    endpoint: Endpoint | None,
    floor: str | None,
) -> RubricAsking:
    """Read and check what scoring pieces needs; `floor` names a baseline where no endpoint is.

    Raises UsageError or InputError.
    """
    prompts, criteria = _read_prompts(settings, samples, needed=endpoint is not None)
    setup = None
    if endpoint is not None and prompts is not None:
        drawing = resolve(settings.sampling, settings.seed)
        setup = EndpointSetup(endpoint, drawing, prompts, settings.limits.request)
    return RubricAsking(
        samples,
        selected,
        Rubric(settings.scoring_min, settings.scoring_max, criteria),
        settings.repeats,
        baseline(floor, settings.seed) if floor is not None else None,
        setup,
    )


def _read_prompts(
    settings: JobSettings, samples: SampleSet, *, needed: bool
) -> tuple[PromptSet | None, tuple[Criterion, ...] | None]:
    """Prompts and criteria: the user's, else ours where they are needed."""
    files = settings.files
    if not settings.scoring_min < settings.scoring_max:
        raise UsageError(
            f"--scoring-min {settings.scoring_min:g} is not below "
            f"--scoring-max {settings.scoring_max:g}; give a least and a greatest score"
        )
    criteria = read_criteria(files.criteria) if files.criteria else None
    if files.prompts is None and not needed:
        return None, criteria
    if files.prompts is None and criteria is None:
        criteria = read_criteria(OUR_CRITERIA)
    fills = Fills(
        settings.scoring_min,
        settings.scoring_max,
        read_fill(files.rubric_criteria),
        read_fill(files.score_anchoring),
    )
    return read_prompts(files.prompts or OUR_PROMPTS, samples.items, fills), criteria
