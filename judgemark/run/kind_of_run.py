"""What kind of run a folder holds: `run.json` says it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from judgemark.errors import UsageError


class RunKindName(StrEnum):
    """The kinds of run; the values stand in `run.json` and `result.json`."""

    JUDGE = "judge"
    PAIRS = "pairs"
    LADDER = "ladder"
    PROBE = "probe"

    @property
    def words(self) -> str:
        """What a run of this kind is called in a sentence."""
        return {
            RunKindName.JUDGE: "a run of the main job",
            RunKindName.PAIRS: "a run over pairs",
            RunKindName.LADDER: "a ladder",
            RunKindName.PROBE: "a run of probes",
        }[self]


def kind_of(spec: Mapping[str, Any]) -> RunKindName:
    """Return the kind of a run from its description.

    A fingerprint that says how pairs, a ladder or probes were drawn says it too. That tells the
    kind of runs over pairs that were made before descriptions named it; all others of that time are
    runs of the main job.
    """
    for kind in RunKindName:
        if kind in spec["fingerprint"] and kind is not RunKindName.JUDGE:
            return kind
    return RunKindName(spec.get("kind") or RunKindName.JUDGE)


def is_pairwise(spec: Mapping[str, Any]) -> bool:
    """Return whether a stored run compared pieces with each other."""
    return str(spec["fingerprint"]["protocol"]["name"]).startswith("pairwise")


def refuse_other_kinds(run_id: str, spec: Mapping[str, Any]) -> None:
    """Raise UsageError, with what helps, where a run is not one of the main job."""
    kind = kind_of(spec)
    if kind is not RunKindName.JUDGE:
        raise UsageError(
            f'run "{run_id}" is {kind.words}, and this needs a run of the main job; "judgemark '
            f'score {run_id}" prints its figures'
        )
