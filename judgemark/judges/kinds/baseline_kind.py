"""The kind of the embedded judges that do not read, such as `baseline:lexical`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from judgemark.judges.base import BatchJudge, Json, Judge
from judgemark.judges.judge_kind import JudgeKind, JudgeRequest

if TYPE_CHECKING:
    from judgemark.judges.baselines import Baseline
    from judgemark.judges.local_setup import LocalSetup


@dataclass(frozen=True)
class BaselineSetup:
    """A baseline that gives each piece one number."""

    judge: Baseline
    described: Mapping[str, Any]
    protocol: str = "direct"
    system: str | None = None
    tokens_per_reply: int = 0

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Implement `RubricSetup`."""
        return self.judge.configuration

    @property
    def by_place(self) -> bool:
        """Implement `RubricSetup`."""
        return self.judge.by_place

    def open(self, adapted: frozenset[str]) -> Judge | BatchJudge:
        """Implement `RubricSetup`."""
        del adapted
        return self.judge


def _rubric(request: JudgeRequest) -> BaselineSetup:
    from judgemark.judges.baselines import baseline

    return BaselineSetup(baseline(request.name, request.seed), {"parameters": None, "system": None})


def _pairwise(request: JudgeRequest) -> LocalSetup:
    from judgemark.judges.local_setup import LocalSetup
    from judgemark.judges.pairwise_baselines import pairwise_baseline

    return LocalSetup(pairwise_baseline(request.name, request.seed, request.pieces))


KIND = JudgeKind(
    prefix="baseline",
    form="baseline:lexical|length|random|constant",
    summary="an embedded judge that reads nothing: a floor for every other judge",
    rubric=_rubric,
    pairwise=_pairwise,
    place="embedded: no endpoint, no key, no cost",
    reads=False,
)
