"""The harness's own work on pairs, with a judge that answers at once.

Asking: prompt rendering, keys, bookkeeping and journal, at most 1 ms per pair of about 1,200 words
a piece. Reopening: the journal of 100,000 stored pairs, at most 3 s.
`python -m benchmarks.bench_pairwise`; exits 1 where a bound is missed.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from judgemark.judges.base import Json
from judgemark.protocols.pairwise_protocol import ListedPairs, Pair, Pairwise
from judgemark.records import (
    Class,
    LetterLogprobs,
    Question,
    QuestionKey,
    Reply,
    Sample,
    Slot,
    Usage,
    Verdict,
)
from judgemark.run.budget import Budget
from judgemark.run.journal import Journal
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.progress import Progress
from judgemark.run.runner import Runner, RunnerSettings
from judgemark.run.stop import Stop

PAIRS = 3_000
STORED = 100_000
WORDS = 1_200
MOST_PER_PAIR = 1e-3
MOST_TO_REOPEN = 3.0


class InstantJudge:
    """Answers a batch as an engine does, in no time."""

    @property
    def configuration(self) -> Mapping[str, Json]:
        """A name."""
        return {"kind": "bench", "name": "instant"}

    @property
    def batch(self) -> int:
        """As vLLM's."""
        return 256

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply]:
        """The same letters for every question."""
        return [reply() for _ in questions]

    def close(self) -> None:
        """Do nothing: there is nothing to release."""


def reply() -> Reply:
    """What an engine gives for one pass."""
    return Reply(
        "A", "length", "judge", None, Usage(3_000, 1), LetterLogprobs(-0.2231435513, -1.7, "A")
    )


def make_pairs() -> tuple[Pair, ...]:
    """All pairs of 25 pieces for each of 10 items, each of about 1,200 words."""
    draw = np.random.default_rng(0)
    words = np.array([f"word{n} – «été»" if n % 50 == 0 else f"word{n}" for n in range(4_000)])
    pairs = []
    for item in range(10):
        pieces = [
            Sample(f"writer-{w}", "1", str(item), " ".join(draw.choice(words, WORDS)))
            for w in range(25)
        ]
        pairs += [Pair.of(x, y) for n, x in enumerate(pieces) for y in pieces[n + 1 :]]
    return tuple(pairs[:PAIRS])


def seconds_per_pair(folder: Path) -> float:
    """Plan, ask and keep every pair; seconds per pair (two passes)."""
    judge = InstantJudge()
    asking = Pairwise(judge.configuration, {str(n): "Write a story. " * 40 for n in range(10)})
    protocol = ListedPairs(asking, make_pairs())
    with Journal(folder / "asked.jsonl") as journal:
        runner = Runner(
            judge,
            protocol,
            journal,
            RunnerSettings(),
            progress=Progress(io.StringIO()),
            stop=Stop(),
            budget=Budget(),
        )
        started = time.perf_counter()
        runner.run(protocol.plan())
        seconds = time.perf_counter() - started
        if len(journal.good) != 2 * PAIRS:
            raise RuntimeError("not every pass has a verdict")
    return seconds / PAIRS


def seconds_to_reopen(folder: Path) -> float:
    """Open a journal that holds both passes of 100,000 pairs."""
    path = folder / "stored.jsonl"
    with Journal(path) as journal:
        for n in range(STORED):
            for passage in (0, 1):
                key = QuestionKey(f"{2 * n + passage:064x}", Slot(0, 0, "pair", passage))
                texts = {"A": f"{n:064x}", "B": f"{n + 1:064x}"}
                verdict = Verdict(Class.OK, preference=0.8142)
                journal.append(
                    JournalEntry(
                        key=key,
                        item="7",
                        texts=texts,
                        outcome=verdict,
                        reply=reply(),
                        attempts=1,
                        first_class=Class.OK,
                        seconds=0.01,
                        time="2026-01-01T00:00:00+00:00",
                        usage=Usage(3_000, 1),
                    )
                )
    started = time.perf_counter()
    with Journal(path) as journal:
        seconds = time.perf_counter() - started
        if len(journal.good) != 2 * STORED:
            raise RuntimeError("not every pair came back")
    return seconds


def main() -> int:
    """Measure both; 1 where a bound is missed."""
    with tempfile.TemporaryDirectory() as name:
        per_pair = seconds_per_pair(Path(name))
        reopened = seconds_to_reopen(Path(name))
    print(
        f"pairwise: {1000 * per_pair:.3f} ms per pair of the harness's own work "
        f"(at most {1000 * MOST_PER_PAIR:g} ms)"
    )
    print(
        f"pairwise: {STORED:,} stored pairs reopen in {reopened:.2f} s (at most {MOST_TO_REOPEN})"
    )
    return int(per_pair > MOST_PER_PAIR or reopened > MOST_TO_REOPEN)


if __name__ == "__main__":
    raise SystemExit(main())
