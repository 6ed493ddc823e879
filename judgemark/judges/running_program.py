"""One running copy of a judge that is a program: lines of JSON go in, lines of JSON come out."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any

from judgemark.errors import AskFault, UsageError
from judgemark.judges.open_files import NO_MORE_FILES, RAISE_LIMIT
from judgemark.judges.program_log import ProgramLog

_READ = 65_536
_LAST_WORDS = 200
_TIME_TO_EXIT = 1.0
_TIME_AFTER_SIGTERM = 0.5

Answer = Mapping[str, Any]
"""One JSON object that a program gave."""


class ProgramEnded(Exception):
    """The program ended before it answered.

    `innocent` says that it was ended from outside, so that the question has nothing to do with it.
    """

    def __init__(self, told: str, *, innocent: bool) -> None:
        super().__init__(told)
        self.innocent = innocent


class NoAnswerInTime(Exception):
    """The program did not answer within the time limit, and was ended.

    Its text, where it has one, says what the program wrote instead of an answer.
    """


class RunningProgram:
    """A program that runs from its start to its end, in a process group of its own.

    Questions may be put from several threads, and answers may come in any order. Four threads of
    its own write, read both outputs and wait for the end, so that neither a program that does not
    read nor one that fills its stderr can hold up the run.
    """

    def __init__(
        self, words: Sequence[str], number: int, log: ProgramLog, *, largest_line: int
    ) -> None:
        """Start the program; raises UsageError where the system cannot.

        `number` tells it from other copies in the log; `largest_line` is in bytes.
        """
        self._number = number
        self._log = log
        self._largest_line = largest_line
        self._changed = threading.Condition()
        self._answers: dict[str, Answer | AskFault | None] = {}
        self._answered: set[str] = set()
        self._last_answer = 0.0
        self._ended = ""
        self._innocent = False
        self._last_words = ""
        self._no_object = ""
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        try:
            self._process = subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as exc:
            fix = (
                "a script begins with a line such as #!/bin/sh, or its interpreter is named "
                "before it"
            )
            if exc.errno in NO_MORE_FILES:
                fix = f"give a smaller ‹threads›, or {RAISE_LIMIT}"
            raise UsageError(
                f"‹judge_model›: {words[0]} cannot be started ({exc.strerror}); {fix}"
            ) from exc
        self._readers = [
            self._thread(self._read_answers, self._process.stdout),
            self._thread(self._read_stderr, self._process.stderr),
        ]
        self._thread(self._write, self._process.stdin)
        self._waiter = self._thread(self._wait_for_end)

    def _thread(self, target: Any, *arguments: Any) -> threading.Thread:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        thread.start()
        return thread

    @property
    def running(self) -> bool:
        """Return whether it has not ended yet."""
        with self._changed:
            return not self._ended

    def ask(self, name: str, line: bytes, timeout: float) -> Answer:
        """Put the question with the id `name`, and return the object that answers it.

        The time limit, in seconds, starts again with each answer of the program, because it may
        work through several questions one after the other. Raises ProgramEnded, NoAnswerInTime, and
        AskFault for an answer that names no question.
        """
        with self._changed:
            self._refuse_ended()
            self._answers[name] = None
        self._lines.put(line)
        asked = time.monotonic()
        try:
            with self._changed:
                while (answer := self._answers[name]) is None:
                    self._refuse_ended()
                    left = max(asked, self._last_answer) + timeout - time.monotonic()
                    if left <= 0:
                        break
                    self._changed.wait(left)
        finally:
            with self._changed:
                del self._answers[name]
                self._answered.add(name)
        if answer is None:
            self.kill(f"another question had no answer within {timeout:g} s")
            raise NoAnswerInTime(self._instead)
        if isinstance(answer, AskFault):
            raise answer
        return answer

    @property
    def _instead(self) -> str:
        """What it wrote last where an answer belongs; empty where all its lines were answers."""
        if not self._no_object:
            return ""
        return f"it wrote “{self._no_object}”, which is not a JSON object"

    def _refuse_ended(self) -> None:
        if self._ended:
            raise ProgramEnded(self._ended, innocent=self._innocent)

    def kill(self, why: str, *, innocent: bool = True) -> None:
        """End it and all that it has started, at once; `why` is what open questions are told."""
        self._set_ended(why, innocent=innocent)
        self._signal(signal.SIGKILL)

    def break_off(self, why: str) -> None:
        """Ask it to end, and tell open questions so at once."""
        self._set_ended(why, innocent=True)
        self._signal(signal.SIGTERM)

    def _set_ended(self, why: str, *, innocent: bool) -> None:
        with self._changed:
            if not self._ended:
                self._ended, self._innocent = why, innocent
            self._changed.notify_all()

    def close_stdin(self) -> None:
        """Close its stdin, which tells it that nothing more is asked."""
        self._lines.put(None)

    def end(self, until: float) -> None:
        """Wait until it has ended by itself, at most to this time; then end it and its group."""
        self._waiter.join(max(0.0, until - time.monotonic()))
        if self._waiter.is_alive():
            self._signal(signal.SIGTERM)
            self._waiter.join(_TIME_AFTER_SIGTERM)
        self._signal(signal.SIGKILL)
        self._waiter.join(_TIME_TO_EXIT)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _wait_for_end(self) -> None:
        code = self._process.wait()
        # What it said last may still be in its pipes; what it started may hold them open.
        for reader in self._readers:
            reader.join(_TIME_AFTER_SIGTERM)
        self._signal(signal.SIGKILL)
        for reader in self._readers:
            reader.join(_TIME_TO_EXIT)
        self._lines.put(None)
        told = f"exit code {code}" if code >= 0 else f"ended by {_signal_name(-code)}"
        if self._last_words:
            told += f", after it said “{self._last_words}”"
        if self._instead:
            told += f"; {self._instead}"
        self._set_ended(told, innocent=False)

    def _write(self, pipe: IO[bytes]) -> None:
        # A program that has ended takes nothing more; its end is told by the thread that waits.
        with contextlib.suppress(OSError, ValueError):
            while (line := self._lines.get()) is not None:
                rest = memoryview(line)
                while rest:
                    rest = rest[pipe.write(rest) :]
        with contextlib.suppress(OSError):
            pipe.close()

    def _read_stderr(self, pipe: IO[bytes]) -> None:
        for line in self._split(pipe):
            if line.strip():
                self._last_words = self._log.add(self._number, "stderr", _text(line))[:_LAST_WORDS]

    def _read_answers(self, pipe: IO[bytes]) -> None:
        for line in self._split(pipe, self._line_too_long):
            if line.strip():
                self._take(line)
        try:
            self._process.wait(_TIME_TO_EXIT)
        except subprocess.TimeoutExpired:
            # It closed its output: nothing can come any more.
            self._signal(signal.SIGKILL)

    def _split(
        self, pipe: IO[bytes], too_long: Callable[[], None] | None = None
    ) -> Iterator[bytes]:
        """Yield the lines of an output; one that is too long is cut, or `too_long` ends it all."""
        rest = b""
        with pipe:
            while part := pipe.read(_READ):
                *lines, rest = (rest + part).split(b"\n")
                yield from lines
                if len(rest) <= self._largest_line:
                    continue
                if too_long is not None:
                    too_long()
                    return
                yield rest
                rest = b""
        yield rest

    def _line_too_long(self) -> None:
        told = f"a line of more than {self._largest_line:,} bytes, the limit of ‹max_reply_mb›"
        self.kill(told, innocent=False)

    def _take(self, line: bytes) -> None:
        """Give a line of its stdout to the question that it answers, or put it into the log."""
        found = _json_object(line)
        if found is None:
            kept = self._log.add(self._number, "stdout, no JSON object", _text(line))
            self._no_object = kept[:_LAST_WORDS]
        elif not self._give(found):
            self._log.add(self._number, "stdout, answers no open question", _text(line))

    def _give(self, found: Answer) -> bool:
        """Return whether an object answered an open question."""
        name = str(found["id"]) if "id" in found else None
        with self._changed:
            open_now = [n for n, answer in self._answers.items() if answer is None]
            if name is not None and name in open_now:
                self._answers[name] = found
            elif name not in self._answered and len(open_now) == 1:
                # No other question can be meant, and to wait until the time is up helps nobody.
                told = "without an id" if name is None else f'with the unknown id "{name[:40]}"'
                self._answers[open_now[0]] = AskFault(f"the program answered {told}")
            else:
                return False
            self._last_answer = time.monotonic()
            self._changed.notify_all()
        return True


def _json_object(line: bytes) -> Answer | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
