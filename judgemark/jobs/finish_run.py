"""Make a run's result, charts and report from its verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judgemark.inputs.samples import SampleSet
from judgemark.judged import JudgedRun
from judgemark.judges.judge_kind import RUBRIC
from judgemark.leaderboard.result_cache import keep, shown_again, stamp
from judgemark.run.files import write_parts
from judgemark.run.folder import CHARTS, REPORT, RESULT, SCORES, RunFolder
from judgemark.run.stored_run import ReadJournal, read_run
from judgemark.scoring.floors_section import BegunFigures
from judgemark.scoring.result_json import compose_with_replicates
from judgemark.scoring.run_tables import tables_of
from judgemark.scoring.scores_csv import SCORE_COLUMNS, as_csv, score_rows
from judgemark.scoring.second_process import beside, may_fork
from judgemark.table.score_table import ScoreTable

if TYPE_CHECKING:
    from judgemark.jobs.prepare_run import Prepared
    from judgemark.report.charts_tables import Chart


def begin_figures(prepared: Prepared) -> BegunFigures | None:
    """Begin in a second process, before a judge is asked, with what `finish` needs no verdict for.

    None where that would be in vain: a result may be there already, not all pieces are asked about,
    questions go to a file, or this process cannot be forked.
    """
    judging = prepared.judging
    whole = prepared.mode == RUBRIC and judging.piece_count == len(judging.pieces.samples)
    has_result = (prepared.folder.path / RESULT).exists() and not prepared.settings.fresh
    if has_result or not whole or prepared.settings.batches.by_file or not may_fork():
        return None
    samples, seed = judging.pieces.samples, prepared.settings.seed
    return BegunFigures.of(samples, prepared.references, seed)


def finish(
    folder: RunFolder,
    reference: Mapping[str, float] | None,
    *,
    method: str | None = None,
    runs_file: Path | None = None,
    with_replies: bool = False,
    progress: Callable[[str], None] | None = None,
    samples: SampleSet | None = None,
    journal: ReadJournal | None = None,
    begun: BegunFigures | None = None,
) -> dict[str, Any]:
    """Score the run and write result, charts and report into its folder; return the result.

    `method` says how the scores of several judges are joined; None leaves it as it was. Where the
    folder holds all of this already, from the same verdicts, nothing is scored or drawn again.
    `samples` and `journal` are for `read_run`, where the caller has read them already, and `begun`
    is what `begin_figures` returned.
    """
    tell = progress or (lambda _: None)
    if runs_file is None and method is None and folder.references() == reference:
        shown = shown_again(folder, with_replies=with_replies)
        if shown is not None:
            return dict(shown.result)
    folder.keep_references(reference)
    if method is not None:
        folder.keep_ensemble_method(method)
    verdicts = stamp(folder)
    run = read_run(folder, samples, journal)
    tell("scoring …")
    tables = tables_of(run)
    composed = compose_with_replicates(run, reference, tables=tables, begun=begun)
    keep(folder, composed, verdicts, with_replies=with_replies)
    result = composed.result
    write_parts(folder.path / SCORES, [as_csv(SCORE_COLUMNS, score_rows(run, tables))])
    if runs_file is not None:
        from judgemark.scoring.upstream_export import export

        export(runs_file, run, result, tables.v21, with_replies=with_replies)
    tell("drawing …")
    write_report(folder, run, result, tables.v21, with_replies=with_replies)
    return result


def write_report(
    folder: RunFolder,
    run: JudgedRun,
    result: Mapping[str, Any],
    table: ScoreTable,
    *,
    with_replies: bool,
) -> None:
    """Draw the charts and write the report."""
    from judgemark.report.charts import save_charts

    charts, page = drawn_report(run, result, table, with_replies=with_replies)
    save_charts(charts, folder.path / CHARTS)
    write_parts(folder.path / REPORT, page)


def drawn_report(
    run: JudgedRun, result: Mapping[str, Any], table: ScoreTable, *, with_replies: bool
) -> tuple[Sequence[Chart], Iterable[str]]:
    """Return the charts of a run, and the parts of the page that shows them."""
    from judgemark.report.page import compile_template, render_parts
    from judgemark.report.page_view import view_of
    from judgemark.report.run_charts import draw

    drawn = beside(lambda: draw(run, result, table))
    compile_template()
    charts = drawn()
    return charts, render_parts(view_of(result, charts, run if with_replies else None, table))
