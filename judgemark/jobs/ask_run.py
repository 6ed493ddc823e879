"""Ask the questions of a prepared run, with its lock, journal, judge and runner."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

from judgemark.errors import UsageError
from judgemark.jobs.batch_run import check_batches, wave_asker
from judgemark.jobs.prepare_run import Prepared
from judgemark.judges.base import BatchJudge, Judge, KeepsLog, SetsWidth
from judgemark.judging.judging_mode import AskingEstimate
from judgemark.run.asked_log import NAME as ASKED
from judgemark.run.asked_log import AskedLog, noted
from judgemark.run.budget import Budget, CostCap, Prices
from judgemark.run.folder import JUDGE_LOG, refuse_change
from judgemark.run.journal import Journal, read_entries
from judgemark.run.progress import Progress
from judgemark.run.runner import Runner, RunnerSettings
from judgemark.run.stop import Stop, stop_on_signals
from judgemark.run.workers import StopTimeouts

BATCH_PRICE = 0.5
"""What a question costs in a batch, as a share of its price at once: so with OpenAI, Azure,
Anthropic and, with most providers, OpenRouter (their price lists of November 2026)."""

_BEYOND_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Work:
    """What a run still has to ask, and the prices (None where no price is known).

    `lent` says that another run's verdicts are reused.
    """

    estimate: AskingEstimate
    prices: Prices | None
    lent: bool = False

    @property
    def cost(self) -> float | None:
        """Return the estimated cost in dollars; None where no price is known."""
        if self.prices is None:
            return None
        e, p = self.estimate, self.prices
        return (e.prompt_tokens * p.prompt + e.completion_tokens * p.completion) / 1e6


def outstanding(prepared: Prepared, prices: Prices | None) -> Work:
    """Return what is left to ask, given what the run's journal already holds.

    Raises UsageError where the folder holds a run with different questions.
    """
    folder, settings = prepared.folder, prepared.settings
    begun = folder.exists and not settings.fresh
    if begun:
        refuse_change(folder, prepared.fingerprint)
    estimate = prepared.judging.estimate(folder.journal if begun else None)
    return Work(estimate, prices, lent=settings.pairwise.verdicts is not None)


def priced_work(prepared: Prepared) -> Work:
    """Return what is left to ask, and its cost where a price is known.

    Raises UsageError for max_cost without known prices, and like `outstanding`.
    """
    check_batches(prepared)
    prices = known_prices(prepared)
    capped = prepared.settings.limits.max_cost is not None
    if capped and prices is None and prepared.endpoint is not None:
        raise UsageError("‹max_cost›: no price is known here; give ‹price_in› and ‹price_out›")
    return outstanding(prepared, prices)


def known_prices(prepared: Prepared) -> Prices | None:
    """Return the user's prices or those that the endpoint publishes; else None.

    Half of them is what a question costs in a provider's batch.
    """
    prices = _prices_at_once(prepared)
    if prices is None or not prepared.settings.batches.batch:
        return prices
    return Prices(prices.prompt * BATCH_PRICE, prices.completion * BATCH_PRICE)


def _prices_at_once(prepared: Prepared) -> Prices | None:
    limits = prepared.settings.limits
    if not prepared.spec.kind.reads:
        return None
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


def ask(
    prepared: Prepared,
    work: Work,
    *,
    bar: TextIO,
    say: Callable[[str], None],
    confirm: Callable[[Work], None] = lambda _: None,
    draw_bar: bool | None = None,
) -> None:
    """Ask every question without a good verdict, and store the verdicts in the run's folder.

    `draw_bar` says whether a progress bar is drawn on `bar`; None draws it on a terminal only.
    Raises Refused, CapReached or Interrupted where asking stopped early; the verdicts received
    until then are kept.
    """
    folder, settings = prepared.folder, prepared.settings
    if folder.exists and not settings.fresh and not work.estimate.questions and not work.lent:
        return
    if not settings.batches.by_file:
        prepared = prepared.settled(say)
    expected, work = work, outstanding(prepared, work.prices)
    if work.estimate.completion_tokens > expected.estimate.completion_tokens:
        # A judge that is asked in words needs more than the one token that was expected.
        confirm(work)
    if settings.fresh and folder.exists:
        with folder.locked():
            aside = folder.move_aside()
        say(f"the earlier run is kept as {aside.name}")
    begun = folder.exists
    folder.path.mkdir(parents=True, exist_ok=True)
    with folder.locked():
        if begun:
            refuse_change(folder, prepared.fingerprint)
        else:
            prepared.judging.store_instructions(folder)
            drawn = prepared.drawn.facts if prepared.drawn else None
            folder.begin(prepared.description(), prepared.judging.pieces, drawn)
        folder.refuse_unwritable()
        with Journal(folder.journal) as journal:
            if journal.torn:
                say("the last line of the journal is incomplete; its question is asked again")
            judge = prepared.open_judge(frozenset(journal.adapted))
            if isinstance(judge, KeepsLog):
                judge.keep_log(folder.path / JUDGE_LOG)
            if journal.replied:
                _expect_the_same(judge)
            try:
                progress = Progress(bar, known=work.estimate.answered, say=say, draw=draw_bar)
                _run(prepared, work, judge, journal, progress)
            finally:
                judge.close()


def _expect_the_same(judge: Judge | BatchJudge) -> None:
    """Tell a judge at an endpoint that the endpoint accepted these request fields before."""
    from judgemark.judges.chat import ChatJudge

    if isinstance(judge, ChatJudge):
        judge.accepted_before()


def _run(
    prepared: Prepared,
    work: Work,
    judge: Judge | BatchJudge,
    journal: Journal,
    progress: Progress,
) -> None:
    stop = Stop()
    settings, budget = (
        _runner_settings(prepared, work.prices, judge),
        _budget(prepared, work.prices, journal),
    )
    other_way = wave_asker(
        prepared, judge, journal, settings, progress=progress, stop=stop, budget=budget
    )
    runner = Runner(
        judge,
        prepared.protocol,
        journal,
        settings,
        progress=progress,
        stop=stop,
        budget=budget,
        wave_asker=other_way,
    )
    # Questions and samples live until the end, so the garbage collector need not scan them.
    gc.freeze()
    try:
        with stop_on_signals(stop):
            asked = AskedLog(prepared.folder.path / ASKED)
            probes = 0 if prepared.settings.batches.by_file else 3
            runner.run(noted(prepared.judging.plan(judge, journal), asked), probes=probes)
    finally:
        gc.unfreeze()
        progress.close()
        if other_way is not None:
            other_way.close()


def _runner_settings(
    prepared: Prepared, prices: Prices | None, judge: Judge | BatchJudge
) -> RunnerSettings:
    limits = prepared.settings.limits
    return RunnerSettings(
        threads=judge.width if isinstance(judge, SetsWidth) else limits.threads,
        max_retries=limits.max_retries,
        retry_delay=limits.retry_delay,
        give_up_after=limits.give_up_after,
        repeatable=_sent(_parameters(prepared)).get("temperature") == 0,
        prices=prices,
        max_tokens=_longest_reply(_parameters(prepared)),
        patience=StopTimeouts(otherwise=limits.timeout + _BEYOND_TIMEOUT),
    )


def _budget(prepared: Prepared, prices: Prices | None, journal: Journal) -> Budget:
    """Return the caps of this command; earlier replies show what later ones may cost."""
    limits = prepared.settings.limits
    if limits.max_cost is None or prices is None:
        return Budget(max_requests=limits.max_requests)
    cap = CostCap(limits.max_cost, prices, _longest_reply(_parameters(prepared)))
    budget = Budget(max_requests=limits.max_requests, cost_cap=cap)
    for entry in read_entries(journal.path):
        budget.learn(entry.usage)
    return budget


def _parameters(prepared: Prepared) -> Mapping[str, Any]:
    """Return the request parameters of a judge at an endpoint; None for other judges."""
    parameters = prepared.configuration.get("parameters")
    return parameters if isinstance(parameters, dict) else {}


def _sent(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a request; those of extra_body take precedence."""
    return {**parameters, **(parameters.get("extra_body") or {})}


def _longest_reply(parameters: Mapping[str, Any]) -> int | None:
    """Return the longest reply that these parameters allow, in tokens; None without a limit."""
    sent = _sent(parameters)
    limits = [sent.get(name) for name in ("max_tokens", "max_completion_tokens")]
    return max((n for n in limits if isinstance(n, int)), default=None)
