"""Pairwise judges on vLLM's engine in this process: `vllm:NAME_OR_FOLDER`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from judgemark.judges.judge_kind import PAIRWISE, JudgeKind, JudgeOption, JudgeRequest

if TYPE_CHECKING:
    from judgemark.judges.local_setup import LocalSetup

SHARED_OPTIONS = (
    JudgeOption("max_model_len", int, "context in tokens (default 32768)", "N", 2, 10_000_000),
    JudgeOption("dtype", str, "of the weights, as float32 (default auto)", "TYPE"),
    JudgeOption("revision", str, "of a judge on the hub", "REV"),
)
"""The options that engines of this process have in common."""


def _pairwise(request: JudgeRequest) -> LocalSetup:
    from judgemark.judges.engine import EngineSettings
    from judgemark.judges.local_setup import LocalSetup
    from judgemark.judges.vllm import VllmJudge

    given: dict[str, Any] = dict(request.options)
    return LocalSetup(VllmJudge(request.name, EngineSettings(**given), request.say))


KIND = JudgeKind(
    prefix="vllm",
    form="vllm:NAME_OR_FOLDER",
    summary="a local judge on vLLM, by its folder or its name on the Hugging Face hub",
    rubric=None,
    pairwise=_pairwise,
    default_mode=PAIRWISE,
    options=(
        *SHARED_OPTIONS,
        JudgeOption("quantization", str, "how the weights are quantised", "NAME"),
        JudgeOption("kv_cache_dtype", str, "type of the cache (default auto)", "TYPE"),
        JudgeOption("kv_cache_gib", float, "fixes the size of the cache", "G", 0, 100_000),
        JudgeOption(
            "gpu_memory_utilization", float, "share of a device's memory, 0 to 1", "X", 0, 1
        ),
        JudgeOption("tensor_parallel_size", int, "devices that share each layer", "N", 1, 1024),
        JudgeOption("pipeline_parallel_size", int, "devices that share the layers", "N", 1, 1024),
        JudgeOption("data_parallel_size", int, "copies of the judge", "N", 1, 1024),
        JudgeOption("enforce_eager", bool, "compile nothing"),
    ),
    also_hosted=True,
)
