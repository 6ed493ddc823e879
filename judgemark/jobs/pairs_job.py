"""The job of the `pairs` command, whatever its pairs come from and however the judge answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from judgemark.jobs.known_pairs_run import KnownPairsJob, keep_wrong_pairs, prepare_known
from judgemark.jobs.pairs_run import (
    PairsJob,
    draw_from_reference,
    finish_pairs,
    known_of,
    prepare_pairs,
)
from judgemark.jobs.pairs_source import FoundPairs, PairsSource, people_pairs
from judgemark.jobs.run_kinds import Tell, finish_drawn
from judgemark.judges.judge_kind import PAIRWISE, RUBRIC, Say
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.rubric_prompts import known_writing_prompts
from judgemark.scoring.piece_references import ReferenceScores, read_reference

AnyPairsJob = PairsJob | KnownPairsJob
"""Pairs of a reference that are compared have figures of their own (`pairs.json`)."""


def prepare_any(
    source: PairsSource, settings: JobSettings, environment: Mapping[str, str], say: Say
) -> AnyPairsJob:
    """Return a run over the pairs that `source` names; nothing is written or asked.

    Without a mode, pairs of a reference are compared, and all others are judged in the mode of the
    judge's kind. Raises UsageError or InputError, and UndefinedFigure where no pair of a reference
    passes the filters.
    """
    source.check()
    if source.reference is None:
        found = people_pairs(source, settings, say)
        job: AnyPairsJob = prepare_known(settings, environment, found, say)
        say(_described(found))
        return job
    reference = read_reference(source.reference, settings.runs_dir)
    if settings.mode == RUBRIC:
        found = _scored_by_reference(settings, reference, source)
        job = prepare_known(settings, environment, found, say)
        say(_described(found))
        return job
    settings = replace(settings, mode=PAIRWISE)
    compared = prepare_pairs(settings, environment, reference, source.rules, say)
    say(
        f"Pairs      {len(compared.drawn.pairs)} of {compared.drawn.eligible} eligible; the better "
        f"piece of each according to {reference.name}"
    )
    return compared


def _scored_by_reference(
    settings: JobSettings, reference: ReferenceScores, source: PairsSource
) -> FoundPairs:
    found = draw_from_reference(settings, reference, source.rules)
    named = replace(settings.files, samples_file=None if found.ours else found.samples)
    prompts = known_writing_prompts(replace(settings, files=named), found.pieces.items)
    return FoundPairs(known_of(found.drawn, reference, found.pieces, prompts), found.ours)


def _described(found: FoundPairs) -> str:
    known = found.known
    clusters = len({pair.cluster for pair in known.pairs})
    return (
        f"Pairs      {len(known.pairs)} of {known.name} in {clusters} independent groups; "
        f"{len(known.samples.samples)} texts"
    )


def finish_any(job: AnyPairsJob, tell: Tell = lambda _: None) -> Mapping[str, Any]:
    """Score the run and write its files; return what the command prints.

    Raises UndefinedFigure where a reference's pairs were compared and none has a verdict.
    """
    if isinstance(job, PairsJob):
        return finish_pairs(job, tell)
    folder = job.prepared.folder
    result = finish_drawn(folder, tell)
    keep_wrong_pairs(folder)
    return result
