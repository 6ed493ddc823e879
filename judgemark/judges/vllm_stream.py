"""Keeps vLLM's queue filled and hands answers out as the engine finishes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from judgemark.errors import AskFault
from judgemark.records import Question, Reply

_QUEUED = 512
_TOKENIZED_AT_ONCE = 64

Prompts = Callable[[Sequence[Question]], Sequence[list[int] | AskFault]]
"""Turns questions into token ids, or a fault for one that does not fit."""


class EngineStream:
    """The requests of one stream in vLLM's own engine.

    The engine always has more prompts than fit into one of its steps, and consecutive questions
    (both orders of a pair) are next to each other, so that its prefix cache applies.
    """

    def __init__(
        self,
        engine: Any,
        sampling: Any,
        prompts: Prompts,
        read: Callable[[Any, int], Reply | AskFault],
    ) -> None:
        """`engine` is vLLM's `LLMEngine`; `read` takes an output and the length of its prompt."""
        self._engine = engine
        self._sampling = sampling
        self._prompts = prompts
        self._read = read
        self._waiting: dict[str, int] = {}
        self.interrupted = False

    def answers(self, questions: Iterator[Question]) -> Iterator[tuple[int, Reply | AskFault]]:
        """Yield the number of each question and its answer, in the order in which they finish."""
        numbered = enumerate(questions)
        try:
            more = True
            while not self.interrupted:
                while more and len(self._waiting) < _QUEUED:
                    window = list(islice(numbered, _TOKENIZED_AT_ONCE))
                    more = bool(window)
                    yield from self._added(window)
                if not self._waiting:
                    return
                yield from self._finished()
        finally:
            if self._waiting:
                self._engine.abort_request(list(self._waiting))

    def _added(
        self, window: Sequence[tuple[int, Question]]
    ) -> Iterator[tuple[int, Reply | AskFault]]:
        """Give the engine more prompts; yield the faults of those that do not fit."""
        prompts = self._prompts([question for _, question in window]) if window else ()
        for (number, _), prompt in zip(window, prompts, strict=True):
            if isinstance(prompt, AskFault):
                yield number, prompt
                continue
            name = str(number)
            self._waiting[name] = len(prompt)
            self._engine.add_request(name, {"prompt_token_ids": prompt}, self._sampling)

    def _finished(self) -> Iterator[tuple[int, Reply | AskFault]]:
        for output in self._engine.step():
            if output.finished and output.request_id in self._waiting:
                tokens = self._waiting.pop(output.request_id)
                yield int(output.request_id), self._read(output, tokens)
