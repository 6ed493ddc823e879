"""The main job of a pairwise judge: which pieces take part, and by which rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from judgemark.errors import UsageError
from judgemark.inputs.samples import SampleSet
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.judge_kind import Say
from judgemark.judges.judge_spec import JudgeSpec
from judgemark.judging.job_settings import JobSettings, PairwiseChoices
from judgemark.judging.pairwise_mode import PairwiseMode, pairwise_setup, read_instructions
from judgemark.judging.schedule import TournamentSchedule
from judgemark.records import Sample
from judgemark.run.folder import RunFolder
from judgemark.run.run_lookup import find_folder, no_such_run
from judgemark.tournaments.tournament_settings import Option, Settings


def tournament_mode(
    settings: JobSettings,
    spec: JudgeSpec,
    endpoint: Endpoint | None,
    name: str,
    selected: Sequence[Sample],
    say: Say,
) -> PairwiseMode:
    """Read and check everything that a tournament over the selected pieces needs.

    No request is sent and no weights are loaded. Raises UsageError or InputError.
    """
    pieces = SampleSet(name, _sorted(whole_items_first(selected)[: settings.selection.limit]))
    schedule = TournamentSchedule(pieces, rules_of(settings.pairwise, settings.seed))
    schedule.check()
    prompts = read_instructions(settings, pieces, spec, ours=settings.files.samples_file is None)
    reused_run = lending_run(settings)
    judge_setup = pairwise_setup(settings, spec, endpoint, pieces, prompts, say)
    return PairwiseMode(judge_setup, schedule, pieces, prompts, settings.pairwise, reused_run)


def rules_of(choices: PairwiseChoices, seed: int) -> Settings:
    """Return the rules; raises UsageError for a flag that the tournament option does not use."""
    option = Option(choices.tournament)
    if option is Option.FULL and choices.rounds is not None:
        raise UsageError("‹rounds›: a full round robin plays every pair once; leave it out")
    if option is not Option.BOOTSTRAP and choices.bootstraps is not None:
        raise UsageError("‹bootstraps› is for ‹tournament› bootstrap")
    given: dict[str, Any] = {
        name: value
        for name in ("rounds", "bootstraps", "k_factor", "initial_rating")
        if (value := getattr(choices, name)) is not None
    }
    return Settings(option=option, seed=seed, **given)


def whole_items_first(selected: Sequence[Sample]) -> list[Sample]:
    """Sort pieces item by item, so that a limit keeps whole items."""
    return sorted(selected, key=lambda s: (s.iteration, s.item, s.writer))


def _sorted(pieces: Sequence[Sample]) -> tuple[Sample, ...]:
    return tuple(sorted(pieces, key=lambda s: (s.writer, s.iteration, s.item)))


def lending_run(settings: JobSettings) -> RunFolder | None:
    """Return the run whose verdicts are reused, None where none is named.

    Raises UsageError where there is no such run.
    """
    name = settings.pairwise.verdicts
    if name is None:
        return None
    folder = find_folder(name, settings.runs_dir)
    if folder is None:
        raise UsageError(f"‹verdicts›: {no_such_run(name, settings.runs_dir)}")
    return folder
