"""Judges on transformers in this process: `hf:NAME_OR_FOLDER`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judgemark.judges.judge_kind import PAIRWISE, JudgeKind, JudgeOption, JudgeRequest
from judgemark.judges.kinds.vllm_kind import SHARED_OPTIONS

if TYPE_CHECKING:
    from judgemark.judges.local_setup import LocalPairs, LocalRubric


def _rubric(request: JudgeRequest) -> LocalRubric:
    from judgemark.judges.hf_rubric import HfRubricJudge
    from judgemark.judges.local_setup import engine_rubric

    return engine_rubric(request, HfRubricJudge, ("transformers", "torch"))


def _pairwise(request: JudgeRequest) -> LocalPairs:
    from judgemark.judges.hf import HfJudge
    from judgemark.judges.local_setup import engine_pairs, pairs_settings

    return engine_pairs(HfJudge(request.name, pairs_settings(request), request.say))


BATCH_TOKENS = JudgeOption(
    "batch_tokens", int, "put at most N tokens into one forward pass; auto takes what the free "
    "memory of a GPU allows, and 16384 on a CPU (default: auto)", "N", 2, 10_000_000, auto=True,
)  # fmt: skip
"""The option of engines on transformers."""

KIND = JudgeKind(
    prefix="hf",
    form="hf:NAME_OR_FOLDER",
    summary="a local judge on transformers, by its folder or its name on the Hugging Face hub",
    rubric=_rubric,
    pairwise=_pairwise,
    default_mode=PAIRWISE,
    options=(
        *SHARED_OPTIONS,
        BATCH_TOKENS,
    ),
    needs_prompts=True,
    also_hosted=True,
    replicable=True,
)  # fmt: skip
