"""Answers of a chat endpoint with the log-probabilities of their tokens."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

_TOKEN = re.compile(r"\d+|\s*[^\W\d]+|\s|[^\w\s]")


def tokens_of(text: str, *, single_digits: bool = False) -> list[str]:
    """Cut a text into tokens: words, numbers (or digits) and signs."""
    found = _TOKEN.findall(text)
    if not single_digits:
        return found
    return [part for token in found for part in (list(token) if token.isdigit() else [token])]


def choice_logprobs(
    tokens: Sequence[str], alternatives: Mapping[int, Mapping[str, float]] | None = None
) -> dict[str, Any]:
    """The `logprobs` of a choice: each token with probability 1, or those given for its place.

    `alternatives` maps a token's index to probabilities by token; the token itself is among them.
    """
    content = []
    for n, token in enumerate(tokens):
        chances = (alternatives or {}).get(n, {token: 1.0})
        listed = [
            {"token": t, "logprob": math.log(p), "bytes": list(t.encode())}
            for t, p in chances.items()
        ]
        content.append({**listed[list(chances).index(token)], "top_logprobs": listed})
    return {"content": content}
