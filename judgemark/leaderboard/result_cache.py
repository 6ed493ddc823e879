"""The stored result of a run, and whether it still matches the run's verdicts.

`result.json` holds the figures, and `replicates.json` the item resamples that paired ranks need.
Both are used only while the verdicts, the rules and the result itself are unchanged; otherwise
the run is scored again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from judgemark.leaderboard.board_entry import CARDS, points
from judgemark.leaderboard.entry_from_result import headline
from judgemark.run.asked_log import NAME as ASKED
from judgemark.run.files import write_bytes, write_json
from judgemark.run.folder import REPLICATES, RESULT, RunFolder
from judgemark.scoring.metric_version import METRIC_VERSION
from judgemark.scoring.result_json import Composed

_FORMAT = 1


def stamp(folder: RunFolder) -> dict[str, Any] | None:
    """Return the journal's state, None without a journal; call it before reading verdicts."""
    try:
        state = folder.journal.stat()
        digest = _sha256(folder.journal)
    except OSError:
        return None
    return {
        "bytes": state.st_size,
        "mtime_ns": state.st_mtime_ns,
        "sha256": digest,
        "asked": _asked(folder),
    }


def _asked(folder: RunFolder) -> int:
    """Return the size of the list of questions to ask, which only grows; 0 without a list."""
    path = folder.path / ASKED
    return path.stat().st_size if path.exists() else 0


def keep(folder: RunFolder, composed: Composed, journal: Mapping[str, Any] | None) -> None:
    """Write the result and its replicates; `journal` is the stamp of the verdicts used."""
    write_json(folder.path / RESULT, composed.result)
    kept = {
        "format": _FORMAT,
        "metric_version": composed.result["metric_version"],
        "result_sha256": _sha256(folder.path / RESULT),
        "journal": journal,
        "replicates": headline(composed.replicates),
        "twins": headline(composed.twins),
    }
    text = json.dumps(kept, allow_nan=False, separators=(",", ":"))
    write_bytes(folder.path / REPLICATES, text.encode() + b"\n")


def kept_result(folder: RunFolder) -> Composed | None:
    """Return what `keep` wrote; None where it is absent or does not match the run any more.

    A journal with the same size and time counts as unchanged. Where the time differs, as in a
    copied folder, its digest decides.
    """
    try:
        text = (folder.path / RESULT).read_bytes()
        kept = json.loads((folder.path / REPLICATES).read_bytes())
        fits = (
            kept["format"] == _FORMAT
            and kept["metric_version"] == METRIC_VERSION
            and kept["result_sha256"] == hashlib.sha256(text).hexdigest()
            and _unchanged(folder.journal, kept["journal"])
            and kept["journal"].get("asked", 0) == _asked(folder)
        )
        if not fits:
            return None
        rows = [
            {(name, CARDS[name]): points(row) for name, row in kept[key].items()}
            for key in ("replicates", "twins")
        ]
        return Composed({**json.loads(text), "run_id": folder.run_id}, rows[0], rows[1])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def kept_result_is_current(folder: RunFolder) -> bool:
    """Return whether no question was asked for the run since its result was written.

    It is also True where that is not known, for results of a version without a stamp.
    """
    try:
        then = json.loads((folder.path / REPLICATES).read_bytes())["journal"]
        return bool(
            folder.journal.stat().st_size == then["bytes"]
            and _asked(folder) == then.get("asked", 0)
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return True


def _unchanged(journal: Path, then: Mapping[str, Any]) -> bool:
    state = journal.stat()
    if state.st_size != then["bytes"]:
        return False
    return bool(state.st_mtime_ns == then["mtime_ns"] or _sha256(journal) == then["sha256"])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
