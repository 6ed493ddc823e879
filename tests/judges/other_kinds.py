"""Kinds of judge as another package would register them."""

from __future__ import annotations

from dataclasses import replace

from judgemark.judges.judge_kind import JudgeKind, JudgeOption
from judgemark.judges.kinds import python_kind

ONE = JudgeKind("other", "other:NAME", "a judge of another package", None, None)
IMPOSTOR = JudgeKind("baseline", "baseline:NAME", "not the baselines", None, None)
WITH_FULL_STOP = JudgeKind(
    "dotted", "dotted:", "", options=(JudgeOption("dots", str, "The letters."),)
)
TAKES_OUR_SEED = JudgeKind("seeded", "seeded:", "", options=(JudgeOption("seed", int, "a seed"),))
WITHOUT_RANGE = replace(python_kind.KIND, prefix="ranged", form="ranged:FILE:NAME", options=())
NOT_A_KIND = 7


def several() -> list[JudgeKind]:
    """Two kinds by one entry point."""
    return [JudgeKind(name, f"{name}:NAME", "", None, None) for name in ("first", "second")]
