"""What `result.json` and files like it must hold for other commands to read them."""

from __future__ import annotations

from typing import Self

from pydantic import Field, StrictBool, StrictStr, TypeAdapter, model_validator

from judgemark.inputs.bounded_types import Number
from judgemark.run.kind_of_run import RunKindName
from judgemark.run.run_description import EnsembleMethod, StoredPart


class StoredEnsemble(StoredPart):
    """`ensemble.json`: how members were joined when the result was written."""

    method: EnsembleMethod


class _StoredCard(StoredPart):
    score: Number | None = None


class _StoredSource(StoredPart):
    accuracy: Number | None = None


class _StoredContrast(StoredPart):
    found: StrictBool | None = None


class _StoredValidity(StoredPart):
    sources: dict[str, _StoredSource] = Field(default_factory=dict)
    probes: dict[str, _StoredContrast] = Field(default_factory=dict)


class StoredResult(StoredPart):
    """The parts of `result.json` that other commands than the one that wrote it read.

    Runs of the main job have scorecards, and all others have `validity`.
    """

    status: StrictStr
    kind: RunKindName = RunKindName.JUDGE
    scorecards: dict[str, dict[str, _StoredCard | None]] | None = None
    validity: _StoredValidity | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        needed = "scorecards" if self.kind is RunKindName.JUDGE else "validity"
        if getattr(self, needed) is None:
            raise ValueError(f'"{needed}" is missing')
        return self


class _StoredShare(StoredPart):
    value: Number


class StoredPairs(StoredPart):
    """The parts of `pairs.json` that other commands than the one that wrote it read."""

    strict_accuracy: _StoredShare


STORED_ENSEMBLE = TypeAdapter(StoredEnsemble)
STORED_RESULT = TypeAdapter(StoredResult)
STORED_PAIRS = TypeAdapter(StoredPairs)
