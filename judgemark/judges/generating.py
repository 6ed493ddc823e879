"""Local judges that answer in words: what both engines share when a judge scores a rubric."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from judgemark.errors import AskFault, UsageError
from judgemark.judges.base import Json
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.engine import EngineSettings, LoadedJudge, LocalJudge, open_with
from judgemark.judges.engine_logprobs import engine_numbers
from judgemark.judges.rendering import ChatRendering, prepare_chat
from judgemark.records import Question, Reply, Usage

_FEWEST_NEW_TOKENS = 256
"""A prompt that leaves less room than this for the reply does not fit the context."""

_LARGEST_SEED = 2**31
_KEY_DIGITS = 16


@dataclass(frozen=True)
class ReplySampling:
    """How a local judge's replies are sampled; temperature 0 takes the most likely token each time.

    `max_tokens` None leaves the whole rest of the context to the reply. `seed` is the run's, and
    matters above temperature 0 only. `score_logprobs` is how many alternatives of each token are
    kept for scores from probabilities; None for none.
    """

    temperature: float
    top_p: float | None
    top_k: int | None
    max_tokens: int | None
    seed: int = field(compare=False, default=0)
    score_logprobs: int | None = None

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return what shapes the answers."""
        values: dict[str, Json] = asdict(self)
        del values["seed"]
        if self.score_logprobs is None:
            del values["score_logprobs"]
        return values

    def seed_of(self, question: Question) -> int:
        """Return the seed of one reply, which depends on the question and its slot alone."""
        slot = question.key.slot
        key = int(question.key.question[:_KEY_DIGITS], 16)
        draw = np.random.default_rng([self.seed, key, slot.member, slot.repeat])
        return int(draw.integers(_LARGEST_SEED))


def reply_sampling(parameters: ChatParameters, seed: int, judge: str) -> ReplySampling:
    """Return how a local judge samples; UsageError for a parameter that only endpoints take."""
    for name, given in (
        ("extra_body", parameters.extra_body),
        ("reasoning_effort", parameters.reasoning_effort),
    ):
        if given:
            raise UsageError(f"‹{name}› is for judges at an endpoint, not for {judge}")
    warm = parameters.temperature
    return ReplySampling(
        1.0 if warm is None else warm,
        parameters.top_p,
        parameters.top_k,
        parameters.max_tokens,
        seed,
        parameters.score_logprobs,
    )


@dataclass(frozen=True)
class Prompted:
    """A prompt as token ids, the most new tokens that it may get, and the seed of its reply."""

    ids: list[int]
    most_new: int
    seed: int


class GeneratingJudge(LoadedJudge[ChatRendering]):
    """A rubric judge on an engine of this process: it answers in words.

    Attributes:
        sampling: how its replies are sampled.
    """

    def __init__(self, local: LocalJudge[ChatRendering], sampling: ReplySampling) -> None:
        super().__init__(local)
        self.sampling = sampling

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return all that shapes the answers."""
        return {**super().configuration, "parameters": self.sampling.configuration}

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        """Implement `LoadedJudge`."""
        prompts = self.local.prompts_of(questions)
        sent = [
            self._prompted(question, prompt)
            for question, prompt in zip(questions, prompts, strict=True)
            if not isinstance(prompt, AskFault)
        ]
        came = iter(self.generate(sent) if sent else ())
        return [p if isinstance(p, AskFault) else next(came) for p in prompts]

    def _prompted(self, question: Question, prompt: list[int]) -> Prompted:
        left = self.local.context - len(prompt)
        most = left if self.sampling.max_tokens is None else min(left, self.sampling.max_tokens)
        return Prompted(prompt, most, self.sampling.seed_of(question))

    def reply(
        self,
        prompt: Prompted,
        made: Sequence[int],
        ends: Collection[int],
        chances: Sequence[Mapping[int, float]] = (),
    ) -> Reply:
        """Return the reply that new tokens make; one that no token of `ends` ended is cut off.

        `chances` holds the log-probabilities of likely tokens by id, for each token of `made`.
        """
        whole = next((n for n, token in enumerate(made) if token in ends), None)
        words = list(made if whole is None else made[:whole])
        tokenizer = self.local.rendering.tokenizer
        text = str(tokenizer.decode(words))
        numbers = None
        if chances:
            numbers = engine_numbers(tokenizer, words, chances[: len(words)], text)
        return Reply(
            text,
            "length" if whole is None else "stop",
            judge_name=self.local.name,
            usage=Usage(len(prompt.ids), len(words) + (whole is not None)),
            numbers=numbers,
        )

    @abstractmethod
    def generate(self, prompts: Sequence[Prompted]) -> Sequence[Reply]:
        """Return the replies to prompts, in their order."""


def open_generating(
    name: str,
    settings: EngineSettings,
    sampling: ReplySampling,
    say: Callable[[str], None],
    needs: Sequence[str],
    *,
    think: bool,
    system: bool,
) -> LocalJudge[ChatRendering]:
    """Find a judge that answers in words, and check that it can be asked; loads no weights.

    `needs` are the packages of the engine. `think` turns thinking on, `system` says that a system
    message is sent. Raises UsageError.
    """
    room = min(sampling.max_tokens or _FEWEST_NEW_TOKENS, _FEWEST_NEW_TOKENS)

    def prepared(tokenizer: Any, of: str) -> ChatRendering:
        return prepare_chat(tokenizer, of, think=think, system=system)

    return open_with(name, settings, say, needs, prepared, room=room)


def end_tokens(*given: object) -> frozenset[int]:
    """Return the ids that end a reply, of which an engine's files name one or several."""
    found: set[int] = set()
    for value in given:
        listed = value if isinstance(value, list | tuple) else [value]
        found |= {int(token) for token in listed if isinstance(token, int)}
    return frozenset(found)
