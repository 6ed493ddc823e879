"""What the two engines of this process share: settings, tokenizer, context, what is too long."""

from __future__ import annotations

import importlib.util
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from judgemark.errors import AskFault, UsageError
from judgemark.judges.base import Json
from judgemark.judges.exception_text import one_line
from judgemark.judges.rendering import (
    ChatRendering,
    Rendering,
    TooLong,
    find_too_long,
    prepare,
)
from judgemark.judges.weights import Weights, damaged_file, has_tokenizer, locate
from judgemark.records import LetterLogprobs, Question, Reply, Usage

DEFAULT_CONTEXT = 32_768
TOKENS_OF_A_PASS = 16_384

Forward = Callable[[Sequence[Sequence[int]]], Sequence[Reply | AskFault]]
"""Answers prompts, given as token ids, in their order."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How an engine is run; "auto" and None leave the choice to it.

    `max_model_len` is the context in tokens, cut to what the judge has. `gpu_memory_utilization`
    is a share of the device's memory, `kv_cache_gib` fixes the cache instead. The parallel sizes
    count devices. vLLM takes them all; transformers only `max_model_len`, `dtype`, `revision` and
    `batch_tokens`, the most tokens of one forward pass, padding included; None leaves it to the
    device's memory.
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
    batch_tokens: int | None = None

    def __post_init__(self) -> None:
        for name in ("max_model_len", "batch_tokens"):
            given = getattr(self, name)
            if given is not None and given < 2:
                raise UsageError(f"{_flag(name)} must be at least 2")
        for name in ("tensor_parallel_size", "pipeline_parallel_size", "data_parallel_size"):
            if getattr(self, name) < 1:
                raise UsageError(f"{_flag(name)} must be at least 1")
        share, cache = self.gpu_memory_utilization, self.kv_cache_gib
        if share is not None and not 0 < share <= 1:
            raise UsageError("‹gpu_memory_utilization› is a share between 0 and 1")
        if cache is not None and cache <= 0:
            raise UsageError("‹kv_cache_gib› must be more than 0")

    def changed(self) -> Mapping[str, Json]:
        """Return the settings that differ from their defaults."""
        usual = asdict(EngineSettings())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    @property
    def tokens_of_a_pass(self) -> int:
        """The most tokens of one forward pass, where the device's memory does not decide it."""
        return self.batch_tokens or TOKENS_OF_A_PASS

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
    return f"‹{name}›"


RenderingT = TypeVar("RenderingT", bound=ChatRendering)


@dataclass(frozen=True)
class LocalJudge(Generic[RenderingT]):
    """A judge on this machine, its weights not yet loaded: all that can be checked without them.

    `limit` is the most tokens a prompt may have: the context less `room`, the new tokens that must
    fit after it. `gguf` names the file in the folder `source` where the weights are a GGUF file.
    `stored` is the number format of the weights, None where that is not known.
    """

    name: str
    source: str
    settings: EngineSettings
    rendering: RenderingT
    limit: int
    gguf: str | None = None
    room: int = 1
    stored: str | None = None

    @property
    def context(self) -> int:
        """Return the tokens of a prompt and its answer together."""
        return self.limit + self.room

    def configuration(self, kind: str) -> Mapping[str, Json]:
        """Return all that shapes the answers."""
        return {
            "kind": kind,
            "name": self.name,
            "settings": self.settings.shaping,
            "template": self.rendering.template,
            "thinking": self.rendering.thinking,
        }

    def too_long(self, questions: Iterable[Question]) -> tuple[TooLong, ...]:
        """Return the questions that do not fit the context; to be asked before anything is sent."""
        return find_too_long(questions, self.rendering.count, self.limit)

    def answer(self, questions: Sequence[Question], forward: Forward) -> list[Reply | AskFault]:
        """Return a reply or a fault for each question, in their order.

        `forward` sees all prompts at once, but for those that do not fit the context: they are
        never sent.
        """
        prompts = self.prompts_of(questions)
        sent = [prompt for prompt in prompts if not isinstance(prompt, AskFault)]
        came = iter(forward(sent) if sent else ())
        return [p if isinstance(p, AskFault) else next(came) for p in prompts]

    def prompts_of(self, questions: Sequence[Question]) -> list[list[int] | AskFault]:
        """Return the token ids of each question's prompt; a fault for one that does not fit."""
        prompts = self.rendering.many_token_ids([q.messages for q in questions])
        return [
            prompt
            if len(prompt) <= self.limit
            else AskFault(f"too long: {TooLong(question, len(prompt), self.limit)}")
            for question, prompt in zip(questions, prompts, strict=True)
        ]

    def reply(
        self, letters: LetterLogprobs | None, tokens: int, produced: str, finish: str | None
    ) -> Reply | AskFault:
        """Return a reply of one token; a fault where the engine gave no number."""
        if letters is None:
            return AskFault("the engine gave a log-probability that is not a number")
        return Reply(
            text=produced,
            finish_reason=finish,
            judge_name=self.name,
            usage=Usage(tokens, 1),
            logprobs=letters,
        )


class LoadedJudge(ABC, Generic[RenderingT]):
    """A judge on an engine of this process; its weights are loaded at the first batch.

    Attributes:
        kind: the prefix of its specs, part of its configuration.
        batch: how many prompts are answered together.
        local: the judge on this machine, with its tokenizer and settings.
    """

    kind: ClassVar[str]
    batch: ClassVar[int]

    def __init__(self, local: LocalJudge[RenderingT]) -> None:
        self.local = local

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return all that shapes the answers."""
        return self.local.configuration(self.kind)

    @property
    def details(self) -> Mapping[str, Json]:
        """Return what run.json says beside the configuration: packages, settings and context."""
        settings = self.local.settings.changed()
        return {**self.versions(), "settings": settings, "context": self.local.context}

    def too_long(self, questions: Iterable[Question]) -> tuple[TooLong, ...]:
        """Return the questions that do not fit the context, before anything is sent."""
        return self.local.too_long(questions)

    @abstractmethod
    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        """Return a reply for each question, in their order; a fault for a prompt that is too long.

        Raises Refused where the weights cannot be loaded or run, UsageError for settings that the
        engine does not take.
        """

    @abstractmethod
    def versions(self) -> Mapping[str, str]:
        """Return the versions of the engine's packages, by name."""

    @abstractmethod
    def load(self) -> None:
        """Load the weights, if they are not loaded yet."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the weights and their memory."""


class EngineJudge(LoadedJudge[Rendering]):
    """A pairwise judge on an engine of this process: it answers with one new token."""

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        """Implement `LoadedJudge`; a fault also where the engine gave no number."""
        return self.local.answer(questions, self.forward)

    @abstractmethod
    def forward(self, prompts: Sequence[Sequence[int]]) -> Sequence[Reply | AskFault]:
        """Answer prompts, given as token ids, in their order."""


def open_local(
    name: str, settings: EngineSettings, say: Callable[[str], None], needs: Sequence[str]
) -> LocalJudge[Rendering]:
    """Find a judge, load its tokenizer and check that it can be asked the pairwise question.

    `needs` are the packages of the engine, `say` takes a line for the user. Raises UsageError
    where one is missing and where `locate` or `prepare` do.
    """
    return open_with(name, settings, say, needs, prepare, room=1)


def open_with(
    name: str,
    settings: EngineSettings,
    say: Callable[[str], None],
    needs: Sequence[str],
    prepared: Callable[[Any, str], RenderingT],
    *,
    room: int,
) -> LocalJudge[RenderingT]:
    """Find a judge, load its tokenizer and prepare how it is asked.

    `prepared` checks the tokenizer of the judge with this name; `room` is how many new tokens must
    fit into the context after a prompt. Raises UsageError as `open_local` does.
    """
    refuse_missing(needs)
    weights = locate(name, settings.revision, say)
    if weights.gguf is not None:
        _refuse_gguf(name, reads_it=needs[0] != "vllm")
    tokenizer, config = load_tokenizer(weights, name, settings.revision)
    own = getattr(config.get_text_config(), "max_position_embeddings", None)
    context = min(settings.max_model_len, own) if isinstance(own, int) else settings.max_model_len
    if context < settings.max_model_len != DEFAULT_CONTEXT:
        say(f"{name}: its context holds {context:,} tokens, not {settings.max_model_len:,}")
    room = min(room, context - 1)
    rendering = prepared(tokenizer, name)
    return LocalJudge(
        name,
        weights.source,
        settings,
        rendering,
        context - room,
        weights.gguf,
        room,
        stored_dtype(config),
    )


def stored_dtype(config: Any) -> str | None:
    """Return the number format of weights that their configuration names, as in "bfloat16"."""
    for one in (config, config.get_text_config()):
        named = getattr(one, "dtype", None)
        if named is not None:
            return str(named).removeprefix("torch.")
    return None


def refuse_missing(needs: Sequence[str]) -> None:
    """Raise UsageError where a package of an engine is not installed."""
    extra = "vllm" if needs[0] == "vllm" else "hf"
    for package in needs:
        if importlib.util.find_spec(package) is None:
            raise UsageError(
                f"{needs[0]} judges need the package {package}: pip install 'judgemark[{extra}]', "
                f"or in a checkout pip install -r requirements-{extra}.txt"
            )


def _refuse_gguf(name: str, *, reads_it: bool) -> None:
    """Raise UsageError where the engine cannot read a GGUF file; it says how to serve the file."""
    if not reads_it:
        raise UsageError(f"{name}: vllm: does not take GGUF files; {served(name)}")
    missing = [p for p in ("gguf", "accelerate") if importlib.util.find_spec(p) is None]
    if missing:
        raise UsageError(
            f"{name}: transformers reads GGUF files with the packages gguf and accelerate: pip "
            f"install {' '.join(missing)}; or {served(name)}"
        )


def served(name: str) -> str:
    """Return how to use a GGUF file with a server of its own."""
    return (
        f"serve it, for example with llama-server -m {name}, and ask that server in the same "
        "‹mode›: ‹judge_model› NAME ‹base_url› http://localhost:8080/v1"
    )


def why_not_loaded(local: LocalJudge[Any], exc: BaseException) -> str:
    """Return why weights cannot be loaded, for a message of one line: the damaged file, if any."""
    folder = Path(local.source)
    damaged = damaged_file(folder) if folder.is_dir() else None
    if damaged is not None:
        return f"{local.name}: its weights cannot be loaded: {damaged}"
    hint = f"; {served(local.name)}" if local.gguf is not None else ""
    return f"{local.name}: its weights cannot be loaded ({one_line(exc)}){hint}"


def load_tokenizer(weights: Weights, name: str, revision: str | None) -> tuple[Any, Any]:
    """Return a judge's tokenizer and configuration; UsageError where they cannot be loaded."""
    from transformers import AutoConfig, AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    folder = Path(weights.source)
    if weights.gguf is None and folder.is_dir() and not has_tokenizer(folder):
        raise UsageError(
            f"{name}: no tokenizer in this folder (tokenizer.json or tokenizer.model); copy it "
            "from where the weights came from"
        )
    named = {} if weights.gguf is None else {"gguf_file": weights.gguf}
    try:
        config = AutoConfig.from_pretrained(weights.source, revision=revision, **named)
        return AutoTokenizer.from_pretrained(weights.source, revision=revision, **named), config
    except Exception as exc:
        # Tokenizers are built by code of many makers, which raises whatever it likes.
        hint = f"; {served(name)}" if weights.gguf is not None else ""
        raise UsageError(f"{name}: its tokenizer cannot be loaded ({one_line(exc)}){hint}") from exc
