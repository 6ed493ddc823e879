"""Prepare a run from settings: every input is read and checked before the first call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from judgemark.errors import UsageError
from judgemark.inputs.our_files import NEWEST_SET, OUR_SETS
from judgemark.inputs.references import checked_references, published_references, read_references
from judgemark.inputs.samples import SampleSet, read_samples, select
from judgemark.judges.base import Json
from judgemark.judges.ensemble_kind import ensemble_spec
from judgemark.judges.judge_kind import PAIRWISE, RUBRIC, Say
from judgemark.judges.judge_spec import JudgeSpec, parse_spec
from judgemark.judging.ensemble_mode import EnsembleMode
from judgemark.judging.job_settings import EnsembleChoices, JobSettings, PairwiseChoices
from judgemark.judging.judge_request import endpoint_of, mode_of
from judgemark.judging.judging_mode import JudgingMode
from judgemark.judging.rubric_mode import rubric_mode
from judgemark.protocols.judging_protocol import JudgingProtocol
from judgemark.records import PLAIN, Sample
from judgemark.run.folder import RunFolder, check_run_id, check_runs_folder, default_run_id
from judgemark.run.kind_of_run import RunKindName
from judgemark.run.run_lookup import find_folder
from judgemark.scoring.metric_version import METRIC_VERSION
from judgemark.version import __version__

if TYPE_CHECKING:
    from judgemark.judges.endpoint import Endpoint
    from judgemark.judging.pairwise_mode import PairwiseMode

_FOR_RUBRICS: tuple[str, ...] = (
    "prompts_file",
    "template",
    "criteria_file",
    "rubric_criteria_file",
    "score_anchoring_file",
)
_FOR_PAIRS: tuple[str, ...] = ("writing_prompts",)


@dataclass(frozen=True)
class Drawn:
    """What a run that is not one of the main job draws before it asks.

    `fingerprint` says how it was drawn, as parts of the run's fingerprint, so that another draw is
    another run. `facts` is plain JSON that the folder stores beside the pieces (`drawn.json.gz`):
    all that composing the result needs besides `run.json`, the pieces and the verdicts; None where
    it needs nothing else. Facts that depend on what probing the judge showed are a function of the
    way of asking, which is called when the run begins.
    """

    kind: RunKindName
    fingerprint: Mapping[str, Json]
    facts: Mapping[str, Any] | Callable[[object], Mapping[str, Any]] | None = None

    def facts_of(self, judging: object) -> Mapping[str, Any] | None:
        """Return the facts for a run that is asked in this way."""
        return self.facts(judging) if callable(self.facts) else self.facts


@dataclass(frozen=True)
class Prepared:
    """A run that is ready to be asked; `samples` is the whole set of samples.

    `drawn` is None for the main job.
    """

    settings: JobSettings
    spec: JudgeSpec
    mode: str
    endpoint: Endpoint | None
    samples: SampleSet
    references: Mapping[str, float] | None
    judging: JudgingMode | EnsembleMode
    folder: RunFolder
    drawn: Drawn | None = None

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return the settings that shape the judge's answers."""
        return self.judging.configuration

    @property
    def protocol(self) -> JudgingProtocol:
        """Return the protocol: what is asked and how replies are read."""
        return self.judging.protocol

    @cached_property
    def fingerprint(self) -> dict[str, Any]:
        """Return everything that must stay the same for verdicts to belong to one run."""
        return _fingerprint_of(self.judging, self.drawn)

    @property
    def reusing(self) -> PairwiseMode | None:
        """Return the mode of a run that reuses the verdicts of another one; None for other runs."""
        if self.settings.pairwise.verdicts is None:
            return None
        from judgemark.judging.pairwise_mode import PairwiseMode

        return self.judging if isinstance(self.judging, PairwiseMode) else None

    @property
    def kind(self) -> RunKindName:
        """Return the kind of run."""
        return RunKindName.JUDGE if self.drawn is None else self.drawn.kind

    def demand_keys(self) -> None:
        """Raise UsageError where an endpoint that is to be asked wants a key and has none."""
        members = self.judging.members if isinstance(self.judging, EnsembleMode) else ()
        for one in (self.endpoint, *(member.endpoint for member in members)):
            if one is not None:
                one.demand_key()

    def description(self) -> dict[str, Any]:
        """Return the content of `run.json`."""
        s, endpoint, pieces = self.settings, self.endpoint, self.judging.pieces
        method = s.sampling.score_method
        return {
            "run_id": self.folder.run_id,
            "kind": str(self.kind),
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "program": {"name": "judgemark", "version": __version__},
            "metric_version": METRIC_VERSION,
            "judge": {
                "spec": self.spec.text,
                "kind": self.spec.kind.prefix,
                "mode": self.mode,
                "endpoint": endpoint.all_shown if endpoint else None,
                "preset": s.sampling.preset,
                **self.judging.described,
            },
            "prompts": {"name": self.judging.prompts_name},
            "samples": {"name": pieces.name, "pieces": len(pieces.samples)},
            "repeats": s.num_runs,
            "seed": s.seed,
            **({} if method == PLAIN else {"score_method": method}),
            "fingerprint": self.fingerprint,
        }

    def settled(self, say: Say) -> Prepared:
        """Return a copy with the judge's capabilities probed; may send requests.

        Raises Refused or UsageError.
        """
        return replace(self, judging=self.judging.settled(say))


def _fingerprint_of(
    judging: JudgingMode | EnsembleMode, drawn: Drawn | None = None
) -> dict[str, Any]:
    """Return everything that identifies a run."""
    return {
        "judge": dict(judging.configuration),
        "protocol": dict(judging.protocol.fingerprint),
        "samples": {"sha256": judging.pieces.sha256},
        **judging.fingerprint_parts,
        **(drawn.fingerprint if drawn else {}),
    }


def prepare(
    settings: JobSettings, environment: Mapping[str, str], say: Say = lambda _: None
) -> Prepared:
    """Read and check everything that the run needs; nothing is written or asked.

    `say` shows a line to the user. Raises UsageError or InputError.
    """
    if settings.ensemble.judge_models:
        return _prepare_ensemble(settings, environment, say)
    if not settings.judge_model:
        raise UsageError("‹judge_model›: name the judge to measure, or several in ‹judge_models›")
    if settings.ensemble != EnsembleChoices():
        given = "‹book_club›" if settings.ensemble.book_club else "‹ensemble_method›"
        raise UsageError(f"{given} is for several judges; name them in ‹judge_models›")
    spec = parse_spec(settings.judge_model, base_url_given=settings.base_url is not None)
    mode = mode_of(settings, spec)
    check_mode(settings, mode, say)
    samples = read_given_samples(settings)
    endpoint = endpoint_of(settings, spec, environment)
    references = _read_references(settings, samples)
    judging: JudgingMode
    if mode == RUBRIC:
        selected = _selected(settings, samples, settings.selection.limit)
        judging = rubric_mode(settings, spec, endpoint, samples, selected, say, references)
    else:
        from judgemark.judging.tournament_mode import tournament_mode

        selected = _selected(settings, samples, None)
        judging = tournament_mode(settings, spec, endpoint, samples.name, selected, say)
    return placed(settings, spec, mode, endpoint, samples, references, judging)


def _prepare_ensemble(settings: JobSettings, environment: Mapping[str, str], say: Say) -> Prepared:
    """Prepare a run of several judges, as `prepare` does that of one."""
    from judgemark.judging.ensemble_setup import check_ensemble, ensemble_mode

    check_ensemble(settings)
    if settings.protocol != RUBRIC:
        raise UsageError(f"‹protocol› {settings.protocol} asks one judge; name it in ‹judge_model›")
    check_mode(settings, RUBRIC, say)
    samples = read_given_samples(settings)
    selected = _selected(settings, samples, settings.selection.limit)
    judging = ensemble_mode(settings, samples, selected, environment, say)
    spec = ensemble_spec([member.spec.text for member in judging.members])
    references = _read_references(settings, samples)
    return placed(settings, spec, RUBRIC, None, samples, references, judging)


def read_given_samples(settings: JobSettings) -> SampleSet:
    """Return the samples of the user's file, or the set of our own that the user named.

    All of our sets have the name "samples", because run ids contain the name of the first one.
    """
    given = settings.files.samples_file
    if given is not None:
        return given if isinstance(given, SampleSet) else read_samples(given)
    ours = read_samples(OUR_SETS[settings.files.samples or NEWEST_SET].samples)
    return SampleSet("samples", ours.samples)


def placed(
    settings: JobSettings,
    spec: JudgeSpec,
    mode: str,
    endpoint: Endpoint | None,
    samples: SampleSet,
    references: Mapping[str, float] | None,
    judging: JudgingMode | EnsembleMode,
    drawn: Drawn | None = None,
) -> Prepared:
    """Return the run in its folder; a run that was begun keeps what its probes showed."""
    check_runs_folder(settings.runs_dir)
    if settings.run_id is not None:
        run_id = check_run_id(settings.run_id)
    else:
        run_id = _default_run_id(settings, spec, mode, samples.name, judging, drawn)
    folder = RunFolder(settings.runs_dir / run_id)
    reused = settings.pairwise.verdicts
    if folder.exists and not settings.fresh:
        begun = folder.spec()
        _refuse_other_method(settings.sampling.score_method, begun)
        judging = judging.as_begun(begun)
    elif reused is not None and (source := find_folder(reused, settings.runs_dir)) is not None:
        judging = judging.as_begun(source.spec())
    judging.check()
    return Prepared(settings, spec, mode, endpoint, samples, references, judging, folder, drawn)


def _refuse_other_method(method: str, begun: Mapping[str, Any]) -> None:
    """Raise UsageError where a run's own scores are taken in another way.

    Only two methods that ask for the same log-probabilities can meet in one run.
    """
    own = begun.get("score_method", PLAIN)
    if PLAIN not in (method, own) and method != own:
        run_id = begun.get("run_id")
        raise UsageError(
            f'‹score_method› {method}: run "{run_id}" has the score method {own}; the same '
            f"replies are scored by the other one with: score {run_id} ‹score_method› {method}"
        )


def _default_run_id(
    settings: JobSettings,
    spec: JudgeSpec,
    mode: str,
    samples_name: str,
    judging: JudgingMode | EnsembleMode,
    drawn: Drawn | None,
) -> str:
    """Return the run's id; that which an earlier version gave it, where such a run is there.

    Earlier versions kept secrets in `extra_body`, and left the number format of `hf:` judges open.
    """
    body = settings.sampling.given.get("extra_body")
    described: dict[str, Any] = {"parameters": {"extra_body": body}} if body else {}
    if mode == PAIRWISE:
        described["engine"] = {}
    stored = judging.as_begun({"judge": described}) if described else judging
    before, now = (
        default_run_id(spec.text, samples_name, _fingerprint_of(a, drawn))
        for a in (stored, judging)
    )
    return before if RunFolder(settings.runs_dir / before).exists else now


def check_mode(settings: JobSettings, mode: str, say: Say) -> None:
    """Raise UsageError for a flag that the mode does not use.

    A file that only the other mode reads is not an error: `say` reports that it is not used.
    """
    unused = _FOR_PAIRS if mode == RUBRIC else _FOR_RUBRICS
    if mode == RUBRIC and (settings.files.template or settings.protocol != RUBRIC):
        unused = ()
    for name in unused:
        if getattr(settings.files, name) is not None:
            say(f"‹{name}› is not used in ‹mode› {mode}")
    if mode == RUBRIC:
        for flag in _pairwise_flags(settings):
            raise UsageError(f"{flag} works only with ‹mode› pairwise")
    elif settings.sampling.preset is not None:
        raise UsageError("‹preset› works only with ‹mode› rubric")
    elif settings.sampling.structured != "off":
        raise UsageError("‹structured› works only with ‹mode› rubric")
    elif settings.protocol != RUBRIC:
        raise UsageError(f"‹protocol› {settings.protocol} works only with ‹mode› rubric")
    elif settings.sampling.score_method != PLAIN:
        raise UsageError("‹score_method› works only with ‹mode› rubric")
    elif settings.num_runs != 1:
        raise UsageError(
            "‹num_runs› works only with ‹mode› rubric: tournaments ask about each pair once"
        )


def _pairwise_flags(settings: JobSettings) -> list[str]:
    usual, chosen = vars(PairwiseChoices()), vars(settings.pairwise)
    found = [name for name in usual if chosen[name] != usual[name]]
    return [f"‹{name}›" for name in found]


def _selected(settings: JobSettings, samples: SampleSet, limit: int | None) -> tuple[Sample, ...]:
    choice = settings.selection
    return select(
        samples,
        writers=choice.writers,
        items=choice.items,
        limit=limit,
        iterations=choice.iterations,
    )


def _read_references(settings: JobSettings, samples: SampleSet) -> Mapping[str, float] | None:
    given = settings.files.reference_scores
    if given is None and settings.files.samples_file is not None:
        preset = settings.sampling.preset
        return published_references(preset, samples.writers) if preset else None
    ours = OUR_SETS[settings.files.samples or NEWEST_SET]
    if isinstance(given, Mapping):
        return checked_references(dict(given), "‹reference_scores›", samples.writers)
    return read_references(given or ours.references, samples.writers)
