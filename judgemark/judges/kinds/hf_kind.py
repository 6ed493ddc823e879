"""Judges on transformers in this process: `hf:NAME_OR_FOLDER`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from judgemark.judges.judge_kind import PAIRWISE, JudgeKind, JudgeOption, JudgeRequest
from judgemark.judges.kinds.vllm_kind import SHARED_OPTIONS

if TYPE_CHECKING:
    from judgemark.judges.engine import LocalJudge
    from judgemark.judges.generating import ReplySampling
    from judgemark.judges.hf_rubric import HfRubricJudge
    from judgemark.judges.local_setup import LocalPairs, LocalRubric
    from judgemark.judges.rendering import ChatRendering


def _rubric(request: JudgeRequest) -> LocalRubric:
    from judgemark.judges.compute_format import settled
    from judgemark.judges.hf_rubric import HfRubricJudge
    from judgemark.judges.local_setup import engine_rubric

    def made(local: LocalJudge[ChatRendering], sampling: ReplySampling) -> HfRubricJudge:
        return HfRubricJudge(settled(local, elsewhere=request.elsewhere), sampling)

    return engine_rubric(request, made, ("transformers", "torch"))


def _pairwise(request: JudgeRequest) -> LocalPairs:
    from judgemark.judges.compute_format import AUTO
    from judgemark.judges.hf import HfJudge
    from judgemark.judges.local_setup import engine_pairs, pairs_settings

    settings = pairs_settings(request)
    judge = HfJudge(request.name, settings, request.say, elsewhere=request.elsewhere)
    setup = engine_pairs(judge)
    if settings.dtype != AUTO:
        return setup
    return replace(setup, in_format=lambda dtype: engine_pairs(judge.in_format(dtype)))


BATCH_TOKENS = JudgeOption(
    "batch_tokens", int, "put at most N tokens into one forward pass; auto takes what the free "
    "memory of a GPU allows, and 2048 on a CPU; a judge that answers in words gets 16384 "
    "(default: auto)", "N", 2, 10_000_000, auto=True,
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
