"""Several judges of the same pieces: each member is a rubric judge with its own settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from judgemark.errors import UsageError
from judgemark.inputs.samples import SampleSet
from judgemark.judges.base import Json
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.ensemble_kind import ENSEMBLE as ENSEMBLE_KIND
from judgemark.judges.judge_kind import PAIRWISE, RUBRIC, Say
from judgemark.judges.judge_spec import JudgeSpec, parse_spec
from judgemark.judges.member_specs import check_members, member_spec
from judgemark.judges.registry import ENDPOINT, kinds_named_with
from judgemark.judging.book_club_setup import BookClubSetup, book_club_setup
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.judge_request import endpoint_of
from judgemark.judging.judging_mode import AskingEstimate
from judgemark.judging.rubric_mode import RubricMode, rubric_mode
from judgemark.protocols.ensemble_protocol import EnsembleProtocol
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.records import Rubric, Sample
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal
from judgemark.run.stored_run import good_verdicts
from judgemark.table.member_joining import ENSEMBLE_METHODS


@dataclass(frozen=True)
class EnsembleMember:
    """One judge of an ensemble; `number` is its place, from 0."""

    number: int
    spec: JudgeSpec
    endpoint: Endpoint | None
    mode: RubricMode

    @property
    def described(self) -> dict[str, Any]:
        """Return what run.json says about it."""
        return {
            "spec": self.spec.text,
            "kind": self.spec.kind.prefix,
            "mode": RUBRIC,
            "endpoint": self.endpoint.all_shown if self.endpoint else None,
            **self.mode.described,
        }


@dataclass(frozen=True)
class EnsembleMode:
    """Asks every member about each piece; `method` joins their item scores."""

    members: tuple[EnsembleMember, ...]
    method: str
    club: BookClubSetup | None = None

    @property
    def _main(self) -> RubricMode:
        """Return the mode whose prompts and criteria are those of the run."""
        modes = [member.mode for member in self.members]
        return next((mode for mode in modes if mode.prompts is not None), modes[0])

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return the configurations of all members."""
        listed = [dict(member.mode.configuration) for member in self.members]
        return {"kind": ENSEMBLE_KIND.prefix, "members": listed}

    @cached_property
    def protocol(self) -> JudgingProtocol:
        """Return the protocol that asks every member by its own."""
        if self.club is not None:
            return self.club.protocol([member.mode for member in self.members])
        modes = [member.mode for member in self.members]
        ranges = tuple(mode.rubric.single_range for mode in modes)
        return EnsembleProtocol(tuple(mode.protocol for mode in modes), ranges)

    @property
    def pieces(self) -> SampleSet:
        """Implement `JudgingMode`."""
        return self._main.pieces

    @property
    def piece_count(self) -> int:
        """Implement `JudgingMode`."""
        return self._main.piece_count

    @property
    def fingerprint_parts(self) -> Mapping[str, Json]:
        """Return the digest of the prompts, and the scoring, which all members share.

        How scores are joined is not part of it: another method needs no new question.
        """
        main = self._main
        without_range = replace(main.rubric, single_range=None)
        return replace(main, rubric=without_range).fingerprint_parts

    @property
    def described(self) -> Mapping[str, Any]:
        """Return what run.json says about the members."""
        return {
            "parameters": None,
            "system": None,
            "ensemble_method": self.method,
            "members": [member.described for member in self.members],
        }

    @property
    def prompts_name(self) -> str | None:
        """Implement `JudgingMode`."""
        return self._main.prompts_name

    def as_begun(self, spec: Mapping[str, Any]) -> EnsembleMode:
        """Return a copy in which every member keeps what a stored run's probes of it showed."""
        stored = spec["judge"].get("members") or [spec["judge"]] * len(self.members)
        if len(stored) != len(self.members):
            return self
        return self._with_modes(
            [m.mode.as_begun({"judge": s}) for m, s in zip(self.members, stored, strict=True)]
        )

    def settled(self, say: Say) -> EnsembleMode:
        """Implement `JudgingMode`."""
        return self._with_modes([member.mode.settled(say) for member in self.members])

    def _with_modes(self, modes: Sequence[RubricMode]) -> EnsembleMode:
        members = [replace(m, mode=mode) for m, mode in zip(self.members, modes, strict=True)]
        return replace(self, members=tuple(members))

    @property
    def asks_before(self) -> bool:
        """Return whether a member has to be asked what it can do before the run begins."""
        return any(member.mode.asks_before for member in self.members)

    def check(self) -> None:
        """Do nothing: everything was checked when it was read."""

    def estimate(self, journal: Path | None) -> AskingEstimate:
        """Return the sum of what is left to ask of the members."""
        parts = self.estimates(journal)
        most = any(e.at_most for e in parts)
        return AskingEstimate(
            sum(e.questions for e in parts),
            sum(e.answered for e in parts),
            sum(e.prompt_tokens for e in parts),
            sum(e.completion_tokens for e in parts),
            most,
        )

    def estimates(self, journal: Path | None) -> list[AskingEstimate]:
        """Return what is left to ask of each member."""
        good = (
            good_verdicts(journal, self._main.rubric, self.protocol.fingerprint) if journal else {}
        )
        if self.club is not None:
            return self.club.estimates([m.mode for m in self.members], good, journal)
        wave = next(self.protocol.plan(), ())
        return [
            member.mode.estimate_of(
                [question for question in wave if question.key.slot.member == member.number], good
            )
            for member in self.members
        ]

    def plan(self, journal: Journal) -> Plan:
        """Return the plan of questions to all members, after replies were parsed again."""
        fingerprint = self.protocol.fingerprint
        journal.read_as(good_verdicts(journal.path, self._main.rubric, fingerprint))
        if self.club is not None:
            modes = [member.mode for member in self.members]
            return self.club.plan(modes, journal.good, journal.path)
        return self.protocol.plan()

    def store_instructions(self, folder: RunFolder) -> None:
        """Implement `JudgingMode`, for the prompts that all members share."""
        self._main.store_instructions(folder)


def ensemble_mode(
    settings: JobSettings,
    samples: SampleSet,
    selected: tuple[Sample, ...],
    environment: Mapping[str, str],
    say: Say,
) -> EnsembleMode:
    """Read and check everything that the members need.

    Raises UsageError or InputError, also for fewer than two members.
    """
    check_ensemble(settings)
    given = settings.ensemble.judge_models
    members = []
    for number, judge in enumerate(given):
        own, spec = _settings_of(settings, judge)
        endpoint = endpoint_of(own, spec, environment)
        mode = rubric_mode(own, spec, endpoint, samples, selected, say)
        members.append(EnsembleMember(number, spec, endpoint, mode))
    _refuse_unused_options(settings, [member.spec for member in members])
    club = book_club_setup(settings, [(m.spec.text, m.mode) for m in members])
    ensemble = EnsembleMode(tuple(members), settings.ensemble.ensemble_method, club)
    # The replies of all members are read with the criteria of the prompts that some are shown.
    shared = ensemble._main.rubric
    return ensemble._with_modes([_reading_by(shared, member.mode) for member in members])


def _reading_by(shared: Rubric, mode: RubricMode) -> RubricMode:
    """Return a member's mode with the rubric that it shares with the others.

    A function or a program may score criteria of its own instead.
    """
    rubric = replace(
        shared,
        single_range=mode.rubric.single_range,
        own_criteria=mode.judge.protocol == "function",
    )
    return replace(mode, rubric=rubric)


def check_ensemble(settings: JobSettings) -> None:
    """Raise UsageError for choices that no ensemble can have."""
    choices = settings.ensemble
    if settings.judge_model:
        raise UsageError("‹judge_models› names the judges of an ensemble; leave ‹judge_model› out")
    check_members(choices.judge_models)
    if settings.mode == PAIRWISE:
        raise UsageError(
            "‹judge_models›: an ensemble judges single pieces; leave ‹mode› pairwise out"
        )
    check_method(choices.ensemble_method)


def check_method(method: str) -> None:
    """Raise UsageError for an unknown way to join the scores of members."""
    if method not in ENSEMBLE_METHODS:
        known = ", ".join(ENSEMBLE_METHODS)
        raise UsageError(f'‹ensemble_method›: there is no "{method}"; there are {known}')


def _settings_of(
    settings: JobSettings, judge: str | Callable[..., Any]
) -> tuple[JobSettings, JudgeSpec]:
    """Return the settings of one member, as if it were asked alone, and its spec."""
    if not isinstance(judge, str):
        named = str(getattr(judge, "__name__", type(judge).__name__)).strip("<>")
        spec = parse_spec(f"python:{named}")
        return _alone(settings, spec, function=judge), spec
    member = member_spec(judge)
    spec = parse_spec(member.text, base_url_given=member.address is not None)
    if spec.kind.rubric is None:
        raise UsageError(
            f'‹judge_models›: "{member.text}" judges pairs only; an ensemble judges single pieces'
        )
    own = _alone(settings, spec)
    return (
        replace(
            own,
            base_url=member.address or own.base_url,
            api_key_env=member.key_variable or own.api_key_env,
        ),
        spec,
    )


def _alone(
    settings: JobSettings, spec: JudgeSpec, function: Callable[..., Any] | None = None
) -> JobSettings:
    """Return the settings for one member, without what only members of other kinds take."""
    taken = {option.name for option in spec.kind.options}
    sampling = settings.sampling
    if spec.kind.prefix != ENDPOINT:
        sampling = replace(sampling, structured="off")
    return replace(
        settings,
        judge_model=spec.text,
        mode=RUBRIC,
        sampling=sampling,
        engine={name: value for name, value in settings.engine.items() if name in taken},
        function=function,
    )


def _refuse_unused_options(settings: JobSettings, specs: Sequence[JudgeSpec]) -> None:
    """Raise UsageError for an option that no member takes."""
    taken = {option.name for spec in specs for option in spec.kind.options}
    for name in settings.engine:
        if name not in taken:
            others = kinds_named_with(name)
            raise UsageError(f"‹{name}› is for {others} judges, and none of ‹judge_models› is one")
    if settings.sampling.structured != "off" and all(s.kind.prefix != ENDPOINT for s in specs):
        raise UsageError("‹structured› is for judges at an endpoint, and no member is one")
