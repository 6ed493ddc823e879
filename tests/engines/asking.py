"""Asks a local judge about many pairs, for the test that kills it half way.

`python -m tests.engines.asking ENGINE JUDGE_FOLDER JOURNAL`
"""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from pathlib import Path

from judgemark.judges.engine import EngineSettings
from judgemark.judges.hf import HfJudge
from judgemark.judges.vllm import VllmJudge
from judgemark.protocols.pairwise_protocol import ListedPairs, Pair, Pairwise
from judgemark.records import QuestionKey, Sample
from judgemark.run.budget import Budget
from judgemark.run.journal import Journal
from judgemark.run.progress import Progress
from judgemark.run.runner import Runner, RunnerSettings
from judgemark.run.stop import Stop

ENGINES: Mapping[str, type[VllmJudge] | type[HfJudge]] = {"vllm": VllmJudge, "hf": HfJudge}
SETTINGS = EngineSettings(max_model_len=1024, enforce_eager=True, kv_cache_gib=0.25)
PIECES = 24


def pairs() -> tuple[Pair, ...]:
    """All 276 pairs of 24 pieces."""
    samples = [Sample(f"w{n}", "1", "7", f"The rain of day {n}.") for n in range(PIECES)]
    return tuple(Pair.of(x, y) for n, x in enumerate(samples) for y in samples[n + 1 :])


def ask(engine: str, folder: Path, journal_path: Path) -> set[QuestionKey]:
    """Ask whatever the journal does not answer; what it answered before."""
    judge = ENGINES[engine](str(folder), SETTINGS)
    protocol = ListedPairs(Pairwise(judge.configuration, {"7": "Write about rain."}), pairs())
    with Journal(journal_path) as journal:
        known = set(journal.good)
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
    judge.close()
    return known


if __name__ == "__main__":
    ask(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
