"""What a prepared run has to ask and what that costs; its questions are asked under its lock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from judgemark.errors import UsageError
from judgemark.jobs.batch_run import check_batches, check_results, questions_out, tell_results
from judgemark.jobs.known_prices import known_prices, member_prices
from judgemark.jobs.prepare_run import Prepared
from judgemark.jobs.replicas import check_replicas
from judgemark.judging.ensemble_mode import EnsembleMode
from judgemark.judging.judging_mode import AskingEstimate
from judgemark.run.folder import refuse_change
from judgemark.run.journal import Journal

if TYPE_CHECKING:
    from judgemark.run.budget import Prices

BATCH_PRICE = 0.5
"""What a question costs in a batch, as a share of its price at once: so with OpenAI, Azure,
Anthropic and, with most providers, OpenRouter (their price lists of November 2026)."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a run still has to ask, and the prices (None where no price is known).

    `lent` says that another run's verdicts are reused. `members` has the work of each judge of a
    ensemble, whose sum is the estimate. `out` of the questions are in a provider's batch already.
    """

    estimate: AskingEstimate
    prices: Prices | None
    lent: bool = False
    members: tuple[Work, ...] = ()
    out: int = 0

    @property
    def to_ask(self) -> AskingEstimate:
        """Return the estimate without the questions that are in a batch already."""
        e = self.estimate
        if not self.out:
            return e
        left = max(0, e.questions - self.out)
        return replace(
            e,
            questions=left,
            prompt_tokens=e.prompt_tokens * left // e.questions,
            completion_tokens=e.completion_tokens * left // e.questions,
        )

    @property
    def cost(self) -> float | None:
        """Return the estimated cost in dollars of what is to ask; None where it is not known."""
        if self.members:
            costs = [member._cost_of_member for member in self.members]
            known = [cost for cost in costs if cost is not None]
            return sum(known) if len(known) == len(costs) else None
        if self.prices is None:
            return None
        e, p = self.to_ask, self.prices
        return (e.prompt_tokens * p.prompt + e.completion_tokens * p.completion) / 1e6

    @property
    def _cost_of_member(self) -> float | None:
        # A judge whose tokens cost nothing is not expected to write any.
        free = self.prices is None and not self.estimate.completion_tokens
        return 0.0 if free else self.cost


def outstanding(prepared: Prepared, prices: Prices | None) -> Work:
    """Return what is left to ask of a single judge, given what the run's journal already holds.

    Raises UsageError where the folder holds a run with different questions, or a file of results
    is given that has no answer to any of its questions.
    """
    journal = _begun_journal(prepared)
    check_results(prepared, journal)
    estimate = prepared.judging.estimate(journal)
    lent = prepared.settings.pairwise.verdicts is not None
    return Work(estimate, prices, lent=lent, out=questions_out(prepared, journal))


def _outstanding_of_members(
    prepared: Prepared, ensemble: EnsembleMode, prices: list[Prices | None]
) -> Work:
    """Return what is left to ask of an ensemble, as `outstanding` does of one judge."""
    journal = _begun_journal(prepared)
    parts = zip(ensemble.estimates(journal), prices, strict=True)
    members = tuple(Work(estimate, price) for estimate, price in parts)
    return Work(ensemble.estimate(journal), None, members=members)


def _begun_journal(prepared: Prepared) -> Path | None:
    """Return the journal of a run that was begun; UsageError for one with different questions."""
    folder = prepared.folder
    if not folder.exists or prepared.settings.fresh:
        return None
    refuse_change(folder, prepared.fingerprint)
    return folder.journal


def priced_work(prepared: Prepared) -> Work:
    """Return what is left to ask, and its cost where a price is known.

    Raises UsageError for max_cost without known prices, and like `outstanding`.
    """
    check_batches(prepared)
    check_replicas(prepared)
    limits, judging = prepared.settings.limits, prepared.judging
    if isinstance(judging, EnsembleMode):
        prices = member_prices(judging, limits)
        unknown = [
            member.spec.text
            for member, price in zip(judging.members, prices, strict=True)
            if price is None and member.endpoint is not None
        ]
        if limits.max_cost is not None and unknown:
            raise UsageError(
                f"‹max_cost›: no price is known for {', '.join(unknown)}; give ‹price_in› and "
                "‹price_out›"
            )
        return _outstanding_of_members(prepared, judging, prices)
    # A published price would have to be asked for, and writing a file sends nothing.
    emits = prepared.settings.batches.emit_batch is not None
    priced = None if emits else prepared.endpoint
    price = known_prices(prepared.spec, priced, limits, judging.open_judge)
    if price is not None and prepared.settings.batches.batch:
        price = replace(
            price, prompt=price.prompt * BATCH_PRICE, completion=price.completion * BATCH_PRICE
        )
    if limits.max_cost is not None and price is None and prepared.endpoint is not None:
        raise UsageError("‹max_cost›: no price is known here; give ‹price_in› and ‹price_out›")
    return outstanding(prepared, price)


def sends_nothing(prepared: Prepared, work: Work) -> bool:
    """Return whether `ask` sends no request: all is answered, or another program asks."""
    return prepared.settings.batches.by_file or _is_finished(prepared, work)


def _is_finished(prepared: Prepared, work: Work) -> bool:
    begun = prepared.folder.exists and not prepared.settings.fresh
    return begun and not work.estimate.questions and not work.lent


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
    Raises UsageError for a missing key where something is sent, and Refused, CapReached or
    Interrupted where asking stopped early; the verdicts received until then are kept.
    """
    folder, settings = prepared.folder, prepared.settings
    if _is_finished(prepared, work):
        tell_results(prepared, say)
        return
    # Where nothing is left to ask, neither a runner nor what it needs is loaded.
    from judgemark.jobs.ask_questions import ask_questions

    before = prepared
    if not settings.batches.by_file:
        prepared.demand_keys()
        prepared = prepared.settled(say)
    expected = work
    if prepared.fingerprint != before.fingerprint:
        # What probing the judge showed changes its questions, and so what is left of them.
        work = _again(prepared, work)
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
        _ready_folder(prepared, begun=begun)
        with Journal(folder.journal) as journal:
            if journal.torn:
                say("the last line of the journal is incomplete; its question is asked again")
            ask_questions(
                prepared,
                [member.prices for member in work.members] or [work.prices],
                journal,
                answered=work.estimate.answered,
                bar=bar,
                say=say,
                draw_bar=draw_bar,
            )
    reuse = prepared.reusing.told_of_reuse(folder.journal) if prepared.reusing else None
    if reuse is not None:
        say(reuse)


def _ready_folder(prepared: Prepared, *, begun: bool) -> None:
    """Check the folder of a run that was `begun`, or begin the run in it; its lock is held."""
    folder = prepared.folder
    if begun:
        refuse_change(folder, prepared.fingerprint)
        folder.refuse_lost_journal()
    else:
        prepared.judging.store_instructions(folder)
        drawn = prepared.drawn.facts_of(prepared.judging) if prepared.drawn else None
        folder.begin(prepared.description(), prepared.judging.pieces, drawn)
    folder.refuse_unwritable()


def _again(prepared: Prepared, work: Work) -> Work:
    """Return the work of a run whose judges were settled, at the prices that are known already."""
    if isinstance(prepared.judging, EnsembleMode):
        prices = [member.prices for member in work.members]
        return _outstanding_of_members(prepared, prepared.judging, prices)
    return outstanding(prepared, work.prices)
