"""`ensemble` and `choose_jury`: several judges from finished runs, without asking anyone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Literal

from judgemark.library.judged_result import Run
from judgemark.library.setting_keywords import in_keywords

Method = Literal["average", "median", "trimmed"]


def ensemble(
    runs: Sequence[Run | str | PathLike[str]],
    *,
    ensemble_method: Method = "average",
    run_id: str | None = None,
    runs_dir: str | PathLike[str] = "runs",
) -> Run:
    """Join the judges of finished runs into one run, as the command `ensemble` does.

    Args:
        runs: runs, run ids or run folders; a run of several judges gives each of them.
        ensemble_method: how the scores of a piece are joined.
        run_id: the id of the new run; by default it is made of the judges and the samples.
        runs_dir: where run ids are looked up, and where the new run is written.

    Raises UsageError for fewer than two judges, and for runs on other pieces or scales.
    """
    from judgemark.errors import UsageError
    from judgemark.jobs.finish_run import finish
    from judgemark.jobs.join_runs import first_references, join_runs

    def place(run: Run | str | PathLike[str]) -> str:
        if not isinstance(run, Run):
            return fspath(run)
        if run.folder is None:
            raise UsageError(f'run "{run.run_id}" has no folder; an ensemble is built from folders')
        return str(run.folder)

    with in_keywords():
        folder = join_runs(
            [place(run) for run in runs],
            Path(runs_dir),
            method=ensemble_method,
            run_id=run_id,
            say=lambda _: None,
        )
        references = first_references(folder, Path(runs_dir))
        result = finish(folder, references, method=ensemble_method)
    return Run(result, folder=folder.path)


def choose_jury(
    runs: Sequence[Run | str | PathLike[str]],
    size: int,
    *,
    ensemble_method: Method = "average",
    seed: int = 0,
    runs_dir: str | PathLike[str] = "runs",
) -> Mapping[str, Any]:
    """Return the best jury of `size` judges: what `ensemble --search` prints as JSON.

    Args:
        runs: runs, run ids, run folders, or runs files of Judgemark v2.
        size: how many judges the jury has, 2 or more.
        ensemble_method: how the scores of a piece are joined.
        seed: the seed of the folds of items.
        runs_dir: where run ids are looked up.

    Raises UsageError for a size that no jury can have and for runs on different samples.
    """
    from judgemark.judging.ensemble_setup import check_method
    from judgemark.run.run_lookup import load
    from judgemark.scoring.jury_choice import choose_jury as chosen

    with in_keywords():
        check_method(ensemble_method)
        judged = []
        for run in runs:
            if isinstance(run, Run):
                judged.append(run.judged)
            else:
                judged += load(fspath(run), Path(runs_dir)).values()
        return chosen(judged, size, method=ensemble_method, seed=seed)
