"""Parsers of single flag values; each says in one line what is wrong."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from judgemark.cli.flag_bounds import FLAGS, Range
from judgemark.errors import InputError
from judgemark.inputs.json_file import parse_json

_DEEPEST = 32
_OBJECT = "give one like '{\"seed\": 1}'"


def bounded(flag: str) -> Any:
    """Return a parser of the numbers that a flag takes; its range stands in `flag_bounds`."""
    return bounded_by(FLAGS[flag])


def bounded_by(within: Range) -> Any:
    """Return a parser of the numbers of a range."""

    def parse(text: str) -> float:
        try:
            return number_within(text, within)
        except ValueError as exc:
            raise argparse.ArgumentTypeError(str(exc)) from None

    return parse


def number_within(text: str, within: Range) -> float:
    """Return the number that a text holds; ValueError, with the range, where it is not in it."""
    try:
        value = int(text) if within.whole else float(text)
    except ValueError:
        value = math.nan
    if not within.low <= value <= within.high:
        kind = "a whole number" if within.whole else "a number"
        raise ValueError(f'"{shortened(text)}" cannot be used; give {kind} from {within}')
    return value


def shortened(text: str) -> str:
    """Return the text as it is shown in a message: its beginning, where it is long."""
    return text if len(text) <= 40 else text[:40] + "…"


def none_or(parse: Any) -> Any:
    """Return a parser that takes `none` (leave it to the endpoint) beside what `parse` takes."""

    def parse_or_none(text: str) -> Any:
        return None if text.lower() == "none" else parse(text)

    return parse_or_none


def auto_or(parse: Any) -> Any:
    """Return a parser that takes `auto` beside what `parse` takes."""

    def parse_or_auto(text: str) -> Any:
        if text.lower() == "auto":
            return "auto"
        try:
            return parse(text)
        except argparse.ArgumentTypeError as exc:
            raise argparse.ArgumentTypeError(f"{exc}, or auto") from None

    return parse_or_auto


def path(text: str) -> Path:
    """Parse a path; an empty one is a variable that was not set."""
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty; give a path")
    if "\0" in text:
        raise argparse.ArgumentTypeError("holds a zero byte, which no path may have")
    return Path(text)


def name(text: str) -> str:
    """Parse a name; an empty one is a variable that was not set."""
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty; give a name")
    return text


def json_object(text: str) -> dict[str, Any]:
    """Parse a JSON object: finite numbers, no key twice, not nested beyond all use."""
    try:
        value = parse_json(text, "the JSON")
    except InputError as exc:
        place = f"{exc.place}: " if exc.place else ""
        problem = f"is not a JSON object that can be used ({place}{exc.problem})"
        raise argparse.ArgumentTypeError(f"{problem}; {_OBJECT}") from None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(f"is not a JSON object; {_OBJECT}")
    if _depth(value) > _DEEPEST:
        raise argparse.ArgumentTypeError(f"is nested more than {_DEEPEST} levels deep")
    return value


def _depth(value: Any) -> int:
    levels, held = 0, [value]
    while held := [h for h in held if isinstance(h, dict | list)]:
        levels += 1
        held = [i for h in held for i in (h.values() if isinstance(h, dict) else h)]
    return levels
