"""Does a judge read: what it answers to pairs of known damage, by item scores or by comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.damage.known_damage import damage_pairs
from judgemark.judged import JudgedRun, Tournaments
from judgemark.metrics.validity.counting_rules import features_of
from judgemark.metrics.validity.dose_response import DoseSeries, pairwise_series
from judgemark.metrics.validity.known_pair import AnsweredPair, KnownPair, PairedText, PairSource
from judgemark.metrics.validity.reading import Reading, read_pairs
from judgemark.metrics.validity.validity_blocks import (
    KindReading,
    kind_block,
    read_kinds,
    source_block,
)
from judgemark.metrics.validity.validity_section import NotedBlock, validity_section
from judgemark.records import Place, Sample
from judgemark.scoring.run_tables import RunTables
from judgemark.table.score_table import ScoreTable, mean

DAMAGE_HAS_NO_RATERS = "artificial damage has no raters"
SIGNIFICANT_DIGITS = 12
"""Means of the same numbers in another order differ beyond these digits, and count as equal."""

_Scores = Mapping[Place, float]


def measured_on_damage(run: JudgedRun, tables: RunTables, seed: int) -> NotedBlock | None:
    """Return the `validity` section of a run on its pairs of known damage; None without a pair."""
    pairs = damage_pairs(run.samples)
    if not pairs:
        return None
    scores = {} if run.tournaments else item_scores(tables.v21)
    if run.tournaments is not None:
        answered = compared_pairs(pairs, run.samples, run.tournaments)
    else:
        answered = scored_pairs(pairs, scores)
    series = None
    if len({pair.kind for pair in pairs}) > 1:
        series = compared_series(answered) if run.tournaments else scored_series(pairs, scores)
    found = read_damage(answered, series, run.samples, seed)
    missing = _missing(found.reading, run.tournaments) if found.reading.missing else ""
    return found.section(missing)


@dataclass(frozen=True, slots=True)
class DamageReading:
    """A judge on known damage: on all pairs together, and on each kind of damage by itself."""

    reading: Reading
    kinds: Mapping[str, KindReading]

    def section(self, missing: str = "") -> NotedBlock:
        """Return the `validity` section; `missing` says why pairs have no answer."""
        block = source_block(self.reading, DAMAGE_HAS_NO_RATERS)
        kinds = {name: kind_block(kind) for name, kind in self.kinds.items()}
        found = validity_section({PairSource.DAMAGE: block}, kinds)
        if not missing:
            return found
        return NotedBlock(found.values, found.notes | {"sources.damage.missing": missing})


def read_damage(
    answered: Sequence[AnsweredPair],
    series: Sequence[DoseSeries] | None,
    samples: Iterable[Sample],
    seed: int,
) -> DamageReading:
    """Measure a judge on pairs of known damage.

    `series` are its scores by severity, with which each kind is measured by itself; with None,
    kinds are not told apart. `samples` hold the texts of the pairs.
    """
    wanted = {text.text_sha256 for one in answered for text in (one.pair.better, one.pair.worse)}
    features = features_of({s.sha256: s.text for s in samples if s.sha256 in wanted})
    reading = read_pairs(answered, features, seed)
    kinds = {} if series is None else read_kinds(answered, features, series, seed)
    return DamageReading(reading, kinds)


def item_scores(table: ScoreTable) -> dict[Place, float]:
    """Return the item score of every judged piece, rounded to `SIGNIFICANT_DIGITS` to find ties."""
    return {
        (table.writers[w], table.iterations[t], table.items[i]): _rounded(table.values[w, t, i])
        for w, t, i in zip(*np.nonzero(~np.isnan(table.values)), strict=True)
    }


def scored_pairs(pairs: Sequence[KnownPair], scores: _Scores) -> tuple[AnsweredPair, ...]:
    """Return the answers of a judge that scores single pieces: 1, 0, or 0.5 for equal item scores.

    A piece is found by its place and not by its text, because a judge may know its place alone
    (the random baseline). A pair of which a piece has no score has no answer.
    """
    return tuple(AnsweredPair(pair, _preference(pair, scores)) for pair in pairs)


def _preference(pair: KnownPair, scores: _Scores) -> float | None:
    better, worse = (scores.get(_place(pair, text)) for text in (pair.better, pair.worse))
    if better is None or worse is None:
        return None
    return 0.5 if better == worse else float(better > worse)


def compared_pairs(
    pairs: Sequence[KnownPair], samples: Sequence[Sample], tournaments: Tournaments
) -> tuple[AnsweredPair, ...]:
    """Return the answers of a pairwise judge: P of both orders averaged, for the pairs it compared.

    A pair is found by its two texts and its item, as the questions are. A pair that no tournament
    paired, or whose verdict is missing, has no answer.
    """
    texts = {(s.writer, s.iteration, s.item): s.sha256 for s in samples}
    result = tournaments.played.result
    known: dict[tuple[str, str, str], float] = {}
    for match, p in zip(result.matches, result.preferences, strict=True):
        if p is None:
            continue
        first, second = (texts[w, match.iteration, match.item] for w in (match.first, match.second))
        known[match.item, first, second] = p
        known[match.item, second, first] = 1.0 - p
    return tuple(
        AnsweredPair(pair, known.get((pair.item, pair.better.text_sha256, pair.worse.text_sha256)))
        for pair in pairs
    )


def scored_series(pairs: Sequence[KnownPair], scores: _Scores) -> list[DoseSeries]:
    """Return the item scores by severity of each source piece and kind.

    Equal severities count with their mean.
    """
    found: dict[tuple[str, str], dict[float, dict[PairedText, float]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for pair in pairs:
        for text, severity in zip((pair.better, pair.worse), pair.severities or (), strict=False):
            score = scores.get(_place(pair, text))
            if score is not None:
                found[pair.cluster, pair.kind][severity][text] = score
    return [
        DoseSeries(piece, kind, {s: mean(list(by_text.values())) for s, by_text in listed.items()})
        for (piece, kind), listed in sorted(found.items())
    ]


def compared_series(answered: Sequence[AnsweredPair]) -> list[DoseSeries]:
    """Return the series of a pairwise judge, from the pairs of an undamaged piece and its
    versions."""
    found: dict[tuple[str, str], dict[float, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in answered:
        better, worse = one.pair.severities or (None, None)
        if better == 0 and worse is not None and one.p_better is not None:
            found[one.pair.cluster, one.pair.kind][worse].append(one.p_better)
    return [
        pairwise_series(piece, kind, {s: mean(listed) for s, listed in by_severity.items()})
        for (piece, kind), by_severity in sorted(found.items())
    ]


def _place(pair: KnownPair, text: PairedText) -> Place:
    return text.writer, text.iteration, pair.item


def _rounded(score: float) -> float:
    return float(f"{score:.{SIGNIFICANT_DIGITS}g}")


def _missing(reading: Reading, tournaments: Tournaments | None) -> str:
    """Return why known pairs have no answer, and what the figures then rest on."""
    counted = f"{reading.missing} of {reading.pairs} known pairs"
    if tournaments is None:
        text = f"{counted} have a piece without a score"
    else:
        text = f"{counted} were not compared"
    if 2 * reading.missing <= reading.pairs:
        return text
    rest = "these are most of them, and the figures rest on the few others"
    if tournaments is not None:
        rest += ", which the tournaments paired by rating; full tournaments compare all"
    return f"{text}: {rest}"
