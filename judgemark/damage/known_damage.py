"""Pairs of versions of one piece of which the better is known, because code damaged the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from judgemark.records import Sample


@dataclass(frozen=True, slots=True)
class DamagePair:
    """Two versions of one source piece: `worse` has the damage of `better` and more.

    `kind` is the kind of the damage; where `better` is the source itself, that of `worse`.
    """

    better: Sample
    worse: Sample
    kind: str

    @property
    def source(self) -> tuple[str, str, str]:
        """Writer, iteration and item of the source piece: the pair's cluster."""
        return (self.worse.derived_from or "", self.worse.iteration, self.worse.item)

    @property
    def from_source(self) -> bool:
        """Whether the better text is the undamaged piece itself."""
        return self.better.derived_from is None


def damage_pairs(samples: Iterable[Sample]) -> tuple[DamagePair, ...]:
    """All pairs of versions of one piece, damaged in one way and to different degrees.

    A source piece counts as damaged by 0 and is paired with every version made from it. Versions
    of different kinds, of equal severity or with equal texts are no pair. A version whose source
    is not among the samples is paired with its fellows only. Sorted by source, kind and severity.
    """
    sources: dict[tuple[str, str, str], Sample] = {}
    versions: dict[tuple[str, str, str, str], list[Sample]] = defaultdict(list)
    for sample in samples:
        if sample.derived_from is None:
            sources[sample.writer, sample.iteration, sample.item] = sample
        elif sample.kind is not None and sample.severity is not None:
            place = (sample.derived_from, sample.iteration, sample.item, sample.kind)
            versions[place].append(sample)
    found: list[DamagePair] = []
    for place in sorted(versions):
        source = sources.get(place[:3])
        rising = sorted(versions[place], key=lambda s: (s.severity or 0.0, s.writer))
        ranked = [(s.severity or 0.0, s) for s in rising]
        if source is not None:
            ranked = [(0.0, source), *ranked]
        found += [
            DamagePair(better, worse, place[3])
            for (less, better), (more, worse) in combinations(ranked, 2)
            if less < more and better.sha256 != worse.sha256
        ]
    return tuple(found)
