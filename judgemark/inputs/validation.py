"""Checks outside data against a pydantic type, and says in plain words where the data do not
fit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from judgemark.errors import InputError
from judgemark.inputs.json_file import json_kind, place_of

T = TypeVar("T")
_OBJECTS = ("dict_type", "model_type", "model_attributes_type", "dataclass_type")
_NUMBERS = ("float_type", "int_type", "float_parsing", "int_parsing", "int_from_float")
_STRINGS = ("string_type",)
_BOUNDS = {
    "greater_than_equal": "ge",
    "less_than_equal": "le",
    "greater_than": "gt",
    "less_than": "lt",
}


def validated(
    adapter: TypeAdapter[T],
    data: object,
    path: Path | str,
    *,
    fix: str,
    within: tuple[int | str, ...] = (),
    summary: str = "",
    leaf: str = "",
) -> T:
    """Return the data as the adapter's type.

    Args:
        fix: the expected format, or what the user can do to correct the file.
        within: where in the file the data are.
        summary: what is wrong with a file that does not fit, said of the file as a whole.
        leaf: what the texts or numbers in the data are, as in "the score".

    Raises:
        InputError: names the first place that does not fit and what is wrong there.
    """
    try:
        return adapter.validate_python(data)
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        where = tuple(part for part in first["loc"] if part != "[key]")
        place = place_of((*within, *where))
        problem = _problem_of(dict(first))
        if leaf and str(first["type"]) in (*_STRINGS, *_NUMBERS, *_BOUNDS):
            problem = f"{leaf} {problem}"
        if not summary:
            raise InputError(path, problem, place=place, fix=fix) from exc
        detail = f"{place} {problem}" if place else problem
        raise InputError(path, f"{summary} ({detail})", fix=fix) from exc


def _problem_of(error: Mapping[str, Any]) -> str:
    """Return one of pydantic's errors in the words of JSON."""
    kind, value = str(error["type"]), error.get("input")
    if kind == "missing":
        return "is missing"
    if kind in _STRINGS:
        return f"is {json_kind(value)}, not a string"
    if kind in _OBJECTS:
        return f"is {json_kind(value)}, not an object"
    if kind in ("list_type", "tuple_type"):
        return f"is {json_kind(value)}, not an array"
    if kind == "bool_type":
        return f"is {json_kind(value)}, not true or false"
    if kind in _NUMBERS:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return "is a number that is out of bounds or not whole"
        return f"is {json_kind(value)}, not a number"
    if kind in _BOUNDS:
        bound = error["ctx"][_BOUNDS[kind]]
        relation = kind.replace("_", " ").replace("than equal", "than or equal to")
        return f"is out of bounds: it must be {relation} {bound:g}"
    message = str(error["msg"])
    return message[:1].lower() + message[1:]
