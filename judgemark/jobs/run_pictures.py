"""Draw the charts of a stored run as pictures, which takes longer than scoring it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from judgemark.jobs.board_runs import scored_one
from judgemark.jobs.run_kinds import drawn_page, known_result_of, run_kind, scored_verdicts
from judgemark.run.folder import CHARTS
from judgemark.run.kind_of_run import RunKindName
from judgemark.run.run_lookup import find_folder
from judgemark.scoring.run_tables import tables_of

if TYPE_CHECKING:
    from judgemark.report.charts_tables import Chart

_LOG = logging.getLogger(__name__)


def draw_pictures(name: str, runs_dir: Path, folder: Path | None = None) -> list[Path]:
    """Write the charts of a run as PNG for light and for dark pages; return the files.

    They go into `folder`, by default into the run's own `charts`, and for a run of an upstream runs
    file into `charts` of the current folder. Raises UsageError as `scored_verdicts` does.
    """
    from judgemark.report.charts import save_pictures

    stored = find_folder(name, runs_dir)
    target = folder or (stored.path / CHARTS if stored else Path(CHARTS))
    files, undrawn = save_pictures(_charts_of(name, runs_dir), target)
    if undrawn:
        from judgemark.report.charts_fonts import undrawn_told

        _LOG.warning("%s", undrawn_told(undrawn))
    return files


def _charts_of(name: str, runs_dir: Path) -> Sequence[Chart]:
    stored = find_folder(name, runs_dir)
    if stored is not None and run_kind(stored).name is not RunKindName.JUDGE:
        return drawn_page(known_result_of(stored))[0]
    from judgemark.report.run_charts import draw

    run = scored_verdicts(name, runs_dir)
    result = scored_one(name, runs_dir).composed.result
    return draw(run, result, tables_of(run).v21)
