"""Criterion scores inside JSON, whole or broken, fenced or not, nested or flat.

A tolerant scan instead of a decoder: judges leave trailing commas and remarks in their JSON, and
a decoder tried at every brace of a hostile reply would take time quadratic in its length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from judgemark.protocols.forms import Mention, value_mention

SCORE_KEYS = frozenset({"score", "scores", "value", "rating", "points", "grade"})
"""Lower-case keys of a criterion's own object that hold its score; no criteria by themselves."""

_NAME_KEYS = frozenset({"criterion", "criteria", "name", "metric", "dimension", "aspect"})
_LONGEST_KEY = 200
# A criterion's own object holds its score and a number or two (a weight, a confidence); one with
# more numbers lists criteria, and its "score" is their sum.
_MOST_BESIDE_A_SCORE = 3

_OBJECT = re.compile(r"\{\s*+\"")
_STRING = r"[^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+"
# A string is a token even where its closing quote is missing: each part is read only once.
_TOKEN = re.compile(
    rf"[{{}}]|\"(?P<key>{_STRING})\"?+"
    rf"(?P<colon>\s*+:\s*+(?:\"(?P<string>{_STRING})\"?+"
    r"|(?P<bare>[^\s\"{}\[\],]{1,40}+)(?=[^\S\n]*+(?:[,}\]/\n]|$))|(?=[{\[])))?+"
)


@dataclass(slots=True)
class _Object:
    owner: str = ""
    label: str = ""
    score: Mention | None = None
    members: list[Mention] = field(default_factory=list)


def json_mentions(text: str, is_name: Callable[[str], bool]) -> dict[int, Mention | None]:
    """What JSON says, by the place of the value in the text; empty for a text without JSON.

    `"Weak Dialogue": 3` names its score itself, `"Weak Dialogue": {"score": 3, ...}` by the
    object's key and `{"criterion": "Weak Dialogue", "score": 3}` by a member; `is_name` tells the
    names of criteria. None marks a number that describes a score and is none (a confidence).
    """
    found: dict[int, Mention | None] = {}
    first = _OBJECT.search(text)
    if first is None:
        return found
    stack: list[_Object] = []
    owner = ""
    for token in _TOKEN.finditer(text, first.start()):
        key = token["key"]
        if key is not None:
            if token["colon"] is None or len(key) > _LONGEST_KEY:
                continue
            owner = _plain(key)
            if stack and (token["string"] is not None or token["bare"] is not None):
                _add(stack[-1], owner, token)
        elif token[0] == "{":
            stack.append(_Object(owner))
            owner = ""
        elif stack:
            _close(stack.pop(), is_name, found)
    while stack:
        _close(stack.pop(), is_name, found)
    return found


def _plain(key: str) -> str:
    if "\\" not in key:
        return key
    try:
        return str(json.loads(f'"{key}"'))
    except ValueError:
        return key


def _add(inside: _Object, key: str, token: re.Match[str]) -> None:
    folded = key.strip().casefold()
    string = token["string"]
    if string is not None and folded in _NAME_KEYS:
        inside.label = _plain(string[:_LONGEST_KEY])
        return
    group = "bare" if string is None else "string"
    mention = value_mention(token[group], token.start(group), key)
    if mention is None:
        return
    if folded in SCORE_KEYS and inside.score is None:
        inside.score = mention
    else:
        inside.members.append(mention)


def _close(done: _Object, is_name: Callable[[str], bool], found: dict[int, Mention | None]) -> None:
    name = done.label or done.owner
    about_one = len(done.members) <= _MOST_BESIDE_A_SCORE
    score = done.score
    own = score is not None and about_one and is_name(name)
    for member in done.members:
        found[member.at] = None if own else member
    if score is not None:
        renamed = Mention(score.at, name, score.given, score.value, score.out_of)
        found[score.at] = renamed if own else score
