"""The registry of kinds of run: how each is scored and drawn from its folder alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from judgemark.errors import UsageError
from judgemark.inputs.references import read_references
from judgemark.jobs.board_runs import scored_one
from judgemark.jobs.known_pairs_run import compose_pairs
from judgemark.judged import JudgedRun
from judgemark.leaderboard.result_cache import keep, kept_result, stamp
from judgemark.run.files import write_parts
from judgemark.run.folder import CHARTS, REPORT, RunFolder
from judgemark.run.kind_of_run import RunKindName, is_pairwise, kind_of
from judgemark.run.run_lookup import find_folder, load
from judgemark.run.stored_run import read_run
from judgemark.scoring.ladder_result import compose_ladder
from judgemark.scoring.probe_result import compose_probe
from judgemark.scoring.result_json import Composed, compose_with_replicates
from judgemark.scoring.result_types import Result
from judgemark.scoring.score_methods import by_method

if TYPE_CHECKING:
    from judgemark.report.charts_tables import Chart

Tell = Callable[[str], None]


DrawnReport = tuple[Sequence["Chart"], Iterable[str]]
"""The charts of a run, and the parts of the page that shows them."""


@dataclass(frozen=True, slots=True)
class Rescoring:
    """What a user may choose when a stored run is scored.

    `references` are reference scores, `score_method` is how scores are taken from replies; None
    stands for the run's own.
    """

    references: Path | None = None
    seed: int | None = None
    score_method: str | None = None


@dataclass(frozen=True, slots=True)
class RunKind:
    """One kind of run.

    Attributes:
        name: the kind.
        compose: makes the result from the run's folder; no judge is asked.
        draw: makes the charts and the parts of the report from the result alone; None for the main
            job, whose report needs the verdicts too (`finish_run`).
    """

    name: RunKindName
    compose: Callable[[RunFolder, Rescoring], Composed]
    draw: Callable[[Result], DrawnReport] | None = None


def _compose_judged(folder: RunFolder, rescoring: Rescoring) -> Composed:
    return _compose_run(read_run(folder), rescoring)


def _compose_run(run: JudgedRun, rescoring: Rescoring) -> Composed:
    """Compose the result of a run of the main job, or of one in an upstream runs file."""
    if rescoring.score_method is not None:
        run = by_method(run, rescoring.score_method)
    known = None
    if rescoring.references is not None:
        known = read_references(rescoring.references, {j.writer for j in run.judged})
    return compose_with_replicates(run, known, seed=rescoring.seed)


def _compose_ladder(folder: RunFolder, rescoring: Rescoring) -> Composed:
    return Composed(compose_ladder(folder, rescoring.seed), {}, {})


def _draw_ladder(result: Result) -> DrawnReport:
    from judgemark.report.page_ladder import drawn_ladder

    return drawn_ladder(result)


def _compose_pairs(folder: RunFolder, rescoring: Rescoring) -> Composed:
    return Composed(compose_pairs(folder, rescoring.seed), {}, {})


def _draw_pairs(result: Result) -> DrawnReport:
    from judgemark.report.page_pairs import draw_pairs

    return draw_pairs(result)


def _compose_probe(folder: RunFolder, rescoring: Rescoring) -> Composed:
    del rescoring
    return compose_probe(folder)


def _draw_probe(result: Result) -> tuple[Sequence[Chart], Iterable[str]]:
    from judgemark.report.page_probe import draw_probe

    return draw_probe(result)


RUN_KINDS: Mapping[RunKindName, RunKind] = {
    kind.name: kind
    for kind in (
        RunKind(RunKindName.JUDGE, _compose_judged),
        RunKind(RunKindName.PAIRS, _compose_pairs, _draw_pairs),
        RunKind(RunKindName.LADDER, _compose_ladder, _draw_ladder),
        RunKind(RunKindName.PROBE, _compose_probe, _draw_probe),
    )
}
"""Every kind of run that this version can score, by its name."""


def run_kind(folder: RunFolder) -> RunKind:
    """Return the kind of a stored run; raises UsageError where this version does not know it."""
    name = kind_of(folder.spec())
    if name not in RUN_KINDS:
        raise UsageError(
            f'run "{folder.run_id}" is {name.words}, which this version cannot score; use the '
            "version that made it, or a newer one"
        )
    return RUN_KINDS[name]


def results_of(name: str, runs_dir: Path, rescoring: Rescoring) -> dict[str, Result]:
    """Return the results of the runs that `name` means, by id, scored from their verdicts.

    `name` is a run of any kind, or an upstream runs file. Raises UsageError as `load` does.
    """
    folder = find_folder(name, runs_dir)
    if folder is not None:
        return {folder.run_id: run_kind(folder).compose(folder, rescoring).result}
    runs = load(name, runs_dir)
    return {run_id: _compose_run(run, rescoring).result for run_id, run in runs.items()}


def scored_verdicts(name: str, runs_dir: Path) -> JudgedRun:
    """Return the verdicts of a run of any kind that has scores of pieces.

    Raises UsageError for a run over single pairs and for one of probes, which have no scores of
    pieces, and as `load` does.
    """
    folder = find_folder(name, runs_dir)
    if folder is None:
        runs = load(name, runs_dir)
        if len(runs) > 1:
            first = next(iter(runs))
            raise UsageError(f'"{name}" holds {len(runs)} runs; name one as {name}::{first}')
        return next(iter(runs.values()))
    spec = folder.spec()
    if kind_of(spec) is RunKindName.PROBE:
        raise UsageError(
            f'run "{folder.run_id}" asked about the same pieces in several arms: it has no one '
            "score of a piece to export; its effects are in result.json"
        )
    if kind_of(spec) is not RunKindName.JUDGE and is_pairwise(spec):
        raise UsageError(
            f'run "{folder.run_id}" compared single pairs: it has no scores of pieces to export'
        )
    return read_run(folder)


def result_of(name: str, runs_dir: Path, references: Path | None = None) -> Result:
    """Return the result of one run of any kind: the stored one while it fits the verdicts."""
    folder = find_folder(name, runs_dir)
    if folder is not None and run_kind(folder).name is not RunKindName.JUDGE:
        return known_result_of(folder)
    return scored_one(name, runs_dir, references).composed.result


def known_result_of(folder: RunFolder, *, rescore: bool = False) -> Result:
    """Return the result of a run that is not one of the main job.

    It is the stored one while that fits the verdicts, unless `rescore`.
    """
    kept = None if rescore else kept_result(folder)
    return (kept or run_kind(folder).compose(folder, Rescoring())).result


def finish_drawn(folder: RunFolder, tell: Tell = lambda _: None) -> Result:
    """Score a ladder, a run over pairs or one of probes, write result and report; return the
    result."""
    kind = run_kind(folder)
    verdicts = stamp(folder)
    tell("scoring …")
    composed = kind.compose(folder, Rescoring())
    keep(folder, composed, verdicts)
    if kind.draw is not None:
        from judgemark.report.charts import save_charts

        tell("drawing …")
        charts, page = kind.draw(composed.result)
        save_charts(charts, folder.path / CHARTS)
        write_parts(folder.path / REPORT, page)
    return composed.result


def drawn_page(result: Result) -> DrawnReport:
    """Return the charts and the parts of the report of a run that is not one of the main job.

    Raises UsageError for a kind without a report.
    """
    kind = RUN_KINDS[RunKindName(result["kind"])]
    if kind.draw is None:
        raise UsageError(f'run "{result["run_id"]}" is {kind.name.words}, which has no report')
    return kind.draw(result)
