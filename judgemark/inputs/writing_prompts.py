"""Reads writing prompts, a pairwise judge's instructions: `{item: {"writing_prompt": text}}`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, StrictStr, TypeAdapter

from judgemark.errors import InputError
from judgemark.inputs.json_file import place_of, read_json, refuse_half_characters
from judgemark.inputs.validation import validated

_FORMAT = 'the format is {item: {"writing_prompt": text}}'


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore")
    writing_prompt: StrictStr


_PROMPTS = TypeAdapter(dict[str, _Entry])


@dataclass(frozen=True)
class WritingPrompts:
    """What the writers were asked, by item; sent to the judge unchanged, `<SEED>` included."""

    name: str
    by_item: Mapping[str, str]
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        text = json.dumps(sorted(self.by_item.items()))
        object.__setattr__(self, "sha256", hashlib.sha256(text.encode()).hexdigest())


def read_writing_prompts(
    given: Path | Mapping[str, object], items: Iterable[str]
) -> WritingPrompts:
    """Return the writing prompts of a file, or of a mapping laid out like one.

    Every item must have one.
    Keys other than `writing_prompt` are ignored. Raises InputError where the shape is wrong, where
    a writing prompt is empty, and where an item has none.
    """
    path = given if isinstance(given, Path) else Path("writing_prompts")
    plain = read_json(given) if isinstance(given, Path) else dict(given)
    data = validated(_PROMPTS, plain, path, fix=_FORMAT, leaf="the writing prompt")
    if not data:
        raise InputError(path, "holds no writing prompts", fix=_FORMAT)
    found: dict[str, str] = {}
    for item, entry in data.items():
        text = entry.writing_prompt
        place = place_of((item, "writing_prompt"))
        if not text.strip():
            raise InputError(path, "the writing prompt is empty", place=place, fix="fill it in")
        refuse_half_characters(text, path, place)
        found[item] = text
    for item in sorted(set(items)):
        if item not in found:
            raise InputError(
                path,
                "the item has no writing prompt",
                place=place_of((item,)),
                fix="add it, or name the prompts of these samples with ‹writing_prompts›",
            )
    return WritingPrompts(path.stem, found)
