"""Reward judges on transformers: `hf-reward:NAME_OR_FOLDER`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from judgemark.judges.judge_kind import JudgeKind, JudgeRequest
from judgemark.judges.kinds.hf_kind import BATCH_TOKENS
from judgemark.judges.kinds.vllm_kind import DTYPE, MAX_MODEL_LEN, REVISION
from judgemark.judges.score_range import SCORE_RANGE, read_score_range

if TYPE_CHECKING:
    from judgemark.judges.local_setup import LocalRubric


def _rubric(request: JudgeRequest) -> LocalRubric:
    from judgemark.judges.engine import EngineSettings
    from judgemark.judges.local_setup import LocalRubric
    from judgemark.judges.reward_judge import RewardJudge

    given: dict[str, Any] = dict(request.options)
    declared = read_score_range(given.pop("score_range", None))
    if request.prompted:
        request.say("‹prompts_file› is not used: a reward judge is shown the piece alone")
    items = tuple(dict.fromkeys(piece.item for piece in request.pieces))
    judge = RewardJudge(
        request.name, EngineSettings(**given), request.instructions, items, request.say
    )
    return LocalRubric(
        lambda: judge,
        judge.configuration,
        "function",
        lambda: {"parameters": None, "system": None, "engine": judge.details},
        score_range=declared,
        instructions=request.instructions,
    )


KIND = JudgeKind(
    prefix="hf-reward",
    form="hf-reward:NAME_OR_FOLDER",
    summary="a reward judge: a sequence-classification head that gives a piece one score",
    rubric=_rubric,
    pairwise=None,
    options=(SCORE_RANGE, MAX_MODEL_LEN, DTYPE, REVISION, BATCH_TOKENS),
)
