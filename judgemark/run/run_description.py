"""What `run.json` and files beside it must hold for a stored run to be used."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    TypeAdapter,
    model_validator,
)

from judgemark.inputs.bounded_types import Count, FiniteNumber, Number, Seed
from judgemark.protocols.stored_words import ENSEMBLE
from judgemark.run.kind_of_run import RunKindName

_Positive = Annotated[Number, Field(gt=0)]
EnsembleMethod = Literal["average", "median", "trimmed"]
_Few = Annotated[Count, Field(ge=1, le=1_000_000)]


class StoredPart(BaseModel):
    """Fields that are not named here are kept by the file and are not checked."""

    model_config = ConfigDict(extra="ignore")


class _StoredCriterion(StoredPart):
    name: StrictStr
    negative: StrictBool


class _StoredScoring(StoredPart):
    min: Number
    max: Number
    criteria: list[_StoredCriterion] | None = None


class _StoredTournament(StoredPart):
    option: Literal["isolated", "bootstrap", "full"]
    k_factor: _Positive
    initial_rating: Number
    scale: _Positive
    seed: Seed
    rounds: _Few | None = None
    bootstraps: _Few | None = None


class _StoredClub(StoredPart):
    merit_rounds: Count
    scoring_rounds: Count


class _StoredProtocol(StoredPart):
    name: StrictStr
    members: list[_StoredProtocol] | None = None
    book_club: _StoredClub | None = None
    single_range: tuple[Number, Number] | None = None
    escape_non_ascii: StrictBool | None = None
    card_fallback: StrictBool | None = None
    tournament: _StoredTournament | None = None


class _StoredPieces(StoredPart):
    sha256: StrictStr


class _StoredFingerprint(StoredPart):
    judge: dict[str, Any] = Field(default_factory=dict)
    protocol: _StoredProtocol
    samples: _StoredPieces
    scoring: _StoredScoring | None = None


class _StoredJudge(StoredPart):
    spec: StrictStr = ""
    kind: StrictStr | None = None
    mode: StrictStr | None = None
    endpoint: StrictStr | None = None
    parameters: dict[str, Any] | None = None
    letters: dict[str, Any] | None = None
    source: StrictStr | None = None
    ensemble_method: EnsembleMethod = "average"
    members: list[_StoredJudge] | None = None


class RunDescription(StoredPart):
    """`run.json`: what was asked of whom."""

    run_id: StrictStr | None = None
    created: StrictStr = ""
    judge: _StoredJudge
    repeats: _Few = 1
    seed: Seed = 0
    kind: RunKindName | None = None
    drawn_sha256: StrictStr | None = None
    fingerprint: _StoredFingerprint

    @model_validator(mode="after")
    def _one_protocol_for_each_member(self) -> Self:
        judges, protocols = self.judge.members or (), self.fingerprint.protocol.members or ()
        if len(judges) != len(protocols):
            raise ValueError(f"{len(judges)} members of judge, {len(protocols)} of protocol")
        if (self.fingerprint.protocol.name == ENSEMBLE) != bool(judges):
            raise ValueError("members without the protocol of an ensemble, or the other way round")
        return self


RUN_DESCRIPTION = TypeAdapter(RunDescription)
REFERENCE_SCORES = TypeAdapter(dict[str, FiniteNumber])
STORED_INSTRUCTIONS = TypeAdapter(dict[str, dict[Literal["writing_prompt"], StrictStr]])
