"""Parsers of single flag values; each says in one line what is wrong."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any, TypeVar

from judgemark.bounds import LARGEST_COUNT, LARGEST_NUMBER
from judgemark.errors import InputError
from judgemark.inputs.json_file import parse_json

Bounded = TypeVar("Bounded", int, float)
_DEEPEST = 32


def whole(low: int, high: int = LARGEST_COUNT) -> Any:
    """A parser of whole numbers of `low` to `high`."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f'"{shortened(text)}" is no whole number') from None
        return _within(value, low, high, text)

    return parse


def number(low: float = -LARGEST_NUMBER, high: float = LARGEST_NUMBER) -> Any:
    """A parser of finite numbers of `low` to `high`."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f'"{shortened(text)}" is no number') from None
        if not math.isfinite(value):
            raise argparse.ArgumentTypeError(f'"{shortened(text)}" is no finite number')
        return _within(value, low, high, text)

    return parse


def _within(value: Bounded, low: float, high: float, text: str) -> Bounded:
    if value < low:
        raise argparse.ArgumentTypeError(f"{shortened(text)} is too small; the least is {low:g}")
    if value > high:
        raise argparse.ArgumentTypeError(f"{shortened(text)} is too large; the most is {high:g}")
    return value


def shortened(text: str) -> str:
    """The text as it is shown in a message: its beginning, where it is long."""
    return text if len(text) <= 40 else text[:40] + "…"


def none_or(parse: Any) -> Any:
    """A parser that takes `none` (leave it to the endpoint) beside what `parse` takes."""

    def parse_or_none(text: str) -> Any:
        return None if text.lower() == "none" else parse(text)

    return parse_or_none


def path(text: str) -> Path:
    """A parser of paths; an empty one is a variable that was not set."""
    if not text.strip():
        raise argparse.ArgumentTypeError("no path is given")
    return Path(text)


def name(text: str) -> str:
    """A parser of names; an empty one is a variable that was not set."""
    if not text.strip():
        raise argparse.ArgumentTypeError("no name is given")
    return text


def json_object(text: str) -> dict[str, Any]:
    """A parser of JSON objects: finite numbers, no key twice, not nested beyond all use."""
    try:
        value = parse_json(text, "the JSON")
    except InputError as exc:
        raise argparse.ArgumentTypeError(f"is no JSON object: {exc}") from None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("is no JSON object")
    if _depth(value) > _DEEPEST:
        raise argparse.ArgumentTypeError(f"is nested more than {_DEEPEST} levels deep")
    return value


def _depth(value: Any) -> int:
    levels, held = 0, [value]
    while held := [h for h in held if isinstance(h, dict | list)]:
        levels += 1
        held = [i for h in held for i in (h.values() if isinstance(h, dict) else h)]
    return levels
