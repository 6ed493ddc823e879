"""Parsers of single flag values; each says in one line what is wrong."""

from __future__ import annotations

import argparse
import json
import math
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
        if not math.isfinite(value) or value < low:
            raise argparse.ArgumentTypeError(f'"{text}" is not a number of at least {low:g}')
        return value

    return parse


def none_or(parse: Any) -> Any:
    """A parser that takes `none` (leave it to the endpoint) beside what `parse` takes."""

    def parse_or_none(text: str) -> Any:
        return None if text.lower() == "none" else parse(text)

    return parse_or_none


def json_object(text: str) -> dict[str, Any]:
    """A parser of JSON objects."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("is no JSON object")
    return value
