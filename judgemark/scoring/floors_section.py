"""The floors of a run, and how far the judge is above the one that counts distinct words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.judged import JudgedRun
from judgemark.metrics.interval_ends import Interval
from judgemark.metrics.interval_methods import UNLIMITED_ITEMS, jackknife_t
from judgemark.metrics.resampling import v4_without_each_item
from judgemark.metrics.scorecards import Scorecards
from judgemark.metrics.surface_bias import SurfaceFeatures
from judgemark.records import Place, Sample
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.floors import BaselineFloor, features_of_samples, floors
from judgemark.scoring.pooled_ratings import SHARED_VERDICTS
from judgemark.scoring.run_tables import judged_samples
from judgemark.scoring.second_process import ComputedBeside, beside
from judgemark.table.score_table import ScoreTable

ABOVE = "s_minus_lexical"


@dataclass(frozen=True, slots=True)
class FiguresOfTexts:
    """What texts say without a verdict: the surface of each, and what judges that do not read
    reach.

    `floors` is None where the texts are not known.
    """

    features: Mapping[Place, SurfaceFeatures]
    floors: Mapping[str, BaselineFloor] | None


@dataclass(frozen=True, slots=True, eq=False)
class BegunFigures:
    """The figures of the texts of a whole set, which are computed while a judge is asked."""

    samples: Sequence[Sample]
    reference: Mapping[str, float] | None
    seed: int
    found: ComputedBeside[FiguresOfTexts]

    @staticmethod
    def of(
        samples: Sequence[Sample], reference: Mapping[str, float] | None, seed: int
    ) -> BegunFigures:
        """Begin to compute them in a second process."""

        def compute() -> FiguresOfTexts:
            features = features_of_samples(samples)
            return FiguresOfTexts(features, floors(samples, reference, seed, features))

        return BegunFigures(samples, reference, seed, beside(compute))

    def fit(self, run: JudgedRun, reference: Mapping[str, float] | None, seed: int) -> bool:
        """Return whether they are those of the run: exactly these pieces have scores of their
        own."""
        same = self.reference == reference and self.seed == seed
        own_scores = run.tournaments is None and not run.ratings
        return same and own_scores and judged_samples(run) == list(self.samples) != []


def figures_of_texts(
    run: JudgedRun, reference: Mapping[str, float] | None, seed: int
) -> FiguresOfTexts:
    """Return the surface features of a run's pieces and its floors."""
    features = features_of_samples(run.samples)
    return FiguresOfTexts(features, floors_of_run(run, reference, seed, features))


def texts_beside(
    run: JudgedRun,
    reference: Mapping[str, float] | None,
    seed: int,
    begun: BegunFigures | None = None,
) -> Callable[[], FiguresOfTexts]:
    """Return what gives the figures of a run's texts: those `begun` already, else a second process
    that begins now.

    Those that were begun for other texts are dropped.
    """
    if begun is not None:
        if begun.fit(run, reference, seed):
            return begun.found
        begun.found.drop()
    return beside(lambda: figures_of_texts(run, reference, seed))


def floors_of_run(
    run: JudgedRun,
    reference: Mapping[str, float] | None,
    seed: int,
    features: Mapping[Place, SurfaceFeatures],
) -> dict[str, BaselineFloor] | None:
    """Return the scores of judges that do not read; None where the texts are not known.

    `features` are those of the run's pieces.
    """
    samples = run.samples if run.ratings else judged_samples(run)
    if not samples:
        return None
    if run.tournaments is not None:
        from judgemark.scoring.tournament_floors import rating_floors

        rules = run.tournaments.played.result.settings
        return rating_floors(samples, rules, reference, seed)
    return floors(samples, reference, seed, features)


def floors_section(
    found: Mapping[str, BaselineFloor] | None,
    table: ScoreTable,
    cards: Scorecards,
    notes: Notes,
    *,
    pooled: bool,
) -> dict[str, Any] | None:
    """Return the section of the floors `found`, and the points of the judge above `lexical`.

    `table` is the judge's raw table under v2.1's item rule. None, with the reason, where the texts
    are not known. `pooled` says that the writers' scores rest on the same verdicts.
    """
    if found is None:
        notes.reasons["floors"] = "the texts of the pieces are not known"
        return None
    for name, floor in found.items():
        if floor.reason:
            notes.reasons[f"floors.{name}"] = floor.reason
        elif floor.no_chance:
            notes.reasons[f"floors.{name}.chance"] = floor.no_chance
    card = cards.cards["v4"]["raw"]
    score = card.score if card else None
    section = {name: floor.to_json() for name, floor in found.items()}
    return section | _above(score, table, found["lexical"], notes, pooled=pooled)


def _above(
    score: float | None, table: ScoreTable, floor: BaselineFloor, notes: Notes, *, pooled: bool
) -> dict[str, Any]:
    """Return the judge's v4 score minus the floor's, and its interval as [low, high]."""
    if score is None or floor.score is None or floor.table is None:
        return {ABOVE: None, f"{ABOVE}_ci95": None}
    above, theirs = score - floor.score, floor.table

    def interval() -> Interval:
        if pooled:
            raise UndefinedFigure(SHARED_VERDICTS)
        return difference_over_items(above, table, theirs)

    sure = notes.attempt(f"floors.{ABOVE}_ci95", interval)
    return {ABOVE: above, f"{ABOVE}_ci95": sure.ends() if sure else None}


def difference_over_items(difference: float, ours: ScoreTable, theirs: ScoreTable) -> Interval:
    """Return the 95% interval of a difference of raw v4 scores, by leaving out one item at a time.

    It is the bias-corrected jackknife-t of the difference, as a v4 score has it. Raises
    UndefinedFigure for fewer than two items, and where the tables have not the same items.
    """
    if ours.items != theirs.items:
        raise UndefinedFigure("the judge has no score on some items of the floor")
    without = [v4_without_each_item(table)["v4", "raw"] for table in (ours, theirs)]
    return jackknife_t(
        difference,
        np.subtract(*without),
        estimand=f"the difference between each {UNLIMITED_ITEMS}",
        clusters="items",
        corrected=True,
    )
