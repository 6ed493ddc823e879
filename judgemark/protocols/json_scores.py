"""Criterion scores inside JSON, whole or broken, fenced or not, nested or flat.

A tolerant scan instead of a decoder: judges leave trailing commas and remarks in their JSON, and
a decoder tried at every brace of a hostile reply would take time quadratic in its length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from judgemark.protocols.score_labels import label_kind
from judgemark.protocols.score_mention import KindOf
from judgemark.protocols.score_objects import LONGEST_KEY, NAME_KEYS, MentionsByPlace, ScoreObject

_OBJECT = re.compile(r"\{\s*+\"")
_STRING = r"[^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+"
# A string is a token even where its closing quote is missing: each part is read only once.
_TOKEN = re.compile(
    rf"[{{}}\[\]]|\"(?P<key>{_STRING})\"?+"
    rf"(?P<colon>\s*+:\s*+(?:\"(?P<string>{_STRING})\"?+"
    r"|(?P<bare>[^\s\"{}\[\],]{1,40}+)(?=[^\S\n]*+(?:[,}\]/\n]|$))|(?=[{\[])))?+"
)


def json_mentions(
    text: str, is_name: Callable[[str], bool], kind_of: KindOf = label_kind
) -> MentionsByPlace:
    """Return what JSON says, by the place of the value in the text; empty where there is none.

    `"Weak Dialogue": 3` names its score itself, `"Weak Dialogue": {"score": 3, ...}` by the
    object's key and `{"criterion": "Weak Dialogue", "score": 3}` by a member; `is_name` tells the
    names of criteria. None marks a number that describes a score and is none (a confidence).
    """
    found: MentionsByPlace = {}
    first = _OBJECT.search(text)
    if first is None:
        return found
    outside = ScoreObject()
    stack: list[ScoreObject] = []
    owner = ""
    for token in _TOKEN.finditer(text, first.start()):
        key = token["key"]
        if key is not None:
            if token["colon"] is None or len(key) > LONGEST_KEY:
                continue
            owner = _plain(key)
            if token["string"] is not None or token["bare"] is not None:
                if stack:
                    _add(stack[-1], owner, token, kind_of)
                owner = ""
        elif token[0] in "{[":
            inside = (stack[-1] if stack else outside).child(owner, kind_of)
            inside.listed = token[0] == "["
            stack.append(inside)
            owner = owner if inside.listed else ""
        elif token[0] == "}" or (stack and stack[-1].listed):
            _close(stack, token[0] == "}", is_name, found)
    while stack:
        stack.pop().close(is_name, found)
    return found


def _close(
    stack: list[ScoreObject],
    ends_object: bool,
    is_name: Callable[[str], bool],
    found: MentionsByPlace,
) -> None:
    """Close the innermost object with the lists left open in it, or the innermost list."""
    while stack:
        closed = stack.pop()
        closed.close(is_name, found)
        if closed.listed is not ends_object:
            return


def _plain(key: str) -> str:
    if "\\" not in key:
        return key
    try:
        return str(json.loads(f'"{key}"'))
    except ValueError:
        return key


def _add(inside: ScoreObject, key: str, token: re.Match[str], kind_of: KindOf) -> None:
    string = token["string"]
    if string is not None and key.strip().casefold() in NAME_KEYS:
        inside.label = _plain(string[:LONGEST_KEY])
        return
    group = "bare" if string is None else "string"
    inside.add(key, token[group], token.start(group), kind_of)
