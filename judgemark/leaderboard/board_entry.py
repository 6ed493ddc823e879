"""One run on a leaderboard: immutable, compact, and protected by a digest.

An entry holds figures, the replicates that paired ranks need, fingerprints and the judge's
configuration. It holds no sample text, no reply and no key. Its digest covers all of this, and
`verdicts_sha256` identifies the verdicts it was computed from. This shows integrity (a changed
figure can be found by scoring the run again) but not authenticity: it does not prove who made
the run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar

import numpy as np
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    field_validator,
    model_validator,
)

from judgemark.inputs.bounded_types import Count, Number, Seed
from judgemark.leaderboard.packed_scores import CARDS, Hundredths, PackedScores, points
from judgemark.leaderboard.signatures import FIRST_LINE
from judgemark.records import text_hash
from judgemark.table.score_table import Floats

FORMAT = 1
_NOT_COVERED = ("digest", "signatures")
VERSIONS = ("raw", "calibrated")
Ends = tuple[Number, Number]
Signature = Annotated[str, Field(max_length=20_000, pattern=f"^{FIRST_LINE}")]

Scores = Annotated[
    Sequence[Hundredths | None],
    AfterValidator(PackedScores),
    PlainSerializer(list, return_type=list[int | None]),
]
"""A row of replicates, held packed."""


_HIGHEST = 400.0 / 3.0
_ROUNDED = 1e-6


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, strict=True)


class EntryScorecard(_Frozen):
    """One scorecard's figures, in the units of result.json; intervals are (low, high)."""

    score: Number | None
    ci95: Ends | None = Field(None, strict=False)
    ci95_other_writers: Ends | None = Field(None, strict=False)
    separability: Number | None = None
    stability_tau: Number | None = None
    kendall_tau: Number | None = None
    pearson_r: Number | None = None
    omega_squared: Number | None = None
    cliffs_delta: Number | None = None
    kw_stat: Number | None = None
    overlap_pct: Number | None = None
    missing: tuple[str, ...] = Field((), strict=False)

    @field_validator("ci95", "ci95_other_writers")
    @classmethod
    def _in_order(cls, ends: Ends | None) -> Ends | None:
        if ends is not None and ends[0] > ends[1]:
            raise ValueError("the lower end is above the upper one")
        return ends


class EntryFloor(_Frozen):
    """The v4 score of a judge that does not read, on the same pieces."""

    score: Number | None
    omega_squared: Number | None = None
    cliffs_delta: Number | None = None
    kendall_tau: Number | None = None


class EntryJudge(_Frozen):
    """Who judged: the name that the user gave, the kind of judge, and its settings."""

    name: str
    kind: Literal["rubric", "pairwise", "baseline"]
    source: str
    configuration: dict[str, Any]


class Dataset(_Frozen):
    """What was judged, as counts and digests without the names of writers and items."""

    name: Annotated[str, Field(max_length=1000)]
    sha256: str | None
    writers: Count
    iterations: Count
    items: Count
    pieces: Count
    writers_sha256: str
    items_sha256: str
    asked_sha256: str | None


class Coverage(_Frozen):
    """How much has a score; `unscored` counts verdicts with too few criteria, by scorecard."""

    status: Literal["complete", "incomplete", "limited"]
    asked: Count
    scored: Count
    share: Number | None
    first_try_parse_rate: Number | None
    repeats: Count
    unscored: dict[str, Count]


class EntryUsage(_Frozen):
    """What the run cost in dollars, tokens and seconds; None where not reported."""

    cost: Number | None = Field(ge=0)
    prompt_tokens: Count | None
    completion_tokens: Count | None
    seconds_per_item: Number | None = Field(ge=0)


class EntryResampling(_Frozen):
    """How the replicates were drawn; only replicates drawn alike can be paired."""

    seed: Seed
    resamples: Count


class Program(_Frozen):
    """The program that made the entry."""

    name: str
    version: str


class Entry(_Frozen):
    """One run, as a board stores it.

    `replicates` are the scores of the item resamples in hundredths of a point, None where a
    resample has no score. `twins` are the scores of the same resamples with a second random
    shuffle for stability, for scorecards that use one. `nested` are pairs of resamples of the
    resamples, how far they are apart in hundredths under either shuffle; entries of metric
    version 3 and before have none. `validity` holds those registered figures
    of the run that entries store, by name. `warnings` is what a reader must know before trusting
    the figures; None in entries made before runs had warnings. `digest` is the SHA-256 of all
    other fields but the signatures, which are about the digest.
    """

    format: Literal[1]
    metric_version: str
    program: Program
    run_id: str
    judge: EntryJudge
    dataset: Dataset
    fingerprint: dict[str, Any]
    references_sha256: str | None
    coverage: Coverage
    scorecards: dict[str, dict[str, EntryScorecard | None]]
    reasons: dict[str, str]
    floors: dict[str, EntryFloor]
    validity: dict[str, Number | None]
    usage: EntryUsage
    draws: EntryResampling
    replicates: dict[str, Scores]
    twins: dict[str, Scores]
    nested: dict[str, list[Scores]] = Field(default_factory=dict)
    verdicts_sha256: str
    warnings: tuple[str, ...] | None = Field(None, strict=False)
    digest: str
    signatures: tuple[Signature, ...] = Field((), strict=False, max_length=32)

    @model_validator(mode="after")
    def _possible(self) -> Entry:
        """Refuse scores that no verdicts give: they would stretch the axis of a whole section."""
        # Omega squared is at least -(k - 1) / 2 for k writers, which is all that lowers a score.
        low, high = -50.0 * self.dataset.writers - _ROUNDED, _HIGHEST + _ROUNDED
        for name, versions in self.scorecards.items():
            for score in (card.score for card in versions.values() if card):
                if score is not None and not low <= score <= high:
                    raise ValueError(f"a {name} score of {score:g} cannot be")
        return self

    @field_validator("nested")
    @classmethod
    def _two_rows(cls, nested: dict[str, list[Scores]]) -> dict[str, list[Scores]]:
        for name, rows in nested.items():
            if len(rows) != 2 or len(rows[0]) != len(rows[1]):
                raise ValueError(f"{name} must have two rows of the same length, one per shuffle")
        return nested

    @property
    def identity(self) -> str:
        """Return what two entries of the same verdicts, scored by the same rules, share."""
        return text_hash(
            canonical(
                [
                    self.verdicts_sha256,
                    self.metric_version,
                    self.fingerprint,
                    self.judge.configuration,
                    self.references_sha256,
                    self.draws.seed,
                ]
            )
        )

    @property
    def is_floor(self) -> bool:
        """Return whether the judge is a floor, which does not read."""
        return self.judge.kind == "baseline"

    def card(self, name: str) -> EntryScorecard | None:
        """Return the headline version of a scorecard; None where the run has none."""
        return self.scorecards.get(name, {}).get(CARDS[name])

    def replicates_of(self, name: str) -> Floats:
        """Return a scorecard's scores on the item resamples, of shape (resamples,) or (0,)."""
        return points(self.replicates.get(name, ()))

    def twins_of(self, name: str) -> Floats:
        """Return the scores of the same resamples with a second shuffle; (resamples,) or (0,)."""
        return points(self.twins.get(name, self.replicates.get(name, ())))

    def nested_of(self, name: str) -> Floats:
        """Return a scorecard's nested resamples as `variance_within` takes them; (2, n)."""
        rows = self.nested.get(name, ())
        return np.stack([points(row) for row in rows]) if rows else np.empty((2, 0))

    def to_json(self) -> dict[str, Any]:
        """Return the entry as plain values, the digest last."""
        data = self.model_dump(mode="json")
        if not self.nested:
            del data["nested"]
        if not self.signatures:
            # Unsigned entries are as they were before entries could be signed.
            del data["signatures"]
        return data

    def signed(self, signatures: Iterable[str]) -> Entry:
        """Return the entry with further signatures; each stands there once, in a fixed order."""
        together = tuple(sorted({*self.signatures, *signatures}))
        return self.model_copy(update={"signatures": together})

    def line(self) -> str:
        """Return the entry as one line of a board file."""
        return canonical(self.to_json())


class Damaged(ValueError):
    """A line that is not an entry, or an entry that was changed; the message says which."""


def canonical(value: Any) -> str:
    """Return JSON that is the same text for the same value."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":")
    )


def read_line(line: str) -> Entry:
    """Return the entry in a line of a board file; raises Damaged."""
    return entry_in(line_data(line), Entry)


def line_data(line: str) -> dict[str, Any]:
    """Return what a line of a board file holds, whichever kind of entry; raises Damaged."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise Damaged("is not JSON") from None
    if not isinstance(data, dict):
        raise Damaged("is not an entry")
    return data


_Kind = TypeVar("_Kind", bound=BaseModel)


def entry_in(data: Mapping[str, Any], kind: type[_Kind]) -> _Kind:
    """Return the entry of a kind that a line's data is; raises Damaged where it is none."""
    try:
        digest = digest_of(data)
    except (ValueError, RecursionError):
        raise Damaged("holds NaN or Infinity, which JSON does not allow") from None
    if data.get("digest") != digest:
        raise Damaged("was changed: its digest does not match its content")
    try:
        return kind.model_validate(data)
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        problem = first["msg"].removeprefix("Value error, ")
        where = f"{place}: {problem}" if place else problem
        raise Damaged(f"is not an entry of this version ({where})") from None


def digest_of(data: Mapping[str, Any]) -> str:
    """Return the digest of an entry's plain values without its own field and the signatures."""
    return text_hash(
        canonical({key: value for key, value in data.items() if key not in _NOT_COVERED})
    )
