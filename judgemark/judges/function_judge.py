"""Judges written as Python functions: of single pieces, and of pairs."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgemark.errors import AskFault
from judgemark.judges.base import Json
from judgemark.judges.function_identity import function_identity
from judgemark.judges.logprob import LOG_ZERO
from judgemark.records import LetterLogprobs, Question, Reply

NUMBER, SCORES, TEXT = "number", "scores", "stop"
"""The finish reasons that tell the shapes of a function's answers apart in the journal."""

_USUAL_BATCH = 32


@dataclass(frozen=True, slots=True)
class Piece:
    """What a judge of single pieces is shown: never the writer.

    Attributes:
        text: the piece.
        item: the id of its writing prompt.
        prompt: the rendered judge prompt; None where the run has no judge prompts.
        writing_prompt: what the writer was asked; None where it is not known.
    """

    text: str
    item: str
    prompt: str | None = None
    writing_prompt: str | None = None


@dataclass(frozen=True, slots=True)
class ShownPair:
    """What a judge of pairs is shown: two texts on one item, and what the writers were asked."""

    a: str
    b: str
    item: str
    instruction: str


def function_configuration(function: Callable[..., Any], name: str) -> dict[str, Json]:
    """Return what identifies a function as a judge: part of every question's key.

    A function may carry the attributes `version` and `configuration`. One without a version is
    identified by its source text and by what it holds, so that a changed function is not taken for
    the old one.
    """
    named: dict[str, Json] = {"kind": "python", "name": name}
    version = getattr(function, "version", None)
    if version is not None:
        named["version"] = str(version)
    else:
        named["source"] = function_identity(function)
    configuration = getattr(function, "configuration", None)
    if configuration:
        named["configuration"] = json.loads(json.dumps(configuration, allow_nan=False))
    return named


class FunctionJudge:
    """A function from a piece to one score, to named criterion scores, or to a reply to be read.

    One call runs at a time, unless the function carries `threads`, the number it bears.
    """

    def __init__(
        self,
        function: Callable[[Piece], Any],
        name: str,
        *,
        prompted: bool,
        instructions: Mapping[str, str],
    ) -> None:
        self._function = function
        self._prompted = prompted
        self._instructions = instructions
        self.configuration: Mapping[str, Json] = function_configuration(function, name)
        self._turns = threading.BoundedSemaphore(int(getattr(function, "threads", 1)))

    def ask(self, question: Question) -> Reply:
        """Call the function; AskFault for what it raises and for an answer of no known shape."""
        sample = question.pieces["piece"]
        prompt = question.messages[-1].content if self._prompted else None
        piece = Piece(sample.text, question.item, prompt, self._instructions.get(question.item))
        with self._turns:
            answer = _called(self._function, piece)
        return reply_of(answer)

    def enter_thread(self) -> None:
        """Do nothing: there is nothing to prepare."""

    def interrupt(self) -> None:
        """Do nothing: a Python function cannot be broken off."""

    def close(self) -> None:
        """Do nothing: the function belongs to the caller."""


class PairFunctionJudge:
    """A function from a batch of pairs to P(A is the better text) for each."""

    def __init__(
        self,
        function: Callable[[Sequence[ShownPair]], Any],
        name: str,
        instructions: Mapping[str, str],
    ) -> None:
        self._function = function
        self._instructions = instructions
        self.configuration: Mapping[str, Json] = function_configuration(function, name)
        self.batch = int(getattr(function, "batch", _USUAL_BATCH))

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        """Call the function once for the batch; a fault for each pair where it fails."""
        pairs = [
            ShownPair(
                q.pieces["A"].text, q.pieces["B"].text, q.item, self._instructions.get(q.item, "")
            )
            for q in questions
        ]
        try:
            answers = list(_called(self._function, pairs))
        except AskFault as fault:
            return [fault] * len(questions)
        except TypeError:
            return [AskFault("the judge returned no sequence of probabilities")] * len(questions)
        if len(answers) != len(questions):
            told = f"the judge returned {len(answers)} probabilities for {len(questions)} pairs"
            return [AskFault(told)] * len(questions)
        return [_preference_of(answer) for answer in answers]

    def close(self) -> None:
        """Do nothing: the function belongs to the caller."""


def _called(function: Callable[[Any], Any], argument: object) -> Any:
    try:
        return function(argument)
    except Exception as exc:
        raise AskFault(f"the judge raised {type(exc).__name__}: {exc}") from exc


def reply_of(answer: object) -> Reply:
    """Return what a function gave as a reply that the journal can keep.

    Raises AskFault for anything but a finite number, a mapping of names to such numbers
    (`{"score": x}` is one number), or a text.
    """
    if isinstance(answer, str):
        return Reply(answer, TEXT)
    if isinstance(answer, Mapping):
        if set(answer) == {"score"}:
            return Reply(repr(_number(answer["score"], "the judge's score")), NUMBER)
        scores = {str(name): _number(value, f'"{name}"') for name, value in answer.items()}
        return Reply(json.dumps(scores, ensure_ascii=False, allow_nan=False), SCORES)
    return Reply(repr(_number(answer, "the judge")), NUMBER)


def _preference_of(answer: object) -> Reply | AskFault:
    try:
        p = _number(answer, "the judge")
    except AskFault as fault:
        return fault
    if not 0 <= p <= 1:
        return AskFault(f"the judge returned {p:g}; a probability lies between 0 and 1")
    a, b = (math.log(x) if x > 0 else LOG_ZERO for x in (p, 1 - p))
    produced = "A" if p >= 0.5 else "B"
    return Reply(produced, TEXT, logprobs=LetterLogprobs(a, b, produced))


def _number(value: Any, what: str) -> float:
    """The value as a float; numpy's and torch's scalars count, booleans and texts do not."""
    if not isinstance(value, bool | str | bytes) and hasattr(value, "__float__"):
        number = float(value)
        if math.isfinite(number):
            return number
    raise AskFault(
        f"{what} gave {value!r:.80}; give a finite number, a mapping of criterion scores, or a text"
    )
