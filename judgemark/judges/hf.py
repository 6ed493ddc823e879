"""A local judge through transformers: exact log-probabilities from plain forward passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from copy import copy
from dataclasses import replace
from itertools import islice
from typing import Any

from judgemark.errors import AskFault, Refused
from judgemark.judges.compute_format import device, settled, use_allowed_cores
from judgemark.judges.device_memory import OutOfMemory
from judgemark.judges.engine import (
    EngineJudge,
    EngineSettings,
    LocalJudge,
    open_local,
    why_not_loaded,
)
from judgemark.judges.exception_text import one_line
from judgemark.judges.hf_forward import CausalForward
from judgemark.judges.logprob import letters_by_id
from judgemark.records import Question, Reply

_ROWS_AT_ONCE = 32


class HfJudge(EngineJudge):
    """Answers questions in a stream, as forward passes bring them; loads its weights at the first.

    While a window of prompts goes through, the next one is turned into tokens.
    """

    kind = "hf"
    # A window: enough prompts to find some of like length.
    batch = 512

    def __init__(
        self,
        name: str,
        settings: EngineSettings,
        say: Callable[[str], None] = lambda _: None,
        *,
        elsewhere: bool = False,
    ) -> None:
        """`elsewhere` says that copies on other machines will answer."""
        local = open_local(name, settings, say, ("transformers", "torch"))
        super().__init__(settled(local, elsewhere=elsewhere))
        self._passes: CausalForward | None = None
        self._interrupted = False

    def in_format(self, dtype: str) -> HfJudge:
        """Return the same judge in the number format of a begun run; "auto" is the stored one."""
        other = copy(self)
        settings = replace(self.local.settings, dtype=dtype)
        other.local = replace(self.local, settings=settings)
        return other

    def versions(self) -> Mapping[str, str]:
        """Return the versions of transformers and torch."""
        return hf_versions()

    def load(self) -> None:
        """Load the weights, if they are not loaded yet; Refused where that fails."""
        _ = self.passes

    @property
    def passes(self) -> CausalForward:
        """Return the forward passes; loads the weights, Refused where that fails."""
        if self._passes is None:
            self._passes = CausalForward(load_causal(self.local), self.local.settings.batch_tokens)
        return self._passes

    def interrupt(self) -> None:
        """End the stream after the pass under way."""
        self._interrupted = True

    def close(self) -> None:
        """Let go of the weights."""
        self._passes = None

    def ask_stream(self, questions: Iterator[Question]) -> Iterator[tuple[int, Reply | AskFault]]:
        """Implement `StreamJudge`."""
        numbered = enumerate(questions)
        with ThreadPoolExecutor(1) as tokenizing:

            def taken() -> tuple[list[int], Future[list[list[int] | AskFault]]] | None:
                window = list(islice(numbered, self.batch))
                if not window:
                    return None
                asked = [question for _, question in window]
                return [n for n, _ in window], tokenizing.submit(self.local.prompts_of, asked)

            following = taken()
            while following is not None and not self._interrupted:
                numbers, prompts = following[0], following[1].result()
                following = taken()
                for place, answer in self._answers(prompts):
                    yield numbers[place], answer

    def forward(self, prompts: Sequence[Sequence[int]]) -> Sequence[Reply | AskFault]:
        """Answer prompts in passes of like length, in their order."""
        answers = dict(self._answers([list(prompt) for prompt in prompts]))
        return [answers[n] for n in range(len(prompts))]

    def _answers(
        self, prompts: Sequence[list[int] | AskFault]
    ) -> Iterator[tuple[int, Reply | AskFault]]:
        """Yield the place of each prompt and its answer, pass by pass."""
        yield from ((n, p) for n, p in enumerate(prompts) if isinstance(p, AskFault))
        sent = [(n, p) for n, p in enumerate(prompts) if not isinstance(p, AskFault)]
        passes = self.passes
        try:
            for batch, logits in passes.batches([prompt for _, prompt in sent]):
                replies = self._replies(logits, [len(sent[at][1]) for at in batch])
                for at, reply in zip(batch, replies, strict=True):
                    yield sent[at][0], reply
                if self._interrupted:
                    return
        except (RuntimeError, OutOfMemory) as exc:
            raise Refused(f"{self.local.name}: the forward pass failed ({one_line(exc)})") from exc

    def _replies(self, logits: Any, lengths: Sequence[int]) -> list[Reply | AskFault]:
        rendering = self.local.rendering
        ids = rendering.letters
        replies: list[Reply | AskFault] = []
        for (a, b, first), length in zip(_read(logits, (ids.a, ids.b)), lengths, strict=True):
            produced = rendering.token_text(first)
            letters = letters_by_id({ids.a: a, ids.b: b}, ids, produced)
            replies.append(self.local.reply(letters, length, produced, "length"))
        return replies


def _read(logits: Any, ids: tuple[int, int]) -> list[tuple[float, float, int]]:
    """Return the log-probabilities of two tokens, and the likeliest token, for each row of logits.

    They are computed in double precision where the logits are, a few rows at a time: a double for
    each token of a large vocabulary takes two megabytes a row.
    """
    found: list[tuple[float, float, int]] = []
    for part in logits.split(_ROWS_AT_ONCE):
        doubles = part.double()
        letters = doubles[:, list(ids)] - doubles.logsumexp(dim=-1, keepdim=True)
        likeliest = doubles.argmax(dim=-1).tolist()
        found += [(a, b, n) for (a, b), n in zip(letters.tolist(), likeliest, strict=True)]
    return found


def hf_versions() -> Mapping[str, str]:
    """Return the versions of transformers and torch."""
    import torch
    import transformers

    return {"transformers": transformers.__version__, "torch": torch.__version__}


def batches(lengths: Sequence[int], most_tokens: int) -> Iterator[list[int]]:
    """Split positions into batches of at most `most_tokens` tokens, padding included.

    Prompts of like length go together, the longest first, so that memory is short at once or
    never; equal lengths keep their order. A single prompt longer than that goes alone.
    """
    order = sorted(range(len(lengths)), key=lambda n: (-lengths[n], n))
    start = 0
    while start < len(order):
        rows = max(1, most_tokens // max(1, lengths[order[start]]))
        yield order[start : start + rows]
        start += rows


def load_causal(local: LocalJudge[Any]) -> Any:
    """Load the weights of a chat judge onto its device; raises Refused where that fails."""
    from transformers import AutoModelForCausalLM

    use_allowed_cores()
    try:
        named = {} if local.gguf is None else {"gguf_file": local.gguf}
        loaded = AutoModelForCausalLM.from_pretrained(
            local.source,
            revision=local.settings.revision,
            dtype=local.settings.dtype,
            **named,
        )
        return loaded.to(device()).eval()
    except Exception as exc:
        # A damaged file raises an exception of its format's own library.
        raise Refused(why_not_loaded(local, exc)) from exc
