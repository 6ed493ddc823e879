"""Prepare an ensemble: every member with the settings that it would have if it were asked alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from judgemark.errors import UsageError
from judgemark.inputs.samples import SampleSet
from judgemark.judges.judge_kind import PAIRWISE, RUBRIC, Say
from judgemark.judges.judge_spec import JudgeSpec, parse_spec
from judgemark.judges.member_specs import check_members, member_spec
from judgemark.judges.registry import ENDPOINT, kinds_named_with
from judgemark.judging.book_club_setup import book_club_setup
from judgemark.judging.ensemble_mode import EnsembleMember, EnsembleMode
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.judge_request import endpoint_of
from judgemark.judging.rubric_mode import RubricMode, rubric_mode
from judgemark.records import Rubric, Sample
from judgemark.table.member_joining import ENSEMBLE_METHODS


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
    shared = ensemble.main.rubric
    return ensemble.with_modes([_reading_by(shared, member.mode) for member in members])


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
