"""Whether a judge was shown to read, on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from judgemark.cli.ladder_hint import ladder_of
from judgemark.cli.summary_parts import LabelledText
from judgemark.scoring.result_types import Result

_KNOWN_PAIRS = (
    ("damage", "of damage pairs ordered correctly"),
    ("people", "of people's pairs ordered correctly"),
    ("reference", "of the reference's pairs ordered correctly"),
)
"""The sources of known pairs in `result["validity"]`, the clearest first, and their wording."""


def reads(result: Result, shown_by: str = "") -> str:
    """Return whether the judge was shown to read: its accuracy on known pairs against counting
    rules.

    Where a run of the main job has no known pairs, the command is named that would show it:
    `shown_by`, or one for the judge and the samples of the run.
    """
    sources = (result.get("validity") or {}).get("sources") or {}
    for name, wording in _KNOWN_PAIRS:
        block = sources.get(name)
        if block and block["accuracy"] is not None:
            return _reading(block, wording)
    said = "not shown: no pair here has a known better text"
    for path in ("validity", *(f"validity.sources.{name}.accuracy" for name in sources)):
        if path in result["notes"]:
            said = f"not shown: {result['notes'][path]}"
            break
    command = shown_by or ladder_of(result)
    if sources or "scorecards" not in result or not command:
        return said
    return f"{said}; this command shows it: {command}"


def kinds_read(result: Result) -> list[LabelledText]:
    """Return for each kind of damage whether the judge was shown to notice it.

    Empty without kinds.
    """
    kinds = (result.get("validity") or {}).get("kinds") or {}
    return [
        (f"Reads, {kind}", _reading(block, "ordered correctly"))
        for kind, block in kinds.items()
        if block["accuracy"] is not None
    ]


def _reading(block: Mapping[str, Any], wording: str) -> str:
    parts = [f"{_percent(block['accuracy'])}{_percents(block['ci95'])} {wording}"]
    counter, twin = block["counter"], block["twin"]
    if counter is not None:
        text = f"best counter {_percent(counter['accuracy'])}"
        if block["margin"] is not None:
            text += f", margin {100 * block['margin']:+.0f}{_percents(block['margin_ci95'], '+')}"
        parts.append(text)
    if twin is not None:
        parts.append(f"its counting twin {_percent(twin['accuracy'])}")
    said = "; ".join(parts)
    return said if block["reads"] else f"not shown: {said}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _percents(ends: Sequence[float] | None, sign: str = "") -> str:
    if not ends:
        return ""
    low, high = (f"{100 * end:{sign}.0f}" for end in ends)
    return f" [{low}, {high}]"
