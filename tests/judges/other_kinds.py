"""Kinds of judge as another package would register them."""

from __future__ import annotations

from judgemark.judges.judge_kind import JudgeKind

ONE = JudgeKind("other", "other:NAME", "a judge of another package", None, None)
IMPOSTOR = JudgeKind("baseline", "baseline:NAME", "not the baselines", None, None)
NOT_A_KIND = 7


def several() -> list[JudgeKind]:
    """Two kinds by one entry point."""
    return [JudgeKind(name, f"{name}:NAME", "", None, None) for name in ("first", "second")]
