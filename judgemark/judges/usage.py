"""Reads what an endpoint reports of tokens and dollars; figures that cannot be true are dropped."""

from __future__ import annotations

import math
from collections.abc import Mapping

from judgemark.records import Usage

MOST_TOKENS = 100_000_000
"""More than any context holds: a larger count is an error of the endpoint."""

MOST_DOLLARS = 10_000.0
"""More than any single reply costs."""


def read_usage(reported: object) -> Usage:
    """Return the tokens and the cost that an endpoint reports for one reply.

    A figure counts as not reported (None) where it is not a number, negative, not finite, not a
    whole number of tokens, or beyond anything that one reply can take. A router that calls the
    provider with the user's own key reports its own fee, often 0, and the provider's price beside
    it: the cost is then both together.
    """
    if not isinstance(reported, Mapping):
        return Usage()
    return Usage(
        _tokens(reported.get("prompt_tokens")),
        _tokens(reported.get("completion_tokens")),
        _cost(reported),
    )


def _cost(reported: Mapping[str, object]) -> float | None:
    fee = _number(reported.get("cost"), MOST_DOLLARS)
    details = reported.get("cost_details")
    upstream = None
    if isinstance(details, Mapping):
        upstream = _number(details.get("upstream_inference_cost"), MOST_DOLLARS)
    own_key = reported.get("is_byok")
    # Without an own key some routers repeat their own price as the provider's.
    if fee is None or upstream is None or not (own_key is True or (own_key is None and fee == 0)):
        return fee
    return fee + upstream


def _tokens(value: object) -> int | None:
    number = _number(value, MOST_TOKENS)
    return int(number) if number is not None and number == int(number) else None


def _number(value: object, most: float) -> float | None:
    """Return a number of 0 to `most`, else None; whole numbers of any length come from JSON."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Compared before it is converted: 400 digits do not fit a float.
    if not 0 <= value <= most:
        return None
    return None if math.isnan(value) else float(value)
