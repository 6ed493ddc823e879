"""Accuracy on known pairs by their margin, by where they are from, and by their age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judgemark.inputs.known_pair_set import KnownPairSet, PairFacts
from judgemark.metrics.validity.known_pair import AnsweredPair, KnownPair
from judgemark.metrics.validity.reading import FEWEST_CLUSTERS
from judgemark.metrics.validity.shares import PairEstimate, clustered_share
from judgemark.table.score_table import Floats

MARGIN_BANDS = 4
AGE_BANDS = 3
_OTHER_PAIRS = "the figure of this judge on unlimited other clusters of such pairs"

GroupBlock = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PairAnswer:
    """A known pair with its facts, the judge's answer, and that of counting.

    `counted` is the answer of the counting rule that was chosen on other pairs: 1, 0 or 0.5; None
    where no rule could be chosen.
    """

    answer: AnsweredPair
    facts: PairFacts
    counted: float | None

    @property
    def pair(self) -> KnownPair:
        """The known pair."""
        return self.answer.pair


def pair_answers(
    known: KnownPairSet, answered: Sequence[AnsweredPair], counted: Floats | None
) -> tuple[PairAnswer, ...]:
    """Return the pairs that have an answer; `counted` (pairs,) are those of counting."""
    rules = [None] * len(answered) if counted is None else [float(value) for value in counted]
    return tuple(
        PairAnswer(answer, facts, rule)
        for answer, facts, rule in zip(answered, known.facts, rules, strict=True)
        if answer.right is not None
    )


def by_margin(pairs: Sequence[PairAnswer]) -> list[GroupBlock]:
    """Return bands of margin that hold about equally many pairs, the smallest margins first.

    Pairs without a margin are left out; empty where none has one.
    """
    return _bands(pairs, lambda p: p.pair.margin, MARGIN_BANDS)


def by_origin(pairs: Sequence[PairAnswer]) -> list[GroupBlock]:
    """Return the groups by the file's own name of their source, the largest first.

    Empty where the file names none.
    """
    groups: dict[Hashable, list[PairAnswer]] = defaultdict(list)
    for pair in pairs:
        groups[pair.facts.origin].append(pair)
    if not any(groups):
        return []
    named = sorted(groups.items(), key=lambda entry: (-len(entry[1]), str(entry[0])))
    return [{"name": str(name), **_block(group)} for name, group in named]


def by_age(pairs: Sequence[PairAnswer]) -> dict[str, Any] | None:
    """Return bands of year, else of age, with the name of what they are bands of.

    None where fewer than two bands can be told apart.
    """
    for unit, told in (("year", _year), ("age", _age)):
        bands = _bands(pairs, told, AGE_BANDS)
        if len(bands) > 1:
            return {"unit": unit, "bands": bands}
    return None


def _year(pair: PairAnswer) -> float | None:
    return pair.facts.year


def _age(pair: PairAnswer) -> float | None:
    return pair.facts.age


def _bands(
    pairs: Sequence[PairAnswer], told: Callable[[PairAnswer], float | None], bands: int
) -> list[GroupBlock]:
    """Return the pairs in bands of a number; a value never stands in two bands."""
    known = [(value, pair) for pair in pairs if (value := told(pair)) is not None]
    if not known:
        return []
    # Margins are differences of decimal numbers: equal ones may differ by a rounding error.
    known = [(round(value, 9), pair) for value, pair in known]
    values = np.array([value for value, _ in known])
    edges = np.unique(np.quantile(values, np.linspace(0, 1, bands + 1)[1:-1]))
    # An edge belongs to the band above it, so that few different values have a band each.
    places = np.searchsorted(edges, values, side="right")
    found = []
    for band in sorted(set(places.tolist())):
        here = [entry for entry, place in zip(known, places, strict=True) if place == band]
        low, high = min(value for value, _ in here), max(value for value, _ in here)
        found.append({"low": low, "high": high, **_block([pair for _, pair in here])})
    return found


def _block(group: Sequence[PairAnswer]) -> GroupBlock:
    """Return the figures of a group of pairs: accuracy with its interval, and that of counting."""
    estimate = accuracy_of(group)
    counted = [pair.counted for pair in group if pair.counted is not None]
    return {
        "n": len(group),
        "clusters": len({pair.pair.cluster for pair in group}),
        "accuracy": estimate.value,
        "ci95": estimate.interval.ends() if estimate.interval else None,
        "counter": sum(counted) / len(counted) if counted else None,
    }


def accuracy_of(group: Iterable[PairAnswer]) -> PairEstimate:
    """Return the accuracy of the judge on at least one pair with an answer."""
    listed = list(group)
    rights = [pair.answer.right or 0.0 for pair in listed]
    return share_of(rights, [pair.pair.cluster for pair in listed])


def share_of(values: Sequence[float], clusters: Sequence[str]) -> PairEstimate:
    """Return a share of pairs, 0..1, with its interval over clusters."""
    return clustered_share(
        values, clusters, estimand=_OTHER_PAIRS, fewest=FEWEST_CLUSTERS, named="clusters"
    )
