"""Makes prompts/judge_prompts.json from one template, the criteria and the writing prompts.

    python -m tools.make_prompts            writes the file
    python -m tools.make_prompts --check    exit 1 if it differs from what would be written

All is filled in but the piece and the scoring range: those are the program's. The template of the
anchored item is filled by the program alone; both ways check that all its places are there.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.stable_json import write_or_check

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "prompts" / "judge_template.txt"
CRITERIA = ROOT / "prompts" / "criteria.json"
WRITING_PROMPTS = ROOT / "data" / "writing_prompts.json"
ANCHORED = ROOT / "prompts" / "anchored_template.txt"
TARGET = ROOT / "prompts" / "judge_prompts.json"


def make_prompts(
    template: str,
    criteria: Sequence[Mapping[str, Any]],
    writing_prompts: Mapping[str, Mapping[str, str]],
) -> dict[str, str]:
    """Return the judge prompt of each item; placeholders in a filled-in text are not expanded."""
    lists = {
        "POSITIVE_CRITERIA": _lines(c for c in criteria if not c["negative"]),
        "NEGATIVE_CRITERIA": _lines(c for c in criteria if c["negative"]),
    }
    return {
        item: _fill(template, lists | {"WRITING_PROMPT": entry["writing_prompt"]})
        for item, entry in writing_prompts.items()
    }


def places_missing(template: str) -> list[str]:
    """Return the places that a template of the anchored item has not exactly once."""
    wanted = (
        "<WRITING_PROMPT>",
        "<WEAK_ANCHOR>",
        "<STRONG_ANCHOR>",
        "[TEST MODEL RESPONSE]",
        "[TEST MODEL RESPONSE END]",
    )
    return [place for place in wanted if template.count(place) != 1]


def _fill(template: str, fills: Mapping[str, str]) -> str:
    return re.sub(rf"<({'|'.join(fills)})>", lambda m: fills[m[1]], template)


def _lines(criteria: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(f"- {c['name']} ({c['means']})" for c in criteria)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, or with --check say whether it is what would be written."""
    parser = argparse.ArgumentParser(prog="python -m tools.make_prompts")
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = parser.parse_args(arguments).check
    missing = places_missing(ANCHORED.read_text(encoding="utf-8"))
    if missing:
        print(f"{ANCHORED.name} must have each of these once: {', '.join(missing)}")
        return 1
    prompts = make_prompts(
        TEMPLATE.read_text(encoding="utf-8"),
        json.loads(CRITERIA.read_text(encoding="utf-8"))["criteria"],
        json.loads(WRITING_PROMPTS.read_text(encoding="utf-8")),
    )
    return write_or_check({TARGET: prompts}, check=check, maker="tools.make_prompts")


if __name__ == "__main__":
    raise SystemExit(main())
