"""The engine's queue stays filled, and answers come as they finish."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from judgemark.errors import AskFault
from judgemark.judges.vllm_stream import EngineStream
from judgemark.records import Question, Reply
from tests.support.questions import direct, pieces


@dataclass
class FakeEngine:
    """Finishes up to `width` prompts in a step, the last one first."""

    width: int = 3

    def __post_init__(self) -> None:
        self.queue: list[str] = []
        self.added: list[str] = []
        self.longest_queue = 0
        self.aborted: list[str] = []

    def add_request(self, name: str, prompt: dict[str, Any], sampling: object) -> None:
        assert prompt["prompt_token_ids"] and sampling == "sampling"
        self.queue.append(name)
        self.added.append(name)
        self.longest_queue = max(self.longest_queue, len(self.queue))

    def step(self) -> list[SimpleNamespace]:
        done, self.queue = self.queue[: self.width], self.queue[self.width :]
        outputs = [SimpleNamespace(request_id=name, finished=True) for name in reversed(done)]
        unfinished = [SimpleNamespace(request_id=name, finished=False) for name in self.queue]
        return [*unfinished, *outputs]

    def abort_request(self, names: list[str]) -> None:
        self.aborted += names


def questions(count: int) -> Sequence[Question]:
    return next(direct(pieces(count)).plan())


def stream(engine: FakeEngine) -> EngineStream:
    def prompts(asked: Sequence[Question]) -> list[list[int] | AskFault]:
        return [AskFault("too long") if q.item == "0002" else [1, 2, 3] for q in asked]

    return EngineStream(engine, "sampling", prompts, lambda _, tokens: Reply(str(tokens)))


def test_every_question_is_answered_once_in_the_engines_order() -> None:
    engine = FakeEngine()
    answers = list(stream(engine).answers(iter(questions(7))))
    # The one that does not fit at once; then three by three, the last of each three first.
    assert [number for number, _ in answers] == [2, 3, 1, 0, 6, 5, 4]
    assert isinstance(answers[0][1], AskFault)
    assert {answer.text for _, answer in answers[1:] if isinstance(answer, Reply)} == {"3"}
    assert engine.aborted == []


def test_the_engine_gets_questions_in_their_order_so_that_both_orders_are_neighbours() -> None:
    engine = FakeEngine()
    assert len(list(stream(engine).answers(iter(questions(100))))) == 100
    # Number 2 does not fit.
    assert engine.added == [str(n) for n in range(100) if n != 2]


def test_the_queue_is_filled_but_not_with_everything() -> None:
    engine = FakeEngine(width=50)
    taken = 0

    def counted() -> Iterator[Question]:
        nonlocal taken
        for question in questions(2000):
            taken += 1
            yield question

    answers = stream(engine).answers(counted())
    for _ in range(100):
        next(answers)
    assert 500 < engine.longest_queue < 600
    assert taken < 800


def test_an_interrupted_stream_ends_and_takes_its_prompts_back() -> None:
    engine = FakeEngine()
    asked = stream(engine)
    answers = asked.answers(iter(questions(20)))
    came = [next(answers)[0] for _ in range(2)]
    asked.interrupted = True
    came += [number for number, _ in answers]
    # What the step under way had finished still comes.
    assert came == [2, 3, 1, 0]
    assert len(engine.aborted) == 20 - len(came)
