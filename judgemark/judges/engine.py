"""What the two engines of this process share: settings, tokenizer, context, what is too long."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from judgemark.errors import AskFault, UsageError
from judgemark.judges.base import Json
from judgemark.judges.rendering import Rendering, TooLong, find_too_long, prepare
from judgemark.judges.weights import locate
from judgemark.records import LetterLogprobs, Question, Reply, Usage

DEFAULT_CONTEXT = 32_768

Forward = Callable[[Sequence[Sequence[int]]], Sequence[Reply | AskFault]]
"""Answers prompts, given as token ids, in their order."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How an engine is run; "auto" and None leave the choice to it.

    `max_model_len` is the context in tokens, cut to what the judge has. `gpu_memory_utilization`
    is a share of the device's memory, `kv_cache_gib` fixes the cache instead. The parallel sizes
    count devices. vLLM takes them all; transformers only `max_model_len`, `dtype`, `revision` and
    `batch_tokens`, the most tokens of one forward pass, padding included.
    """

    max_model_len: int = DEFAULT_CONTEXT
    dtype: str = "auto"
    quantization: str | None = None
    kv_cache_dtype: str = "auto"
    tensor_parallel_size: int = 1
    pipeline_parallel_size: int = 1
    data_parallel_size: int = 1
    gpu_memory_utilization: float | None = None
    kv_cache_gib: float | None = None
    enforce_eager: bool = False
    revision: str | None = None
    batch_tokens: int = 16_384

    def __post_init__(self) -> None:
        for name in ("max_model_len", "batch_tokens"):
            if getattr(self, name) < 2:
                raise UsageError(f"{_flag(name)} must be at least 2")
        for name in ("tensor_parallel_size", "pipeline_parallel_size", "data_parallel_size"):
            if getattr(self, name) < 1:
                raise UsageError(f"{_flag(name)} must be at least 1")
        share, cache = self.gpu_memory_utilization, self.kv_cache_gib
        if share is not None and not 0 < share <= 1:
            raise UsageError("--gpu-memory-utilization is a share between 0 and 1")
        if cache is not None and cache <= 0:
            raise UsageError("--kv-cache-gib must be more than 0")

    def changed(self) -> Mapping[str, Json]:
        """The settings that differ from their defaults."""
        usual = asdict(EngineSettings())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    @property
    def shaping(self) -> Mapping[str, Json]:
        """The settings that shape answers; those of memory, speed and devices do not."""
        return {
            "dtype": self.dtype,
            "quantization": self.quantization,
            "kv_cache_dtype": self.kv_cache_dtype,
            "revision": self.revision,
        }


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


@dataclass(frozen=True)
class LocalJudge:
    """A judge on this machine, its weights not yet loaded: all that can be checked without them.

    `limit` is the most tokens a prompt may have: the context less the one new token.
    """

    name: str
    source: str
    settings: EngineSettings
    rendering: Rendering
    limit: int

    def configuration(self, kind: str) -> Mapping[str, Json]:
        """All that shapes the answers."""
        return {
            "kind": kind,
            "name": self.name,
            "settings": self.settings.shaping,
            "template": self.rendering.template,
            "thinking": self.rendering.thinking,
        }

    def too_long(self, questions: Iterable[Question]) -> tuple[TooLong, ...]:
        """The questions that do not fit the context; to be asked before anything is sent."""
        return find_too_long(questions, self.rendering.count, self.limit)

    def answer(self, questions: Sequence[Question], forward: Forward) -> list[Reply | AskFault]:
        """A reply or a fault for each question, in their order.

        `forward` sees all prompts at once, but for those that do not fit the context: they are
        never sent.
        """
        prompts = self.rendering.many_token_ids([q.messages for q in questions])
        sent = [prompt for prompt in prompts if len(prompt) <= self.limit]
        came = iter(forward(sent) if sent else ())
        return [
            next(came)
            if len(prompt) <= self.limit
            else AskFault(f"too long: {TooLong(question, len(prompt), self.limit)}")
            for question, prompt in zip(questions, prompts, strict=True)
        ]

    def reply(
        self, letters: LetterLogprobs | None, tokens: int, produced: str, finish: str | None
    ) -> Reply | AskFault:
        """A reply of one token; a fault where the engine gave no number."""
        if letters is None:
            return AskFault("the engine gave a log-probability that is not a number")
        return Reply(
            text=produced,
            finish_reason=finish,
            judge_name=self.name,
            usage=Usage(tokens, 1),
            logprobs=letters,
        )


def open_local(
    name: str, settings: EngineSettings, say: Callable[[str], None], needs: Sequence[str]
) -> LocalJudge:
    """Find a judge, load its tokenizer and check that it can be asked the pairwise question.

    `needs` are the packages of the engine, `say` takes a line for the user. Raises UsageError
    where one is missing and where `locate` or `prepare` do.
    """
    extra = "vllm" if needs[0] == "vllm" else "hf"
    for package in needs:
        if importlib.util.find_spec(package) is None:
            raise UsageError(
                f"{needs[0]} judges need the package {package}: pip install 'judgemark[{extra}]', "
                f"or in a checkout pip install -r requirements-{extra}.txt"
            )
    weights = locate(name, settings.revision, say)
    tokenizer, config = _load_tokenizer(weights.source, name, settings.revision)
    own = getattr(config.get_text_config(), "max_position_embeddings", None)
    context = min(settings.max_model_len, own) if isinstance(own, int) else settings.max_model_len
    if context < settings.max_model_len != DEFAULT_CONTEXT:
        say(f"{name}: its context holds {context:,} tokens, not {settings.max_model_len:,}")
    return LocalJudge(name, weights.source, settings, prepare(tokenizer, name), context - 1)


def _load_tokenizer(source: str, name: str, revision: str | None) -> tuple[Any, Any]:
    from transformers import AutoConfig, AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        config = AutoConfig.from_pretrained(source, revision=revision)
        return AutoTokenizer.from_pretrained(source, revision=revision), config
    except (OSError, ValueError, KeyError, ImportError) as exc:
        reason = " ".join(str(exc).split())[:300]
        raise UsageError(f"{name}: its tokenizer cannot be loaded ({reason})") from exc
