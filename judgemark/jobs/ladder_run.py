"""The ladder: pieces damaged in known ways and to rising degrees, for a judge to notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from judgemark.damage.damage_kinds import DamageKind, kinds_named
from judgemark.damage.ladder_versions import (
    LEVELS,
    DamagedVersion,
    DamageLadder,
    build_ladder,
    draw_within_budget,
)
from judgemark.errors import JudgemarkError, UsageError
from judgemark.inputs.samples import SampleSet, select
from judgemark.jobs.prepare_drawn_run import Target, prepare_drawn, target_of
from judgemark.jobs.prepare_run import Drawn, Prepared, read_given_samples
from judgemark.judges.judge_kind import Say
from judgemark.judging.job_settings import JobSettings
from judgemark.protocols.pairwise_protocol import Pair
from judgemark.records import Sample
from judgemark.run.kind_of_run import RunKindName, kind_of
from judgemark.run.run_lookup import find_folder, list_runs


@dataclass(frozen=True, slots=True)
class LadderRules:
    """How a ladder is drawn.

    `kinds` are keys of the registry of damage (none: all), `levels` how many degrees of each,
    `budget` the most questions (None: no bound). `seed` is None for that of the season.
    """

    kinds: tuple[str, ...] = ()
    levels: int = LEVELS
    budget: int | None = None
    seed: int | None = None


@dataclass(frozen=True)
class LadderJob:
    """A ladder that is ready to be asked."""

    prepared: Prepared
    ladder: DamageLadder
    seed: int


def season_seed(day: date) -> int:
    """Return the seed of the quarter of a day, as 20264 for October to December 2026.

    A ladder that is fresh every quarter cannot be trained on for long.
    """
    return 10 * day.year + (day.month + 2) // 3


def prepare_ladder(
    settings: JobSettings,
    environment: Mapping[str, str],
    rules: LadderRules,
    say: Say,
    *,
    today: date | None = None,
) -> LadderJob:
    """Build the ladder and check everything that asking about it needs.

    Nothing is written or asked. Without a seed, a ladder of this judge that was begun in the same
    way and is not finished goes on with its own seed, even in another season. Raises UsageError or
    InputError.
    """
    target = target_of(settings, environment, say)
    kinds = kinds_named(rules.kinds)
    pieces = _undamaged(settings)
    if rules.seed is not None:
        return _prepared(target, pieces, kinds, rules, rules.seed, say)
    season = season_seed(today or datetime.now(UTC).date())
    begun = None if settings.fresh else _begun_seed(settings, _asked(kinds, rules, season))
    if begun is not None and begun != season:
        job = _prepared(target, pieces, kinds, rules, begun, say)
        if job.prepared.folder.exists:
            say(f"Ladder     goes on with that of seed {begun}, which is not finished")
            return job
    return _prepared(target, pieces, kinds, rules, season, say)


def _undamaged(settings: JobSettings) -> SampleSet:
    """Return the chosen pieces that no code has damaged; raises UsageError where there are none."""
    samples = read_given_samples(settings)
    whole = tuple(s for s in samples.samples if s.derived_from is None)
    if not whole:
        raise UsageError(
            f"‹samples_file›: {samples.name} holds no undamaged piece to build a ladder from; "
            "give pieces as their writers left them"
        )
    choice = settings.selection
    chosen = select(
        SampleSet(samples.name, whole),
        writers=choice.writers,
        items=choice.items,
        limit=choice.limit,
        iterations=choice.iterations,
    )
    return SampleSet(samples.name, chosen)


def _prepared(
    target: Target,
    pieces: SampleSet,
    kinds: Sequence[DamageKind],
    rules: LadderRules,
    seed: int,
    say: Say,
) -> LadderJob:
    target = replace(target, settings=replace(target.settings, seed=seed))
    ladder = build_ladder(pieces.samples, kinds, levels=rules.levels, seed=seed)
    if not ladder.versions:
        raise UsageError(f"no version could be made: {_why_none(ladder)}")
    if rules.budget is not None:
        ladder = draw_within_budget(ladder, rules.budget, pairwise=target.pairwise, seed=seed)
    drawn = Drawn(
        RunKindName.LADDER, {"ladder": _asked(kinds, rules, seed)}, _facts(ladder, rules, seed)
    )
    made = [(version, version.as_sample()) for version in ladder.versions]
    texts = SampleSet(pieces.name, _sorted([*ladder.sources, *(sample for _, sample in made)]))
    pairs = [Pair.of(version.source, sample) for version, sample in made]
    return LadderJob(prepare_drawn(target, drawn, texts, pairs, say), ladder, seed)


def _asked(kinds: Sequence[DamageKind], rules: LadderRules, seed: int) -> dict[str, Any]:
    """Return the ladder's part of the fingerprint; the texts themselves are another part."""
    return {
        "kinds": [kind.key for kind in kinds],
        "levels": rules.levels,
        "budget": rules.budget,
        "seed": seed,
    }


def _facts(ladder: DamageLadder, rules: LadderRules, seed: int) -> dict[str, Any]:
    """Return what the run's folder stores: which text has which level, and what was not made."""
    kinds = {v.kind for v in ladder.versions} | {m.kind for m in ladder.missing}
    return {
        "seed": seed,
        "levels": rules.levels,
        "budget": rules.budget,
        "kinds": [kind.key for kind in kinds_named() if kind.key in kinds],
        "versions": [_place_of(version) for version in ladder.versions],
        "not_made": [
            {
                "writer": missing.source.writer,
                "iteration": missing.source.iteration,
                "item": missing.source.item,
                "kind": missing.kind,
                "level": missing.level,
                "reason": missing.reason,
            }
            for missing in ladder.missing
        ],
    }


def _place_of(version: DamagedVersion) -> dict[str, Any]:
    sample = version.as_sample()
    return {
        "writer": sample.writer,
        "iteration": sample.iteration,
        "item": sample.item,
        "level": version.level,
    }


def _sorted(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """Return the texts in the order of a samples file; raises UsageError for two in one place."""
    found = sorted(samples, key=lambda s: (s.writer, s.iteration, s.item))
    places = {(s.writer, s.iteration, s.item) for s in found}
    if len(places) < len(found):
        raise UsageError(
            '‹samples_file›: a writer is named as the ladder names its versions, "WRITER [KIND '
            'LEVEL]"; rename it'
        )
    return tuple(found)


def _why_none(ladder: DamageLadder) -> str:
    reasons = dict.fromkeys(f"{m.kind}: {m.reason}" for m in ladder.missing)
    shown = list(reasons)[:3]
    more = len(reasons) - len(shown)
    return "; ".join(shown) + (f"; and {more} more reasons" if more > 0 else "")


def _begun_seed(settings: JobSettings, asked: Mapping[str, Any]) -> int | None:
    """Return the seed of the newest unfinished ladder that was begun like this one, if any.

    A ladder with the run id that the settings name counts even where it is finished.
    """
    if settings.run_id is not None:
        named = find_folder(settings.run_id, settings.runs_dir)
        folders = [] if named is None else [named]
    else:
        folders = list_runs(settings.runs_dir)
    found: list[tuple[str, int]] = []
    for folder in folders:
        try:
            spec = folder.spec()
            drawn = spec["fingerprint"].get("ladder")
            alike = (
                kind_of(spec) is RunKindName.LADDER
                and spec["judge"].get("spec") == settings.judge_model
                and isinstance(drawn, dict)
                and {**drawn, "seed": None} == {**asked, "seed": None}
                and isinstance(drawn["seed"], int)
            )
            if not alike:
                continue
            done = (folder.result() or {}).get("status") == "complete"
        except JudgemarkError:
            continue  # another run's damage is not this command's concern
        if not done or settings.run_id is not None:
            found.append((str(spec.get("created", "")), drawn["seed"]))
    return max(found)[1] if found else None
