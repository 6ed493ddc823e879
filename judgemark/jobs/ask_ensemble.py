"""Ask the questions of several judges, each with its own endpoint, prices and limits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from judgemark.jobs.runner_parts import budget_of, make_ready, runner_settings
from judgemark.judging.ensemble_mode import EnsembleMode
from judgemark.judging.job_settings import Limits
from judgemark.run.budget import Prices, Spending
from judgemark.run.ensemble_runner import EnsembleRunner, OpenMember
from judgemark.run.journal import Journal
from judgemark.run.progress import Progress
from judgemark.run.runner import Runner
from judgemark.run.stop import Stop


def ensemble_runner(
    ensemble: EnsembleMode,
    limits: Limits,
    prices: Sequence[Prices | None],
    journal: Journal,
    progress: Progress,
    stop: Stop,
    *,
    log: Path,
) -> EnsembleRunner:
    """Return what asks the members; caps on requests and dollars hold for all of them together.

    A member that keeps a log does so beside `log`, with its number in the name.
    """
    spending = Spending()

    def open_member(number: int) -> OpenMember:
        member = ensemble.members[number]
        configuration = member.mode.configuration
        judge = member.mode.open_judge(journal.adapted_of(number))
        own_log = log.with_name(f"{log.stem}-{number + 1}{log.suffix}")
        make_ready(judge, own_log, replied=journal.has_replied(number))
        runner = Runner(
            judge,
            ensemble.protocol,
            journal,
            runner_settings(judge, configuration, limits, prices[number]),
            progress=progress,
            stop=stop.part(),
            budget=budget_of(
                configuration, limits, prices[number], journal, member=number, spending=spending
            ),
        )
        return OpenMember(member.spec.text, runner, judge.close)

    return EnsembleRunner(journal, open_member, keep_open=ensemble.club is not None)
