"""From settings to a run that can be asked: every input read and checked before the first call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from judgemark import __version__
from judgemark.errors import UsageError
from judgemark.inputs.prompts import Fills, PromptSet, read_criteria, read_fill, read_prompts
from judgemark.inputs.references import read_references
from judgemark.inputs.samples import SampleSet, read_samples, select
from judgemark.jobs.presets import Drawing, resolve
from judgemark.jobs.settings import (
    OUR_CRITERIA,
    OUR_PROMPTS,
    OUR_REFERENCES,
    OUR_SAMPLES,
    JobSettings,
)
from judgemark.judges.base import Json, Judge
from judgemark.judges.baselines import Baseline, baseline
from judgemark.judges.endpoint import Endpoint, choose_endpoint
from judgemark.judges.spec import JudgeSpec, Kind, parse_spec
from judgemark.protocols.base import JudgingProtocol
from judgemark.protocols.direct import DirectProtocol
from judgemark.protocols.rubric import RubricProtocol
from judgemark.records import Criterion, Question, Rubric, Sample
from judgemark.report.version import METRIC_VERSION
from judgemark.run.folder import RunFolder, check_run_id, default_run_id, open_runs_folder

_CHARACTERS_PER_TOKEN = 4
_TOKENS_PER_REPLY = 800


@dataclass(frozen=True)
class Estimate:
    """What asking will take: questions not answered yet, and tokens, both ways."""

    questions: int
    answered: int
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True)
class Prepared:
    """A run ready to be asked."""

    settings: JobSettings
    spec: JudgeSpec
    mode: str
    endpoint: Endpoint | None
    drawing: Drawing | None
    samples: SampleSet
    selected: tuple[Sample, ...]
    prompts: PromptSet | None
    rubric: Rubric
    references: Mapping[str, float] | None

    @cached_property
    def configuration(self) -> Mapping[str, Json]:
        """What shapes the judge's answers."""
        if self.endpoint is None:
            return self.floor.configuration
        parameters = self.drawing.parameters.to_json() if self.drawing else {}
        return {"kind": "endpoint", "name": self.endpoint.judge_name, "parameters": parameters}

    @property
    def floor(self) -> Baseline:
        """The embedded judge that the spec names."""
        return baseline(self.spec.name, self.settings.seed)

    @cached_property
    def protocol(self) -> JudgingProtocol:
        """What is asked."""
        if self.prompts is None or self.endpoint is None:
            return DirectProtocol(self.configuration, self.selected, self.floor.by_place)
        system = self.drawing.system if self.drawing else None
        return RubricProtocol(
            self.configuration,
            self.selected,
            self.prompts,
            self.rubric,
            self.settings.repeats,
            system,
        )

    @cached_property
    def fingerprint(self) -> dict[str, Any]:
        """All that must stay the same for verdicts to belong to one run."""
        criteria = self.rubric.criteria
        listed = criteria and [{"name": c.name, "negative": c.negative} for c in criteria]
        asked_with = self.prompts if self.endpoint is not None else None
        return {
            "judge": dict(self.configuration),
            "protocol": dict(self.protocol.fingerprint),
            "samples": {"sha256": self.samples.sha256},
            "prompts": {"sha256": asked_with.sha256 if asked_with else None},
            "scoring": {
                "min": self.rubric.scoring_min,
                "max": self.rubric.scoring_max,
                "criteria": listed,
            },
        }

    @cached_property
    def folder(self) -> RunFolder:
        """Where the run is kept."""
        s = self.settings
        run_id = s.run_id or default_run_id(self.spec.text, self.samples.name, self.fingerprint)
        return RunFolder(s.runs_dir / check_run_id(run_id))

    def description(self) -> dict[str, Any]:
        """What `run.json` holds."""
        s, endpoint = self.settings, self.endpoint
        return {
            "run_id": self.folder.run_id,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "program": {"name": "judgemark", "version": __version__},
            "metric_version": METRIC_VERSION,
            "judge": {
                "spec": self.spec.text,
                "kind": self.spec.kind.value,
                "mode": self.mode,
                "endpoint": endpoint.shown if endpoint else None,
                "parameters": self.drawing.parameters.to_json() if self.drawing else None,
                "preset": s.sampling.preset,
                "system": self.drawing.system if self.drawing else None,
            },
            "prompts": {"name": self.prompts.name if self.prompts else None},
            "samples": {"name": self.samples.name, "pieces": len(self.samples.samples)},
            "repeats": s.repeats,
            "seed": s.seed,
            "fingerprint": self.fingerprint,
        }

    def open_judge(self, adapted: frozenset[str]) -> Judge:
        """The judge itself; `adapted` are parameters that it is known to refuse."""
        if self.endpoint is None or self.drawing is None:
            return self.floor
        from judgemark.judges.chat import ChatJudge

        return ChatJudge(
            self.endpoint, self.drawing.parameters, self.settings.limits.timeout, adapted
        )


def prepare(settings: JobSettings, environment: Mapping[str, str]) -> Prepared:
    """Read and check all that the run needs.

    Raises UsageError or InputError, before anything is written or asked.
    """
    spec = parse_spec(settings.judge)
    mode = settings.mode or (
        "rubric" if spec.kind in (Kind.ENDPOINT, Kind.BASELINE) else "pairwise"
    )
    if spec.kind is Kind.BASELINE:
        baseline(spec.name, settings.seed)
    samples = read_samples(settings.files.samples or OUR_SAMPLES)
    choice = settings.selection
    selected = select(
        samples,
        writers=choice.writers,
        items=choice.items,
        limit=choice.limit,
        iterations=choice.iterations,
    )
    endpoint = None
    if spec.kind is Kind.ENDPOINT:
        endpoint = choose_endpoint(
            spec.name, environment, base_url=settings.base_url, key_variable=settings.key_variable
        )
    prompts, criteria = _read_prompts(settings, spec, samples)
    if settings.run_id is not None:
        check_run_id(settings.run_id)
    open_runs_folder(settings.runs_dir)
    return Prepared(
        settings=settings,
        spec=spec,
        mode=mode,
        endpoint=endpoint,
        drawing=resolve(settings.sampling, settings.seed) if endpoint else None,
        samples=samples,
        selected=selected,
        prompts=prompts,
        rubric=Rubric(settings.scoring_min, settings.scoring_max, criteria),
        references=_read_references(settings, samples),
    )


def _read_prompts(
    settings: JobSettings, spec: JudgeSpec, samples: SampleSet
) -> tuple[PromptSet | None, tuple[Criterion, ...] | None]:
    """Prompts and criteria: the user's, else ours where they are needed."""
    files = settings.files
    if not settings.scoring_min < settings.scoring_max:
        raise UsageError(
            f"--scoring-min {settings.scoring_min:g} is not below "
            f"--scoring-max {settings.scoring_max:g}"
        )
    criteria = read_criteria(files.criteria) if files.criteria else None
    if files.prompts is None and spec.kind is not Kind.ENDPOINT:
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


def _read_references(settings: JobSettings, samples: SampleSet) -> Mapping[str, float] | None:
    given = settings.files.references
    if given is None and settings.files.samples is not None:
        return None
    return read_references(given or OUR_REFERENCES, samples.writers)


def estimate(questions: list[Question], answered: int) -> Estimate:
    """Tokens of the questions to be asked: characters / 4, and a guess at the replies."""
    characters = sum(len(m.content) for q in questions for m in q.messages)
    return Estimate(
        len(questions),
        answered,
        characters // _CHARACTERS_PER_TOKEN,
        len(questions) * _TOKENS_PER_REPLY,
    )
