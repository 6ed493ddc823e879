"""Which jury of K judges is best, chosen on some items and measured on others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from judgemark.errors import UndefinedFigure, UsageError
from judgemark.metrics.ensemble_gain import v4_of
from judgemark.metrics.random_streams import Stream, stream_of
from judgemark.table.score_table import Floats, Ints, ScoreTable

MOST_JURIES = 1000
FOLDS = 5
FEWEST_ITEMS = 4
_DIGITS = 10

Jury = tuple[int, ...]
"""The places of its judges among the candidates, in rising order."""

Flags = NDArray[np.bool_]
Join = Callable[[Floats], Floats]

JOINS: dict[str, Join] = {
    "average": lambda scores: scores.mean(axis=0),
    "median": lambda scores: np.median(scores, axis=0),
    "trimmed": lambda scores: np.sort(scores, axis=0)[_inner(len(scores))].mean(axis=0),
}
"""The methods of `member_joining` for whole tables: (judges, ...) become (...)."""


def _inner(judges: int) -> slice:
    return slice(1, judges - 1) if judges > 2 else slice(None)


@dataclass(frozen=True, slots=True, eq=False)
class KnownCells:
    """Known pairs by the cells of their two pieces in a table, flattened; (pairs,) each.

    `items` are the places of the pairs' items, `counter` the answers of the best counting rule
    (1, 0 or 0.5), NaN where there is none.
    """

    better: Ints
    worse: Ints
    items: Ints
    counter: Floats


@dataclass(frozen=True, slots=True)
class JuryFigures:
    """One jury on all items: its v4 score and its accuracy on known pairs."""

    jury: Jury
    score: float | None
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class ChosenJury:
    """The jury that is best on all items, and what choosing one in this way is worth.

    `on_all` is its figure on all items, which choosing makes too high. `held_out` is the figure of
    scores in which the items of each fold are judged by the jury that is best on the items outside
    it. (The mean of the folds' own figures would not do: v4 is too high on few items.) `alone` and
    `alone_held_out` are the same for juries of one judge. `folds` counts the folds that chose this
    very jury, of `of`.
    """

    jury: Jury
    on_all: float
    held_out: float
    folds: int
    of: int
    best_alone: int
    alone: float
    alone_held_out: float


@dataclass(frozen=True, slots=True)
class _Criterion:
    """What juries are chosen by: a jury's figure on some items, and that of the juries of folds."""

    figure: Callable[[Jury, Flags], float | None]
    held_out: Callable[[Sequence[Jury]], float | None]


class JurySearch:
    """Juries of `size` judges out of candidates whose tables have the same axes and gaps.

    Figures are the raw v4 score, and the margin: the accuracy on known pairs above that of
    the best counting rule. Raises UsageError for a size that no jury can have and where there are
    more than `MOST_JURIES` juries, UndefinedFigure for fewer than `FEWEST_ITEMS` items.
    """

    def __init__(
        self,
        tables: Sequence[ScoreTable],
        size: int,
        method: str,
        known: KnownCells | None = None,
        seed: int = 0,
    ) -> None:
        count = len(tables)
        if not 2 <= size <= count:
            raise UsageError(f"‹search› {size}: a jury has from 2 to {count} of these judges")
        self.juries = list(combinations(range(count), size))
        if len(self.juries) > MOST_JURIES:
            raise UsageError(
                f"‹search› {size}: there are {len(self.juries)} such juries of {count} judges, and "
                f"at most {MOST_JURIES} are compared; name fewer runs"
            )
        if len(tables[0].items) < FEWEST_ITEMS:
            raise UndefinedFigure(
                f"{len(tables[0].items)} items; choosing on some and measuring on others needs "
                f"{FEWEST_ITEMS}"
            )
        self._axes = tables[0]
        self._values = np.array([table.values for table in tables])
        self._join = JOINS[method]
        self._known = known
        self._folds = _folds(len(tables[0].items), seed)

    @property
    def single(self) -> list[Jury]:
        """Return the juries of one judge."""
        return [(n,) for n in range(len(self._values))]

    def figures(self, juries: Iterable[Jury]) -> list[JuryFigures]:
        """Return the figures of juries on all items."""
        every = np.ones(len(self._axes.items), dtype=bool)
        return [
            JuryFigures(jury, self._score(jury, every), self._accuracy(jury, every))
            for jury in juries
        ]

    def by_score(self) -> ChosenJury:
        """Choose by the v4 score; UndefinedFigure where no jury has one."""
        return self._chosen(_Criterion(self._score, self._score_held_out))

    def by_margin(self) -> ChosenJury:
        """Choose by the margin on known pairs; UndefinedFigure where there are none."""
        if self._known is None or not len(self._known.items):
            raise UndefinedFigure("no piece is known to be a damaged version of another")
        if np.isnan(self._known.counter).any():
            raise UndefinedFigure("no counting rule could be chosen on these pairs")
        return self._chosen(_Criterion(self._margin, self._margin_held_out))

    def _chosen(self, by: _Criterion) -> ChosenJury:
        every = np.ones(len(self._axes.items), dtype=bool)
        best, on_all = _best(self.juries, lambda jury: by.figure(jury, every))
        one, alone = _best(self.single, lambda jury: by.figure(jury, every))
        chosen = self._of_each_fold(self.juries, by)
        held = by.held_out(chosen)
        alone_held = by.held_out(self._of_each_fold(self.single, by))
        if held is None or alone_held is None:
            raise UndefinedFigure("the juries of the folds have no figure on the items held out")
        same = sum(jury == best for jury in chosen)
        return ChosenJury(best, on_all, held, same, len(chosen), one[0], alone, alone_held)

    def _of_each_fold(self, juries: Sequence[Jury], by: _Criterion) -> list[Jury]:
        """Return the jury that is best on the items outside each fold."""
        count = int(self._folds.max()) + 1
        found = []
        for fold in range(count):
            outside: Flags = self._folds != fold
            found.append(_best(juries, partial(_on, by.figure, outside))[0])
        return found

    def _score_held_out(self, chosen: Sequence[Jury]) -> float | None:
        """Return the v4 score of the table in which each item has its own fold's jury.

        Each jury's scores are standardised by its mean and deviation outside the fold, so that
        juries on different scales can stand in one table.
        """
        values = np.full(self._values.shape[1:], np.nan)
        for fold, jury in enumerate(chosen):
            inside = self._folds == fold
            joined = self._joined(jury)
            other = joined[:, :, ~inside]
            mean, deviation = np.nanmean(other), np.nanstd(other)
            if deviation == 0:
                return None
            values[:, :, inside] = np.round((joined[:, :, inside] - mean) / deviation, _DIGITS)
        return self._v4(values, np.ones(len(self._folds), dtype=bool))

    def _margin_held_out(self, chosen: Sequence[Jury]) -> float | None:
        """Return the margin over the pairs of all folds, each answered by its own fold's jury."""
        parts = [self._right(jury, self._folds == fold) for fold, jury in enumerate(chosen)]
        gained = np.concatenate([right - counter for right, counter in parts])
        return float(gained.mean()) if len(gained) else None

    def _joined(self, jury: Jury) -> Floats:
        # Rounded, so that equal means stay equal: they are exact in the runs' own tables.
        return np.round(self._join(self._values[list(jury)]), _DIGITS)

    def _score(self, jury: Jury, items: Flags) -> float | None:
        return self._v4(self._joined(jury), items)

    def _v4(self, values: Floats, items: Flags) -> float | None:
        axes = self._axes
        names = tuple(name for name, kept in zip(axes.items, items, strict=True) if kept)
        table = ScoreTable(axes.writers, axes.iterations, names, values[:, :, items])
        try:
            return v4_of(table)
        except UndefinedFigure:
            return None

    def _accuracy(self, jury: Jury, items: Flags) -> float | None:
        right, _ = self._right(jury, items)
        return float(right.mean()) if len(right) else None

    def _margin(self, jury: Jury, items: Flags) -> float | None:
        right, counter = self._right(jury, items)
        return float((right - counter).mean()) if len(right) else None

    def _right(self, jury: Jury, items: Flags) -> tuple[Floats, Floats]:
        """Return the answers of a jury, and of counting, on the pairs of some items."""
        if self._known is None:
            return np.array([]), np.array([])
        cells = self._joined(jury).ravel()
        better, worse = cells[self._known.better], cells[self._known.worse]
        kept = items[self._known.items] & ~np.isnan(better) & ~np.isnan(worse)
        right = np.where(better == worse, 0.5, better > worse)
        return right[kept], self._known.counter[kept]


def _on(figure: Callable[[Jury, Flags], float | None], items: Flags, jury: Jury) -> float | None:
    return figure(jury, items)


def _best(juries: Sequence[Jury], figure: Callable[[Jury], float | None]) -> tuple[Jury, float]:
    """Return the first of the juries with the highest figure."""
    best: tuple[Jury, float] | None = None
    for jury in juries:
        value = figure(jury)
        if value is not None and (best is None or value > best[1]):
            best = jury, value
    if best is None:
        raise UndefinedFigure("no jury has this figure on these items")
    return best


def _folds(items: int, seed: int) -> Ints:
    """Return a fold for each item, drawn so that folds differ by one item at most."""
    folds: Ints = np.arange(items) % min(FOLDS, items)
    found: Ints = stream_of(seed, Stream.JURY_FOLDS).permutation(folds)
    return found
