"""Parsers of single flag values; each says in one line what is wrong."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any


def whole(low: int) -> Any:
    """A parser of whole numbers of at least `low`."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f'"{text}" is no whole number') from None
        if value < low:
            raise argparse.ArgumentTypeError(f"{value} is too small; the least is {low}")
        return value

    return parse


def number(low: float = -math.inf) -> Any:
    """A parser of finite numbers of at least `low`."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f'"{text}" is no number') from None
        if not math.isfinite(value):
            raise argparse.ArgumentTypeError(f'"{text}" is no finite number')
        if value < low:
            raise argparse.ArgumentTypeError(f"{text} is too small; the least is {low:g}")
        return value

    return parse


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
    """A parser of JSON objects."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("is no JSON object")
    return value
