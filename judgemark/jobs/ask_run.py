"""Asks a prepared run: the lock, the journal, the judge, the runner."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from judgemark.jobs.prepare_run import Prepared
from judgemark.judges.base import BatchJudge, Judge
from judgemark.judging.asking import Estimate
from judgemark.run.budget import Budget, Prices
from judgemark.run.folder import refuse_change
from judgemark.run.journal import Journal
from judgemark.run.progress import Progress
from judgemark.run.runner import Runner, RunnerSettings
from judgemark.run.stop import Stop, stop_on_signals


@dataclass(frozen=True, slots=True)
class Work:
    """What a run still has to ask, and what it may cost in dollars (None: no price known).

    `lent` says that another run's verdicts are to be looked up.
    """

    estimate: Estimate
    prices: Prices | None
    lent: bool = False

    @property
    def cost(self) -> float | None:
        """Dollars, about."""
        if self.prices is None:
            return None
        e, p = self.estimate, self.prices
        return (e.prompt_tokens * p.prompt + e.completion_tokens * p.completion) / 1e6


def outstanding(prepared: Prepared, prices: Prices | None) -> Work:
    """What is to be asked of this run now, given what its journal already holds.

    Raises UsageError where the folder holds a run that was asked something else.
    """
    folder, settings = prepared.folder, prepared.settings
    begun = folder.exists and not settings.fresh
    if begun:
        refuse_change(folder, prepared.fingerprint)
    estimate = prepared.asking.estimate(folder.journal if begun else None)
    return Work(estimate, prices, lent=settings.pairwise.verdicts is not None)


def known_prices(prepared: Prepared) -> Prices | None:
    """The user's prices, else those that the endpoint publishes."""
    limits = prepared.settings.limits
    if limits.price_in is not None or limits.price_out is not None:
        return Prices(limits.price_in or 0.0, limits.price_out or 0.0)
    if prepared.endpoint is None or not prepared.endpoint.publishes_prices:
        return None
    from judgemark.judges.chat import ChatJudge

    judge = prepared.open_judge(frozenset())
    try:
        listed = judge.prices() if isinstance(judge, ChatJudge) else None
    finally:
        judge.close()
    return Prices(*listed) if listed else None


def ask(prepared: Prepared, work: Work, *, bar: TextIO, say: Callable[[str], None]) -> None:
    """Ask all that has no good verdict, into the run's folder.

    Raises Refused, CapReached or Interrupted where asking stopped early; what came is kept.
    """
    folder, settings = prepared.folder, prepared.settings
    if folder.exists and not settings.fresh and not work.estimate.questions and not work.lent:
        return
    prepared = prepared.settled(say)
    if settings.fresh and folder.exists:
        with folder.locked():
            aside = folder.move_aside()
        say(f"the run of before is kept as {aside.name}")
    begun = folder.exists
    folder.path.mkdir(parents=True, exist_ok=True)
    with folder.locked():
        if begun:
            refuse_change(folder, prepared.fingerprint)
        else:
            prepared.asking.keep(folder)
            folder.begin(prepared.description(), prepared.asking.pieces)
        folder.refuse_unwritable()
        with Journal(folder.journal) as journal:
            if journal.torn:
                say("the last line of the journal was torn and is dropped; it will be asked again")
            judge = prepared.open_judge(frozenset(journal.adapted))
            try:
                _run(prepared, work, judge, journal, bar)
            finally:
                judge.close()


def _run(
    prepared: Prepared, work: Work, judge: Judge | BatchJudge, journal: Journal, bar: TextIO
) -> None:
    limits = prepared.settings.limits
    per_question = (work.cost or 0.0) / max(1, work.estimate.questions)
    stop = Stop()
    progress = Progress(bar, known=work.estimate.answered)
    runner = Runner(
        judge,
        prepared.protocol,
        journal,
        RunnerSettings(
            threads=limits.threads,
            max_retries=limits.max_retries,
            retry_delay=limits.retry_delay,
            prices=work.prices,
        ),
        progress=progress,
        stop=stop,
        budget=Budget(
            max_requests=limits.max_requests,
            max_cost=limits.max_cost,
            expected_cost=per_question,
        ),
    )
    # Questions and samples stay until the end: the collector need not look at them each time.
    gc.freeze()
    try:
        with stop_on_signals(stop):
            runner.run(prepared.asking.plan(judge, journal))
    finally:
        gc.unfreeze()
        progress.close()
