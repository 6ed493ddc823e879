"""A run over known pairs: a judge scores both pieces of each pair, or compares them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from judgemark.errors import InputError, UsageError
from judgemark.inputs.known_pair_set import KnownPairSet, PairFacts, pairs_from_json
from judgemark.inputs.our_files import OUR_TEMPLATE
from judgemark.jobs.pairs_source import FoundPairs
from judgemark.jobs.prepare_drawn_run import Target, prepare_drawn, target_of
from judgemark.jobs.prepare_run import Drawn, Prepared
from judgemark.judges.judge_kind import RUBRIC, Say
from judgemark.judges.judge_spec import parse_spec
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.judge_request import mode_of
from judgemark.metrics.validity.known_pair import KnownPair, PairedText, PairSource, clustered
from judgemark.protocols.pairwise_protocol import Pair
from judgemark.run.files import write_parts
from judgemark.run.folder import DRAWN, RunFolder
from judgemark.run.judged_pairs import pair_of
from judgemark.run.kind_of_run import RunKindName, kind_of
from judgemark.run.run_lookup import find_folder, no_such_run
from judgemark.run.stored_answers import read_answers
from judgemark.scoring.known_pairs_result import WrongPair, compose_known_pairs, wrong_pairs

WRONG_PAIRS = "wrong_pairs.jsonl"
_RESTORE = "restore it from a copy"


@dataclass(frozen=True)
class KnownPairsJob:
    """A run over known pairs that is ready to be asked."""

    prepared: Prepared
    known: KnownPairSet


def prepare_known(
    settings: JobSettings, environment: Mapping[str, str], found: FoundPairs, say: Say
) -> KnownPairsJob:
    """Return a run over the pairs; nothing is written or asked.

    A judge that scores pieces is asked about each text once, with the prompts of the settings, else
    with our template and the pair's own writing prompt. Raises UsageError or InputError.
    """
    known = found.known
    settings = _with_template(settings, found)
    target = target_of(settings, environment, say)
    files = target.settings.files
    if not found.ours:
        files = replace(files, samples_file=known.samples, samples=None)
    if known.prompts and not found.ours:
        prompts = {item: {"writing_prompt": text} for item, text in known.prompts.items()}
        files = replace(files, writing_prompts=prompts)
    target = replace(target, settings=replace(target.settings, files=files))
    drawn = Drawn(RunKindName.PAIRS, {"pairs": _fingerprint_of_pairs(known)}, known.to_json())
    prepared = prepare_drawn(target, drawn, known.samples, _listed_pairs(known, target), say)
    return KnownPairsJob(prepared, known)


def _with_template(settings: JobSettings, found: FoundPairs) -> JobSettings:
    """Return the settings with our template where the judge needs prompts and none are named."""
    files = settings.files
    spec = parse_spec(settings.judge_model, base_url_given=settings.base_url is not None)
    named = files.template is not None or files.prompts_file is not None
    if found.ours or named or mode_of(settings, spec) != RUBRIC or not spec.kind.needs_prompts:
        return settings
    return replace(settings, files=replace(files, template=OUR_TEMPLATE))


def _fingerprint_of_pairs(known: KnownPairSet) -> dict[str, Any]:
    """Return what identifies the pairs of a run."""
    return {"source": str(known.source), "sha256": known.sha256, **known.rules}


def _listed_pairs(known: KnownPairSet, target: Target) -> list[Pair]:
    """Return the pairs to compare; none for a judge that scores pieces."""
    if not target.pairwise:
        return []
    places = {(s.writer, s.iteration, s.item): s for s in known.samples.samples}
    return [pair_of(pair, places) for pair in known.to_compare]


def _stored_pairs(folder: RunFolder) -> KnownPairSet:
    """Return the known pairs of a run, from its folder alone.

    Runs of versions that did not store them are read from their `pairs.json`. Raises UsageError
    where that does not hold all pairs.
    """
    facts = folder.drawn()
    if facts:
        return _read_pairs(folder, facts)
    stored = folder.pairs()
    if stored is None or stored.get("missing"):
        raise UsageError(
            f'run "{folder.run_id}" was made by a version that did not store its pairs, and '
            "pairs.json does not hold all of them; run the same pairs command again to finish it"
        )
    samples = folder.samples()
    texts = {(s.writer, s.iteration, s.item): s.sha256 for s in samples.samples}
    pairs = clustered(_stored_pair(row, texts) for row in stored["pairs"])
    return KnownPairSet(
        name=stored["reference"]["name"],
        source=PairSource.REFERENCE,
        pairs=pairs,
        facts=(PairFacts(),) * len(pairs),
        samples=samples,
        prompts=folder.instructions(),
        rules=stored["rules"],
    )


def _read_pairs(folder: RunFolder, facts: Mapping[str, Any]) -> KnownPairSet:
    try:
        found = pairs_from_json(facts, folder.samples())
        texts = {(s.item, s.writer, s.iteration): s.sha256 for s in found.samples.samples}
        whole = all(
            texts.get((pair.item, text.writer, text.iteration)) == text.text_sha256
            for pair in found.pairs
            for text in (pair.better, pair.worse)
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise InputError(folder.path / DRAWN, "is damaged", fix=_RESTORE) from exc
    if not whole:
        raise InputError(
            folder.path / DRAWN, "names pieces that the run does not have", fix=_RESTORE
        )
    return found


def _stored_pair(row: Mapping[str, Any], texts: Mapping[tuple[str, str, str], str]) -> KnownPair:
    better, worse = (
        PairedText(texts[writer, iteration, row["item"]], writer, iteration)
        for writer, iteration in (row["better"], row["worse"])
    )
    return KnownPair(PairSource.REFERENCE, row["item"], better, worse, margin=row["margin"])


def compose_pairs(folder: RunFolder, seed: int | None = None) -> dict[str, Any]:
    """Return the result of a run over known pairs, from its folder alone."""
    return compose_known_pairs(read_answers(folder), _stored_pairs(folder), seed)


def wrong_pairs_of(folder: RunFolder) -> tuple[WrongPair, ...]:
    """Return the pairs that a stored run's judge ordered wrongly, the surest verdicts first."""
    return wrong_pairs(read_answers(folder), _stored_pairs(folder))


def wrong_pairs_in(name: str, runs_dir: Path) -> tuple[WrongPair, ...]:
    """Return the pairs that a run's judge ordered wrongly; UsageError for another kind of run."""
    folder = find_folder(name, runs_dir)
    if folder is None:
        raise no_such_run(name, runs_dir)
    kind = kind_of(folder.spec())
    if kind is not RunKindName.PAIRS:
        raise UsageError(
            f'run "{folder.run_id}" is {kind.words}; only a run over pairs has wrong pairs'
        )
    return wrong_pairs_of(folder)


def as_lines(wrong: Iterable[WrongPair]) -> Iterable[str]:
    """Return the pairs as lines of a preference file, with what the judge said of each."""
    return (json.dumps(one.to_json(), ensure_ascii=False, allow_nan=False) + "\n" for one in wrong)


def keep_wrong_pairs(folder: RunFolder) -> None:
    """Write the pairs that were ordered wrongly beside the result."""
    write_parts(folder.path / WRONG_PAIRS, as_lines(wrong_pairs_of(folder)))
