"""Pair classification: does a judge choose the piece that a reference scores higher?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from judgemark.errors import UndefinedFigure, UsageError
from judgemark.inputs.known_pair_set import KnownPairSet, PairFacts, rules_to_json
from judgemark.inputs.our_files import OUR_SETS
from judgemark.inputs.samples import SampleSet, read_samples
from judgemark.jobs.known_pairs_run import keep_wrong_pairs
from judgemark.jobs.prepare_run import Drawn, Prepared, placed, read_given_samples
from judgemark.jobs.run_kinds import Tell, finish_drawn
from judgemark.judges.judge_kind import PAIRWISE, Say
from judgemark.judges.judge_spec import parse_spec
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.judge_request import endpoint_of
from judgemark.judging.pairwise_mode import PairwiseMode, pairwise_setup, read_instructions
from judgemark.judging.schedule import ListedPairsSchedule
from judgemark.metrics.classification import (
    JudgedPair,
    classify,
    reference_repeat_agreement,
)
from judgemark.metrics.validity.drawn_pairs import DrawnPairs, PairRules, ScoredPiece, draw_pairs
from judgemark.metrics.validity.known_pair import PairSource
from judgemark.metrics.validity.shares import PairEstimate
from judgemark.records import Place, Sample
from judgemark.run.asking_facts import asking_facts
from judgemark.run.files import write_json
from judgemark.run.folder import CHARTS, PAIRS
from judgemark.run.journal import read_entries
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.judged_pairs import judged_pairs, pair_of, scored_piece
from judgemark.run.kind_of_run import RunKindName
from judgemark.run.stored_pairwise_run import counted_answers, pairwise_of
from judgemark.scoring.metric_version import METRIC_VERSION
from judgemark.scoring.pair_warnings import warnings_of_pairs
from judgemark.scoring.pairs_result import classification_section
from judgemark.scoring.piece_references import ReferenceScores
from judgemark.version import __version__


@dataclass(frozen=True)
class PairsJob:
    """A run over drawn pairs that is ready to be asked."""

    prepared: Prepared
    drawn: DrawnPairs
    reference: ReferenceScores
    samples: Mapping[Place, Sample]


def prepare_pairs(
    settings: JobSettings,
    environment: Mapping[str, str],
    reference: ReferenceScores,
    rules: PairRules,
    say: Say,
) -> PairsJob:
    """Draw the pairs and check everything that asking about them needs.

    Nothing is written or asked. Raises UsageError or InputError, and UndefinedFigure where no
    pair passes the filters.
    """
    spec = parse_spec(settings.judge_model, base_url_given=settings.base_url is not None)
    found = draw_from_reference(settings, reference, rules)
    samples, by_place, drawn, pieces = found.samples, found.by_place, found.drawn, found.pieces
    pairs = tuple(pair_of(known, by_place) for known in drawn.pairs)
    endpoint = endpoint_of(settings, spec, environment)
    prompts = read_instructions(settings, pieces, spec, ours=found.ours)
    judge_setup = pairwise_setup(settings, spec, endpoint, pieces, prompts, say)
    schedule = ListedPairsSchedule(pairs, {"reference": reference.sha256, **_rules(rules)})
    asking = PairwiseMode(judge_setup, schedule, pieces, prompts, settings.pairwise)
    named = SampleSet(f"{samples.name}-pairs", samples.samples)
    known = known_of(drawn, reference, pieces, prompts.by_item)
    drawn_run = Drawn(RunKindName.PAIRS, {}, known.to_json())
    prepared = placed(settings, spec, PAIRWISE, endpoint, named, None, asking, drawn_run)
    return PairsJob(prepared, drawn, reference, by_place)


@dataclass(frozen=True)
class DrawnFromReference:
    """Pairs drawn by a reference, the samples they are drawn from, and the pieces in them.

    `ours` says that the samples are our own.
    """

    samples: SampleSet
    ours: bool
    by_place: Mapping[Place, Sample]
    drawn: DrawnPairs
    pieces: SampleSet


def draw_from_reference(
    settings: JobSettings, reference: ReferenceScores, rules: PairRules
) -> DrawnFromReference:
    """Draw the pairs of which the reference calls one better.

    Raises UsageError, InputError, and UndefinedFigure where no pair passes the filters.
    """
    samples, ours = _samples(settings, reference)
    by_place = {(s.writer, s.iteration, s.item): s for s in samples.samples}
    drawn = draw_pairs(_scored(by_place, reference.scores, reference), rules)
    used = {(t.writer, t.iteration, p.item) for p in drawn.pairs for t in (p.better, p.worse)}
    pieces = SampleSet(samples.name, tuple(by_place[place] for place in sorted(used)))
    return DrawnFromReference(samples, ours, by_place, drawn, pieces)


def known_of(
    drawn: DrawnPairs,
    reference: ReferenceScores,
    pieces: SampleSet,
    prompts: Mapping[str, str],
) -> KnownPairSet:
    """Return drawn pairs as the known pairs of a run."""
    return KnownPairSet(
        name=reference.name,
        source=PairSource.REFERENCE,
        pairs=drawn.pairs,
        facts=(PairFacts(),) * len(drawn.pairs),
        samples=pieces,
        prompts=prompts,
        rules=rules_to_json(drawn.rules),
    )


def _rules(rules: PairRules) -> dict[str, float]:
    return {
        "length_ratio": rules.length_ratio,
        "margin_min": rules.margin_min,
        "margin_max": rules.margin_max,
        "n": rules.n,
        "seed": rules.seed,
    }


def _samples(settings: JobSettings, reference: ReferenceScores) -> tuple[SampleSet, bool]:
    """Return the pieces (of the file, the reference run or our set) and whether they are ours."""
    if settings.files.samples_file is not None:
        return read_given_samples(settings), False
    if settings.files.samples is not None or not reference.samples:
        return read_given_samples(settings), True
    theirs = SampleSet(reference.name, reference.samples)
    ours = (read_samples(shipped.samples).sha256 for shipped in OUR_SETS.values())
    return theirs, theirs.sha256 in ours


def _scored(
    samples: Mapping[Place, Sample], scores: Mapping[Place, float], reference: ReferenceScores
) -> list[ScoredPiece]:
    """Return the samples with a score; raises UsageError where another text was scored."""
    found = []
    for place in sorted(samples.keys() & scores.keys()):
        sample = samples[place]
        if reference.texts.get(place, sample.sha256) != sample.sha256:
            writer, iteration, item = place
            raise UsageError(
                f"‹samples_file›: the text of {writer}, iteration {iteration}, item {item} is not "
                f"the one that {reference.name} scored"
            )
        found.append(scored_piece(sample, scores[place]))
    if not found:
        raise UsageError(
            f"‹reference›: {reference.name} scores none of the pieces; give the "
            "samples that it scored with ‹samples_file›"
        )
    return found


def finish_pairs(job: PairsJob, tell: Tell = lambda _: None) -> dict[str, Any]:
    """Compute the figures from the journal, write pairs.json and return what it holds.

    The result and the report that all runs over pairs have are written too.

    Raises UndefinedFigure where no pair has a verdict in both orders.
    """
    folder = job.prepared.folder
    spec = folder.spec()
    asking = pairwise_of(spec, folder.instructions())
    found = counted_answers(read_entries(folder.journal), asking)
    entries = {key: _read(f.entry, f.outcome) for key, f in found.items()}
    judged, missing = judged_pairs(job.drawn.pairs, job.samples, asking, entries)
    measured = classify(judged, missing, job.drawn.rules)
    asked = asking_facts([answer.entry for answer in found.values()], job.samples.values())
    result = {
        "format": 1,
        "metric_version": METRIC_VERSION,
        "program": {"name": "judgemark", "version": __version__},
        "run_id": folder.run_id,
        "status": "incomplete" if missing else "complete",
        "judge": dict(spec["judge"]),
        "protocol": dict(spec["fingerprint"]["protocol"]),
        "reference": {"name": job.reference.name, "sha256": job.reference.sha256},
        "warnings": warnings_of_pairs(asked, judged),
        **classification_section(measured, job.drawn, _own_agreement(job)),
        "pairs": [_row(one) for one in judged],
    }
    # Runs that were begun before pairs were stored are read from this file.
    write_json(folder.path / PAIRS, result)
    if folder.drawn() or not missing:
        result["validity"] = finish_drawn(folder, tell)["validity"]
        keep_wrong_pairs(folder)
        write_json(folder.path / PAIRS, result)
    else:
        _draw_bins(result["reliability"], folder.path / CHARTS)
    return result


def _draw_bins(bins: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Draw the reliability diagram."""
    from judgemark.report.charts import save_charts
    from judgemark.report.charts_reliability import draw_reliability

    save_charts([draw_reliability(bins)], folder)


def _read(entry: JournalEntry, outcome: Any) -> JournalEntry:
    return entry if entry.outcome is outcome else replace(entry, outcome=outcome)


def _own_agreement(job: PairsJob) -> PairEstimate | str:
    repeats = [_scored(job.samples, scores, job.reference) for scores in job.reference.repeats]
    try:
        return reference_repeat_agreement(repeats, job.drawn.rules)
    except UndefinedFigure as undefined:
        return str(undefined)


def _row(judged: JudgedPair) -> dict[str, Any]:
    better, worse = judged.pair.better, judged.pair.worse
    return {
        "item": judged.pair.item,
        "better": [better.writer, better.iteration],
        "worse": [worse.writer, worse.iteration],
        "margin": judged.pair.margin,
        "p_better": judged.p_better,
        "p_a": [judged.as_a.p_a, judged.as_b.p_a],
        "produced": [judged.as_a.produced, judged.as_b.produced],
    }
