"""Pairwise judges on transformers in this process: `hf:NAME_OR_FOLDER`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from judgemark.judges.judge_kind import PAIRWISE, JudgeKind, JudgeOption, JudgeRequest
from judgemark.judges.kinds.vllm_kind import SHARED_OPTIONS

if TYPE_CHECKING:
    from judgemark.judges.local_setup import LocalPairs


def _pairwise(request: JudgeRequest) -> LocalPairs:
    from judgemark.judges.engine import EngineSettings
    from judgemark.judges.hf import HfJudge
    from judgemark.judges.local_setup import engine_pairs

    given: dict[str, Any] = dict(request.options)
    return engine_pairs(HfJudge(request.name, EngineSettings(**given), request.say))


KIND = JudgeKind(
    prefix="hf",
    form="hf:NAME_OR_FOLDER",
    summary="a local judge on transformers, by its folder or its name on the Hugging Face hub",
    rubric=None,
    pairwise=_pairwise,
    default_mode=PAIRWISE,
    options=(
        *SHARED_OPTIONS,
        JudgeOption(
            "batch_tokens", int, "put at most N tokens into one forward pass (default: 16384)",
            "N", 2, 10_000_000,
        ),
    ),
    also_hosted=True,
    replicable=True,
)  # fmt: skip
