"""Bound: a ladder of 24 pieces, all kinds and three levels, in 3 s with the verdicts at hand."""

from __future__ import annotations

import gc
import io
import tempfile
import time
from pathlib import Path

from judgemark.damage.damage_kinds import DAMAGE_KINDS
from judgemark.jobs.ask_run import ask, priced_work
from judgemark.jobs.ladder_run import LadderJob, LadderRules, prepare_ladder
from judgemark.judging.job_settings import JobSettings
from judgemark.metrics.interval_methods import t_quantile
from judgemark.scoring.ladder_result import compose_ladder

BOUND_SECONDS = 3.0
ROUNDS = 3


def prepared(runs: Path) -> LadderJob:
    """The whole ladder of our own samples, for a judge that no rule explains."""
    settings = JobSettings.of({"judge_model": "baseline:random", "runs_dir": runs})
    return prepare_ladder(settings, {}, LadderRules(seed=7), lambda _: None)


def main() -> int:
    """Build and score it; the time to load scipy is another benchmark's, asking a judge's own."""
    t_quantile(23)
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        job = prepared(Path(folder))
        ask(job.prepared, priced_work(job.prepared), bar=io.StringIO(), say=lambda _: None)
        for _ in range(ROUNDS):
            gc.collect()
            start = time.perf_counter()
            job = prepared(Path(folder))
            result = compose_ladder(job.prepared.folder)
            taken.append(time.perf_counter() - start)
    pieces, versions = len(job.ladder.sources), len(job.ladder.versions)
    kinds = len(result["validity"]["kinds"])
    best = min(taken)
    print(
        f"ladder of {pieces} pieces, {kinds} of {len(DAMAGE_KINDS)} kinds, {versions} versions, "
        f"built and scored: {best:.2f} s (bound {BOUND_SECONDS:g} s)"
    )
    return int(best > BOUND_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
