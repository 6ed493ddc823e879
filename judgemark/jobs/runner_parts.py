"""What a runner needs besides its journal: limits and budget, from a judge's settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from judgemark.judges.base import AdaptsRequests, BatchJudge, Json, Judge, KeepsLog, SetsWidth
from judgemark.judges.registry import ENDPOINT
from judgemark.judges.shared_judge import SharedJudge
from judgemark.judging.job_settings import Limits
from judgemark.run.budget import Budget, CostCap, Prices, Spending
from judgemark.run.journal import Journal, read_entries
from judgemark.run.runner import RunnerSettings
from judgemark.run.workers import StopTimeouts

_BEYOND_TIMEOUT = 30.0

Configuration = Mapping[str, Json]


def make_ready(judge: Judge | BatchJudge, log: Path, *, replied: bool) -> None:
    """Give a judge its log, and tell one that replied before that its fields were accepted."""
    if isinstance(judge, KeepsLog):
        judge.keep_log(log)
    for one in judge.members if isinstance(judge, SharedJudge) else (judge,):
        if replied and isinstance(one, AdaptsRequests):
            one.accepted_before()


def runner_settings(
    judge: Judge | BatchJudge, configuration: Configuration, limits: Limits, prices: Prices | None
) -> RunnerSettings:
    """Return how a judge of this configuration is asked."""
    parameters = _parameters(configuration)
    return RunnerSettings(
        threads=judge.width if isinstance(judge, SetsWidth) else limits.most_threads,
        start=limits.first_threads,
        max_retries=limits.max_retries,
        retry_delay=limits.retry_delay,
        give_up_after=limits.give_up_after,
        repeatable=_sent(parameters).get("temperature") == 0,
        prices=prices,
        max_tokens=_longest_reply(parameters),
        takes_schema=configuration.get("kind") == ENDPOINT,
        patience=StopTimeouts(otherwise=limits.timeout + _BEYOND_TIMEOUT),
    )


def budget_of(
    configuration: Configuration,
    limits: Limits,
    prices: Prices | None,
    journal: Journal,
    *,
    member: int = 0,
    spending: Spending | None = None,
) -> Budget:
    """Return the caps of this command; a judge's earlier replies show what later ones may cost.

    `member` is its place in an ensemble, whose judges share the `spending`.
    """
    if limits.max_cost is None or prices is None:
        return Budget(max_requests=limits.max_requests, spending=spending)
    cap = CostCap(limits.max_cost, prices, _longest_reply(_parameters(configuration)))
    budget = Budget(max_requests=limits.max_requests, cost_cap=cap, spending=spending)
    for entry in read_entries(journal.path):
        if entry.key.slot.member == member:
            budget.learn(entry.usage)
    return budget


def _parameters(configuration: Configuration) -> Mapping[str, Any]:
    """Return the request parameters of a judge at an endpoint; none for other judges."""
    parameters = configuration.get("parameters")
    return parameters if isinstance(parameters, dict) else {}


def _sent(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a request; those of extra_body take precedence."""
    return {**parameters, **(parameters.get("extra_body") or {})}


def _longest_reply(parameters: Mapping[str, Any]) -> int | None:
    """Return the longest reply that these parameters allow, in tokens; None without a limit."""
    sent = _sent(parameters)
    limits = [sent.get(name) for name in ("max_tokens", "max_completion_tokens")]
    return max((n for n in limits if isinstance(n, int)), default=None)
