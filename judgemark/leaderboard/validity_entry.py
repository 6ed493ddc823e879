"""A ladder, a run over pairs or a run of probes, as a board stores it beside runs of the main job.

Such a run has no score of writers and no row of its own. It joins the row of its judge: the run of
the main job by a judge of the same kind and configuration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from judgemark.inputs.bounded_types import Count, Number
from judgemark.leaderboard.board_entry import (
    Entry,
    EntryJudge,
    EntryUsage,
    Program,
    Signature,
    canonical,
    digest_of,
    entry_in,
    line_data,
)
from judgemark.leaderboard.entry_from_result import encodable, judge_of, rounded, usage_of
from judgemark.records import text_hash
from judgemark.scoring.figures import Shown, shown_in, value_of

RECORD = "validity"

MeasuredKind = Literal["pairs", "ladder", "probe"]


class ValidityEntry(BaseModel):
    """One run that says whether a judge reads, agrees with people or is swayed.

    `figures` are those registered figures that board entries store, by name. `answered` counts
    usable answers. `swayed_by` says in words what sways the judge most: "" where probes found
    nothing, None where there were none. `digest` is the SHA-256 of all other fields but the
    signatures, as for `Entry`.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, strict=True)

    format: Literal[1]
    record: Literal["validity"]
    kind: MeasuredKind
    metric_version: str
    program: Program
    run_id: str
    judge: EntryJudge
    fingerprint_sha256: str
    status: Literal["complete", "incomplete"]
    answered: Count
    figures: dict[str, Number | None]
    swayed_by: str | None
    usage: EntryUsage
    verdicts_sha256: str
    digest: str
    signatures: tuple[Signature, ...] = Field((), strict=False, max_length=32)

    def to_json(self) -> dict[str, Any]:
        """Return the entry as plain values."""
        data = self.model_dump(mode="json")
        if not self.signatures:
            del data["signatures"]
        return data

    def signed(self, signatures: Iterable[str]) -> ValidityEntry:
        """Return the entry with further signatures; each stands there once, in a fixed order."""
        together = tuple(sorted({*self.signatures, *signatures}))
        return self.model_copy(update={"signatures": together})

    def line(self) -> str:
        """Return the entry as one line of a board file."""
        return canonical(self.to_json())


BoardRecord = Entry | ValidityEntry


def judge_key(judge: EntryJudge) -> str:
    """Return the hash by which runs of one judge find each other: its kind and configuration.

    The samples, the run's prompts and the address of the endpoint are not part of it.
    """
    return text_hash(canonical([judge.kind, judge.configuration.get("judge")]))


def validity_entry_of(result: Mapping[str, Any]) -> ValidityEntry:
    """Return the entry of a ladder, a run over pairs or a run of probes from its result."""
    kind = str(result["kind"])
    found = result.get("probe") or {}
    data = {
        "format": 1,
        "record": RECORD,
        "kind": kind,
        "metric_version": str(result["metric_version"]),
        "program": dict(result["program"]),
        "run_id": str(result["run_id"]),
        "judge": judge_of(result),
        "fingerprint_sha256": text_hash(canonical(result["fingerprint"])),
        "status": str(result["status"]),
        "answered": int(result["coverage"]["answered"]),
        "figures": {
            figure.entry_name: rounded(value)
            for figure in shown_in(Shown.ENTRY)
            if (value := value_of(figure, result)) is not None
        },
        "swayed_by": str(found.get("most_swayed_by") or "") if kind == "probe" else None,
        "usage": usage_of(result),
        "verdicts_sha256": str(result["verdicts_sha256"]),
    }
    plain = ValidityEntry.model_validate({**encodable(data), "digest": ""}).to_json()
    return ValidityEntry.model_validate({**plain, "digest": digest_of(plain)})


def read_record(line: str) -> BoardRecord:
    """Return what a line of a board file holds; raises Damaged as `read_line` does."""
    data = line_data(line)
    return entry_in(data, ValidityEntry) if data.get("record") == RECORD else entry_in(data, Entry)
