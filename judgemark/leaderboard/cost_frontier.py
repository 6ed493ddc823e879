"""Score against cost: which judges no cheaper judge outscores. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from judgemark.leaderboard.columns import cost_of
from judgemark.leaderboard.section_rows import RankedTable, Row


@dataclass(frozen=True, slots=True)
class Frontier:
    """The judges of a table by score and cost.

    Attributes:
        drawn: the ranked judges with a known cost, cheapest first.
        best: those of them that no judge of at most the same cost outscores.
        unknown: the number of ranked judges whose cost is not known.
    """

    drawn: tuple[Row, ...]
    best: tuple[Row, ...]
    unknown: int


def frontier(table: RankedTable) -> Frontier:
    """Return the frontier of score and cost among the ranked judges; floors do not count."""
    judges = [row for row in table.ranked if not row.floor]
    drawn = sorted((row for row in judges if cost_of(row) is not None), key=_cheapest_first)
    best: list[Row] = []
    for row in drawn:
        if not best or (row.score or 0.0) > (best[-1].score or 0.0):
            best.append(row)
    return Frontier(tuple(drawn), tuple(best), len(judges) - len(drawn))


def _cheapest_first(row: Row) -> tuple[float, float]:
    return cost_of(row) or 0.0, -(row.score or 0.0)
