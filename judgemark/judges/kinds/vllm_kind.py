"""Judges on vLLM's engine in this process: `vllm:NAME_OR_FOLDER`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judgemark.judges.judge_kind import PAIRWISE, JudgeKind, JudgeOption, JudgeRequest

if TYPE_CHECKING:
    from judgemark.judges.local_setup import LocalPairs, LocalRubric

MAX_MODEL_LEN = JudgeOption(
    "max_model_len", int, "the judge's context in tokens, prompt included (default: 32768)", "N", 2,
    10_000_000,
)  # fmt: skip
DTYPE = JudgeOption(
    "dtype", str, "the number format of the weights, as in float32 (default: auto)", "TYPE"
)
REVISION = JudgeOption(
    "revision", str, "the revision of a judge on the Hugging Face hub (default: the newest)", "REV"
)
_THINKING = JudgeOption(
    "thinking", bool, "let a rubric judge think before it answers, where its chat template has a "
    "switch for that (default: do not)",
)  # fmt: skip

SHARED_OPTIONS = (MAX_MODEL_LEN, DTYPE, REVISION, _THINKING)
"""The options that engines of this process have in common."""


def _rubric(request: JudgeRequest) -> LocalRubric:
    from judgemark.judges.local_setup import engine_rubric
    from judgemark.judges.vllm_rubric import VllmRubricJudge

    return engine_rubric(request, VllmRubricJudge, ("vllm", "transformers"))


def _pairwise(request: JudgeRequest) -> LocalPairs:
    from judgemark.judges.local_setup import engine_pairs, pairs_settings
    from judgemark.judges.vllm import VllmJudge

    return engine_pairs(VllmJudge(request.name, pairs_settings(request), request.say))


KIND = JudgeKind(
    prefix="vllm",
    form="vllm:NAME_OR_FOLDER",
    summary="a local judge on vLLM, by its folder or its name on the Hugging Face hub",
    rubric=_rubric,
    pairwise=_pairwise,
    default_mode=PAIRWISE,
    options=(
        *SHARED_OPTIONS,
        JudgeOption(
            "quantization", str, "quantise the weights by this method of vLLM (default: as stored)",
            "NAME",
        ),
        JudgeOption(
            "kv_cache_dtype", str, "the number format of the key-value cache (default: auto)",
            "TYPE",
        ),
        JudgeOption(
            "kv_cache_gib", float, "the size of the key-value cache in GiB (default: by the "
            "device's memory)", "G", 0, 100_000,
        ),
        JudgeOption(
            "gpu_memory_utilization", float, "use at most this share of a device's memory, 0 to 1 "
            "(default: vLLM's own)", "X", 0, 1,
        ),
        JudgeOption(
            "tensor_parallel_size", int, "split each layer over N devices (default: 1)", "N", 1,
            1024,
        ),
        JudgeOption(
            "pipeline_parallel_size", int, "spread the layers over N devices (default: 1)", "N", 1,
            1024,
        ),
        JudgeOption(
            "data_parallel_size", int, "run N copies of the judge (default: 1)", "N", 1, 1024,
        ),
        JudgeOption("enforce_eager", bool, "compile nothing before asking (default: compile)"),
    ),
    needs_prompts=True,
    also_hosted=True,
    replicable=True,
)  # fmt: skip
