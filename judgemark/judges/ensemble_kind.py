"""The kind of an ensemble of judges, which stands in run.json in place of a single judge's."""

from __future__ import annotations

from collections.abc import Sequence

from judgemark.judges.judge_kind import JudgeKind
from judgemark.judges.judge_spec import JudgeSpec

ENSEMBLE = JudgeKind(
    prefix="company",
    form="",
    summary="several judges of the same pieces",
    rubric=None,
    pairwise=None,
    place="each where it answers",
    reads=False,
)
"""No spec names it, so that it is not in the registry: `judge_models` names its members.

Its prefix is a word in stored runs, which no page shows as it is.
"""


def ensemble_spec(members: Sequence[str]) -> JudgeSpec:
    """Return the spec of an ensemble: the specs of its members, joined by commas."""
    text = ",".join(members)
    return JudgeSpec(text, ENSEMBLE, text)
