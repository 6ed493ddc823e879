"""Builds the ladder: pieces x kinds of damage x levels, reproducible from one seed."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.damage.damage_kinds import DamageKind
from judgemark.damage.passage import Passage, split_passage
from judgemark.damage.plans import (
    DamagePlan,
    DamageSource,
    NotApplicable,
    keeps_length,
    steps_for_levels,
)
from judgemark.errors import UsageError
from judgemark.records import Sample

LEVELS = 3


@dataclass(frozen=True, slots=True)
class DamagedVersion:
    """A piece after damage of one kind.

    `source` is the piece as it was, `level` counts from 1, `severity` is the share (0..1) of its
    characters that stand in damaged places, `seed` the ladder's seed.
    """

    source: Sample
    kind: str
    level: int
    severity: float
    seed: int
    text: str

    def as_sample(self) -> Sample:
        """Return the version as a sample with a writer of its own, beside its source on the same
        item."""
        return Sample(
            f"{self.source.writer} [{self.kind} {self.level}]",
            self.source.iteration,
            self.source.item,
            self.text,
            derived_from=self.source.writer,
            kind=self.kind,
            severity=self.severity,
            seed=self.seed,
        )


@dataclass(frozen=True, slots=True)
class MissingVersion:
    """A level of damage that could not be done to a piece, and why."""

    source: Sample
    kind: str
    level: int
    reason: str


@dataclass(frozen=True, slots=True)
class DamageLadder:
    """The damaged versions to be judged, and the versions that could not be made."""

    versions: tuple[DamagedVersion, ...]
    missing: tuple[MissingVersion, ...]

    @property
    def sources(self) -> tuple[Sample, ...]:
        """The undamaged pieces that have at least one version in the ladder, sorted."""
        found = {_place(v.source): v.source for v in self.versions}
        return tuple(found[place] for place in sorted(found))

    @property
    def rubric_questions(self) -> int:
        """How many pieces a rubric judge scores: the sources and all versions."""
        return len(self.sources) + len(self.versions)

    @property
    def pairwise_questions(self) -> int:
        """How often a pairwise judge is asked: each version against its source, in both orders."""
        return 2 * len(self.versions)


def rubric_questions(pieces: int, kinds: int, levels: int) -> int:
    """Return the questions to a rubric judge where every kind applies to every piece."""
    return pieces * (1 + kinds * levels)


def pairwise_questions(pieces: int, kinds: int, levels: int) -> int:
    """Return the questions to a pairwise judge where every kind applies to every piece."""
    return 2 * pieces * kinds * levels


def build_ladder(
    samples: Sequence[Sample], kinds: Sequence[DamageKind], *, levels: int = LEVELS, seed: int = 0
) -> DamageLadder:
    """Return all versions of all undamaged pieces, sorted by piece, then kind, then level.

    Each piece and kind has a random stream of its own, spawned from `seed` and keyed by piece and
    kind, so a version is the same whatever else is built. Its levels share the stream: where the
    kind allows it, a higher level holds all the damage of a lower one and more. Pieces made from
    others (`derived_from`) are passed over. Raises UsageError where no undamaged piece is left.
    """
    if levels < 1:
        raise UsageError("‹levels› must be at least 1")
    pieces = sorted((s for s in samples if s.derived_from is None), key=_place)
    if not pieces:
        raise UsageError("the samples hold no undamaged piece to build a ladder from")
    passages = {_place(s): split_passage(s.text) for s in pieces}
    found: list[DamagedVersion | MissingVersion] = []
    for piece in pieces:
        others = _others_of(piece, pieces, passages)
        for kind in kinds:
            found += _versions(piece, kind, passages[_place(piece)], others, levels, seed)
    return DamageLadder(
        tuple(v for v in found if isinstance(v, DamagedVersion)),
        tuple(v for v in found if isinstance(v, MissingVersion)),
    )


def _place(sample: Sample) -> tuple[str, str, str]:
    return (sample.writer, sample.iteration, sample.item)


def _others_of(
    piece: Sample, pieces: Sequence[Sample], passages: Mapping[tuple[str, str, str], Passage]
) -> list[Passage]:
    """Return other pieces by the same writer: on other items, or on the same item if there are
    none."""
    same = [s for s in pieces if s.writer == piece.writer and s.text != piece.text]
    elsewhere = [s for s in same if s.item != piece.item]
    return [passages[_place(s)] for s in elsewhere or same]


def stream_of(piece: Sample, kind: str, seed: int) -> np.random.Generator:
    """Return the random stream of one piece and kind, spawned from the ladder's seed."""
    name = "\x1f".join((*_place(piece), piece.sha256, kind))
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    key = tuple(int.from_bytes(digest[n : n + 4]) for n in range(0, 32, 4))
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def _versions(
    piece: Sample,
    kind: DamageKind,
    passage: Passage,
    others: Sequence[Passage],
    levels: int,
    seed: int,
) -> Iterator[DamagedVersion | MissingVersion]:
    source = DamageSource(passage, others, kind.most, stream_of(piece, kind.key, seed))
    plan = kind.plan(source)
    if isinstance(plan, NotApplicable):
        for level in range(1, levels + 1):
            yield MissingVersion(piece, kind.key, level, plan.reason)
        return
    seen = {piece.text}
    for level, steps in enumerate(steps_for_levels(plan, kind.shares(levels)), 1):
        made = _version_text(piece, kind, plan, steps, seen)
        if isinstance(made, NotApplicable):
            yield MissingVersion(piece, kind.key, level, made.reason)
        elif steps is not None:
            seen.add(made)
            share = round(min(1.0, plan.shares[steps - 1]), 4)
            yield DamagedVersion(piece, kind.key, level, share, seed, made)


def _version_text(
    piece: Sample, kind: DamageKind, plan: DamagePlan, steps: int | None, seen: set[str]
) -> str | NotApplicable:
    if steps is None:
        return NotApplicable("the piece is too short for another level of damage")
    text = plan.text_after(steps)
    if text in seen:
        return NotApplicable("the text is the same as at a lower level")
    if not kind.changes_length and not keeps_length(piece.text, text):
        return NotApplicable("the length would change by more than 5%")
    return text


def draw_within_budget(
    ladder: DamageLadder, budget: int, *, pairwise: bool, seed: int = 0
) -> DamageLadder:
    """Return the part of a ladder that needs at most `budget` questions, spread over kinds and
    pieces.

    It is drawn by piece and kind, with all levels together, so that each drawn piece and kind has
    its whole dose. Kinds take turns and pieces are in random order, drawn from `seed`. Raises
    UsageError where the budget does not pay for one piece and kind.
    """
    cells: dict[tuple[tuple[str, str, str], str], list[DamagedVersion]] = {}
    for version in ladder.versions:
        cells.setdefault((_place(version.source), version.kind), []).append(version)
    drawn: list[DamagedVersion] = []
    sources: set[tuple[str, str, str]] = set()
    asked = 0
    for cell in _in_turn(list(cells), seed):
        versions = cells[cell]
        price = 2 * len(versions) if pairwise else len(versions) + (cell[0] not in sources)
        if asked + price <= budget:
            asked += price
            drawn += versions
            sources.add(cell[0])
    if not drawn:
        least = min((2 if pairwise else 1) * len(v) + (not pairwise) for v in cells.values())
        raise UsageError(
            f"‹budget› {budget} is too small: one piece and kind takes {least} questions"
        )
    kept = set(map(id, drawn))
    return DamageLadder(tuple(v for v in ladder.versions if id(v) in kept), ladder.missing)


def _in_turn(
    cells: Sequence[tuple[tuple[str, str, str], str]], seed: int
) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Return the cells in an order whose first n cover kinds and pieces evenly, for any n."""
    kinds = list(dict.fromkeys(kind for _, kind in cells))
    pieces = sorted({place for place, _ in cells})
    keys = np.random.default_rng(np.random.SeedSequence(seed)).random(len(pieces))
    pieces = [pieces[n] for n in sorted(range(len(pieces)), key=lambda n: float(keys[n]))]
    there = set(cells)
    round_trip = math.lcm(len(kinds), len(pieces)) if cells else 1
    for n in range(len(kinds) * len(pieces)):
        cell = (pieces[(n + n // round_trip) % len(pieces)], kinds[n % len(kinds)])
        if cell in there:
            yield cell
