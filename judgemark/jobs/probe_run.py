"""Probes: is a judge swayed by what should not matter? A run of its own kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgemark.errors import UsageError
from judgemark.inputs.samples import SampleSet, select
from judgemark.jobs.family_runs import family_contrasts_of_runs
from judgemark.jobs.prepare_drawn_run import Target, placed_drawn, target_of
from judgemark.jobs.prepare_run import Drawn, Prepared, read_given_samples
from judgemark.judges.judge_kind import Say
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.pair_arms import PairArms, pair_arms
from judgemark.judging.pairwise_mode import PairwiseMode, pairwise_setup, read_instructions
from judgemark.judging.probed_pairs import ProbedPairs
from judgemark.judging.probed_scoring import ProbedScoring
from judgemark.judging.rubric_arms import rubric_arms
from judgemark.judging.rubric_mode import rubric_mode
from judgemark.probes.drawn_pieces import drawn_pairs, drawn_pieces
from judgemark.probes.probe_registry import (
    ALL,
    TEXTS_VERSION,
    USUAL_PIECES,
    Probe,
    contrasts_of,
    probes_named,
    questions_per_piece,
)
from judgemark.records import Sample
from judgemark.run.kind_of_run import RunKindName
from judgemark.run.stored_probe import GIVEN_EFFECTS
from judgemark.setting_names import as_keywords

FEWEST_UNITS = 2


@dataclass(frozen=True)
class ProbeChoice:
    """Which probes are asked, by name (all where none is named), and how many questions at most.

    `beside` names runs of the main job, of this judge and of others, for the probes `self` and
    `family`.
    """

    names: tuple[str, ...] = ()
    budget: int | None = None
    beside: tuple[str, ...] = ()

    @property
    def named(self) -> bool:
        """Whether the user named single probes, all of which must then be possible."""
        return bool(self.names) and ALL not in self.names


def prepare_probe(
    settings: JobSettings, environment: Mapping[str, str], choice: ProbeChoice, say: Say
) -> Prepared:
    """Draw the pieces, make the arms and check everything that asking about them needs.

    Nothing is written or asked. Raises UsageError for an unknown probe, for a named one that this
    judge cannot be asked, and where no piece is left; UsageError or InputError as `prepare` does.
    """
    probes = probes_named(choice.names)
    target = target_of(settings, environment, say)
    samples = read_given_samples(settings)
    chosen = settings.selection
    candidates = select(
        samples, writers=chosen.writers, items=chosen.items, iterations=chosen.iterations
    )
    absent, given = _not_of_mode(probes, target.mode), {}
    if choice.beside:
        for contrast in family_contrasts_of_runs(
            settings.judge_model, choice.beside, settings.runs_dir
        ):
            if contrast.key in absent:
                absent[contrast.key] = contrast.untested
                given[contrast.key] = list(contrast.effects)
        absent = {key: reason for key, reason in absent.items() if reason}
    most = chosen.limit or USUAL_PIECES
    if choice.budget is not None:
        most = min(most, _within_budget(choice.budget, probes, absent, target.mode))
    if all(probe.key_of(c) in {*absent, *given} for probe, c in contrasts_of(probes)):
        most = FEWEST_UNITS  # stored runs give everything, and a run has at least one question
    asking = _compared if target.pairwise else _scored
    drawn = _Draw(target, samples.name, candidates, most, probes, given)
    prepared, not_asked, units = asking(drawn, absent, say)
    if choice.named:
        _refuse_absent(probes, not_asked)
    kind = "pairs" if target.pairwise else "pieces"
    asked = sum(probe.key_of(c) not in not_asked for probe, c in contrasts_of(probes))
    say(f"Probes     {asked} contrasts, {units} {kind} of {samples.name}")
    return prepared


def _not_of_mode(probes: Sequence[Probe], mode: str) -> dict[str, str]:
    """Return the contrasts that a judge in this mode is not asked, with the reasons."""
    absent: dict[str, str] = {}
    for probe, contrast in contrasts_of(probes):
        if mode not in probe.modes:
            only = " or ".join(probe.modes)
            absent[probe.key_of(contrast)] = f"only a judge in ‹mode› {only} is asked this"
        elif probe.source:
            absent[probe.key_of(contrast)] = f"not asked here: {probe.source}"
    return absent


def _within_budget(
    budget: int, probes: Sequence[Probe], absent: Mapping[str, str], mode: str
) -> int:
    """Return how many pieces can be asked about within the budget, if every arm can be asked."""
    each = questions_per_piece(probes, absent, mode)
    pieces = int(budget // each)
    if pieces < FEWEST_UNITS * (2 if mode == "pairwise" else 1):
        unit = "pair" if mode == "pairwise" else "piece"
        needed = int(each * (2 if mode == "pairwise" else 1))
        raise UsageError(
            f"‹budget› {budget}: these probes ask {needed} questions about each {unit}, and a test "
            f"needs {FEWEST_UNITS}; give at least {FEWEST_UNITS * needed}, or fewer ‹probes›"
        )
    return pieces


def _refuse_absent(probes: Sequence[Probe], absent: Mapping[str, str]) -> None:
    """Raise UsageError for a probe that was named and of which nothing can be asked."""
    for probe in probes:
        reasons = [absent.get(probe.key_of(contrast), "") for contrast in probe.contrasts]
        if all(reasons):
            raise UsageError(f"‹probes› {probe.key}: {reasons[0]}")


@dataclass(frozen=True)
class _Draw:
    """What both modes draw from: pieces, probes, and the effects `given` by stored runs."""

    target: Target
    name: str
    candidates: Sequence[Sample]
    most: int
    probes: Sequence[Probe]
    given: Mapping[str, Sequence[float]]

    def facts(self, absent: Mapping[str, str], asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the folder stores, as plain JSON."""
        return {
            "probes": [probe.key for probe in self.probes],
            "absent": {key: as_keywords(reason) for key, reason in absent.items()},
            "seed": self.target.settings.seed,
            "texts": TEXTS_VERSION,
            GIVEN_EFFECTS: {key: list(effects) for key, effects in self.given.items()},
            **asked,
        }

    def fingerprint(self, arms: Sequence[Any]) -> dict[str, Any]:
        """Return how the run was drawn; effects of stored runs are part of it."""
        named = {
            "probes": [probe.key for probe in self.probes],
            "seed": self.target.settings.seed,
            "texts": TEXTS_VERSION,
            "arms": list(arms),
        }
        given = {key: list(effects) for key, effects in self.given.items() if effects}
        return {"probe": {**named, **({GIVEN_EFFECTS: given} if given else {})}}


Way = tuple[Prepared, Mapping[str, str], int]
"""A prepared run, the contrasts that it does not ask, and how many pieces or pairs it asks."""


def _scored(draw: _Draw, absent: Mapping[str, str], say: Say) -> Way:
    target, name, settings = draw.target, draw.name, draw.target.settings
    drawn = drawn_pieces(draw.candidates, draw.most, settings.seed)
    plain = SampleSet(name, tuple(sorted(drawn, key=lambda s: (s.writer, s.iteration, s.item))))
    base = rubric_mode(settings, target.spec, target.endpoint, plain, plain.samples, say)
    made = rubric_arms(settings, base, draw.probes, absent)
    pieces = SampleSet(name, made.pieces)
    arms = made.over(pieces).arms

    def facts(judging: object) -> dict[str, Any]:
        found = judging.facts() if isinstance(judging, ProbedScoring) else {}
        return draw.facts(made.absent, found)

    shown = [[arm.key, arm.mode.prompts.sha256 if arm.mode.prompts else None] for arm in arms]
    run = Drawn(RunKindName.PROBE, draw.fingerprint(shown), facts)
    judging = ProbedScoring(arms[0].mode, arms, settings.seed)
    return placed_drawn(target, run, pieces, judging), made.absent, len(drawn)


def _compared(draw: _Draw, absent: Mapping[str, str], say: Say) -> Way:
    target, name = draw.target, draw.name
    settings, spec = target.settings, target.spec
    pairs = drawn_pairs(draw.candidates, draw.most, settings.seed)
    made: PairArms = pair_arms(pairs, draw.probes, absent, settings.seed, reads=spec.kind.reads)
    pieces = SampleSet(name, made.pieces)
    prompts = read_instructions(settings, pieces, spec, ours=settings.files.samples_file is None)
    setup = pairwise_setup(settings, spec, target.endpoint, pieces, prompts, say)
    judging = PairwiseMode(setup, made.schedule, pieces, prompts, settings.pairwise)

    def facts(asked: object) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if isinstance(asked, PairwiseMode) and isinstance(asked.schedule, ProbedPairs):
            found = asked.schedule.facts(asked.pairwise)
        return draw.facts(made.absent, found)

    shown = sorted({pair.arm for pair in made.schedule.pairs} | ({"repeat"} if made.schedule.repeat
                                                                 else set()))  # fmt: skip
    run = Drawn(RunKindName.PROBE, draw.fingerprint(shown), facts)
    return placed_drawn(target, run, pieces, judging), made.absent, len(pairs)
