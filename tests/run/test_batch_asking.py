"""Asking by batches: each question is submitted once and answered once, whatever happens."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from judgemark.errors import BatchOut, CapReached, Refused, TransientFault
from judgemark.judges.batches.batch_service import (
    BatchAnswer,
    BatchLimits,
    BatchReport,
    BatchRequest,
    BatchState,
)
from judgemark.records import Outcome, Question, Reply, Usage
from judgemark.run.attempts import RetryRules
from judgemark.run.batch_asking import BatchAsker, BatchRules, RunControl
from judgemark.run.batch_log import BatchLog
from judgemark.run.batch_reading import AnswerReading, recorded_answers
from judgemark.run.budget import Budget, CostCap, Prices
from judgemark.run.journal import Journal, read_entries
from judgemark.run.progress import Progress
from judgemark.run.recording import Recorder
from judgemark.run.stop import Stop
from tests.support.asking import FakeClock
from tests.support.questions import direct, pieces

PROTOCOL = direct(pieces(6))
QUESTIONS = tuple(next(PROTOCOL.plan()))
PRICES = Prices(prompt=1e6, completion=1e6)


class TextJudge:
    """Sends the item, and takes an answer as the reply's text."""

    def batch_body(self, question: Question) -> Mapping[str, Any]:
        return {"messages": [], "item": question.item}

    def read_answer(self, question: Question, status: int, answer: Any) -> Reply:
        if status != 200:
            raise TransientFault(f"HTTP {status}: {question.item}: {answer}")
        return Reply(str(answer), "stop", usage=Usage(2, 1))


@dataclass
class Provider:
    """Answers `texts[item]`, else the item; each batch is `out` that many looks at it long."""

    out: int = 0
    texts: dict[str, list[str]] = field(default_factory=dict)
    state: BatchState = BatchState.ENDED
    size: int = 1_000_000
    faults: list[Exception] = field(default_factory=list)
    batches: dict[str, Sequence[BatchRequest]] = field(default_factory=dict)
    looks: dict[str, int] = field(default_factory=dict)
    closed: bool = False

    @property
    def limits(self) -> BatchLimits:
        return BatchLimits(4, self.size)

    def submit(self, token: str, requests: Sequence[BatchRequest]) -> str:
        if self.faults:
            raise self.faults.pop(0)
        self.batches[token] = requests
        return f"id-{token}"

    def find(self, token: str, total: int, since: float) -> str | None:
        assert since > 0 and total > 0
        return f"id-{token}" if token in self.batches else None

    def report(self, batch: str) -> BatchReport:
        self.looks[batch] = self.looks.get(batch, 0) + 1
        over = self.looks[batch] > self.out
        return BatchReport(self.state if over else BatchState.OUT, reason="")

    def answers(self, batch: str) -> Iterator[BatchAnswer]:
        for request in reversed(self.batches[batch.removeprefix("id-")]):
            item = request.body["item"]
            told = self.texts.get(item) or [item]
            text = told.pop(0) if len(told) > 1 else told[0]
            if text == "unprocessed":
                yield BatchAnswer(request.custom_id, None, None)
            elif text != "nothing":
                yield BatchAnswer(request.custom_id, 500 if text == "error" else 200, text)
        yield BatchAnswer("a-stranger_0000", 200, "5")

    def close(self) -> None:
        self.closed = True


def ask(
    folder: Path,
    provider: Provider,
    *,
    wait: bool = True,
    retries: int = 2,
    budget: Budget | None = None,
    questions: Sequence[Question] = QUESTIONS,
) -> dict[str, Outcome]:
    """Ask what the journal has no good verdict for; the outcomes by item."""
    outcomes: dict[str, Outcome] = {}
    with Journal(folder / "verdicts.jsonl") as journal:
        progress = Progress(io.StringIO(), say=lambda _: None)
        reading = AnswerReading(
            TextJudge(), PROTOCOL, Recorder(journal, progress), PRICES,
            recorded_answers(journal.path),
        )  # fmt: skip
        asker = BatchAsker(
            provider,
            reading,
            BatchLog(folder),
            BatchRules(RetryRules(retries), wait, poll=60.0),
            RunControl(FakeClock(), Stop(), budget or Budget(), lambda: 1e9, lambda _: None),
        )
        todo = [q for q in questions if q.key not in journal.good]
        asker.ask(todo, lambda q, outcome: outcomes.update({q.item: outcome}))
        asker.close()
    return outcomes


def lines(folder: Path) -> list[str]:
    return [e.item for e in read_entries(folder / "verdicts.jsonl")]


def test_batches_are_as_large_as_the_provider_allows(tmp_path: Path) -> None:
    provider = Provider(out=2)
    outcomes = ask(tmp_path, provider)
    assert [len(b) for b in provider.batches.values()] == [4, 2]
    assert len(outcomes) == 6 and all(o.cls.good for o in outcomes.values())
    assert sorted(lines(tmp_path)) == sorted(q.item for q in QUESTIONS)
    assert provider.closed
    # 2 prompt tokens and 1 of the reply at a dollar each.
    assert {e.usage.cost for e in read_entries(tmp_path / "verdicts.jsonl")} == {3.0}


def test_a_command_that_does_not_wait_leaves_the_rest_to_the_next_one(tmp_path: Path) -> None:
    provider = Provider(out=1)
    with pytest.raises(BatchOut, match="6 questions are out in batches"):
        ask(tmp_path, provider, wait=False)
    assert len(ask(tmp_path, provider, wait=False)) == 6
    assert len(provider.batches) == 2
    assert ask(tmp_path, provider, wait=False) == {}


@pytest.mark.parametrize("trouble", ["unprocessed", "error", "nothing", "no number"])
def test_a_question_without_a_usable_answer_goes_into_the_next_batch(
    tmp_path: Path, trouble: str
) -> None:
    provider = Provider(texts={"0001": [trouble, "7"]})
    outcomes = ask(tmp_path, provider)
    assert [len(b) for b in provider.batches.values()] == [4, 2, 1]
    assert outcomes["0001"].cls.good
    # A reply that cannot be scored is kept: it was paid for. A fault is not.
    assert lines(tmp_path).count("0001") == (2 if trouble == "no number" else 1)


def test_a_question_is_given_up_after_its_retries_and_tried_again_by_the_next_command(
    tmp_path: Path,
) -> None:
    provider = Provider(texts={"0001": ["error"]})
    assert not ask(tmp_path, provider, retries=1)["0001"].cls.good
    assert [len(b) for b in provider.batches.values()] == [4, 2, 1]
    assert not ask(tmp_path, provider, retries=1)["0001"].cls.good
    assert [len(b) for b in provider.batches.values()] == [4, 2, 1, 1, 1]


def test_a_batch_that_arrived_in_spite_of_a_fault_is_not_submitted_again(tmp_path: Path) -> None:
    class Deaf(Provider):
        def submit(self, token: str, requests: Sequence[BatchRequest]) -> str:
            name = super().submit(token, requests)
            if len(self.batches) == 1:
                raise TransientFault("the connection broke")
            return name

    provider = Deaf()
    assert len(ask(tmp_path, provider)) == 6
    assert [len(b) for b in provider.batches.values()] == [4, 2]


def test_a_refused_batch_leaves_nothing_to_look_for(tmp_path: Path) -> None:
    provider = Provider(faults=[Refused("no batches here")])
    with pytest.raises(Refused):
        ask(tmp_path, provider)
    assert BatchLog(tmp_path).batches == ()
    assert len(ask(tmp_path, provider)) == 6


def test_a_provider_that_cannot_be_reached_is_tried_again_by_the_next_command(
    tmp_path: Path,
) -> None:
    provider = Provider(faults=[TransientFault("HTTP 503")] * 5)
    with pytest.raises(BatchOut, match="HTTP 503"):
        ask(tmp_path, provider)
    assert len(ask(tmp_path, provider)) == 6
    assert len(provider.batches) == 2


def test_a_second_batch_that_fails_for_the_same_reason_ends_the_run(tmp_path: Path) -> None:
    provider = Provider(state=BatchState.FAILED)
    with pytest.raises(Refused, match="failed as a whole"):
        ask(tmp_path, provider, questions=QUESTIONS[:4])
    assert len(provider.batches) == 2


def test_the_budget_holds(tmp_path: Path) -> None:
    provider = Provider()
    with pytest.raises(CapReached, match="3 of 6 questions"):
        ask(tmp_path, provider, budget=Budget(max_requests=3))
    assert len(lines(tmp_path)) == 3
    ask(tmp_path, provider)
    assert [len(b) for b in provider.batches.values()] == [3, 3]


def test_what_is_out_counts_against_the_cap_of_later_commands(tmp_path: Path) -> None:
    provider = Provider(out=9)

    def capped() -> Budget:
        # Each question may cost 10 tokens of its reply at $1 each, beside a prompt that is free.
        return Budget(cost_cap=CostCap(25.0, Prices(0.0, 1e6), max_tokens=10))

    for _ in range(3):
        with pytest.raises(BatchOut):
            ask(tmp_path, provider, wait=False, budget=capped())
    # Two fit, and stay out: no later command submits more.
    assert [len(b) for b in provider.batches.values()] == [2]


def test_an_answer_is_recorded_once_even_where_its_batch_was_not_closed(tmp_path: Path) -> None:
    provider = Provider(texts={"0001": ["no number"]}, out=1)
    for _ in range(4):
        with pytest.raises(BatchOut):
            ask(tmp_path, provider, wait=False, retries=9)
    # Submitted, then collected and submitted again three times: three replies came.
    assert lines(tmp_path).count("0001") == 3
    assert len(lines(tmp_path)) == 5 + 3
