"""One run on a leaderboard: frozen, compact and able to tell when it was changed.

An entry holds figures, the replicates that paired ranks need, fingerprints and the judge's
configuration; no sample text, no reply and no key. Its digest covers all of it, and
`verdicts_sha256` names the verdicts it came from: that is integrity (a changed figure shows
against the run), not authenticity (who made the run, nobody proves).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from judgemark.inputs.bounded_types import Count, Number, Seed
from judgemark.records import text_hash
from judgemark.table.score_table import Floats

FORMAT = 1
CARDS: Mapping[str, str] = {"v4": "raw", "v2.1": "calibrated", "v2": "calibrated"}
"""The scorecards of the board and the version of each that is its headline."""

VERSIONS = ("raw", "calibrated")
Ends = tuple[Number, Number]
Hundredths = Annotated[int, Field(ge=-(10**9), le=10**9)]
"""A score in hundredths of a point: replicates are kept so, to be short."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, strict=True)


class EntryScorecard(_Frozen):
    """One scorecard's figures, units as in result.json; `ci95` pairs are (low, high)."""

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


class EntryFloor(_Frozen):
    """What a judge that does not read scores (v4) on the same pieces."""

    score: Number | None
    omega_squared: Number | None = None
    cliffs_delta: Number | None = None
    kendall_tau: Number | None = None


class EntryJudge(_Frozen):
    """Who judged: the name as the user gave it, how it was asked and with what settings."""

    name: str
    kind: Literal["rubric", "pairwise", "baseline"]
    source: str
    configuration: dict[str, Any]


class Dataset(_Frozen):
    """What was judged, by counts and digests; writers and items are not named."""

    name: str
    sha256: str | None
    writers: Count
    iterations: Count
    items: Count
    pieces: Count
    writers_sha256: str
    items_sha256: str
    asked_sha256: str | None


class Coverage(_Frozen):
    """How much of it has a score; `unscored` counts, by scorecard, verdicts too thin for it."""

    status: Literal["complete", "incomplete", "limited"]
    asked: Count
    scored: Count
    share: Number | None
    first_try_parse_rate: Number | None
    repeats: Count
    unscored: dict[str, Count]


class EntryUsage(_Frozen):
    """What the asking took: dollars, tokens, seconds; None where not reported."""

    cost: Number | None
    prompt_tokens: Count | None
    completion_tokens: Count | None
    seconds_per_item: Number | None


class EntryResampling(_Frozen):
    """What the replicates were drawn with; only like draws can be paired."""

    seed: Seed
    resamples: Count


class Program(_Frozen):
    """What made the entry."""

    name: str
    version: str


class Entry(_Frozen):
    """One run, as a board keeps it.

    `replicates` are hundredths of a point, None where an item resample is void; `twins` are those
    of the same resamples under another stability shuffle, where a score takes one. `validity` maps
    the names of `figures.VALIDITY` to figures, those that the run has. `warnings` is what to know
    before believing them; None in entries that were made before runs had warnings. `digest` is
    the sha256 of all the rest.
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
    replicates: dict[str, list[Hundredths | None]]
    twins: dict[str, list[Hundredths | None]]
    verdicts_sha256: str
    warnings: tuple[str, ...] | None = Field(None, strict=False)
    digest: str

    @property
    def identity(self) -> str:
        """What two entries of the same verdicts, scored by the same rules, share."""
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
        """Whether it is one of the judges that do not read."""
        return self.judge.kind == "baseline"

    def card(self, name: str) -> EntryScorecard | None:
        """The headline version of a scorecard, None where the run has none."""
        return self.scorecards.get(name, {}).get(CARDS[name])

    def replicates_of(self, name: str) -> Floats:
        """The scores of a scorecard on the item resamples; (resamples,), or (0,) for none."""
        return points(self.replicates.get(name, ()))

    def twins_of(self, name: str) -> Floats:
        """The same under another shuffle; (resamples,), or (0,) for none."""
        return points(self.twins.get(name, self.replicates.get(name, ())))

    def to_json(self) -> dict[str, Any]:
        """The entry as plain values, the digest last."""
        return self.model_dump(mode="json")

    def line(self) -> str:
        """The entry as one line of a board."""
        return canonical(self.to_json())


def points(hundredths: Sequence[int | None]) -> Floats:
    """Scores from hundredths, NaN where void."""
    # numpy reads None as NaN where floats are asked for.
    return np.array(hundredths, dtype=np.float64) / 100


class Damaged(ValueError):
    """A line that is no entry, or an entry that was changed; the message says which."""


def canonical(value: Any) -> str:
    """JSON that is the same text for the same value."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":")
    )


def read_line(line: str) -> Entry:
    """The entry of a board's line; raises Damaged."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise Damaged("is not JSON") from None
    if not isinstance(data, dict):
        raise Damaged("is no entry")
    try:
        digest = digest_of(data)
    except (ValueError, RecursionError):
        raise Damaged("holds a number that is none") from None
    if data.get("digest") != digest:
        raise Damaged("was changed: its digest does not fit it")
    try:
        return Entry.model_validate(data)
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Damaged(f"is no entry of this version ({place}: {first['msg']})") from None


def digest_of(data: Mapping[str, Any]) -> str:
    """The digest of an entry's plain values, itself left out."""
    return text_hash(canonical({key: value for key, value in data.items() if key != "digest"}))
