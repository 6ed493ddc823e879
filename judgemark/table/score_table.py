"""The score table: every judge's verdicts become one, and all figures are computed from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judgemark.table.member_joining import Reduce, exact_mean

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Observation:
    """One number that one judge gave one piece; the long form of a score table.

    `member` is the ensemble member that judged, `repeat` the judge's repetition (an `iteration`
    is the writer's), `text_sha256` the piece judged.
    """

    writer: str
    iteration: str
    item: str
    member: int
    repeat: int
    value: float
    text_sha256: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ScoreTable:
    """One number per (writer, iteration, item), with gaps.

    `values` has shape (writers, iterations, items), each axis in sorted order of its names, so
    that no figure depends on the order in which verdicts came; a gap is NaN, in memory only.
    """

    writers: tuple[str, ...]
    iterations: tuple[str, ...]
    items: tuple[str, ...]
    values: Floats

    def with_values(self, values: Floats) -> ScoreTable:
        """Return a table with the same axes and other values, such as calibrated ones."""
        return ScoreTable(self.writers, self.iterations, self.items, values)

    def scores_of(self, writer_index: int) -> Floats:
        """Return all scores of one writer without the gaps; shape (n,)."""
        row: Floats = self.values[writer_index].ravel()
        scored: Floats = row[~np.isnan(row)]
        return scored

    @property
    def groups(self) -> tuple[Floats, ...]:
        """The scores of each writer, in the order of `writers`, gaps left out."""
        return tuple(self.scores_of(i) for i in range(len(self.writers)))


def mean(values: Sequence[float]) -> float:
    """Return sum / len: the order of operations that the published figures use."""
    return sum(values) / len(values)


def build_table(
    observations: Iterable[Observation], across_members: Reduce = exact_mean
) -> ScoreTable:
    """Build a score table from observations.

    The repeats of each ensemble member are averaged, and the members are then joined by
    `across_members` (mean or median). A (writer, iteration, item) without a score is a gap. Without
    observations the table has shape (0, 0, 0).
    """
    listed = list(observations)
    cells = {(o.writer, o.iteration, o.item): o.value for o in listed}
    if len(cells) < len(listed):
        cells = _joined(listed, across_members)
    writers = tuple(sorted({w for w, _, _ in cells}))
    iterations = tuple(sorted({t for _, t, _ in cells}))
    items = tuple(sorted({i for _, _, i in cells}))
    values = np.full((len(writers), len(iterations), len(items)), np.nan)
    at = [{name: n for n, name in enumerate(axis)} for axis in (writers, iterations, items)]
    for (writer, iteration, item), value in cells.items():
        values[at[0][writer], at[1][iteration], at[2][item]] = value
    return ScoreTable(writers, iterations, items, values)


def _joined(
    observations: Iterable[Observation], across_members: Reduce
) -> dict[tuple[str, str, str], float]:
    """Return one number for each (writer, iteration, item) of which some have several."""
    cells: dict[tuple[str, str, str], dict[int, list[tuple[int, float]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for o in observations:
        cells[o.writer, o.iteration, o.item][o.member].append((o.repeat, o.value))
    return {
        place: across_members([exact_mean([v for _, v in sorted(found[m])]) for m in sorted(found)])
        for place, found in cells.items()
    }
