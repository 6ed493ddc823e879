"""The log-probabilities of the numbers in a reply, out of all that an endpoint returns. Pure.

Only numbers are kept: for each its tokens with the likely alternatives, and the numeric
alternatives of the token after it, which say how likely the number was to go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgemark.judges.logprob import SEEN_AS_SPACE, is_log_probability
from judgemark.records import NumberLogprobs

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_NUMERIC = re.compile(r"\d|[.,]\Z")
_LEAST = -9.22
"""Alternatives below a probability of 1e-4 are left out: a hundred of them make one percent."""

_LONGEST_TOKEN = 12
_DIGITS = 4
_MOST_NUMBERS = 400


@dataclass(frozen=True, slots=True)
class _Step:
    """One token of a reply: where it stands in the reply's text, and its alternatives."""

    start: int
    end: int
    token: str
    logprob: float
    others: tuple[tuple[str, float], ...]


def number_logprobs(logprobs: object, text: str) -> tuple[NumberLogprobs, ...] | None:
    """Return the numbers of a reply with their log-probabilities, in the order of the text.

    Args:
        logprobs: the field of that name in a choice of an OpenAI-compatible answer.
        text: the reply as it is kept.

    Returns None where the endpoint gave none, or no alternatives, or where they belong to another
    text than the one that is kept: then nothing says which token stands where.
    """
    content = logprobs.get("content") if isinstance(logprobs, Mapping) else None
    if not isinstance(content, list) or not any(map(_alternatives, content)):
        return None
    steps = _steps(content, text)
    return None if steps is None else tuple(_numbers(steps, text))


def _steps(content: Sequence[Any], text: str) -> list[_Step] | None:
    tokens = [_token(entry) for entry in content]
    if None in tokens:
        return None
    pieces = [token for token in tokens if token is not None]
    joined = b"".join(piece[0] for piece in pieces)
    wanted = text.encode("utf-8", "surrogatepass")
    shift = joined.rfind(wanted)
    if shift < 0:
        return None
    places = _character_places(wanted, text)
    steps: list[_Step] = []
    at = -shift
    for raw, logprob, others in pieces:
        start, at = at, at + len(raw)
        if at > 0 and start < len(wanted):
            steps.append(
                _Step(
                    places[max(start, 0)],
                    places[min(at, len(wanted))],
                    raw.decode("utf-8", "replace"),
                    logprob,
                    others,
                )
            )
    return steps


def _character_places(raw: bytes, text: str) -> Sequence[int]:
    """Return for every byte, and for the end, how many characters begin before it."""
    if len(raw) == len(text):
        return range(len(text) + 1)
    places, seen = [], 0
    for byte in raw:
        places.append(seen)
        seen += byte & 0xC0 != 0x80
    # A byte within a character counts for the character that it belongs to.
    inside = [n - 1 if raw[i] & 0xC0 == 0x80 else n for i, n in enumerate(places)]
    return [*inside, seen]


def _alternatives(entry: object) -> Sequence[Any]:
    listed = entry.get("top_logprobs") if isinstance(entry, Mapping) else None
    return listed if isinstance(listed, list) else ()


def _token(entry: object) -> tuple[bytes, float, tuple[tuple[str, float], ...]] | None:
    """Return a token's bytes, its log-probability and its alternatives; None for no token."""
    if not isinstance(entry, Mapping):
        return None
    token, logprob = entry.get("token"), _usable(entry.get("logprob"))
    if not isinstance(token, str) or logprob is None:
        return None
    others = []
    for other in _alternatives(entry):
        name = other.get("token") if isinstance(other, Mapping) else None
        value = _usable(other.get("logprob")) if isinstance(other, Mapping) else None
        if isinstance(name, str) and value is not None and name != token:
            others.append((name, value))
    given = entry.get("bytes")
    if isinstance(given, list) and all(type(b) is int and 0 <= b < 256 for b in given):
        return bytes(given), logprob, tuple(others)
    return token.encode("utf-8", "surrogatepass"), logprob, tuple(others)


def _usable(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return min(number, 0.0) if is_log_probability(number) and number > -1e9 else None


def _numbers(steps: Sequence[_Step], text: str) -> Iterator[NumberLogprobs]:
    first = 0
    for count, found in enumerate(_NUMBER.finditer(text)):
        if count == _MOST_NUMBERS:
            return
        while first < len(steps) and steps[first].end <= found.start():
            first += 1
        last = first
        while last < len(steps) and steps[last].start < found.end():
            last += 1
        if first == last:
            return
        within = [_kept(step, whole=True) for step in steps[first:last]]
        after = _kept(steps[last], whole=False) if last < len(steps) else ()
        yield NumberLogprobs(found.start(), tuple(within), after)


def _kept(step: _Step, *, whole: bool) -> tuple[tuple[str, float], ...]:
    """Return the alternatives that continue a number; with `whole`, the token itself first."""
    own = ((_bare(step.token), round(step.logprob, _DIGITS)),)
    others = tuple(
        (_bare(token), round(logprob, _DIGITS))
        for token, logprob in step.others
        if logprob >= _LEAST and len(token) <= _LONGEST_TOKEN and _NUMERIC.search(_bare(token))
    )
    return (*own, *others) if whole or _NUMERIC.search(own[0][0]) else others


def _bare(token: str) -> str:
    """Return a token without the white space around it, however the server spells that."""
    return token.strip(SEEN_AS_SPACE + " \t\r\n\u00a0\u3000")
