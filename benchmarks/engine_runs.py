"""A whole run over pairs with a judge on an engine: questions, tokens, answers, journal."""

from __future__ import annotations

import io
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from benchmarks.small_judge import Asked
from judgemark.judges.base import StreamJudge
from judgemark.protocols.pairwise_protocol import ListedPairs, Pairwise, preference_of_one
from judgemark.run.budget import Budget
from judgemark.run.journal import Journal
from judgemark.run.progress import Progress
from judgemark.run.runner import Runner, RunnerSettings
from judgemark.run.stop import Stop


def not_measured(what: str, *packages: str) -> str | None:
    """Return the line that says why nothing is measured; None where all packages are there."""
    missing = [name for name in packages if find_spec(name) is None]
    if not missing:
        return None
    return (
        f"{what}: not measured, because {missing[0]} is not installed for {sys.executable} "
        "(make .venv-engines/made)"
    )


def run_over(judge: StreamJudge, asked: Asked) -> list[float]:
    """Return P(first text) of each pair; RuntimeError where one has no verdict."""
    asking = Pairwise(judge.configuration, asked.instructions)
    protocol = ListedPairs(asking, asked.pairs)
    with tempfile.TemporaryDirectory() as name, Journal(Path(name) / "j") as journal:
        runner = Runner(
            judge,
            protocol,
            journal,
            RunnerSettings(),
            progress=Progress(io.StringIO()),
            stop=Stop(),
            budget=Budget(),
        )
        runner.run(protocol.plan())
        outcomes = journal.good
    found = []
    for pair in asked.pairs:
        one = preference_of_one(pair, asking.questions(pair), outcomes)
        if one is None:
            raise RuntimeError("not every pair has a verdict")
        found.append(one)
    return found
