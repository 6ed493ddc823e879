"""The main job of a pairwise judge: which pieces play, by which rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from judgemark.errors import UsageError
from judgemark.inputs.samples import SampleSet
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.judge_spec import JudgeSpec
from judgemark.judging.asking import Say
from judgemark.judging.job_settings import JobSettings, PairwiseChoices
from judgemark.judging.pairwise_asking import PairwiseAsking, pairwise_setup, read_instructions
from judgemark.judging.schedule import TournamentGame
from judgemark.records import Sample
from judgemark.run.folder import RunFolder
from judgemark.run.run_lookup import find_folder
from judgemark.tournaments.tournament_settings import Option, Settings


def tournament_asking(
    settings: JobSettings,
    spec: JudgeSpec,
    endpoint: Endpoint | None,
    name: str,
    selected: Sequence[Sample],
    say: Say,
) -> PairwiseAsking:
    """Read and check what a tournament over the selected pieces needs.

    Raises UsageError or InputError; no call is made and no weights are loaded.
    """
    pieces = SampleSet(name, _sorted(together(selected)[: settings.selection.limit]))
    game = TournamentGame(pieces, rules_of(settings.pairwise, settings.seed))
    game.check()
    prompts = read_instructions(settings, pieces, spec, ours=settings.files.samples_file is None)
    lender = _lender(settings)
    answering = pairwise_setup(settings, spec, endpoint, pieces, prompts, say)
    return PairwiseAsking(answering, game, pieces, prompts, settings.pairwise, lender)


def rules_of(choices: PairwiseChoices, seed: int) -> Settings:
    """The rules that the flags give; UsageError for one that the option has no use for."""
    option = Option(choices.tournament)
    if option is Option.FULL and choices.rounds is not None:
        raise UsageError("--rounds: a full round robin plays every pair once; leave it out")
    if option is not Option.BOOTSTRAP and choices.bootstraps is not None:
        raise UsageError("--bootstraps is for --tournament bootstrap")
    given: dict[str, Any] = {
        name: value
        for name in ("rounds", "bootstraps", "k_factor", "initial_rating")
        if (value := getattr(choices, name)) is not None
    }
    return Settings(option=option, seed=seed, **given)


def together(selected: Sequence[Sample]) -> list[Sample]:
    """Pieces in an order of which every beginning can play: whole items, one after the other."""
    return sorted(selected, key=lambda s: (s.iteration, s.item, s.writer))


def _sorted(pieces: Sequence[Sample]) -> tuple[Sample, ...]:
    return tuple(sorted(pieces, key=lambda s: (s.writer, s.iteration, s.item)))


def _lender(settings: JobSettings) -> RunFolder | None:
    name = settings.pairwise.verdicts
    if name is None:
        return None
    folder = find_folder(name, settings.runs_dir)
    if folder is None:
        raise UsageError(
            f'--verdicts: no run "{name}": neither an id in {settings.runs_dir} nor a run\'s folder'
        )
    return folder
