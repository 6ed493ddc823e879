"""Python functions as judges: the three shapes, and what no judge may give."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from judgemark.errors import AskFault, UsageError
from judgemark.judges.function_judge import (
    NUMBER,
    SCORES,
    TEXT,
    FunctionJudge,
    PairFunctionJudge,
    Piece,
    ShownPair,
    function_configuration,
    reply_of,
)
from judgemark.judges.kinds.python_kind import load_function
from judgemark.records import Message, Question, QuestionKey, Reply, Sample, Slot


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
    "answer", [float("nan"), float("inf"), None, True, [7], {"Wit": "high"}, {"score": None}]
)
def test_anything_else_is_a_fault_of_its_question(answer: object) -> None:
    with pytest.raises(AskFault, match="give a finite number"):
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
