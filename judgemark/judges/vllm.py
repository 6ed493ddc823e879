"""A local judge through vLLM: both letters' log-probabilities exactly."""

from __future__ import annotations

import dataclasses
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from judgemark.errors import AskFault, Refused, UsageError
from judgemark.judges.engine import EngineJudge, EngineSettings, LocalJudge, open_local
from judgemark.judges.exception_text import one_line
from judgemark.judges.logprob import letters_by_id
from judgemark.judges.rendering import Rendering
from judgemark.judges.vllm_stream import EngineStream
from judgemark.records import Question, Reply

TOP = 20
"""The log-probabilities asked for where the letters cannot be asked for by token id."""

_CPU_CACHE_GIB = 4.0
_ENVIRONMENT = {
    # One process, one scheduler: deterministic batches, and nothing is left behind by a kill.
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_LOGGING_LEVEL": "ERROR",
    "VLLM_NO_USAGE_STATS": "1",
}


class VllmJudge(EngineJudge):
    """Answers questions on vLLM's engine in this process; loads its weights at the first one."""

    kind = "vllm"
    # For those who ask in batches: enough prompts to keep the engine full.
    batch = 256

    def __init__(
        self, name: str, settings: EngineSettings, say: Callable[[str], None] = lambda _: None
    ) -> None:
        super().__init__(open_local(name, settings, say, ("vllm", "transformers")))
        self._engine: Any = None
        self._sampling: Any = None
        self._stream: EngineStream | None = None

    def versions(self) -> Mapping[str, str]:
        """Return the version of vLLM, under the name of the package that brings it."""
        return vllm_versions()

    def load(self) -> None:
        """Start the engine, if it is not running yet; UsageError or Refused where that fails."""
        if self._engine is None:
            self._engine = start_engine(self.local)
            self._sampling = sampling_of(self.local)

    @property
    def engine(self) -> Any:
        """Return vLLM's `LLM`; starts it as `load` does."""
        self.load()
        return self._engine

    def close(self) -> None:
        """Let go of the engine and its memory."""
        self._engine = None

    def interrupt(self) -> None:
        """End the stream after the engine's step that is under way."""
        if self._stream is not None:
            self._stream.interrupted = True

    def ask_stream(self, questions: Iterator[Question]) -> Iterator[tuple[int, Reply | AskFault]]:
        """Implement `StreamJudge`: the engine's queue is kept filled."""
        engine, prompts = self.engine.llm_engine, self.local.prompts_of
        self._stream = EngineStream(engine, self._sampling, prompts, self._reply)
        try:
            yield from self._stream.answers(questions)
        except (ValueError, TypeError, RuntimeError) as exc:
            raise Refused(f"{self.local.name}: vLLM failed ({one_line(exc)})") from exc

    def forward(self, prompts: Sequence[Sequence[int]]) -> Sequence[Reply | AskFault]:
        """Answer prompts in one call of the engine, in their order."""
        engine = self.engine
        asked = [{"prompt_token_ids": list(prompt)} for prompt in prompts]
        try:
            outputs = engine.generate(asked, self._sampling, use_tqdm=False)
        except Exception as exc:
            raise Refused(f"{self.local.name}: vLLM failed ({one_line(exc)})") from exc
        return [self._reply(o, len(p)) for o, p in zip(outputs, prompts, strict=True)]

    def _reply(self, output: Any, tokens: int) -> Reply | AskFault:
        made = output.outputs[0]
        logprobs = {int(token): float(at.logprob) for token, at in made.logprobs[0].items()}
        produced = self.local.rendering.token_text(made.token_ids[0])
        letters = letters_by_id(logprobs, self.local.rendering.letters, produced)
        return self.local.reply(letters, tokens, produced, made.finish_reason)


def vllm_versions() -> Mapping[str, str]:
    """Return the version of vLLM, under the name of the package that brings it."""
    from importlib.metadata import packages_distributions, version

    package = packages_distributions().get("vllm", ["vllm"])[0]
    return {package: version(package)}


def sampling_of(local: LocalJudge[Rendering]) -> Any:
    """Temperature 0, one new token; the letters by id where the installed vLLM takes that."""
    from inspect import signature

    from vllm import SamplingParams

    ids = local.rendering.letters
    if "logprob_token_ids" in signature(SamplingParams).parameters:
        return SamplingParams(temperature=0.0, max_tokens=1, logprob_token_ids=[ids.a, ids.b])
    return SamplingParams(temperature=0.0, max_tokens=1, logprobs=TOP)


def start_engine(local: LocalJudge[Any]) -> Any:
    """Start vLLM with a judge's weights; raises UsageError or Refused where that fails."""
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if local.settings.enforce_eager:
        os.environ.setdefault("TORCHDYNAMO_DISABLE", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from vllm import LLM, EngineArgs

            known = {field.name for field in dataclasses.fields(EngineArgs)}
            arguments = dict(engine_arguments(local, on_cpu=_on_cpu()))
            unknown = sorted(set(arguments) - known)
            if unknown:
                raise UsageError(
                    f"this version of vLLM does not take {', '.join(unknown)}; update vLLM, "
                    "or leave these settings out"
                )
            if "use_tqdm_on_load" in known:
                arguments["use_tqdm_on_load"] = sys.stderr.isatty()
            return LLM(**arguments)
        except UsageError:
            raise
        except (ValueError, TypeError, OSError) as exc:
            raise UsageError(f"{local.name}: vLLM cannot be started ({one_line(exc)})") from exc
        except Exception as exc:
            raise Refused(f"{local.name}: vLLM cannot be started ({one_line(exc)})") from exc


def _on_cpu() -> bool:
    from vllm.platforms import current_platform

    return bool(current_platform.is_cpu())


def engine_arguments(local: LocalJudge[Any], *, on_cpu: bool) -> Mapping[str, Any]:
    """Return what vLLM is started with.

    On a CPU "auto" means float32, as through transformers, and a cache of 4 GiB: vLLM would take
    nearly all of the machine's memory.
    """
    settings = local.settings
    arguments: dict[str, Any] = {
        "model": local.source,
        "max_model_len": local.context,
        "enable_prefix_caching": True,
        "dtype": "float32" if on_cpu and settings.dtype == "auto" else settings.dtype,
        "kv_cache_dtype": settings.kv_cache_dtype,
        "quantization": settings.quantization,
        "tensor_parallel_size": settings.tensor_parallel_size,
        "pipeline_parallel_size": settings.pipeline_parallel_size,
        "data_parallel_size": settings.data_parallel_size,
        "enforce_eager": settings.enforce_eager,
        "revision": settings.revision,
        "disable_log_stats": True,
        "seed": 0,
    }
    cache = settings.kv_cache_gib
    if settings.gpu_memory_utilization is not None:
        arguments["gpu_memory_utilization"] = settings.gpu_memory_utilization
    elif cache is None and on_cpu:
        cache = _CPU_CACHE_GIB
    if cache is not None:
        arguments["kv_cache_memory_bytes"] = int(cache * 2**30)
    usual: Mapping[str, Any] = {"revision": None, "quantization": None, "data_parallel_size": 1}
    return {k: v for k, v in arguments.items() if k not in usual or v != usual[k]}
