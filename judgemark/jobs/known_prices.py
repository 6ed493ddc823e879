"""What judges cost: the user's prices, or those that endpoints publish."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from judgemark.judges.base import BatchJudge, Judge
from judgemark.judges.judge_spec import JudgeSpec
from judgemark.judging.job_settings import Limits

if TYPE_CHECKING:
    from judgemark.judges.endpoint import Endpoint
    from judgemark.judging.ensemble_mode import EnsembleMode
    from judgemark.run.budget import Prices


def known_prices(
    spec: JudgeSpec,
    endpoint: Endpoint | None,
    limits: Limits,
    open_judge: Callable[[frozenset[str]], Judge | BatchJudge],
) -> Prices | None:
    """Return the user's prices or those that the endpoint publishes; else None.

    Where the user gives one of the two, the other is the endpoint's, or 0 where it tells none.
    """
    if not spec.kind.reads:
        return None
    sent, received = limits.price_in, limits.price_out
    both = sent is not None and received is not None
    listed = None if both else _published_prices(endpoint, open_judge)
    if listed is None and sent is None and received is None:
        return None
    from judgemark.run.budget import Prices

    known = listed or Prices(0.0, 0.0)
    return Prices(
        known.prompt if sent is None else sent,
        known.completion if received is None else received,
    )


def _published_prices(
    endpoint: Endpoint | None, open_judge: Callable[[frozenset[str]], Judge | BatchJudge]
) -> Prices | None:
    """Return what the endpoint says its judge costs, or None.

    Nothing is sent to an endpoint whose key is missing.
    """
    if endpoint is None or endpoint.missing_key or not endpoint.publishes_prices:
        return None
    from judgemark.judges.chat import ChatJudge
    from judgemark.judges.shared_judge import first_of
    from judgemark.run.budget import Prices

    judge = open_judge(frozenset())
    try:
        one = first_of(judge)
        listed = one.prices() if isinstance(one, ChatJudge) else None
    finally:
        judge.close()
    return Prices(*listed) if listed else None


def member_prices(ensemble: EnsembleMode, limits: Limits) -> list[Prices | None]:
    """Return the prices of each member; None where they are not known."""
    return [
        known_prices(member.spec, member.endpoint, limits, member.mode.open_judge)
        for member in ensemble.members
    ]
