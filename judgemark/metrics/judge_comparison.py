"""Compares two judges on the same samples: which separates better, and is it more than chance?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from judgemark.errors import UndefinedFigure, UsageError
from judgemark.metrics.components import scored
from judgemark.metrics.composite import VERSIONS
from judgemark.metrics.interval_ends import Interval
from judgemark.metrics.interval_methods import resampled_t, spread
from judgemark.metrics.kendall import tau_b
from judgemark.metrics.order_agreement import writer_means
from judgemark.metrics.resampling import RESAMPLES
from judgemark.metrics.scorecards import Scorecards, scorecards
from judgemark.metrics.stability import SHUFFLES
from judgemark.records import Place
from judgemark.table.score_table import Floats, ScoreTable

COMPARED = ("v2", "v2.1", "v4")
ESTIMAND = "the expected difference of these judges on item sets of this size, for these writers"


@dataclass(frozen=True, slots=True, eq=False)
class Contender:
    """One judge's run: its raw tables under the item rules of v2 and v2.1.

    `hashes` has the sha256 of the text at each place that was to be judged, where the text is known
    (imported runs may lack it). `no_raw` and `no_intervals` are as in `scorecards`.
    """

    v2: ScoreTable
    v21: ScoreTable
    hashes: Mapping[Place, str] = field(default_factory=dict)
    no_raw: str = ""
    no_intervals: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One headline score of both judges, 0..100 (v4 up to 133), and the first minus the second.

    Above 0 the first judge separates better. `ci95` and `p_value` (two-sided, 0..1) are computed
    from paired item resamples. What is undefined is None, and `reason` says why.
    """

    first: float | None
    second: float | None
    difference: float | None = None
    ci95: Interval | None = None
    p_value: float | None = None
    reason: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the fields as plain values, the interval as [low, high]."""
        return {
            "first": self.first,
            "second": self.second,
            "difference": self.difference,
            "ci95": self.ci95.ends() if self.ci95 else None,
            "p_value": self.p_value,
            "reason": self.reason or None,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two judges on the pieces that both scored.

    `differences[scorecard][version]` for v2, v2.1 and v4, raw and calibrated. `tau`, -1..1, is
    Kendall's tau-b between their rankings of the writers by mean raw v2.1 item score, 1 = the
    same order; None with `tau_reason`. `writers` and `pieces` count what both scored under v2.1's
    item rule; `left_out[v2 or v2.1]` the scores of either judge on pieces that the other did not
    score.
    """

    differences: Mapping[str, Mapping[str, Difference]]
    tau: float | None
    tau_reason: str
    writers: int
    pieces: int
    left_out: Mapping[str, tuple[int, int]]
    seed: int
    shuffles: int
    resamples: int

    def to_json(self) -> dict[str, object]:
        """Return plain values for `compare json`."""
        return {
            "differences": {
                name: {version: d.to_json() for version, d in versions.items()}
                for name, versions in self.differences.items()
            },
            "kendall_tau": self.tau,
            "kendall_tau_reason": self.tau_reason or None,
            "writers": self.writers,
            "pieces": self.pieces,
            "left_out": {name: list(counts) for name, counts in self.left_out.items()},
            "estimand": ESTIMAND,
            "seed": self.seed,
            "shuffles": self.shuffles,
            "resamples": self.resamples,
        }


def compare(
    first: Contender,
    second: Contender,
    reference: Mapping[str, float] | None = None,
    *,
    seed: int = 0,
    shuffles: int = SHUFFLES,
    resamples: int = RESAMPLES,
) -> Comparison:
    """Compare two judges on the pieces that both scored; landmarks are fitted to those alone.

    A difference that is undefined is None, with a reason. Raises UsageError where the runs do not
    share their samples: no piece in common, or another text at the same place.
    """
    check_same_samples(first, second)
    v2 = common(first.v2, second.v2)
    v21 = common(first.v21, second.v21)
    if v21.first.values.size == 0:
        raise UsageError("no piece was scored in both runs; compare runs on one sample set")
    ours, theirs = (
        scorecards(
            *tables,
            reference,
            no_raw=judge.no_raw,
            no_intervals=first.no_intervals or second.no_intervals,
            shuffles=shuffles,
            resamples=resamples,
            seed=seed,
        )
        for tables, judge in (
            ((v2.first, v21.first), first),
            ((v2.second, v21.second), second),
        )
    )
    items = {"v2": len(v2.first.items), "v2.1": len(v21.first.items), "v4": len(v21.first.items)}
    differences = {
        name: MappingProxyType(
            {v: _difference(ours, theirs, (name, v), items[name]) for v in VERSIONS}
        )
        for name in COMPARED
    }
    try:
        tau, tau_reason = tau_b(writer_means(v21.first), writer_means(v21.second)), ""
    except UndefinedFigure as undefined:
        tau, tau_reason = None, str(undefined)
    return Comparison(
        MappingProxyType(differences),
        tau,
        tau_reason,
        len(v21.first.writers),
        int(np.count_nonzero(~np.isnan(v21.first.values))),
        MappingProxyType({"v2": v2.left_out, "v2.1": v21.left_out}),
        seed,
        shuffles,
        resamples,
    )


def check_same_samples(first: Contender, second: Contender) -> None:
    """Raise UsageError if a place that both runs know holds two different texts."""
    differing = sorted(
        place
        for place, text in first.hashes.items()
        if text and second.hashes.get(place) and second.hashes[place] != text
    )
    if differing:
        writer, iteration, item = differing[0]
        raise UsageError(
            f"the runs judged different samples: {len(differing)} pieces differ, the first of "
            f"them writer {writer}, iteration {iteration}, item {item}; compare runs on one "
            "sample set"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Common:
    """Two tables with the same axes and the same gaps, and how many scores of either are gone."""

    first: ScoreTable
    second: ScoreTable
    left_out: tuple[int, int]


def common(first: ScoreTable, second: ScoreTable) -> Common:
    """Return two tables restricted to the (writer, iteration, item) that both scored."""
    axes = [
        (a, b, sorted(set(a) & set(b)))
        for a, b in (
            (first.writers, second.writers),
            (first.iterations, second.iterations),
            (first.items, second.items),
        )
    ]
    ours = first.values[np.ix_(*[[a.index(name) for name in both] for a, _, both in axes])]
    theirs = second.values[np.ix_(*[[b.index(name) for name in both] for _, b, both in axes])]
    gap = np.isnan(ours) | np.isnan(theirs)
    names = [tuple(both) for _, _, both in axes]

    def restricted(values: Floats) -> ScoreTable:
        return scored(ScoreTable(names[0], names[1], names[2], np.where(gap, np.nan, values)))

    kept = int(np.count_nonzero(~gap))
    counts = [int(np.count_nonzero(~np.isnan(t.values))) for t in (first, second)]
    return Common(restricted(ours), restricted(theirs), (counts[0] - kept, counts[1] - kept))


def paired(
    difference: float,
    replicates: Floats,
    *,
    items: int,
    seed: int,
    twins: Floats | None = None,
    nested: Floats | None = None,
) -> tuple[Interval, float]:
    """Return the interval of a difference, and the two-sided p-value (0..1) of no difference.

    `replicates` (resamples,) are differences on shared item resamples, and `twins` are the same
    under other stability shuffles; `nested` (2, n) are differences of what `variance_within` takes.
    The interval is that of `resampled_t`, its correction included. The p-value comes from the same
    t, |d| / (sqrt(I/(I-1)) SE) with I - 1 degrees of freedom, so that it is below 0.05 exactly
    where the interval leaves out 0. Where all resamples are equal, p is 1 for no difference
    and undefined for any other. Both are undefined where `resampled_t` is, and have the same
    source.
    """
    from scipy.special import stdtr

    interval = resampled_t(
        difference, replicates, items=items, seed=seed, twins=twins, nested=nested
    )
    variance = spread(replicates, twins) ** 2 / interval.overstated
    error = math.sqrt(items / (items - 1) * variance)
    if error > 0:
        return interval, float(2 * stdtr(items - 1, -abs(difference) / error))
    if difference == 0:
        return interval, 1.0
    raise UndefinedFigure("every item resample gives the same difference")


def _difference(
    ours: Scorecards, theirs: Scorecards, key: tuple[str, str], items: int
) -> Difference:
    a, b = (_score(cards, key) for cards in (ours, theirs))
    try:
        if a is None or b is None:
            raise UndefinedFigure(_why_none(theirs if b is None else ours, key))
        missing = [_missing(cards, key) for cards in (ours, theirs)]
        if missing[0] != missing[1]:
            lacking = ", ".join(sorted(set(missing[0]) ^ set(missing[1])))
            raise UndefinedFigure(f"only one of the two scores has {lacking}")
    except UndefinedFigure as undefined:
        return Difference(a, b, reason=str(undefined))
    try:
        if key not in ours.replicates or key not in theirs.replicates:
            path = f"scorecards.{key[0]}.{key[1]}.ci95"
            raise UndefinedFigure(ours.notes.get(path, "no item resamples"))
        replicates = ours.replicates[key] - theirs.replicates[key]
        twins = ours.twins[key] - theirs.twins[key]
        nested = None
        if key in ours.nested and key in theirs.nested:
            nested = ours.nested[key] - theirs.nested[key]
        interval, p = paired(
            a - b, replicates, items=items, seed=ours.seed, twins=twins, nested=nested
        )
    except UndefinedFigure as undefined:
        return Difference(a, b, a - b, reason=str(undefined))
    return Difference(a, b, a - b, replace(interval, estimand=ESTIMAND), p)


def _score(cards: Scorecards, key: tuple[str, str]) -> float | None:
    card = cards.cards[key[0]][key[1]]
    return card.score if card else None


def _missing(cards: Scorecards, key: tuple[str, str]) -> tuple[str, ...]:
    card = cards.cards[key[0]][key[1]]
    return card.missing if card else ()


def _why_none(cards: Scorecards, key: tuple[str, str]) -> str:
    path = f"scorecards.{key[0]}.{key[1]}"
    return cards.notes.get(f"{path}.score") or cards.notes.get(path) or "no score"
