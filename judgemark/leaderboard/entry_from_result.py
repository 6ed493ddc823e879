"""Make a board entry from a run's result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from judgemark.bounds import bounded_count, bounded_number
from judgemark.leaderboard.board_entry import (
    FORMAT,
    VERSIONS,
    Entry,
    EntryScorecard,
    canonical,
    digest_of,
)
from judgemark.leaderboard.packed_scores import CARDS, Replicates, headline, nested_headline
from judgemark.leaderboard.shareable import shareable
from judgemark.records import text_hash
from judgemark.redaction import without_shapes
from judgemark.scoring.figures import Shown, shown_in, value_of
from judgemark.scoring.result_types import Result

DECIMALS = 6
"""More decimals than readers need, and fewer than differ between machines."""

UPSTREAM = "upstream runs file"

_WITH_TEXTS = ("run_id", "program", "judge", "dataset", "fingerprint", "reasons", "warnings")
"""The parts of an entry in which texts from outside stand; the others are numbers by our names."""


def entry_of(
    result: Result,
    replicates: Replicates,
    twins: Replicates,
    nested: Replicates = MappingProxyType({}),
) -> Entry:
    """Return the entry of a run from its result, replicates, `twins` and `nested` resamples.

    The same verdicts scored by the same program give the same entry and the same digest.
    """
    drawn = max((len(row) for row in replicates.values()), default=0)
    data = {
        "format": FORMAT,
        "metric_version": str(result["metric_version"]),
        "program": dict(result["program"]),
        "run_id": str(result["run_id"]),
        "judge": judge_of(result),
        "dataset": _dataset(result),
        "fingerprint": _fingerprint(result),
        "references_sha256": _references(result),
        "coverage": _coverage(result),
        "scorecards": {
            name: {v: _card(result["scorecards"][name][v]) for v in VERSIONS} for name in CARDS
        },
        "reasons": _reasons(result),
        "floors": {
            name: {key: rounded(value) for key, value in floor.items()}
            for name, floor in (result.get("floors") or {}).items()
            if isinstance(floor, Mapping)
        },
        "validity": {f.entry_name: rounded(value_of(f, result)) for f in shown_in(Shown.ENTRY)},
        "usage": usage_of(result),
        "draws": {"seed": result["seed"], "resamples": drawn},
        "replicates": headline(replicates),
        "twins": _own_twins(headline(replicates), headline(twins)),
        "nested": nested_headline(nested),
        "verdicts_sha256": str(result["verdicts_sha256"]),
        "warnings": [str(warning["text"]) for warning in result.get("warnings") or ()],
    }
    # Validate first, so that the digest covers exactly what a reader of the line gets.
    data |= encodable({name: data[name] for name in _WITH_TEXTS})
    entry = Entry.model_validate({**data, "digest": ""})
    return entry.model_copy(update={"digest": digest_of(entry.to_json())})


def encodable(value: Any) -> Any:
    """Escape lone surrogates in texts; names may come from file systems."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Mapping):
        return {encodable(key): encodable(v) for key, v in value.items()}
    if isinstance(value, list) and value and not isinstance(value[0], int):
        return [encodable(v) for v in value]
    return value


def _own_twins(
    replicates: Mapping[str, list[int | None]], twins: Mapping[str, list[int | None]]
) -> dict[str, list[int | None]]:
    """Keep only twins that differ from the replicates: those of scores that use a shuffle."""
    return {name: row for name, row in twins.items() if row != replicates.get(name)}


def judge_of(result: Result) -> dict[str, Any]:
    """Return who judged, as `EntryJudge` has it."""
    judge = result["judge"]
    kind = "baseline" if judge.get("kind") == "baseline" else str(judge.get("mode") or "rubric")
    source = str(judge.get("kind") or "endpoint")
    if _at(result, ("fingerprint", "protocol", "name")) == UPSTREAM:
        source = "upstream file"
    asked = {"judge": result["fingerprint"].get("judge")} | {
        key: judge.get(key) for key in ("endpoint", "preset", "system")
    }
    return {
        "name": without_shapes(str(judge.get("spec") or result["run_id"])),
        "kind": kind,
        "source": source,
        "configuration": shareable({key: value for key, value in asked.items() if value}),
    }


def _dataset(result: Result) -> dict[str, Any]:
    data = result["dataset"]
    return {
        "name": str(data.get("name") or "samples"),
        "sha256": data.get("sha256"),
        **{key: int(data[key]) for key in ("writers", "iterations", "items", "pieces")},
        "writers_sha256": _names(sorted(result["writers"])),
        "items_sha256": _names(data["item_ids"]),
        "asked_sha256": result["coverage"].get("asked_sha256"),
    }


def _fingerprint(result: Result) -> dict[str, Any]:
    """Return the fingerprint without the judge; criteria and files are shortened."""
    parts: dict[str, Any] = {}
    for part, value in result["fingerprint"].items():
        if isinstance(value, Mapping):
            parts[str(part)] = shareable({k: _brief(k, v) for k, v in value.items()})
        else:
            parts[str(part)] = shareable(value)
    parts.pop("judge", None)
    return parts


def _brief(key: str, value: Any) -> Any:
    if key == "criteria" and isinstance(value, list):
        return {"count": len(value), "sha256": text_hash(canonical(value))}
    if key == "file" and isinstance(value, str):
        return PurePath(value.replace("\\", "/")).name
    return value


def _references(result: Result) -> str | None:
    """Return a digest of the reference scores of the judged writers."""
    known = {
        writer: facts.get("reference")
        for writer, facts in result["writers"].items()
        if facts.get("reference") is not None
    }
    return text_hash(canonical(known)) if known else None


def _coverage(result: Result) -> dict[str, Any]:
    coverage = result["coverage"]
    return {
        "status": result["status"],
        "asked": int(coverage["asked"]),
        "scored": int(coverage["scored"]),
        "share": rounded(coverage.get("share")),
        "first_try_parse_rate": rounded(coverage.get("first_try_parse_rate")),
        "repeats": int(coverage.get("repeats") or 1),
        "unscored": {str(k): int(v) for k, v in (coverage.get("too_few_criteria") or {}).items()},
    }


def _card(card: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if card is None:
        return None
    return {name: rounded(card.get(name)) for name in EntryScorecard.model_fields if name in card}


def _reasons(result: Result) -> dict[str, str]:
    """Return why headline scores or their intervals are absent, by scorecard and figure."""
    notes = result.get("notes") or {}
    found: dict[str, str] = {}
    for name, version in CARDS.items():
        path = f"scorecards.{name}.{version}"
        for figure, note in (("score", f"{path}.score"), ("ci95", f"{path}.ci95"), ("score", path)):
            if note in notes:
                found.setdefault(f"{name}.{figure}", str(notes[note]))
    return found


def usage_of(result: Result) -> dict[str, Any]:
    """Return what the run took; a sum that is out of bounds counts as not reported."""
    usage = result.get("usage") or {}
    return {
        "cost": rounded(_not_negative(usage.get("cost"))),
        "prompt_tokens": bounded_count(usage.get("prompt_tokens")),
        "completion_tokens": bounded_count(usage.get("completion_tokens")),
        "seconds_per_item": rounded(_not_negative(usage.get("seconds_per_item"))),
    }


def _not_negative(value: Any) -> float | None:
    """Return a number from 0 to the bound; None for anything else, as a clock may bring."""
    number = bounded_number(value)
    return number if number is not None and number >= 0 else None


def _names(names: Sequence[str]) -> str:
    return text_hash(canonical(list(names)))


def _at(result: Result, path: Sequence[str]) -> Any:
    """Return the value at a path of keys; None where the path does not exist."""
    value: Any = result
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def rounded(value: Any) -> Any:
    """Round floats to `DECIMALS`, also in lists; return any other value unchanged."""
    if isinstance(value, float):
        return round(value, DECIMALS) + 0.0
    if isinstance(value, list | tuple):
        return [rounded(v) for v in value]
    return value
