"""The kind of the embedded judges that do not read, such as `baseline:lexical`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judgemark.judges.judge_kind import JudgeKind, JudgeRequest

if TYPE_CHECKING:
    from judgemark.judges.local_setup import LocalPairs, LocalRubric


def _rubric(request: JudgeRequest) -> LocalRubric:
    from judgemark.judges.baselines import baseline
    from judgemark.judges.local_setup import LocalRubric

    judge = baseline(request.name, request.seed)
    return LocalRubric(lambda: judge, judge.configuration, "direct", by_place=judge.by_place)


def _pairwise(request: JudgeRequest) -> LocalPairs:
    from judgemark.judges.local_setup import LocalPairs
    from judgemark.judges.pairwise_baselines import pairwise_baseline

    judge = pairwise_baseline(request.name, request.seed, request.pieces)
    return LocalPairs(lambda: judge, judge.configuration, tokens_per_reply=1)


KIND = JudgeKind(
    prefix="baseline",
    form="baseline:lexical|length|random|constant",
    summary="an embedded judge that reads nothing: a floor for every other judge",
    rubric=_rubric,
    pairwise=_pairwise,
    place="embedded: no endpoint, no key, no cost",
    reads=False,
)
