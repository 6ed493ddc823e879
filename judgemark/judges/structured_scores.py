"""Asking for scores as JSON of a given schema, and giving the criteria their own names back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from judgemark.judges.base import Json

_UNSAFE = re.compile(r"[^a-z0-9]+")
_LONGEST_KEY = 48
_OLDER_FORM = "json_object"


@dataclass(frozen=True)
class StructuredScores:
    """A schema with one integer for each criterion, from `minimum` to `maximum`.

    Providers restrict the names of properties, so that each criterion gets a safe key, unique
    among them. Where the range has no room for integers, numbers are asked for. `as_object` asks
    by the older form `{"type": "json_object", "schema": ...}`, which some local servers know
    instead of `json_schema`.
    """

    criteria: tuple[str, ...]
    minimum: float
    maximum: float
    as_object: bool = False

    def to_json(self) -> dict[str, Json]:
        """Return what the schema is made of, as run.json stores it and keys hash it."""
        made: dict[str, Json] = {
            "criteria": list(self.criteria), "min": self.minimum, "max": self.maximum
        }  # fmt: skip
        return made | {"form": _OLDER_FORM} if self.as_object else made

    def in_form_of(self, stored: object) -> StructuredScores:
        """Return the same scores, asked for in the form that a run stored with `to_json`."""
        form = stored.get("form") if isinstance(stored, Mapping) else None
        return replace(self, as_object=form == _OLDER_FORM)

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The criterion of each key, in order."""
        found: dict[str, str] = {}
        for number, name in enumerate(self.criteria, 1):
            key = _UNSAFE.sub("_", name.lower()).strip("_")[:_LONGEST_KEY] or f"criterion_{number}"
            found[key if key not in found else f"{key}_{number}"] = name
        return found

    @property
    def response_format(self) -> dict[str, Any]:
        """The request's field of that name; strict, which needs every key and no other."""
        whole = self.minimum % 1 == 0 and self.maximum % 1 == 0 and self.maximum > self.minimum + 1
        kind = "integer" if whole else "number"
        scale = f"a score from {self.minimum:g} to {self.maximum:g}"
        properties = {
            key: {"type": kind, "description": f"{name}: {scale}"}
            for key, name in self.keys.items()
        }
        schema = {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
        if self.as_object:
            return {"type": _OLDER_FORM, "schema": schema}
        named = {"name": "scores", "strict": True, "schema": schema}
        return {"type": "json_schema", "json_schema": named}

    def follows(self, text: str) -> bool:
        """Return whether a reply, names given back, is JSON with a number for every criterion."""
        scores = _object(text)
        return (
            scores is not None
            and scores.keys() == set(self.criteria)
            and all(type(value) in (int, float) for value in scores.values())
        )

    def with_names(self, text: str) -> str:
        """Return a reply with the criteria's own names as keys; any other text as it is."""
        scores = _object(text)
        if scores is None or not scores.keys() <= self.keys.keys():
            return text
        named = {self.keys[key]: value for key, value in scores.items()}
        return json.dumps(named, ensure_ascii=False)


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found else None
