"""Judges that are programs: `command:PROGRAM`, asked and answering in lines of JSON."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from judgemark.errors import AskFault, TransientFault
from judgemark.judges.answers import (
    OneShape,
    logprobs_reply,
    preference_reply,
    reply_of,
    scores_reply,
)
from judgemark.judges.base import Json
from judgemark.judges.command_line import CommandLine
from judgemark.judges.program_log import ProgramLog
from judgemark.judges.request_limits import RequestLimits
from judgemark.judges.running_program import Answer, NoAnswerInTime, ProgramEnded, RunningProgram
from judgemark.records import Question, Reply
from judgemark.redaction import Scrubber

MOST_DEATHS = 3
"""How often a question may end the program before it counts as failed."""

_TIME_TO_END = 2.0
_BROKEN_OFF = "the run was stopped"
_LONGEST_REASON = 300
RUBRIC_KEYS = ("score", "scores", "reply")
PAIRWISE_KEYS = ("p_a", "logprobs")
"""What a program may answer with, beside `id` and `error`."""


class ProgramJudge:
    """Keeps up to `copies` copies of a program running and puts each question to one of them.

    A copy is started when it is first needed, and again when it has ended. A question that ends
    the program three times is given up; from its second try on nothing else is asked of that copy,
    so that no other question pays for it.
    """

    def __init__(
        self,
        command: CommandLine,
        write: Callable[[Question], Mapping[str, Json]],
        read: Callable[[Answer], Reply],
        limits: RequestLimits,
        scrubber: Scrubber,
        *,
        copies: int,
        at_once: int,
    ) -> None:
        """`write` gives a question's fields without the id, `read` the reply that an answer is.

        `at_once` is how many questions a copy is given before it has answered.
        """
        self.configuration: Mapping[str, Json] = command.configuration
        self.width = copies * at_once
        self._command = command
        self._write = write
        self._read = read
        self._limits = limits
        self._scrubber = scrubber
        self._log = ProgramLog(None, scrubber)
        self._at_once = at_once
        self._slots = [_Slot(number) for number in range(1, copies + 1)]
        self._free = threading.Condition()
        self._names = itertools.count(1)
        self._stopped = False

    def keep_log(self, path: Path) -> None:
        """Implement `KeepsLog`."""
        self._log = ProgramLog(path, self._scrubber)

    def ask(self, question: Question) -> Reply:
        """Put the question to a copy of the program.

        Raises TransientFault where no answer comes in time or the run is stopped, AskFault for an
        answer that cannot be used and for a question that ended the program three times, and
        UsageError where the program cannot be started.
        """
        name = str(next(self._names))
        fields = {"id": name, **self._write(question)}
        line = json.dumps(fields, ensure_ascii=True, allow_nan=False).encode() + b"\n"
        deaths = 0
        while True:
            if self._stopped:
                raise TransientFault(_BROKEN_OFF)
            try:
                with self._slot(alone=deaths > 0) as slot:
                    answer = self._running(slot).ask(name, line, self._limits.timeout)
                return self._scrubbed(answer)
            except ProgramEnded as ended:
                deaths += not ended.innocent
                if deaths >= MOST_DEATHS:
                    raise AskFault(
                        f"the program ended {MOST_DEATHS} times at this question without an answer "
                        f"({ended})"
                    ) from ended
            except NoAnswerInTime as late:
                instead = f"; {late}" if str(late) else ""
                raise TransientFault(
                    f"the program gave no answer within {self._limits.timeout:g} s and was ended"
                    f"{instead}",
                    timed_out=True,
                ) from None

    def _scrubbed(self, answer: Answer) -> Reply:
        """Return the reply, or the fault, without the secrets of the environment that it
        inherited."""
        try:
            reply = self._read(answer)
        except AskFault as fault:
            raise AskFault(self._scrubber.message(fault.message)) from fault
        return replace(reply, text=self._scrubber.text(reply.text))

    @contextmanager
    def _slot(self, *, alone: bool) -> Iterator[_Slot]:
        """Return a place at a copy of the program.

        With `alone`, nothing else is asked of it meanwhile.
        """
        with self._free:
            while (slot := self._place(alone=alone)) is None:
                self._free.wait()
            slot.open += 1
            slot.alone = alone
        try:
            yield slot
        finally:
            with self._free:
                slot.open -= 1
                slot.alone = False
                self._free.notify_all()

    def _place(self, *, alone: bool) -> _Slot | None:
        most = 0 if alone else self._at_once - 1
        free = [slot for slot in self._slots if not slot.alone and slot.open <= most]
        return min(free, key=lambda slot: (slot.open, slot.program is None), default=None)

    def _running(self, slot: _Slot) -> RunningProgram:
        with slot.lock:
            if slot.program is None or not slot.program.running:
                if slot.program is not None:
                    slot.program.end(time.monotonic())
                slot.program = RunningProgram(
                    self._command.words,
                    slot.number,
                    self._log,
                    largest_line=self._limits.reply_bytes,
                )
            return slot.program

    def enter_thread(self) -> None:
        """Do nothing: a copy of the program is started by the first question that needs it."""

    def interrupt(self) -> None:
        """Ask all copies to end; what is asked of them is broken off."""
        self._stopped = True
        for slot in self._slots:
            if slot.program is not None:
                slot.program.break_off(_BROKEN_OFF)

    def close(self) -> None:
        """End all copies: by closing their stdin, after two seconds by signals to their groups."""
        self._stopped = True
        programs = [slot.program for slot in self._slots if slot.program is not None]
        for program in programs:
            program.close_stdin()
        until = time.monotonic() + _TIME_TO_END
        for program in programs:
            program.end(until)


class _Slot:
    """A copy of the program, and how many questions are asked of it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.program: RunningProgram | None = None
        self.open = 0
        self.alone = False
        self.lock = threading.Lock()


class RubricLines:
    """How pieces are put to a program, and how its answers are read."""

    def __init__(self, instructions: Mapping[str, str], *, prompted: bool) -> None:
        self._instructions = instructions
        self._prompted = prompted
        self._shape = OneShape()

    def write(self, question: Question) -> Mapping[str, Json]:
        """Return the fields of a question about a piece: never the writer."""
        return {
            "kind": "rubric",
            "item": question.item,
            "prompt": question.messages[-1].content if self._prompted else None,
            "writing_prompt": self._instructions.get(question.item),
            "text": question.pieces["piece"].text,
        }

    def read(self, answer: Answer) -> Reply:
        """Return the reply that an answer is; AskFault for an answer that is none."""
        key = _only(answer, RUBRIC_KEYS)
        value = answer[key]
        if key == "score":
            return self._shape.held(reply_of({"score": value}))
        if key == "scores" and isinstance(value, Mapping):
            return self._shape.held(scores_reply(value))
        if key == "reply" and isinstance(value, str):
            return self._shape.held(reply_of(value))
        kind = "an object of numbers" if key == "scores" else "a text"
        raise AskFault(f'the program\'s "{key}" is not {kind}')


class PairLines:
    """How pairs are put to a program, and how its answers are read."""

    def __init__(self, instructions: Mapping[str, str]) -> None:
        self._instructions = instructions

    def write(self, question: Question) -> Mapping[str, Json]:
        """Return the fields of a question about two pieces: never the writers."""
        return {
            "kind": "pairwise",
            "item": question.item,
            "instruction": self._instructions.get(question.item, ""),
            "A": question.pieces["A"].text,
            "B": question.pieces["B"].text,
        }

    def read(self, answer: Answer) -> Reply:
        """Return the reply that an answer is; AskFault for an answer that is none."""
        key = _only(answer, PAIRWISE_KEYS)
        value = answer[key]
        if key == "p_a":
            return preference_reply(value)
        if not isinstance(value, Mapping) or not {"A", "B"} <= value.keys():
            raise AskFault('the program\'s "logprobs" is no object with A and B')
        return logprobs_reply(value["A"], value["B"])


def _only(answer: Answer, keys: tuple[str, ...]) -> str:
    """Return the one of these keys that an answer has; AskFault for none, several, or an error.

    A key whose value is null counts as left out.
    """
    if answer.get("error") is not None:
        said = " ".join(str(answer["error"]).split())[:_LONGEST_REASON]
        raise AskFault(f"the program reports an error: {said}")
    # Programs that fill a fixed form say null where they have nothing to say.
    found = [key for key in keys if answer.get(key) is not None]
    found = found or [key for key in keys if key in answer]
    if len(found) != 1:
        named = " and ".join(found) or "none of them"
        wanted = f"{', '.join(keys[:-1])} or {keys[-1]}"
        raise AskFault(f"an answer of the program needs one key of {wanted}; this one has {named}")
    return found[0]
