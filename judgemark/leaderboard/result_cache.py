"""The stored result of a run, and whether it still matches the run's verdicts.

`result.json` holds the figures, and `replicates.json` the item resamples that paired ranks need.
Both are used only while the verdicts, the rules and the result itself are unchanged; otherwise
the run is scored again.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from judgemark.inputs.bounded_types import Count
from judgemark.leaderboard.packed_scores import (
    CARDS,
    Hundredths,
    headline,
    nested_headline,
    points,
)
from judgemark.run.asked_log import NAME as ASKED
from judgemark.run.files import write_bytes, write_json
from judgemark.run.folder import CHARTS, REPLICATES, REPORT, RESULT, SCORES, RunFolder
from judgemark.scoring.metric_version import METRIC_VERSION
from judgemark.scoring.result_json import Composed
from judgemark.version import __version__

_FORMAT = 1


class JournalStamp(BaseModel):
    """What a journal was at some time; `asked` is the size of the list of what was to be asked."""

    model_config = ConfigDict(strict=True, extra="ignore")

    bytes: Count
    mtime_ns: int
    sha256: str
    asked: Count = 0


class KeptReplicates(BaseModel):
    """`replicates.json`: item resamples in hundredths of a point, and what they were made with."""

    model_config = ConfigDict(strict=True, extra="ignore")

    format: Literal[1]
    metric_version: str
    result_sha256: str
    journal: JournalStamp | None
    replies: bool | None = None
    replicates: dict[str, list[Hundredths | None]]
    twins: dict[str, list[Hundredths | None]]
    nested: dict[str, list[list[Hundredths | None]]] = Field(default_factory=dict)


def stamp(folder: RunFolder) -> JournalStamp | None:
    """Return the journal's state, None without a journal; call it before reading verdicts."""
    try:
        state = folder.journal.stat()
        digest = _sha256(folder.journal)
    except OSError:
        return None
    return JournalStamp(
        bytes=state.st_size, mtime_ns=state.st_mtime_ns, sha256=digest, asked=_asked(folder)
    )


def _asked(folder: RunFolder) -> int:
    """Return the size of the list of questions to ask, which only grows; 0 without a list."""
    path = folder.path / ASKED
    return path.stat().st_size if path.exists() else 0


def keep(
    folder: RunFolder,
    composed: Composed,
    journal: JournalStamp | None,
    *,
    with_replies: bool | None = None,
) -> None:
    """Write the result and its replicates; `journal` is the stamp of the verdicts used.

    `with_replies` says whether the report that follows shows pieces and replies; None where none
    follows.
    """
    write_json(folder.path / RESULT, composed.result)
    kept = {
        "format": _FORMAT,
        "metric_version": composed.result["metric_version"],
        "result_sha256": _sha256(folder.path / RESULT),
        "journal": None if journal is None else journal.model_dump(),
        "replies": with_replies,
        "replicates": headline(composed.replicates),
        "twins": headline(composed.twins),
        "nested": nested_headline(composed.nested),
    }
    text = json.dumps(kept, allow_nan=False, separators=(",", ":"))
    write_bytes(folder.path / REPLICATES, text.encode() + b"\n")


def kept_result(folder: RunFolder) -> Composed | None:
    """Return what `keep` wrote; None where it is absent or does not match the run any more.

    A journal with the same size and time counts as unchanged. Where the time differs, as in a
    copied folder, its digest decides.
    """
    try:
        kept = _kept(folder)
        text = (folder.path / RESULT).read_bytes()
        fits = (
            kept.metric_version == METRIC_VERSION
            and kept.result_sha256 == hashlib.sha256(text).hexdigest()
            and kept.journal is not None
            and _unchanged(folder.journal, kept.journal)
            and kept.journal.asked == _asked(folder)
        )
        if not fits:
            return None
        rows = [
            {(name, CARDS[name]): points(row) for name, row in scores.items()}
            for scores in (kept.replicates, kept.twins)
        ]
        nested = {
            (name, CARDS[name]): np.stack([points(row) for row in pair])
            for name, pair in kept.nested.items()
        }
        result = {**json.loads(text), "run_id": folder.run_id}
        return Composed(result, rows[0], rows[1], nested)
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def shown_again(folder: RunFolder, *, with_replies: bool) -> Composed | None:
    """Return the kept result where the report beside it shows it already, else None.

    So it is where the verdicts, the program's version and the kind of report are those of the last
    command, and the report is not older than the result.
    """
    made = (folder.path / name for name in (REPORT, SCORES, CHARTS))
    try:
        if _kept(folder).replies is not with_replies or not all(path.exists() for path in made):
            return None
        written = (folder.path / REPLICATES).stat().st_mtime_ns
        if (folder.path / REPORT).stat().st_mtime_ns < written:
            return None
    except (OSError, ValueError):
        return None
    composed = kept_result(folder)
    if composed is None or composed.result.get("program", {}).get("version") != __version__:
        return None
    return composed


def kept_result_is_current(folder: RunFolder) -> bool:
    """Return whether no question was asked for the run since its result was written.

    It is also True where that is not known, for results of a version without a stamp.
    """
    try:
        then = _kept(folder).journal
        return then is None or (
            folder.journal.stat().st_size == then.bytes and _asked(folder) == then.asked
        )
    except (OSError, ValueError):
        return True


def _kept(folder: RunFolder) -> KeptReplicates:
    return KeptReplicates.model_validate_json((folder.path / REPLICATES).read_bytes())


def _unchanged(journal: Path, then: JournalStamp) -> bool:
    state = journal.stat()
    if state.st_size != then.bytes:
        return False
    return state.st_mtime_ns == then.mtime_ns or _sha256(journal) == then.sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
