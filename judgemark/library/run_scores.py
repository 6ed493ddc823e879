"""A run's scores as columns, as a data frame, or as the table that the figures look at."""

from __future__ import annotations

import importlib
from functools import cached_property
from typing import TYPE_CHECKING, Any

from judgemark.errors import UsageError

if TYPE_CHECKING:
    from judgemark.judged import JudgedRun
    from judgemark.scoring.run_tables import RunTables
    from judgemark.table.score_table import ScoreTable

PACKAGES = ("pandas", "polars")
"""The data frame packages that are tried, in this order."""


class RunScores:
    """The scores of one run, one row for each verdict and each failure."""

    def __init__(self, judged: JudgedRun) -> None:
        self._judged = judged

    @cached_property
    def _tables(self) -> RunTables:
        from judgemark.scoring.run_tables import tables_of

        return tables_of(self._judged)

    @property
    def table(self) -> ScoreTable:
        """One number per (writer, iteration, item), repeats and members joined, with gaps.

        `table.values` has the shape (writers, iterations, items), in points of 0..10 for a rubric
        judge; a gap is NaN.
        """
        return self._tables.v21

    def to_columns(self, *, criteria: bool = False) -> dict[str, list[str | int | float | None]]:
        """Return the scores as columns of equal length, as in the run folder's `scores.csv`.

        The columns are writer, iteration, item, repeat, member, score and class. The score is in
        points of 0..10, higher is better, None for a piece without a verdict; the class says how
        the question ended.

        Args:
            criteria: one row for each criterion score instead, with the columns criterion and
                value beside them; the value is as the judge gave it, not inverted.
        """
        from judgemark.scoring.scores_csv import (
            CRITERION_COLUMNS,
            SCORE_COLUMNS,
            criterion_rows,
            score_rows,
        )

        names = CRITERION_COLUMNS if criteria else SCORE_COLUMNS
        rows = list((criterion_rows if criteria else score_rows)(self._judged, self._tables))
        return {name: [row[n] for row in rows] for n, name in enumerate(names)}

    def to_frame(self, package: str | None = None, *, criteria: bool = False) -> Any:
        """Return the scores as a data frame with the columns of `to_columns`.

        Args:
            package: `pandas` or `polars`; by default the first of them that is installed.
            criteria: as in `to_columns`.

        Raises UsageError where no such package is installed.
        """
        if package is not None and package not in PACKAGES:
            raise UsageError(
                f'to_frame: "{package}" is unknown; there are {" and ".join(PACKAGES)}'
            )
        for name in (package,) if package else PACKAGES:
            try:
                library = importlib.import_module(name)
            except ImportError:
                continue
            return library.DataFrame(self.to_columns(criteria=criteria))
        wanted = package or " nor ".join(PACKAGES)
        raise UsageError(
            f"to_frame: {'neither ' if package is None else ''}{wanted} is "
            f"{'' if package is None else 'not '}installed; install pandas, or use to_columns()"
        )
