"""The blocks of the `validity` section: plain values, and a reason for every null."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from judgemark.errors import UndefinedFigure
from judgemark.metrics.validity.dose_response import DoseSeries, dose_tau
from judgemark.metrics.validity.known_pair import AnsweredPair
from judgemark.metrics.validity.multiple_tests import holm
from judgemark.metrics.validity.probe_statistics import ContrastBlock
from judgemark.metrics.validity.rater_ceiling import Ceiling
from judgemark.metrics.validity.reading import (
    CountedPairs,
    Margin,
    Reading,
    RuleEstimate,
    count_pairs,
    read_counted,
)
from judgemark.metrics.validity.shares import PairEstimate
from judgemark.metrics.validity.validity_section import NotedBlock
from judgemark.table.score_table import Floats

ONE_SIDED = 0.025
"""A 95% interval lies above 0 where the one-sided p value is below this."""

NO_RATERS = "no piece was rated by several people"


@dataclass(frozen=True, slots=True)
class KindReading:
    """The reading on one kind of damage, corrected for the number of kinds.

    `reads` is that of the reading with Holm's correction; `dose` is the mean tau of severity and
    score, None with the reason where it is undefined. `counted` holds the kind's pairs with the
    answers of counting.
    """

    reading: Reading
    reads: bool | None
    dose: PairEstimate | None
    dose_reason: str = ""
    counted: CountedPairs | None = None


def source_block(reading: Reading, ceiling: Ceiling | str = NO_RATERS) -> NotedBlock:
    """Return the block under `validity.sources.<source>`.

    A `ceiling` in words says why there is none.
    """
    notes: dict[str, str] = {}
    values = _values(reading, notes)
    values["ceiling"] = None if isinstance(ceiling, str) else ceiling.accuracy
    if isinstance(ceiling, str):
        notes["ceiling"] = ceiling
    return NotedBlock(values, notes)


def kind_block(kind: KindReading) -> NotedBlock:
    """Return the block under `validity.kinds.<kind>`: as of a source, with dose tau and
    `countable`."""
    block = source_block(kind.reading, "artificial damage has no raters")
    values, notes = block.values, block.notes
    values["reads"] = kind.reads
    dose = kind.dose
    values["dose_tau"] = dose.value if dose else None
    values["dose_tau_ci95"] = dose.interval.ends() if dose and dose.interval else None
    values["countable"] = kind.reading.countable
    if dose is None:
        notes["dose_tau"] = notes["dose_tau_ci95"] = kind.dose_reason
    elif dose.interval is None:
        notes["dose_tau_ci95"] = dose.reason
    if values["countable"] is None:
        notes["countable"] = notes["counter"]
    return NotedBlock(values, notes)


def read_kinds(
    answered: Sequence[AnsweredPair],
    features: Mapping[str, Floats],
    series: Sequence[DoseSeries] = (),
    seed: int = 0,
) -> dict[str, KindReading]:
    """Return each kind of damage by itself, in sorted order; pairs without a kind take no part.

    A kind is read only where all three lower ends stay above 0 when the level is corrected for
    the number of kinds by Holm's (1979) method.
    """
    by_kind: dict[str, list[AnsweredPair]] = defaultdict(list)
    for one in answered:
        if one.pair.kind:
            by_kind[one.pair.kind].append(one)
    counted = {
        kind: count_pairs([one.pair for one in by_kind[kind]], features, seed)
        for kind in sorted(by_kind)
    }
    readings = {
        kind: read_counted(pairs, [one.right for one in by_kind[kind]])
        for kind, pairs in counted.items()
    }
    tested = [kind for kind, reading in readings.items() if reading.p is not None]
    adjusted = dict(zip(tested, holm([readings[k].p or 0.0 for k in tested]), strict=True))
    found = {}
    for kind, reading in readings.items():
        reads = adjusted[kind] < ONE_SIDED if kind in adjusted else None
        kind_reading = KindReading(reading, reads, None, counted=counted[kind])
        try:
            dose = dose_tau([s for s in series if s.kind == kind])
        except UndefinedFigure as undefined:
            found[kind] = replace(kind_reading, dose_reason=str(undefined))
        else:
            found[kind] = replace(kind_reading, dose=dose)
    return found


def _values(reading: Reading, notes: dict[str, str]) -> ContrastBlock:
    accuracy = reading.accuracy
    values: ContrastBlock = {
        "pairs": reading.pairs,
        "clusters": reading.clusters,
        "missing": reading.missing,
        "accuracy": accuracy.value if accuracy else None,
        "ci95": _ends(accuracy),
        "counter": _rule(reading.counter, counted=True),
        "twin": _rule(reading.twin, counted=False),
        "margin": reading.margin.estimate.value if reading.margin else None,
        "margin_ci95": _margin_ends(reading.margin),
        "over_half_ci95": _margin_ends(reading.over_half),
        "over_twin_ci95": _margin_ends(reading.over_twin),
        "reads": reading.reads,
    }
    few = reading.reasons.get("intervals") or reading.reasons.get("margin", "")
    for name, value in values.items():
        if value is None:
            notes[name] = reading.reasons.get(name) or few or reading.reasons["accuracy"]
    if reading.counter and reading.counter.accuracy.interval is None:
        notes["counter.ci95"] = reading.counter.accuracy.reason
    return values


def _rule(rule: RuleEstimate | None, *, counted: bool) -> ContrastBlock | None:
    if rule is None:
        return None
    if not counted:
        return {"name": rule.name, "accuracy": rule.accuracy.value}
    return {
        "name": rule.name,
        "folds": rule.folds,
        "accuracy": rule.accuracy.value,
        "ci95": _ends(rule.accuracy),
    }


def _ends(estimate: PairEstimate | None) -> list[float] | None:
    return estimate.interval.ends() if estimate and estimate.interval else None


def _margin_ends(margin: Margin | None) -> list[float] | None:
    return _ends(margin.estimate) if margin else None
