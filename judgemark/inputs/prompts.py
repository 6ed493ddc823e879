"""Reads judge prompts and criteria, and puts pieces into prompts.

A prompts file is `{item: prompt}`. One that brings a system message is
`{"system": message, "prompts": {item: prompt}}`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, StrictBool, StrictStr, TypeAdapter

from judgemark.errors import InputError
from judgemark.inputs.json_file import (
    place_of,
    read_json,
    read_text,
    refuse_half_characters,
)
from judgemark.inputs.our_files import OUR_PROMPTS
from judgemark.inputs.validation import validated
from judgemark.records import Criterion
from judgemark.table.item_scores import fold_name

START = "[TEST MODEL RESPONSE]"
END = "[TEST MODEL RESPONSE END]"
FEWEST_CRITERIA = 5
_FORMAT = (
    "the format is {item: prompt}; with a system message it is "
    '{"system": text, "prompts": {item: prompt}}'
)
_PROMPTS = TypeAdapter(dict[str, StrictStr])

# Always the innermost pair. Where a prompt speaks of the markers in a sentence, the pair that has
# lines of its own is meant.
_INSIDE = rf"(?:(?!{re.escape(START)}).)*?"
_SLOTS = (
    re.compile(
        rf"^[ \t\r]*(?P<slot>{re.escape(START)}[ \t\r]*$"
        + _INSIDE
        + rf"^[ \t\r]*{re.escape(END)})[ \t\r]*$",
        re.DOTALL | re.MULTILINE,
    ),
    re.compile(f"(?P<slot>{re.escape(START)}{_INSIDE}{re.escape(END)})", re.DOTALL),
)
_PLACEHOLDER = re.compile(r"<(RUBRIC_CRITERIA|SCORE_ANCHORING|SCORING_MIN|SCORING_MAX)>")


@dataclass(frozen=True)
class PromptSet:
    """Judge prompts by item, complete except for the piece: the text before it and the text
    after it.

    `system` is the message that precedes every prompt; None where the file brings none.
    """

    name: str
    around: Mapping[str, tuple[str, str]]
    system: str | None = None
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        # The digest of prompts without a system message stays what it was before there were any.
        content = sorted(self.around.items())
        whole = content if self.system is None else (self.system, content)
        object.__setattr__(self, "sha256", hashlib.sha256(json.dumps(whole).encode()).hexdigest())

    def render(self, item: str, piece: str) -> str:
        """Return the whole prompt with `piece` between the markers; nothing in the piece is
        expanded."""
        before, after = self.around[item]
        return f"{before}\n{piece}\n{after}"

    def render_whole(self, item: str, piece: str) -> str:
        """Return the system message and the prompt as one text, for a judge that takes one."""
        prompt = self.render(item, piece)
        return prompt if self.system is None else f"{self.system}\n\n{prompt}"


@dataclass(frozen=True)
class Fills:
    """The texts that replace a prompt's placeholders; None where no file was given."""

    scoring_min: float
    scoring_max: float
    rubric_criteria: str | None = None
    score_anchoring: str | None = None

    def value(self, name: str) -> str | None:
        """Return the text that replaces the placeholder `name`, or None where no file was given."""
        numbers = {"SCORING_MIN": self.scoring_min, "SCORING_MAX": self.scoring_max}
        if name in numbers:
            return f"{numbers[name]:g}"
        text = self.rubric_criteria if name == "RUBRIC_CRITERIA" else self.score_anchoring
        if text is None:
            return None
        return _PLACEHOLDER.sub(
            lambda m: f"{numbers[m[1]]:g}" if m[1] in numbers else m[0], text
        ).strip()


def read_prompts(path: Path, items: Iterable[str], fills: Fills) -> PromptSet:
    """Return the prompts of a file, after checking that every item has one.

    Raises InputError where the shape is wrong, where an item has no prompt, where a prompt lacks
    the pair of markers, and where a placeholder has no text to replace it.
    """
    raw = read_json(path)
    within: tuple[str, ...] = ()
    system = None
    if isinstance(raw, dict) and isinstance(raw.get("prompts"), dict):
        within = ("prompts",)
        system = _read_system(raw, fills, path)
        raw = raw["prompts"]
    data = validated(_PROMPTS, raw, path, fix=_FORMAT, leaf="the prompt")
    if not data:
        raise InputError(path, "holds no prompts", fix=_FORMAT)
    around: dict[str, tuple[str, str]] = {}
    for item, template in data.items():
        place = place_of((*within, item))
        refuse_half_characters(template, path, place)
        before, after = split_at_piece(template, path, place)
        around[item] = (
            _fill_placeholders(before, fills, path, place),
            _fill_placeholders(after, fills, path, place),
        )
    others = "name the prompts made for these samples with ‹prompts_file›, or make them from one "
    others += "text with ‹template›"
    # Our own file lies in the package: nobody should add to it.
    fix = others if path == OUR_PROMPTS else f"add one, {others}"
    for item in sorted(set(items)):
        if item not in around:
            place = place_of((*within, item))
            raise InputError(path, "the item has no prompt", place=place, fix=fix)
    return PromptSet(path.stem, around, system)


def _read_system(raw: Mapping[str, object], fills: Fills, path: Path) -> str:
    """Return the system message of a file that has one, its placeholders filled."""
    for name in raw:
        if name not in ("system", "prompts"):
            raise InputError(path, "is not part of this form", place=place_of((name,)), fix=_FORMAT)
    return checked_system(raw.get("system"), fills, path)


def checked_system(text: object, fills: Fills | None, path: Path) -> str:
    """Return a system message, its placeholders filled; without `fills` they stay.

    Raises InputError where it is not a text.
    """
    place = place_of(("system",))
    if not isinstance(text, str) or not text.strip():
        raise InputError(path, "the system message is not a text", place=place, fix=_FORMAT)
    refuse_half_characters(text, path, place)
    return text if fills is None else _fill_placeholders(text, fills, path, place)


def split_at_piece(template: str, path: Path, place: str) -> tuple[str, str]:
    """Return the texts before and after the piece, each with its marker.

    Raises InputError where the pair of markers is missing.
    """
    slot = next(filter(None, (way.search(template) for way in _SLOTS)), None)
    if slot is None:
        raise InputError(
            path,
            "the prompt has no place for the piece",
            place=place,
            fix=f"put the markers {START} and {END} where the piece goes",
        )
    return template[: slot.start("slot")] + START, END + template[slot.end("slot") :]


def _fill_placeholders(text: str, fills: Fills, path: Path, place: str) -> str:
    """Return the text with its placeholders filled, once and from left to right.

    Raises InputError for a placeholder that no file fills.
    """

    def fill(match: re.Match[str]) -> str:
        value = fills.value(match[1])
        if value is None:
            flag = f"‹{match[1].lower()}_file›"
            raise InputError(path, f"nothing fills {match[0]}", place=place, fix=f"give {flag}")
        return value

    return _PLACEHOLDER.sub(fill, text)


class _CriterionEntry(BaseModel):
    model_config = ConfigDict(extra="ignore")
    name: StrictStr
    negative: StrictBool


class _CriteriaFile(BaseModel):
    model_config = ConfigDict(extra="ignore")
    criteria: list[_CriterionEntry]


_CRITERIA = TypeAdapter(_CriteriaFile)
_CRITERIA_FORMAT = 'the format is {"criteria": [{"name": ..., "negative": true|false}]}'


def read_criteria(path: Path) -> tuple[Criterion, ...]:
    """Return the criteria of `{"criteria": [{"name": ..., "negative": true|false}]}`, in file
    order.

    Raises InputError where the shape is wrong, where a name is empty or occurs twice, and where
    there are fewer than FEWEST_CRITERIA, because no reply could be scored then.
    """
    entries = validated(_CRITERIA, read_json(path), path, fix=_CRITERIA_FORMAT).criteria
    names = [entry.name.strip() for entry in entries]
    folded = [fold_name(name) for name in names]
    for n, name in enumerate(folded):
        if not name or name in folded[:n]:
            raise InputError(
                path,
                "the name occurs twice" if name else "the name has no letter",
                place=place_of(("criteria", n, "name")),
                fix="give each criterion a name of its own; case and punctuation do not count",
            )
    if len(names) < FEWEST_CRITERIA:
        raise InputError(
            path,
            f"names {len(names)} criteria",
            place=place_of(("criteria",)),
            fix=f"give at least {FEWEST_CRITERIA}: a reply with fewer scores has no item score",
        )
    return tuple(Criterion(n, e.negative) for n, e in zip(names, entries, strict=True))


def read_fill(path: Path | None) -> str | None:
    """Return the text of a file that replaces a placeholder, or None where no file was named."""
    return None if path is None else read_text(path)
