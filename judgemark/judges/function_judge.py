"""Judges written as Python functions: of single pieces, and of pairs."""

from __future__ import annotations

import inspect
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from judgemark.errors import AskFault, UsageError
from judgemark.judges.answers import OneShape, preference_reply, reply_of
from judgemark.judges.awaiting import EventLoop
from judgemark.judges.base import USUAL_BATCH, Json
from judgemark.judges.exception_text import one_line, raised_by_judge
from judgemark.judges.function_identity import function_identity
from judgemark.records import Question, Reply
from judgemark.redaction import Scrubber


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
    the old one. Secrets in the configuration are withheld. Raises UsageError for a configuration
    that JSON cannot hold.
    """
    named: dict[str, Json] = {"kind": "python", "name": name}
    version = getattr(function, "version", None)
    if version is not None:
        named["version"] = str(version)
    else:
        named["source"] = function_identity(function)
    configuration = getattr(function, "configuration", None)
    if configuration:
        try:
            plain = json.loads(json.dumps(configuration, allow_nan=False))
        except (TypeError, ValueError) as exc:
            raise UsageError(
                f"‹judge_model›: the configuration of {name} cannot be stored ({one_line(exc)}); "
                "give a mapping of texts and finite numbers"
            ) from exc
        named["configuration"] = Scrubber().value(plain)
    return named


def _declared_count(function: Callable[..., Any], attribute: str) -> int | None:
    """Return the whole number that a function carries as `threads` or `batch`; None for none.

    Raises UsageError for anything but a whole number from 1.
    """
    value = getattr(function, attribute, None)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise UsageError(
            f"‹judge_model›: the judge's {attribute} is {value!r:.40}; give a whole number from 1"
        )
    return value


class FunctionJudge:
    """A function from a piece to one score, to named criterion scores, or to a reply to be read.

    One call runs at a time, unless the function carries `threads`, the number it allows. An
    asynchronous function is awaited, many pieces at a time where it names no number.
    """

    def __init__(
        self,
        function: Callable[[Piece], Any],
        name: str,
        *,
        prompted: bool,
        instructions: Mapping[str, str],
    ) -> None:
        self._caller = _Caller(function)
        self._prompted = prompted
        self._instructions = instructions
        self._shape = OneShape()
        self.configuration: Mapping[str, Json] = function_configuration(function, name)
        self.threads = _declared_count(function, "threads") or (0 if _is_async(function) else 1)
        self._turns: AbstractContextManager[Any] = (
            threading.BoundedSemaphore(self.threads) if self.threads else nullcontext()
        )

    def ask(self, question: Question) -> Reply:
        """Call the function; AskFault for what it raises and for an answer of no known shape."""
        with self._turns:
            answer = self._caller.call(_piece(question, self._instructions, self._prompted))
        return self._shape.held(reply_of(answer))

    def enter_thread(self) -> None:
        """Do nothing: there is nothing to prepare."""

    def interrupt(self) -> None:
        """Break off what is awaited; a function that is not asynchronous cannot be broken off."""
        self._caller.loop.break_off()

    def close(self) -> None:
        """End the event loop, if there is one; the function belongs to the caller."""
        self._caller.loop.close()


class FunctionBatchJudge:
    """A function from several pieces to an answer for each, of the size that it carries as `batch`.

    The answers have the shapes of `FunctionJudge`.
    """

    def __init__(
        self,
        function: Callable[[Sequence[Piece]], Any],
        name: str,
        *,
        prompted: bool,
        instructions: Mapping[str, str],
    ) -> None:
        self._caller = _Caller(function)
        self._prompted = prompted
        self._instructions = instructions
        self._shape = OneShape()
        self.configuration: Mapping[str, Json] = function_configuration(function, name)
        self.batch = _declared_count(function, "batch") or USUAL_BATCH

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        """Call the function once for the batch; a fault for each piece where that fails."""
        pieces = [_piece(q, self._instructions, self._prompted) for q in questions]
        return self._caller.call_batch(
            pieces, lambda answer: self._shape.held(reply_of(answer)), "answers", "pieces"
        )

    def close(self) -> None:
        """End the event loop, if there is one; the function belongs to the caller."""
        self._caller.loop.close()


class PairFunctionJudge:
    """A function from a batch of pairs to P(A is the better text) for each."""

    def __init__(
        self,
        function: Callable[[Sequence[ShownPair]], Any],
        name: str,
        instructions: Mapping[str, str],
    ) -> None:
        self._caller = _Caller(function)
        self._instructions = instructions
        self.configuration: Mapping[str, Json] = function_configuration(function, name)
        self.batch = _declared_count(function, "batch") or USUAL_BATCH

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        """Call the function once for the batch; a fault for each pair where it fails."""
        pairs = [
            ShownPair(
                q.pieces["A"].text, q.pieces["B"].text, q.item, self._instructions.get(q.item, "")
            )
            for q in questions
        ]
        return self._caller.call_batch(pairs, preference_reply, "probabilities", "pairs")

    def close(self) -> None:
        """End the event loop, if there is one; the function belongs to the caller."""
        self._caller.loop.close()


class _Caller:
    """Calls a function, awaits what it gives, and turns what it raises into faults."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function
        self.loop = EventLoop()

    def call(self, argument: object) -> Any:
        try:
            answer = self._function(argument)
            return self.loop.wait_for(answer) if inspect.isawaitable(answer) else answer
        except AskFault:
            raise
        # Whatever ends the program, a task or a thread must not end the run in silence, or leave it
        # waiting for an answer. Only the main thread is told of a real Ctrl-C.
        except BaseException as exc:
            in_main = threading.current_thread() is threading.main_thread()
            if isinstance(exc, KeyboardInterrupt) and in_main:
                raise
            raise raised_by_judge(exc) from exc

    def call_batch(
        self, shown: Sequence[object], read: Callable[[object], Reply], answers: str, of: str
    ) -> Sequence[Reply | AskFault]:
        try:
            answer = self.call(shown)
            if isinstance(answer, str | bytes | Mapping):
                raise TypeError("a batch is answered by a sequence")
            given = list(answer)
        except AskFault as fault:
            return [fault] * len(shown)
        # Whatever an iterator of the user's raises is the judge's fault as well.
        except Exception as exc:  # noqa: BLE001
            told = f"the judge returned no sequence of {answers} ({one_line(exc)})"
            return [AskFault(told)] * len(shown)
        if len(given) != len(shown):
            told = f"the judge returned {len(given)} {answers} for {len(shown)} {of}"
            return [AskFault(told)] * len(shown)
        return [_read(read, one) for one in given]


def _read(read: Callable[[object], Reply], answer: object) -> Reply | AskFault:
    try:
        return read(answer)
    except AskFault as fault:
        return fault


def _piece(question: Question, instructions: Mapping[str, str], prompted: bool) -> Piece:
    sample = question.pieces["piece"]
    prompt = question.messages[-1].content if prompted else None
    return Piece(sample.text, question.item, prompt, instructions.get(question.item))


def _is_async(function: Callable[..., Any]) -> bool:
    called = function if inspect.isroutine(function) else type(function).__call__
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(called)
