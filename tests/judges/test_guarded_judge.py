"""Judges of other packages that raise, and that return what no judge may."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from judgemark.errors import AskFault, Refused, UsageError
from judgemark.judges.base import BatchJudge, KeepsLog, LimitsThreads, LoadsWeights, StreamJudge
from judgemark.judges.baselines import Baseline
from judgemark.judges.guarded_judge import guarded, set_up
from judgemark.records import Message, Question, QuestionKey, Reply, Sample, Slot

GOOD = Reply("7.0", "number")


def question(text: str) -> Question:
    sample = Sample("ann", "1", "sea", text)
    return Question(QuestionKey(text, Slot()), "sea", (Message("user", text),), {"piece": sample})


QUESTIONS = [question(text) for text in "abcd"]


def failing(exc: BaseException) -> Callable[..., Any]:
    def fail(*_: object) -> Any:
        raise exc

    return fail


class One:
    """A judge with nothing but what it needs to answer."""

    def __init__(self, answer: Callable[[Question], Any]) -> None:
        self.ask = answer


class Batches:
    """A judge that answers batches."""

    def __init__(self, answer: Callable[[Sequence[Question]], Any]) -> None:
        self.ask_batch = answer


class Streams:
    """A judge that answers a stream."""

    def __init__(self, *answers: tuple[int, object] | Exception) -> None:
        self.answers = answers

    def ask_stream(self, questions: Iterator[Question]) -> Iterator[Any]:
        """Take all questions, then give the answers."""
        list(questions)
        for answer in self.answers:
            if isinstance(answer, Exception):
                raise answer
            yield answer


def told(answer: object) -> str:
    return str(answer) if isinstance(answer, AskFault) else "good" if answer is GOOD else "?"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (failing(ValueError("no\nluck")), "the judge raised ValueError: no luck"),
        (failing(SystemExit(3)), "the judge raised SystemExit: 3"),
        (lambda _: "7", "the judge gave '7', which is not a Reply"),
        (lambda _: None, "the judge gave None, which is not a Reply"),
    ],
)
def test_what_a_judge_raises_or_gives_is_a_fault_of_the_question(
    answer: Callable[[Question], Any], expected: str
) -> None:
    with pytest.raises(AskFault) as caught:
        guarded(One(answer)).ask(QUESTIONS[0])
    assert str(caught.value) == expected
    (fault,) = guarded(Batches(lambda asked: [answer(q) for q in asked])).ask_batch(QUESTIONS[:1])
    assert told(fault) == expected


def test_good_answers_and_our_own_errors_pass() -> None:
    assert guarded(One(lambda _: GOOD)).ask(QUESTIONS[0]) is GOOD
    for judge in (One(failing(Refused("no key"))), Batches(failing(Refused("no key")))):
        asks = getattr(guarded(judge), "ask", None) or guarded(judge).ask_batch
        with pytest.raises(Refused):
            asks(QUESTIONS)
    ours = Baseline("length", 0)
    assert guarded(ours) is ours


def test_a_batch_of_another_length_is_a_fault_of_all_its_questions() -> None:
    answers = guarded(Batches(lambda asked: [GOOD] * (len(asked) - 1))).ask_batch(QUESTIONS)
    assert [told(a) for a in answers] == ["the judge gave 3 replies to 4 questions"] * 4


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([(1, GOOD), (0, GOOD), (3, GOOD), (2, GOOD)], dict.fromkeys(range(4), "good")),
        ([(0, GOOD), (0, GOOD)], {0: "good", **dict.fromkeys((1, 2, 3), "0, which was not open")}),
        ([(9, GOOD)], dict.fromkeys(range(4), "9, which was not open")),
        ([(0, "7")], {0: "which is not a Reply"}),
        ([(2, GOOD), KeyError("x")], {2: "good", **dict.fromkeys((0, 1, 3), "raised KeyError")}),
    ],
)
def test_a_stream_keeps_its_faults_to_the_questions_that_it_leaves_open(
    answers: list[Any], expected: dict[int, str]
) -> None:
    found = {n: told(a) for n, a in guarded(Streams(*answers)).ask_stream(iter(QUESTIONS))}
    assert set(found) == set(expected)
    assert all(expected[n] in found[n] for n in expected)


def test_what_else_a_judge_offers_is_offered_still() -> None:
    class Full(Batches):
        threads, batch, loaded = 3, 5, False

        def load(self) -> None:
            self.loaded = True

    judge = Full(lambda asked: [GOOD] * len(asked))
    found = guarded(judge)
    assert isinstance(found, BatchJudge) and found.batch == 5
    assert isinstance(found, LimitsThreads) and found.threads == 3
    assert isinstance(found, LoadsWeights) and not isinstance(found, KeepsLog | StreamJudge)
    found.load()
    found.close()
    assert judge.loaded


def test_a_package_that_makes_no_judge_is_one_line() -> None:
    with pytest.raises(UsageError, match="a NoneType, which has none of ask_stream"):
        guarded(None)
    with pytest.raises(UsageError, match=r"the package of the judge failed \(OSError: no file\)"):
        set_up(failing(OSError("no file")))
