"""Ask the questions of a run, with its judge and runner."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TextIO

from judgemark.jobs.ask_ensemble import ensemble_runner
from judgemark.jobs.prepare_run import Prepared
from judgemark.jobs.replicas import replicated
from judgemark.jobs.runner_parts import budget_of, make_ready, runner_settings
from judgemark.jobs.wave_askers import wave_asker
from judgemark.judges.judge_kind import RUBRIC
from judgemark.judging.ensemble_mode import EnsembleMode
from judgemark.judging.judging_mode import JudgingMode
from judgemark.run.asked_log import NAME as ASKED
from judgemark.run.asked_log import AskedLog, noted
from judgemark.run.budget import Prices
from judgemark.run.folder import JUDGE_LOG
from judgemark.run.journal import Journal
from judgemark.run.progress import Progress
from judgemark.run.runner import Runner
from judgemark.run.stop import Stop, stop_on_signals


def ask_questions(
    prepared: Prepared,
    prices: Sequence[Prices | None],
    journal: Journal,
    *,
    answered: int,
    bar: TextIO,
    say: Callable[[str], None],
    draw_bar: bool | None,
) -> None:
    """Ask what is left of a run whose folder is locked; verdicts go to its journal.

    `prices` are those of the judge, or of each member of an ensemble; None where they are not
    known. `answered` counts the questions that have a verdict already. `bar`, `say` and `draw_bar`
    are as for `ask_run.ask`. Raises Refused, CapReached or Interrupted
    where asking stopped early; the verdicts received until then are kept.
    """
    stop = Stop()
    progress = Progress(bar, known=answered, say=say, draw=draw_bar)
    # Questions and samples live until the end, so the garbage collector need not scan them.
    gc.freeze()
    try:
        with stop_on_signals(stop):
            if isinstance(prepared.judging, EnsembleMode):
                _ask_ensemble(prepared, prepared.judging, prices, journal, progress, stop)
            else:
                _ask_one(prepared, prepared.judging, prices[0], journal, progress, stop)
    finally:
        gc.unfreeze()
        progress.close()


def _ask_one(
    prepared: Prepared,
    judging: JudgingMode,
    prices: Prices | None,
    journal: Journal,
    progress: Progress,
    stop: Stop,
) -> None:
    limits, configuration = prepared.settings.limits, judging.configuration
    budget = budget_of(configuration, limits, prices, journal)
    with ExitStack() as open_things:
        judge = judging.open_judge(journal.adapted_of())
        open_things.callback(judge.close)
        make_ready(judge, prepared.folder.path / JUDGE_LOG, replied=journal.has_replied())
        settings = runner_settings(judge, configuration, limits, prices)
        if not _may_ask_for_schema(prepared):
            settings = replace(settings, takes_schema=False)
        other_way = wave_asker(
            prepared, judge, journal, settings, progress=progress, stop=stop, budget=budget
        )
        if other_way is not None:
            open_things.callback(other_way.close)
        copies = replicated(prepared, judge, progress.say)
        if copies is not judge:
            open_things.callback(copies.close)
        runner = Runner(
            copies,
            prepared.protocol,
            journal,
            settings,
            progress=progress,
            stop=stop,
            budget=budget,
            wave_asker=other_way,
        )
        probes = 0 if prepared.settings.batches.by_file else 3
        runner.run(noted(judging.plan(judge, journal), _asked_log(prepared)), probes=probes)


def _may_ask_for_schema(prepared: Prepared) -> bool:
    """Return whether ‹structured› can be given with these settings and is not given yet."""
    settings = prepared.settings
    rubric = prepared.mode == RUBRIC == settings.protocol
    return rubric and settings.sampling.structured == "off"


def _ask_ensemble(
    prepared: Prepared,
    ensemble: EnsembleMode,
    prices: Sequence[Prices | None],
    journal: Journal,
    progress: Progress,
    stop: Stop,
) -> None:
    plan = ensemble.plan(journal)
    log = prepared.folder.path / JUDGE_LOG
    runner = ensemble_runner(
        ensemble, prepared.settings.limits, prices, journal, progress, stop, log=log
    )
    runner.run(noted(plan, _asked_log(prepared)))


def _asked_log(prepared: Prepared) -> AskedLog:
    return AskedLog(prepared.folder.path / ASKED)
