"""Self and family: a judge's scores beside those of other judges, from stored runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from judgemark.errors import UsageError
from judgemark.judged import JudgedRun
from judgemark.judges.judge_spec import parse_spec
from judgemark.metrics.validity.probe_statistics import Contrast
from judgemark.probes.family_probe import family_contrasts
from judgemark.records import Place
from judgemark.run.kind_of_run import refuse_other_kinds
from judgemark.run.run_lookup import find_folder, load
from judgemark.scoring.damage_reading import item_scores
from judgemark.scoring.run_tables import no_raw_scale, tables_of


def family_contrasts_of_runs(
    judge: str, names: Sequence[str], runs_dir: Path
) -> tuple[Contrast, Contrast]:
    """Return what a judge adds to its own pieces and to those of its family, from stored runs.

    Args:
        judge: the judge's spec.
        names: finished runs of the main job over the same pieces, one of them by this judge.
        runs_dir: where run ids are looked up.

    Raises UsageError where a run has no scores in points, where two runs are by one judge, and
    where none is by this judge.
    """
    board: dict[str, dict[Place, float]] = {}
    for name in names:
        folder = find_folder(name, runs_dir)
        if folder is not None:
            refuse_other_kinds(folder.run_id, folder.spec())
        for run_id, run in load(name, runs_dir).items():
            spec = _name(str(run.judge.get("spec") or run_id))
            if spec in board:
                raise UsageError(f"‹beside›: two runs are by {spec}; name one of them")
            board[spec] = _points(run)
    judge = _name(judge)
    if judge not in board:
        listed = ", ".join(board)
        raise UsageError(f"‹beside›: no run is by {judge}; these are by {listed}; name its run too")
    return family_contrasts(judge, board)


def _name(spec: str) -> str:
    """Return the judge's name without the prefix of its kind."""
    try:
        return parse_spec(spec, base_url_given=False).name
    except UsageError:  # a name that only an endpoint of its own knows
        return spec


def _points(run: JudgedRun) -> dict[Place, float]:
    reason = no_raw_scale(run)
    tables = tables_of(run)
    if reason or not run.judged or any(j.value is not None for j in run.judged):
        declared = run.rubric.single_range is not None
        if reason or not run.judged or not declared:
            raise UsageError(
                f'‹beside›: run "{run.run_id}" has no scores in points, which could be compared '
                "with those of other judges"
            )
    return item_scores(tables.v21)
