"""Python functions as judges: the three shapes, and what no judge may give."""

from __future__ import annotations

import asyncio
import math
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from judgemark.errors import AskFault, UsageError
from judgemark.judges import letter_probe
from judgemark.judges.answers import NUMBER, SCORES, TEXT, logprobs_reply, reply_of
from judgemark.judges.function_judge import (
    FunctionBatchJudge,
    FunctionJudge,
    PairFunctionJudge,
    Piece,
    ShownPair,
    function_configuration,
)
from judgemark.judges.guarded_judge import guarded
from judgemark.judges.kinds.python_kind import load_function
from judgemark.judges.logprob import MOST_MASS, is_log_probability
from judgemark.records import (
    LetterLogprobs,
    Message,
    Question,
    QuestionKey,
    Reply,
    Sample,
    Slot,
)


def question(text: str = "A dog barked.", other: str = "") -> Question:
    sample = Sample("ann", "1", "sea", text)
    pieces = {"A": sample, "B": Sample("bea", "1", "sea", other)} if other else {"piece": sample}
    return Question(QuestionKey("k", Slot()), "sea", (Message("user", f"Judge: {text}"),), pieces)


@pytest.mark.parametrize(
    ("answer", "text", "shape"),
    [
        (7, "7.0", NUMBER),
        (np.float64(0.25), "0.25", NUMBER),
        ({"score": 3}, "3.0", NUMBER),
        ({"Wit": 7, "Flow": 6.5}, '{"Wit": 7.0, "Flow": 6.5}', SCORES),
        ("Wit: 7", "Wit: 7", TEXT),
    ],
)
def test_the_shapes_of_an_answer(answer: object, text: str, shape: str) -> None:
    reply = reply_of(answer)
    assert (reply.text, reply.finish_reason) == (text, shape)


@pytest.mark.parametrize(
    "answer",
    [
        float("nan"),
        float("inf"),
        None,
        True,
        np.True_,
        np.array(True),
        [7],
        {"Wit": "high"},
        {"Wit": np.False_},
        {"score": None},
    ],
)
def test_anything_else_is_a_fault_of_its_question(answer: object) -> None:
    with pytest.raises(AskFault, match="give a finite number"):
        reply_of(answer)


@pytest.mark.parametrize("answer", [1e300, -2e15, 10**400, -(10**400), {"score": 1e16}])
def test_a_number_that_no_result_can_hold_is_a_fault_of_its_question(answer: object) -> None:
    with pytest.raises(AskFault, match=r"scores lie within -1e\+15 and 1e\+15"):
        reply_of(answer)


def test_a_judge_is_blind_and_sees_the_rendered_prompt() -> None:
    seen: list[Piece] = []

    def judge(piece: Piece) -> float:
        seen.append(piece)
        return 1.0

    asked = FunctionJudge(judge, "m:judge", prompted=True, instructions={"sea": "Write."})
    asked.ask(question())
    assert seen == [Piece("A dog barked.", "sea", "Judge: A dog barked.", "Write.")]
    FunctionJudge(judge, "m:judge", prompted=False, instructions={}).ask(question())
    assert (seen[1].prompt, seen[1].writing_prompt) == (None, None)


def test_what_a_judge_raises_is_told_in_one_line() -> None:
    def judge(piece: Piece) -> float:
        raise KeyError(piece.item)

    with pytest.raises(AskFault, match="the judge raised KeyError: 'sea'"):
        FunctionJudge(judge, "m:judge", prompted=False, instructions={}).ask(question())


@pytest.mark.parametrize("kind", [KeyboardInterrupt, GeneratorExit, SystemExit, BaseException])
def test_whatever_a_judge_raises_in_a_thread_is_its_own_fault(kind: type[BaseException]) -> None:
    def judge(_: Piece) -> float:
        raise kind("no")

    judged = FunctionJudge(judge, "m:judge", prompted=False, instructions={})
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(judged.ask, question())
        with pytest.raises(AskFault, match=f"the judge raised {kind.__name__}: no"):
            asked.result(timeout=10)


def test_ctrl_c_in_the_main_thread_is_no_fault_of_the_judge() -> None:
    def judge(_: Piece) -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        FunctionJudge(judge, "m:judge", prompted=False, instructions={}).ask(question())


def test_a_judge_of_pairs_is_told_to_give_a_probability() -> None:
    judge = PairFunctionJudge(lambda _: [True], "m:judge", {})
    (fault,) = judge.ask_batch([question("a", "b")])
    assert str(fault) == "the judge gave True; give a probability from 0 to 1"


def test_pairs_are_answered_in_batches() -> None:
    def judge(pairs: Sequence[ShownPair]) -> list[float]:
        return [0.8 if len(p.a) > len(p.b) else 0.0 for p in pairs]

    asked = PairFunctionJudge(judge, "m:judge", {"sea": "Write."})
    first, second = asked.ask_batch([question("longer", "b"), question("a", "longer")])
    assert isinstance(first, Reply)
    assert first.logprobs is not None
    assert np.exp([first.logprobs.a, first.logprobs.b]) == pytest.approx([0.8, 0.2])
    assert isinstance(second, Reply)
    assert second.text == "B"


@pytest.mark.parametrize(
    ("answers", "told"),
    [([0.5], "1 probabilities for 2 pairs"), ([1.5, 0.5], "between 0 and 1"), (7, "no sequence")],
)
def test_wrong_probabilities_are_faults(answers: object, told: str) -> None:
    asked = PairFunctionJudge(lambda _: answers, "m:judge", {})
    found = asked.ask_batch([question("a", "b"), question("c", "d")])
    assert isinstance(found[0], AskFault)
    assert told in str(found[0])


def test_a_version_identifies_a_function_and_its_source_does_where_it_has_none() -> None:
    def judge(piece: Piece) -> float:
        return float(len(piece.text))

    unversioned = function_configuration(judge, "m:judge")
    assert unversioned["source"]
    judge.version = "2"  # type: ignore[attr-defined]
    judge.configuration = {"weights": "x"}  # type: ignore[attr-defined]
    assert function_configuration(judge, "m:judge") == {
        "kind": "python", "name": "m:judge", "version": "2", "configuration": {"weights": "x"},
    }  # fmt: skip


def test_a_function_or_a_factory_is_loaded_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "my_judge.py"
    file.write_text("def judge(piece):\n    return 1.0\ndef make():\n    return judge\n", "utf-8")
    assert load_function(f"{file}:judge")(None) == 1.0
    assert load_function(f"{file}:make")(None) == 1.0


@pytest.mark.parametrize(
    ("source", "name", "told"),
    [
        ("import nowhere_to_be_found", "judge", "ModuleNotFoundError"),
        ("x = 1", "judge", 'no function "judge"'),
        ("judge = 1", "judge", 'no function "judge"'),
        ("def judge(:", "judge", "SyntaxError"),
    ],
)
def test_a_module_that_cannot_be_used_is_one_line(
    tmp_path: Path, source: str, name: str, told: str
) -> None:
    file = tmp_path / "broken_judge.py"
    file.write_text(source, "utf-8")
    with pytest.raises(UsageError, match=told) as caught:
        load_function(f"{file}:{name}")
    assert "\n" not in str(caught.value)


def asked(judge: object) -> FunctionJudge:
    return FunctionJudge(judge, "m:judge", prompted=False, instructions={})  # type: ignore[arg-type]


def test_an_asynchronous_function_is_awaited_on_one_loop() -> None:
    loops: set[int] = set()

    async def judge(piece: Piece) -> float:
        loops.add(id(asyncio.get_running_loop()))
        await asyncio.sleep(0)
        return float(len(piece.text))

    waits = asked(judge)
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(waits.ask, [question("x" * n) for n in range(1, 9)]))
    waits.close()
    assert [reply.text for reply in replies] == [f"{n}.0" for n in range(1, 9)]
    assert len(loops) == 1


def test_an_asynchronous_function_can_be_broken_off() -> None:
    begun = threading.Event()

    async def judge(piece: Piece) -> float:
        del piece
        begun.set()
        await asyncio.sleep(60)
        return 1.0

    waits = asked(judge)
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(waits.ask, question())
        assert begun.wait(5)
        waits.interrupt()
        with pytest.raises(AskFault, match="broken off"):
            under_way.result(5)
    waits.close()


def test_as_many_calls_at_once_as_the_function_bears() -> None:
    together: list[int] = []
    under_way = 0
    lock = threading.Lock()

    class Judge:
        threads = 2

        def __call__(self, piece: Piece) -> float:
            del piece
            nonlocal under_way
            with lock:
                under_way += 1
                together.append(under_way)
            time.sleep(0.002)
            with lock:
                under_way -= 1
            return 1.0

    threaded = asked(Judge())
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(threaded.ask, [question()] * 12))
    assert max(together) == 2


def test_a_batch_of_pieces_is_answered_together_and_a_wrong_count_fails_it() -> None:
    class Judge:
        batch = 3

        def __call__(self, pieces: Sequence[Piece]) -> list[object]:
            return [len(p.text) if p.text else "what?" for p in pieces if p.text != "gone"]

    judge = FunctionBatchJudge(Judge(), "m:judge", prompted=False, instructions={})
    assert judge.batch == 3
    one, two = judge.ask_batch([question("ab"), question("abc")])
    assert isinstance(one, Reply) and isinstance(two, Reply)
    assert (one.text, two.text) == ("2.0", "3.0")
    (other,) = judge.ask_batch([question("")])
    assert "a reply to be read here and one score for its first piece" in str(other)
    (lost,) = judge.ask_batch([question("gone")])
    assert "0 answers for 1 pieces" in str(lost)


@pytest.mark.parametrize("value", [0, -1, True, "many", 1.5])
def test_a_number_of_threads_that_cannot_be_is_one_line(value: object) -> None:
    def judge(piece: Piece) -> float:
        return float(len(piece.text))

    judge.threads = value  # type: ignore[attr-defined]
    with pytest.raises(UsageError, match=r"threads is .*; give a whole number from 1"):
        asked(judge)


def test_a_configuration_that_cannot_be_stored_is_one_line_and_secrets_are_withheld() -> None:
    def judge(piece: Piece) -> float:
        return float(len(piece.text))

    judge.configuration = {"client": object()}  # type: ignore[attr-defined]
    with pytest.raises(UsageError, match="the configuration of m:judge cannot be stored"):
        asked(judge)
    judge.configuration = {"api_key": "plain-text-key-1234567"}  # type: ignore[attr-defined]
    assert asked(judge).configuration["configuration"] == {"api_key": "(withheld)"}


def test_log_probabilities_of_a_judge_of_ones_own() -> None:
    reply = logprobs_reply(-0.1, -2.5)
    assert reply.logprobs is not None
    assert (reply.text, reply.logprobs.a, reply.logprobs.b) == ("A", -0.1, -2.5)
    for a, b in ((0.5, -1), (-0.1, -0.2), (float("nan"), -1), ("x", -1)):
        with pytest.raises(AskFault, match=r"add up to more|of A gave"):
            logprobs_reply(a, b)


@pytest.mark.parametrize("mass", [0.99, 1.0, 1.005, 1.015, 1.019, 1.021, 1.03, 1.5])
def test_programs_and_endpoints_have_the_same_room_for_rounding(mass: float) -> None:
    half = math.log(mass / 2)
    unusable = letter_probe._unusable(LetterLogprobs(half, half, "A", candidates=20))
    assert (unusable is None) == (mass <= MOST_MASS)
    if unusable is None:
        assert logprobs_reply(half, half).text == "A"
    else:
        with pytest.raises(AskFault, match="add up to more"):
            logprobs_reply(half, half)


@pytest.mark.parametrize("first", [0.0, 0.004, 0.009, 0.011])
def test_a_hair_above_zero_is_rounding_everywhere(first: float) -> None:
    if not is_log_probability(first):
        with pytest.raises(AskFault, match="add up to more"):
            logprobs_reply(first, -20.0)
        return
    letters = logprobs_reply(first, -20.0).logprobs
    assert letters is not None
    assert (letters.a, letters.b) == (0.0, -20.0)


def test_batches_without_a_size_of_their_own_are_equally_large() -> None:
    class Batches:
        def ask_batch(self, questions: object) -> object:
            return questions

    def judge(pairs: object) -> object:
        return pairs

    assert guarded(Batches()).batch == PairFunctionJudge(judge, "m:judge", {}).batch == 32


def test_a_file_does_not_take_the_place_of_a_module_and_imports_what_lies_beside_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "beside_it.py").write_text("SCORE = 4.0\n")
    file = tmp_path / "random.py"
    file.write_text("import beside_it\ndef judge(piece):\n    return beside_it.SCORE\n")
    before = sys.modules["random"]
    assert load_function(f"{file}:judge")(None) == 4.0
    assert sys.modules["random"] is before
