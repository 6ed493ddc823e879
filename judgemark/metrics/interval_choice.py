"""Which kind of interval each scorecard gets, and the resamples it is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from judgemark.errors import UndefinedFigure
from judgemark.metrics import interval_methods as intervals
from judgemark.metrics.composite import V4_CEILING, V4_MOST
from judgemark.metrics.interval_ends import Interval
from judgemark.metrics.interval_methods import IntervalOrReason
from judgemark.metrics.resampling import (
    Beside,
    Resampled,
    ResampledTable,
    Scores,
    resampled_scores,
    scores_without_each_writer,
    v4_without_each_item,
    when_asked,
)
from judgemark.table.score_table import Floats

_UNLIMITED = {
    "raw": intervals.UNLIMITED_ITEMS,
    "calibrated": intervals.UNLIMITED_ITEMS_CALIBRATED,
}


@dataclass(frozen=True, slots=True)
class ResamplingSettings:
    """How many shuffles and resamples are drawn, from which seed, and what computes a part."""

    seed: int
    shuffles: int
    resamples: int
    beside: Beside = when_asked


@dataclass(frozen=True, slots=True)
class CardIntervals:
    """The two 95% intervals of one score, in its points: on other items, and with other writers.

    An interval that cannot be computed is replaced by its reason. Methods and sources are in
    `interval_methods`.
    """

    items: IntervalOrReason
    writers: IntervalOrReason


@dataclass(frozen=True, slots=True, eq=False)
class ResampleIntervals:
    """The scores of a table's resamples and leave-outs, and the intervals computed from them.

    A mapping is empty where the table is too small for it.
    """

    source: ResampledTable
    draws: ResamplingSettings
    replicates: Scores
    twins: Scores
    nested: Scores
    without_item: Scores
    without_writer: Scores

    @staticmethod
    def of(
        source: ResampledTable,
        draws: ResamplingSettings,
        shuffled: Mapping[str, Floats] | None = None,
    ) -> ResampleIntervals:
        """Score the resamples and leave-outs of a table.

        `shuffled` has the `shuffled_means` of its versions where the caller has them already.
        """
        wanted = source.v4 or any(
            names for present in source.composites.values() for names in present.values()
        )
        items = wanted and len(source.table.items) > 1 and len(source.table.writers) > 1
        writers = wanted and len(source.table.writers) > 2
        drawn = Resampled({}, {}, {})
        if items and draws.resamples:
            drawn = resampled_scores(source, draws.seed, draws.resamples, draws.beside)
        without_item = v4_without_each_item(source.table) if items and source.v4 else {}
        without_writer: Scores = {}
        if writers:
            without_writer = scores_without_each_writer(
                source, draws.shuffles, draws.seed, shuffled
            )
        return ResampleIntervals(
            source,
            draws,
            drawn.scores,
            drawn.twins,
            drawn.nested,
            without_item,
            without_writer,
        )

    def of_card(self, name: str, version: str, score: float | None) -> CardIntervals:
        """Return the intervals of one scorecard's score."""
        if score is None:
            absent = IntervalOrReason(None, "there is no score")
            return CardIntervals(absent, absent)
        if name == "v4-unscaled":
            found = self.of_card("v4", version, score / V4_CEILING)
            return CardIntervals(found.items.scaled(V4_CEILING), found.writers.scaled(V4_CEILING))
        return CardIntervals(
            IntervalOrReason.of(lambda: self._over_items(name, version, score)),
            IntervalOrReason.of(lambda: self._over_writers(name, version, score)),
        )

    def _over_items(self, name: str, version: str, score: float) -> Interval:
        count = len(self.source.table.items)
        if count < 2:
            raise UndefinedFigure("fewer than two items")
        if name == "v4":
            return intervals.jackknife_t(
                score,
                self.without_item[name, version],
                estimand=_UNLIMITED[version],
                clusters="items",
                corrected=True,
            )
        if not self.draws.resamples:
            raise UndefinedFigure("no item resamples were asked for")
        return intervals.resampled_t(
            score,
            _scores_of(self.replicates, name, version),
            items=count,
            seed=self.draws.seed,
            twins=_scores_of(self.twins, name, version),
            nested=self.nested.get((name, version)),
        )

    def _over_writers(self, name: str, version: str, score: float) -> Interval:
        if len(self.source.table.writers) < 3:
            raise UndefinedFigure("fewer than three writers")
        without = _scores_of(self.without_writer, name, version)
        if name == "v4":
            return intervals.bounded_jackknife_t(
                score,
                without,
                most=V4_MOST,
                estimand=intervals.UNLIMITED_WRITERS,
                clusters="writers",
            )
        return intervals.jackknife_t(
            score,
            without,
            estimand=intervals.WRITER_SETS_OF_THIS_SIZE,
            clusters="writers",
            corrected=False,
        )


def _scores_of(scores: Scores, name: str, version: str) -> Floats:
    if (name, version) not in scores:
        raise UndefinedFigure("too few writers or items to leave one out")
    return scores[name, version]
