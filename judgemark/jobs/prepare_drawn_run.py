"""Prepare a ladder, a run over pairs or one of probes: pieces to score, or pairs to compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judgemark.inputs.samples import SampleSet
from judgemark.jobs.prepare_run import Drawn, Prepared, check_mode, placed
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.judge_kind import PAIRWISE, Say
from judgemark.judges.judge_spec import JudgeSpec, parse_spec
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.judge_request import endpoint_of, mode_of
from judgemark.judging.judging_mode import JudgingMode
from judgemark.judging.pairwise_mode import PairwiseMode, pairwise_setup, read_instructions
from judgemark.judging.rubric_mode import rubric_mode
from judgemark.judging.schedule import ListedPairsSchedule
from judgemark.protocols.pairwise_protocol import Pair


@dataclass(frozen=True)
class Target:
    """The judge that is to be asked, how (`rubric` or `pairwise`), and its endpoint if any."""

    settings: JobSettings
    spec: JudgeSpec
    mode: str
    endpoint: Endpoint | None

    @property
    def pairwise(self) -> bool:
        """Whether the judge compares pieces with each other."""
        return self.mode == PAIRWISE


def target_of(settings: JobSettings, environment: Mapping[str, str], say: Say) -> Target:
    """Return the judge that the settings name; raises UsageError where it cannot be asked."""
    spec = parse_spec(settings.judge_model, base_url_given=settings.base_url is not None)
    mode = mode_of(settings, spec)
    check_mode(settings, mode, say)
    return Target(settings, spec, mode, endpoint_of(settings, spec, environment))


def prepare_drawn(
    target: Target, drawn: Drawn, pieces: SampleSet, pairs: Sequence[Pair], say: Say
) -> Prepared:
    """Return a run that is ready for `ask`: nothing is written or asked yet.

    A judge in mode `rubric` scores every one of `pieces`, with the prompts and criteria of the main
    job; a judge in mode `pairwise` compares every one of `pairs`, in both orders. The folder stores
    `pieces` and `drawn.facts`. The run's default id is made of the judge, the name of `pieces`, the
    kind and the fingerprint. Raises UsageError or InputError.
    """
    settings, spec, endpoint = target.settings, target.spec, target.endpoint
    judging: JudgingMode
    if target.pairwise:
        ours = settings.files.samples_file is None
        prompts = read_instructions(settings, pieces, spec, ours=ours)
        judge_setup = pairwise_setup(settings, spec, endpoint, pieces, prompts, say)
        schedule = ListedPairsSchedule(tuple(pairs))
        judging = PairwiseMode(judge_setup, schedule, pieces, prompts, settings.pairwise)
    else:
        judging = rubric_mode(settings, spec, endpoint, pieces, pieces.samples, say)
    return placed_drawn(target, drawn, pieces, judging)


def placed_drawn(target: Target, drawn: Drawn, pieces: SampleSet, judging: JudgingMode) -> Prepared:
    """Return the run in its folder, for a kind that makes its own way of asking."""
    named = SampleSet(f"{pieces.name}-{drawn.kind}", pieces.samples)
    return placed(
        target.settings, target.spec, target.mode, target.endpoint, named, None, judging, drawn
    )
