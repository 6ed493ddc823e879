"""The published scorecards of a run: v2, v2.1, v4 and v4-unscaled, raw and calibrated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.calibration import Landmarks, calibrate, landmarks
from judgemark.metrics.components import DefinedFigures, measure, scored
from judgemark.metrics.composite import (
    CONSTANTS,
    VERSIONS,
    WEIGHTS,
    Constants,
    v4_score,
    v4_unscaled,
)
from judgemark.metrics.highest_reachable import HighestReachable, reach
from judgemark.metrics.interval_choice import ResampleIntervals, ResamplingSettings
from judgemark.metrics.resampling import RESAMPLES, Beside, ResampledTable, when_asked
from judgemark.metrics.scorecard import FIGURES, Plain, Scorecard
from judgemark.metrics.stability import SHUFFLES, shuffled_means
from judgemark.table.score_table import Floats, ScoreTable

SCORECARDS = ("v2", "v2.1", "v4", "v4-unscaled")
V4_PARTS = ("omega_squared", "cliffs_delta")
RATINGS_HAVE_NO_RAW = "ratings have no raw scale that the constants of this scorecard fit"
OWN_SCALE = "these scores lie outside 0..10, the scale that the constants of this scorecard fit"
UNDECLARED_RANGE = (
    "the judge declares no range for its scores, so that they cannot be brought to the scale that "
    "the constants of this scorecard fit"
)
V4_HAS_NO_SEPARABILITY = "v4 has no separability composite"


@dataclass(frozen=True, slots=True)
class Scorecards:
    """All scorecards of one run.

    `cards[scorecard][version]` is None where a scorecard has no meaning as a whole. `notes` maps
    the dotted path of every unavailable figure to the reason, e.g.
    `scorecards.v2.raw.kendall_tau`. `landmarks` and `reach` have the keys v2 and v2.1.
    `replicates[scorecard, version]` (resamples,) are the scores of v2, v2.1 and v4 on the item
    resamples, NaN where one is void: runs on the same items share their draws, so that
    differences between their rows are paired. `twins` are the same resamples under another
    stability shuffle, for `interval_methods.spread`, and `nested` (2, RESAMPLED_AGAIN) what
    `interval_methods.variance_within` takes.
    """

    cards: Mapping[str, Mapping[str, Scorecard | None]]
    landmarks: Mapping[str, Landmarks | None]
    reach: Mapping[str, HighestReachable | None]
    notes: Mapping[str, str]
    replicates: Mapping[tuple[str, str], Floats]
    twins: Mapping[tuple[str, str], Floats]
    nested: Mapping[tuple[str, str], Floats]
    seed: int
    shuffles: int
    resamples: int

    def card(self, scorecard: str, version: str) -> Scorecard:
        """Return one card; raises UndefinedFigure where it has no meaning."""
        found = self.cards[scorecard][version]
        if found is None:
            raise UndefinedFigure(self.notes[f"scorecards.{scorecard}.{version}"])
        return found

    def to_json(self) -> dict[str, object]:
        """Return plain values under `scorecards`, `landmarks`, `reach` and `notes`, as in
        result.json."""
        cards: dict[str, dict[str, dict[str, Plain] | None]] = {
            name: {v: card.to_json() if card else None for v, card in versions.items()}
            for name, versions in self.cards.items()
        }
        return {
            "scorecards": cards,
            "landmarks": {n: m.as_list() if m else None for n, m in self.landmarks.items()},
            "intervals": self._intervals(),
            "reach": {n: r.to_json() if r else None for n, r in self.reach.items()},
            "notes": dict(self.notes),
        }

    def _intervals(self) -> dict[str, dict[str, dict[str, object]]]:
        """Return what each interval is about, by scorecard, version and cluster (items,
        writers)."""
        plain: dict[str, dict[str, dict[str, object]]] = {}
        for name, versions in self.cards.items():
            for version, card in versions.items():
                both = (card.ci95, card.ci95_other_writers) if card else (None, None)
                plain.setdefault(name, {})[version] = {
                    cluster: interval.to_json() if interval else None
                    for cluster, interval in zip(("items", "writers"), both, strict=True)
                }
        return plain


@dataclass(slots=True)
class _Draft:
    """The scorecards while they are being computed."""

    cards: dict[str, dict[str, Scorecard | None]] = field(
        default_factory=lambda: {name: dict.fromkeys(VERSIONS) for name in SCORECARDS}
    )
    landmarks: dict[str, Landmarks | None] = field(default_factory=dict)
    reach: dict[str, HighestReachable | None] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    replicates: dict[tuple[str, str], Floats] = field(default_factory=dict)
    twins: dict[tuple[str, str], Floats] = field(default_factory=dict)
    nested: dict[tuple[str, str], Floats] = field(default_factory=dict)

    def finished(self, draws: ResamplingSettings) -> Scorecards:
        """Return the scorecards, which do not change any more."""
        return Scorecards(
            MappingProxyType({n: MappingProxyType(v) for n, v in self.cards.items()}),
            MappingProxyType(self.landmarks),
            MappingProxyType(self.reach),
            MappingProxyType(self.notes),
            MappingProxyType(self.replicates),
            MappingProxyType(self.twins),
            MappingProxyType(self.nested),
            draws.seed,
            draws.shuffles,
            draws.resamples,
        )


def scorecards(
    v2: ScoreTable,
    v21: ScoreTable,
    reference: Mapping[str, float] | None = None,
    *,
    no_raw: str = "",
    shuffles: int = SHUFFLES,
    resamples: int = RESAMPLES,
    seed: int = 0,
    no_intervals: str = "",
    beside: Beside = when_asked,
) -> Scorecards:
    """Score a run.

    `v2` and `v21` are its raw tables under the item rules of v2 and v2.1; judges that give item
    scores directly hand the same table twice. v4 is taken from `v21`. `reference` maps writers to
    reference scores, higher is better. `no_raw` says why raw v2 and v2.1 have no meaning (they
    are ratings of a pairwise judge, or on another scale than 0..10); empty where they have one.
    `resamples` is the number of item resamples behind the intervals of v2 and v2.1 and behind
    `replicates`; 0 goes without them.
    `no_intervals` is the reason why these tables have no intervals at all; then nothing is
    resampled. A part of the resamples is scored `beside` the others.

    Never raises for what the tables lack: figures are then None and `notes` has the reason.
    Depends on the seed and the sorted tables alone.
    """
    draft, resampling = _Draft(), ResamplingSettings(seed, shuffles, resamples, beside)
    tables = dict(zip(CONSTANTS, (scored(v2), scored(v21)), strict=True))
    for names in [tuple(CONSTANTS)] if _same(*tables.values()) else [(name,) for name in CONSTANTS]:
        raw, shuffled = tables[names[0]], dict[str, Floats]()
        for name in names:
            versions = _versions(draft, name, raw)
            shuffled = shuffled or _shuffled(versions, resampling)
            _add_cards(draft, CONSTANTS[name], versions, reference, resampling, shuffled, no_raw)
            _add_reach(draft, name, raw)
        if no_intervals:
            _add_no_intervals(draft, names, no_intervals)
        else:
            _add_intervals(draft, names, raw, reference, resampling, shuffled)
    return draft.finished(resampling)


def _same(first: ScoreTable, second: ScoreTable) -> bool:
    """Return whether two tables are the same, so that what is drawn from one serves both."""
    axes = [(table.writers, table.iterations, table.items) for table in (first, second)]
    return axes[0] == axes[1] and np.array_equal(first.values, second.values, equal_nan=True)


def _shuffled(versions: Mapping[str, ScoreTable], draws: ResamplingSettings) -> dict[str, Floats]:
    """Return the shuffled means of each version; none where the table is too small for them."""
    try:
        return {
            version: shuffled_means(table, shuffles=draws.shuffles, seed=draws.seed)
            for version, table in versions.items()
        }
    except UndefinedFigure:
        return {}


def _add_cards(
    draft: _Draft,
    constants: Constants,
    versions: Mapping[str, ScoreTable],
    reference: Mapping[str, float] | None,
    draws: ResamplingSettings,
    shuffled: Mapping[str, Floats],
    no_raw: str,
) -> None:
    """Put together the v2 or the v2.1 cards of a table, and with those of v2.1 the v4 ones."""
    for version, table in versions.items():
        measured = measure(
            table,
            reference,
            overlap_level=constants.overlap_level,
            shuffles=draws.shuffles,
            seed=draws.seed,
            means=shuffled.get(version),
        )
        if no_raw and version == "raw":
            draft.notes[f"scorecards.{constants.name}.raw"] = no_raw
        else:
            _add_composite(draft, constants, version, measured)
        if constants.name == "v2.1":
            _add_v4(draft, "v4", version, measured, v4_score)
            _add_v4(draft, "v4-unscaled", version, measured, v4_unscaled)


def _versions(draft: _Draft, name: str, raw: ScoreTable) -> dict[str, ScoreTable]:
    try:
        marks = landmarks(raw)
    except UndefinedFigure as undefined:
        draft.landmarks[name] = None
        draft.notes[f"landmarks.{name}"] = str(undefined)
        return {"raw": raw, "calibrated": raw}
    draft.landmarks[name] = marks
    return {"raw": raw, "calibrated": raw.with_values(calibrate(raw.values, marks))}


def _add_composite(
    draft: _Draft, constants: Constants, version: str, measured: DefinedFigures
) -> None:
    """Put a v2 or v2.1 card together and note what it lacks."""
    notes = dict(measured.reasons)
    components = {n: measured.values[n] for n in WEIGHTS if n in measured.values}
    lacking = [part for part in constants.parts if part not in measured.values]
    separability = None
    if lacking:
        notes["separability"] = f"without {lacking[0]}: {measured.reasons[lacking[0]]}"
    else:
        separability = float(constants.separability_of(measured.values))
        components["separability"] = separability
    score = None
    if components:
        score = float(constants.score_of(components, version))
    else:
        notes["score"] = "none of its components is available"
    missing = tuple(name for name in WEIGHTS if name not in components)
    _add_card(draft, constants.name, version, measured, separability, score, missing, notes)


def _add_v4(
    draft: _Draft,
    name: str,
    version: str,
    measured: DefinedFigures,
    compose: Callable[[float, float], Floats],
) -> None:
    """Put a v4 card together; without either of its two parts it has no score."""
    notes = {**measured.reasons, "separability": V4_HAS_NO_SEPARABILITY}
    missing = tuple(part for part in V4_PARTS if part not in measured.values)
    score = None
    if missing:
        notes["score"] = f"without {missing[0]}: {measured.reasons[missing[0]]}"
    else:
        omega, delta = (measured.values[part] for part in V4_PARTS)
        score = float(compose(omega, delta))
    _add_card(draft, name, version, measured, None, score, missing, notes)


def _add_card(
    draft: _Draft,
    name: str,
    version: str,
    measured: DefinedFigures,
    separability: float | None,
    score: float | None,
    missing: tuple[str, ...],
    notes: Mapping[str, str],
) -> None:
    figures = {figure: measured.get(figure) for figure in FIGURES}
    draft.cards[name][version] = Scorecard(
        **figures,
        separability=separability,
        score=score,
        missing=missing,
        ci95=None,
        ci95_other_writers=None,
    )
    for figure, reason in notes.items():
        draft.notes[f"scorecards.{name}.{version}.{figure}"] = reason


def _add_reach(draft: _Draft, name: str, raw: ScoreTable) -> None:
    card = draft.cards[name]["calibrated"]
    try:
        missing = card.missing if card else ()
        present = [part for part in WEIGHTS if part not in missing]
        draft.reach[name] = reach(raw, name, card.kw_stat if card else None, present)
    except UndefinedFigure as undefined:
        draft.reach[name] = None
        draft.notes[f"reach.{name}"] = str(undefined)


def _cards_of_one_table(draft: _Draft, names: Sequence[str]) -> list[str]:
    """Return the scorecards that are made from one table: v4 goes with that of v2.1."""
    v4 = "v2.1" in names and draft.cards["v4"]["raw"] is not None
    return [*names, "v4", "v4-unscaled"] if v4 else list(names)


def _add_no_intervals(draft: _Draft, composites: Sequence[str], reason: str) -> None:
    """Note why the cards made from one table have no interval."""
    for name in _cards_of_one_table(draft, composites):
        for version in VERSIONS:
            if draft.cards[name][version] is not None:
                for interval in ("ci95", "ci95_other_writers"):
                    draft.notes[f"scorecards.{name}.{version}.{interval}"] = reason


def _add_intervals(
    draft: _Draft,
    composites: Sequence[str],
    raw: ScoreTable,
    reference: Mapping[str, float] | None,
    draws: ResamplingSettings,
    shuffled: Mapping[str, Floats],
) -> None:
    """Put intervals on the cards made from one table, and a reason where there is none."""
    present = {
        name: {version: _present(draft.cards[name][version]) for version in VERSIONS}
        for name in composites
    }
    names = _cards_of_one_table(draft, composites)
    source = ResampledTable(raw, present, reference, "v4" in names)
    intervals = ResampleIntervals.of(source, draws, shuffled)
    draft.replicates.update(intervals.replicates)
    draft.twins.update(intervals.twins)
    draft.nested.update(intervals.nested)
    for name in names:
        for version in VERSIONS:
            card = draft.cards[name][version]
            if card is None:
                continue
            found = intervals.of_card(name, version, card.score)
            path = f"scorecards.{name}.{version}"
            if found.items.interval is None:
                draft.notes[f"{path}.ci95"] = found.items.reason
            if found.writers.interval is None:
                draft.notes[f"{path}.ci95_other_writers"] = found.writers.reason
            draft.cards[name][version] = replace(
                card, ci95=found.items.interval, ci95_other_writers=found.writers.interval
            )


def _present(card: Scorecard | None) -> list[str]:
    """Return the components that a v2 or v2.1 score has."""
    return [name for name in WEIGHTS if name not in card.missing] if card else []
