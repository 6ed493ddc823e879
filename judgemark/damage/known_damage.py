"""Pairs of versions of one piece, where the less damaged version is known to be the better one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from judgemark.metrics.validity.known_pair import KnownPair, PairedText, PairSource
from judgemark.records import Sample


def damage_pairs(samples: Iterable[Sample]) -> tuple[KnownPair, ...]:
    """Return all pairs of versions of one piece, damaged in one way and to different degrees.

    A source piece counts as damaged by 0 and is paired with every version made from it. Versions of
    different kinds, of equal severity or with equal texts are not paired. Versions whose source is
    not among the samples are paired with each other only. The cluster of a pair is its source
    piece. The pairs are sorted by source, kind and severity.
    """
    sources: dict[tuple[str, str, str], Sample] = {}
    versions: dict[tuple[str, str, str, str], list[Sample]] = defaultdict(list)
    for sample in samples:
        if sample.derived_from is None:
            sources[sample.writer, sample.iteration, sample.item] = sample
        elif sample.kind is not None and sample.severity is not None:
            place = (sample.derived_from, sample.iteration, sample.item, sample.kind)
            versions[place].append(sample)
    found: list[KnownPair] = []
    for place in sorted(versions):
        source = sources.get(place[:3])
        rising = sorted(versions[place], key=lambda s: (s.severity or 0.0, s.writer))
        ranked = [(s.severity or 0.0, s) for s in rising]
        if source is not None:
            ranked = [(0.0, source), *ranked]
        found += [
            _pair(better, worse, place[3], (less, more))
            for (less, better), (more, worse) in combinations(ranked, 2)
            if less < more and better.sha256 != worse.sha256
        ]
    return tuple(found)


def _pair(better: Sample, worse: Sample, kind: str, severities: tuple[float, float]) -> KnownPair:
    return KnownPair(
        source=PairSource.DAMAGE,
        item=worse.item,
        better=PairedText(better.sha256, better.writer, better.iteration),
        worse=PairedText(worse.sha256, worse.writer, worse.iteration),
        cluster="/".join((worse.derived_from or "", worse.iteration, worse.item)),
        kind=kind,
        severities=severities,
    )
