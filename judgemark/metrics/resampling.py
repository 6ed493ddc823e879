"""The headline scores of resampled tables: with items drawn again, or with writers left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics import batch_figures as figures
from judgemark.metrics.calibration import calibrated
from judgemark.metrics.composite import CONSTANTS, VERSIONS, v4_score
from judgemark.metrics.item_pairs import ItemPairs
from judgemark.metrics.kendall import mean_tau_between, pair_signs
from judgemark.metrics.random_streams import Stream, stream_of
from judgemark.metrics.separability import delta_matrix
from judgemark.metrics.stability import complete_cells, permuted_cells, stability_without_each
from judgemark.metrics.table_batch import Batch, Coded, Ints, Moments, divided, per_iteration
from judgemark.table.score_table import Floats, ScoreTable

T = TypeVar("T")

RESAMPLES = 1000
RESAMPLED_AGAIN = 250
"""The number of resamples that are themselves resampled, twice each. The variance within them is
then known to sqrt(2 / 250) = 9%, and a standard error computed from it to half of that."""

Present = Mapping[str, Sequence[str]]
"""For each version, raw and calibrated, the components that its score has."""


def item_resamples(items: Sequence[str], seed: int, resamples: int = RESAMPLES) -> Ints:
    """Return items drawn with replacement, as places in `items`; shape (resamples, items).

    Resample k depends on the seed and the sorted item ids alone: two runs on the same items share
    their draws, and a larger number of resamples begins with the same ones.
    """
    rng = stream_of(seed, Stream.ITEMS, items)
    drawn: Ints = rng.integers(0, len(items), size=(resamples, len(items)))
    return drawn


def leaving_one_out(count: int) -> Ints:
    """Return all places except one, for each of `count`; shape (count, count - 1)."""
    places = np.arange(count)
    left: Ints = np.array([np.delete(places, n) for n in places], dtype=np.intp)
    return left.reshape(count, max(0, count - 1))


@dataclass(frozen=True, slots=True, eq=False)
class ResampledTable:
    """One raw table and how it is scored.

    `composites` are those of v2 and v2.1 that are taken from this table, with the components that
    their scores have; `v4` says whether v4 is taken from it too.
    """

    table: ScoreTable
    composites: Mapping[str, Present]
    reference: Mapping[str, float] | None
    v4: bool

    @property
    def known(self) -> Floats:
        """Reference scores, (1, writers), NaN where there is none."""
        reference = self.reference or {}
        return np.array([[reference.get(w, np.nan) for w in self.table.writers]])

    def needs(self, component: str) -> list[str]:
        """Return the versions of which some score has this component."""
        scores = self.composites.values()
        return [v for v in VERSIONS if any(component in present.get(v, ()) for present in scores)]


Scores = dict[tuple[str, str], Floats]
"""(scorecard, version) -> a score per table, NaN where a component is undefined."""


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """The headline scores of tables of resampled items; each array has shape (resamples,).

    Landmarks are fitted to each resample, and each has one stability shuffle of its own. A resample
    that leaves a writer without items is void: NaN in every score. `twins` are the scores of the
    same tables under another shuffle; tables without stability have the same scores there. `nested`
    has, for v2 and v2.1, how far the two resamples of each of the first RESAMPLED_AGAIN are apart,
    under either shuffle, in points; shape (2, RESAMPLED_AGAIN), for
    `interval_methods.variance_within`. Both arrays are linear in the scores: those of a difference
    between two judges are the differences of theirs.
    """

    scores: Scores
    twins: Scores
    nested: Scores


class Beside(Protocol):
    """Begins to compute something, perhaps in another process, and returns how to get it."""

    def __call__(self, compute: Callable[[], T], /) -> Callable[[], T]:
        """Return what gives the computed value."""


def when_asked(compute: Callable[[], T], /) -> Callable[[], T]:
    """Compute in this process, when the value is asked for."""
    return compute


def resampled_scores(
    source: ResampledTable, seed: int, resamples: int = RESAMPLES, beside: Beside = when_asked
) -> Resampled:
    """Resample the items, resample the first resamples again, and score all of these tables.

    Tables whose score needs a shuffle are scored twice. Shapes and void tables are as in
    `Resampled`. The resamples of resamples, a third of the work, are scored `beside` the others.
    Source: Efron (1979); for `nested` see `interval_methods.overstatement`.
    """
    picks = item_resamples(source.table.items, seed, resamples)
    shuffler = _Shuffler.of(source)
    nested = beside(lambda: _nested(source, shuffler, picks[:RESAMPLED_AGAIN], seed))
    scores, twins = _scored_twice(source, shuffler, picks, _shuffles(seed))
    return Resampled(scores, twins, nested())


def _nested(source: ResampledTable, shuffler: _Shuffler, picks: Ints, seed: int) -> Scores:
    """Return how far two resamples of each resample are apart, under either of two shuffles."""
    again, shuffles = _pairs_from_each(picks, seed), _shuffles(seed, again=True)
    pairs = _scored_twice(replace(source, v4=False), shuffler, again, shuffles)
    return {
        key: np.stack([under[key][::2] - under[key][1::2] for under in pairs]) for key in pairs[0]
    }


def _shuffles(seed: int, *, again: bool = False) -> tuple[np.random.Generator, ...]:
    """Return the two streams of stability shuffles of the resamples, or of those drawn `again`."""
    streams = (Stream.SHUFFLES, Stream.OTHER_SHUFFLES)
    if again:
        streams = (Stream.SHUFFLES_AGAIN, Stream.OTHER_SHUFFLES_AGAIN)
    return tuple(stream_of(seed, stream) for stream in streams)


def _pairs_from_each(picks: Ints, seed: int) -> Ints:
    """Return two resamples of each resample (resamples, items), one after the other."""
    resamples, items = picks.shape
    drawn = stream_of(seed, Stream.ITEMS_AGAIN).integers(0, items, size=(resamples, 2 * items))
    pairs: Ints = np.take_along_axis(picks, drawn, axis=1).reshape(2 * resamples, items)
    return pairs


def _scored_twice(
    source: ResampledTable,
    shuffler: _Shuffler,
    picks: Ints,
    shuffles: Sequence[np.random.Generator],
) -> tuple[Scores, Scores]:
    """Score the tables of the items at `picks` (B, items) under two shuffles; each (B,)."""
    rng, other = shuffles
    delta = _delta_of_items(shuffler.coded, picks) if source.v4 else None
    scores: Scores = {}
    twins: Scores = {}
    for rows, batch in shuffler.coded.with_items(picks):
        levels = _levels(batch)
        stability = shuffler.stability(batch, picks[rows], levels, rng)
        again = shuffler.stability(batch, picks[rows], levels, other)
        known_delta = None if delta is None else delta[rows]
        found = _scores(source, batch, levels, stability, source.known, known_delta)
        void = (batch.sizes.sum(axis=2) == 0).any(axis=1)
        for key, values in found.items():
            values[void] = np.nan
            scores.setdefault(key, np.empty(len(picks)))[rows] = values
            twin = twins.setdefault(key, np.empty(len(picks)))
            twin[rows] = values + _other_shuffle(source, key, stability, again)
    return scores, twins


def _other_shuffle(
    source: ResampledTable,
    key: tuple[str, str],
    one: Mapping[str, Floats],
    other: Mapping[str, Floats],
) -> Floats | float:
    """Return how much a score changes under another shuffle, in points."""
    name, version = key
    present = source.composites[name][version] if name in source.composites else ()
    if "stability_tau" not in present:
        return 0.0
    part = CONSTANTS[name].stability_part
    gains = [part(taus[version], version, present) for taus in (other, one)]
    return gains[0] - gains[1]


def v4_without_each_item(table: ScoreTable) -> Scores:
    """Return the v4 scores of the table without each item in turn; each of shape (items,), up to
    133.

    NaN where the remaining table has no score. The calibrated table keeps its calibration: the
    landmarks include the least and the greatest score, which keep moving as items are added, so
    that refitted ones have no limit; and where scores are whole numbers the quartiles jump.
    """
    scores: Scores = {("v4", version): np.empty(len(table.items)) for version in VERSIONS}
    coded, picks = Coded.of(table), leaving_one_out(len(table.items))
    delta = _delta_of_items(coded, picks)
    fitted = coded.whole().calibrated_levels()
    for rows, batch in coded.with_items(picks):
        raw = batch.raw_levels()
        levels = {"raw": raw, "calibrated": np.broadcast_to(fitted, raw.shape)}
        part = None if delta is None else delta[rows]
        for key, values in _v4_scores(batch, _moments(batch, levels), part).items():
            scores[key][rows] = values
    return scores


def scores_without_each_writer(
    source: ResampledTable,
    shuffles: int,
    seed: int,
    shuffled: Mapping[str, Floats] | None = None,
) -> Scores:
    """Return the headline scores without each writer in turn; each of shape (writers,).

    Landmarks are fitted again each time. Stability is taken from the shuffles of the whole table;
    `shuffled` has the `shuffled_means` of its versions where the caller has them already. NaN where
    a component is undefined. Source: as for `interval_methods.jackknife_t`.
    """
    table, count = source.table, len(source.table.writers)
    stability: dict[str, Floats] = {}
    for version in source.needs("stability_tau"):
        scaled = table if version == "raw" else calibrated(table)
        try:
            stability[version] = stability_without_each(
                scaled, shuffles=shuffles, seed=seed, means=(shuffled or {}).get(version)
            )
        except UndefinedFigure:
            stability[version] = np.full(count, np.nan)
    picks = leaving_one_out(count)
    delta = _delta_without_each_writer(table) if source.v4 else None
    scores: Scores = {}
    for rows, batch in Coded.of(table).with_writers(picks):
        part = {version: taus[rows] for version, taus in stability.items()}
        known = source.known[0][picks[rows]]
        known_delta = None if delta is None else delta[rows]
        found = _scores(source, batch, _levels(batch), part, known, known_delta)
        for key, values in found.items():
            scores.setdefault(key, np.empty(count))[rows] = values
    return scores


@dataclass(frozen=True, slots=True, eq=False)
class _Shuffler:
    """Draws one shuffle of iterations for each resampled table."""

    coded: Coded
    cells: Ints
    complete: Floats
    versions: Sequence[str]

    @staticmethod
    def of(source: ResampledTable) -> _Shuffler:
        coded = Coded.of(source.table)
        complete = complete_cells(source.table)
        cells = np.where(complete[:, :, None], coded.codes, len(coded.levels))
        cells = cells.reshape(-1, cells.shape[2])
        return _Shuffler(coded, cells, complete.astype(np.float64), source.needs("stability_tau"))

    def stability(
        self, batch: Batch, picks: Ints, levels: Mapping[str, Floats], rng: np.random.Generator
    ) -> dict[str, Floats]:
        """Return the mean tau between iterations of each table, shuffled once.

        The shape is (B,).
        """
        if not self.versions:
            return {}
        tables, writers, items, _ = batch.shape
        row = np.arange(writers)[None, :, None] * items
        drawn = permuted_cells(self.cells, row + picks[:, None, :], rng)
        offsets = np.arange(tables) * (len(batch.levels) + 1)
        places: Ints = drawn + offsets[:, None, None, None]
        sizes = np.swapaxes(self.complete[:, picks].sum(axis=2), 0, 1)
        found = {}
        for version in self.versions:
            sums = per_iteration(batch.look_up(levels[version], places))
            means = np.swapaxes(divided(sums, sizes[:, :, None]), 1, 2)
            found[version] = mean_tau_between(pair_signs(means))
        return found


def _delta_of_items(coded: Coded, picks: Ints) -> Floats | None:
    """Return the mean |delta| of the tables of the items at `picks`, where a faster way exists."""
    return ItemPairs.of(coded).cliffs_delta(picks) if ItemPairs.pays_off(coded) else None


def _delta_without_each_writer(table: ScoreTable) -> Floats:
    """Return the mean |delta| without each writer: a pair's delta does not depend on the others."""
    sizes = np.abs(delta_matrix(table))
    left = (len(sizes) - 1) * (len(sizes) - 2)
    return divided(sizes.sum() - 2 * sizes.sum(axis=1), np.full(len(sizes), float(left)))


def _levels(batch: Batch) -> dict[str, Floats]:
    return {"raw": batch.raw_levels(), "calibrated": batch.calibrated_levels()}


def _moments(batch: Batch, levels: Mapping[str, Floats]) -> dict[str, Moments]:
    return {version: Moments.of(batch, by_level) for version, by_level in levels.items()}


def _scores(
    source: ResampledTable,
    batch: Batch,
    levels: Mapping[str, Floats],
    stability: Mapping[str, Floats],
    known: Floats,
    delta: Floats | None = None,
) -> Scores:
    """Compose each table's scores; `delta`, where the caller has it already, is mean |delta|."""
    moments = _moments(batch, levels)
    scores = _v4_scores(batch, moments, delta) if source.v4 else {}
    if not source.composites:
        return scores
    kw_stat = figures.kruskal_wallis(batch)
    taus = {v: figures.reference_tau(moments[v], known) for v in source.needs("kendall_tau")}
    for name, present in source.composites.items():
        constants = CONSTANTS[name]
        weights = figures.emd_weights(batch) if "emd" in constants.separability else None
        for version, names in present.items():
            here = moments[version]
            components: dict[str, Floats] = {}
            if "stability_tau" in names:
                components["stability_tau"] = stability[version]
            if "kendall_tau" in names:
                components["kendall_tau"] = taus[version]
            if "separability" in names:
                overlap = figures.ci_overlap(here, constants.overlap_level)
                parts = {"kw_stat": kw_stat, "overlap_pct": overlap}
                if weights is not None:
                    parts["std_dev"] = figures.std_dev(here)
                    parts["score_range"] = figures.score_range(here)
                    parts["average_ci95"] = figures.average_ci95(here)
                    parts["cohens_d"] = figures.cohens_d(here)
                    parts["emd"] = (weights * levels[version]).sum(axis=1)
                components["separability"] = constants.separability_of(parts)
            if components:
                scores[name, version] = constants.score_of(components, version)
    return scores


def _v4_scores(batch: Batch, moments: Mapping[str, Moments], delta: Floats | None = None) -> Scores:
    if delta is None:
        delta = figures.cliffs_delta(batch)
    return {
        ("v4", version): v4_score(figures.omega_squared(here), delta)
        for version, here in moments.items()
    }
