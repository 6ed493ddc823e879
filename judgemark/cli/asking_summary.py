"""What the terminal shows of asking a judge: what will be asked, its cost, and how it ended."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from judgemark.cli.terminal import say, warn
from judgemark.errors import CapReached, Interrupted, Refused, UsageError
from judgemark.jobs.ask_run import Work, ask, priced_work, sends_nothing
from judgemark.jobs.prepare_run import Prepared
from judgemark.judging.ensemble_mode import EnsembleMode

if TYPE_CHECKING:
    from judgemark.judges.endpoint import Endpoint

_FEW_NAMES = 3
_RESUME = "give the same command again to go on from here"


def ask_as_told(
    args: argparse.Namespace, prepared: Prepared, tell: Callable[[str], None] = say
) -> Work | None:
    """Tell what will be asked and ask it; return what that was, None where no result is due.

    That is so for a dry run, and where the questions were written to a file.

    Raises UsageError where a key is missing or the cost is not confirmed, and as `ask` does.
    """
    work = priced_work(prepared)
    _announce(prepared, work, tell)
    if args.dry_run:
        tell("Dry run: nothing was asked or written.")
        return None
    if not sends_nothing(prepared, work):
        prepared.demand_keys()
    _confirm(args, work)

    def confirm_more(work: Work) -> None:
        tell(f"Run        {_expected(prepared, work)}")
        _confirm(args, work)

    try:
        ask(prepared, work, bar=sys.stderr, say=tell, confirm=confirm_more)
    except Interrupted:
        warn(f"\nstopped; all verdicts so far are kept in {prepared.folder.path}; {_RESUME}")
        raise
    except (Refused, CapReached):
        warn(f"stopped; all verdicts so far are kept in {prepared.folder.path}; {_RESUME}")
        raise
    return work if prepared.settings.batches.emit_batch is None else None


def _announce(prepared: Prepared, work: Work, tell: Callable[[str], None]) -> None:
    for line in _judges(prepared, work):
        tell(line)
    if prepared.drawn is None:
        _tell_samples(prepared, tell)
    tell(f"Run        {_expected(prepared, work)}")


def _tell_samples(prepared: Prepared, tell: Callable[[str], None]) -> None:
    s = prepared.samples
    chosen = prepared.judging.piece_count
    tell(
        f"Samples    {s.name}: {_counted(len(s.samples), 'piece')}, "
        f"{_counted(len(s.writers), 'writer')} x {_counted(len(s.iterations), 'iteration')} x "
        f"{_counted(len(s.items), 'item')}"
        + (f"; {chosen} chosen" if chosen < len(s.samples) else "")
    )
    if s.without_pieces:
        tell(f"           without any piece, and left out: {_some(s.without_pieces)}")
    empty = [piece for piece in s.samples if not piece.text.strip()]
    if empty:
        first = empty[0]
        tell(
            f"           {_counted(len(empty), 'piece')} without text; the first is of "
            f"{first.writer}, iteration {first.iteration}, item {first.item}"
        )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _some(names: Sequence[str]) -> str:
    """Return the names, the first three of many."""
    few = ", ".join(names[:_FEW_NAMES])
    return few if len(names) <= _FEW_NAMES else f"{few} and {len(names) - _FEW_NAMES} others"


def _expected(prepared: Prepared, work: Work) -> str:
    e = work.to_ask
    most = "at most " if e.at_most else ""
    asked = f"{most}{_counted(e.questions, 'question')} to ask"
    if work.out:
        asked += f", {work.out} out in batches"
    if e.answered:
        asked += f", {e.answered} answered already"
    judging = prepared.judging
    why_none = prepared.reusing.nothing_to_reuse if prepared.reusing else None
    if why_none is not None:
        asked += f", none of them answered by the run of --verdicts: {why_none}"
    ensemble = judging.members if isinstance(judging, EnsembleMode) else ()
    asks_endpoint = any(member.endpoint for member in ensemble) or prepared.endpoint is not None
    if asks_endpoint and e.questions:
        about = most or "about "
        asked += f"; {about}{e.prompt_tokens:,} tokens sent, {e.completion_tokens:,} received"
        asked += f", ${work.cost:,.2f}" if work.cost is not None else "; the price is not known"
        asked += _one_price_given(prepared)
    return f"{prepared.folder.run_id}: {asked}"


def _one_price_given(prepared: Prepared) -> str:
    """Return what the estimate takes for the other price where one is given; else ""."""
    limits = prepared.settings.limits
    if (limits.price_in is None) is (limits.price_out is None):
        return ""
    missing = "--price-in" if limits.price_in is None else "--price-out"
    return f" ({missing} is not given: the endpoint's own price, or 0 where it tells none)"


def _judges(prepared: Prepared, work: Work) -> Iterator[str]:
    """Yield a line for the judge, or for each member of an ensemble with what it has to answer."""
    judging = prepared.judging
    if not isinstance(judging, EnsembleMode):
        yield judge_line(prepared)
        return
    yield f"Ensemble   {len(judging.members)} judges, their scores joined by {judging.method}"
    for member, own in zip(judging.members, work.members, strict=True):
        place = _place(member.endpoint) if member.endpoint else member.spec.kind.place
        text = f"  judge {member.number + 1}  {member.spec.text}, {place}"
        text += f": {own.estimate.questions} questions"
        if member.endpoint and own.cost is not None:
            text += f", about ${own.cost:,.2f}"
        yield text


def _place(endpoint: Endpoint) -> str:
    """Return an endpoint's addresses, and whether the key that asking needs is missing."""
    missing = any(one.missing_key for one in (endpoint, *endpoint.others))
    return endpoint.all_shown + (" (no key is set; asking needs one)" if missing else "")


def judge_line(prepared: Prepared) -> str:
    """Return the line that says who is asked, and where."""
    if prepared.endpoint is not None:
        return f"Endpoint   {_place(prepared.endpoint)}, judge {prepared.endpoint.judge_name}"
    cluster = prepared.settings.cluster
    if cluster.ray is None:
        return f"Judge      {prepared.spec.text}, {prepared.spec.kind.place}"
    copies = "1 copy" if cluster.replicas in (None, 1) else f"{cluster.replicas} copies"
    return (
        f"Judge      {prepared.spec.text}, {copies} with Ray ({cluster.ray}): no endpoint, no key"
    )


def _confirm(args: argparse.Namespace, work: Work) -> None:
    cost = work.cost
    if cost is None or cost <= args.confirm_above or args.yes or args.max_cost is not None:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            f"the estimate of ${cost:,.2f} is above --confirm-above {args.confirm_above:g}; "
            "give --yes or --max-cost"
        )
    sys.stdout.write(f"This may cost about ${cost:,.2f}. Go on? [y/N] ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError("not confirmed; nothing was asked")
