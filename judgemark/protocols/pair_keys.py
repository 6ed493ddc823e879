"""The keys of questions about pairs, by the hundred thousand: each text is escaped and hashed once.

A key is the sha256 of JSON in which both texts stand (`question_key`). A tournament asks about
each text many times, and a resume and a scoring need every key again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from judgemark.judges.base import Json
from judgemark.protocols.judging_protocol import key_content
from judgemark.records import Message, Sample

if TYPE_CHECKING:
    from hashlib import _Hash

MOST_ESCAPED = 128 << 20
"""How many bytes of escaped texts are kept; further ones are escaped whenever they are needed."""


class PairKeys:
    """The digests of the questions that `messages` renders for an item and two pieces."""

    def __init__(
        self,
        judge: Mapping[str, Json],
        protocol: Mapping[str, Json],
        messages: Callable[[str, Sample, Sample], Sequence[Message]],
        escape_non_ascii: bool,
    ) -> None:
        self._judge = judge
        self._protocol = protocol
        self._messages = messages
        self._escape = escape_non_ascii
        self._around: dict[str, tuple[bytes, bytes, bytes]] = {}
        self._escaped: dict[str, bytes] = {}
        self._room = MOST_ESCAPED
        self._begun: dict[tuple[str, str], _Hash] = {}

    def of(self, item: str, a: Sample, b: Sample) -> str:
        """Return the digest of the question that shows `a` as A and `b` as B."""
        found = self._begin(item, a).copy()
        found.update(self._escape_of(b))
        found.update(self._around[item][2])
        return found.hexdigest()

    def _begin(self, item: str, a: Sample) -> _Hash:
        """Return the hash of everything up to the place of B, which many pairs share."""
        begun = self._begun.get((item, a.sha256))
        if begun is None:
            before, between, _ = self._parts(item)
            begun = hashlib.sha256(before + self._escape_of(a) + between)
            self._begun[item, a.sha256] = begun
        return begun

    def _parts(self, item: str) -> tuple[bytes, bytes, bytes]:
        """Return the JSON of an item's questions before A, between A and B, and after B."""
        if item not in self._around:
            a, b = self._marks(item)
            before, _, rest = self._content(item, a, b).partition(_twice_escaped(a, self._escape))
            between, _, after = rest.partition(_twice_escaped(b, self._escape))
            self._around[item] = before.encode(), between.encode(), after.encode()
        return self._around[item]

    def _marks(self, item: str) -> tuple[str, str]:
        """Return two texts that stand nowhere else in the JSON of an item's questions."""
        without = self._content(item, "", "")
        number = 0
        while str(number) in without:
            number += 1
        return f"<{number}>", f">{number}<"

    def _content(self, item: str, a: str, b: str) -> str:
        shown = self._messages(item, Sample("", "", item, a), Sample("", "", item, b))
        return key_content(self._judge, self._protocol, shown, item)

    def _escape_of(self, sample: Sample) -> bytes:
        escaped = self._escaped.get(sample.sha256)
        if escaped is None:
            escaped = _twice_escaped(sample.text, self._escape).encode()
            if len(escaped) <= self._room:
                self._room -= len(escaped)
                self._escaped[sample.sha256] = escaped
        return escaped


def _twice_escaped(text: str, escape_non_ascii: bool) -> str:
    """Return a text as it stands in the JSON of a key, within the JSON of the user's message.

    JSON escapes character by character, so that texts can be escaped apart from what is around.
    """
    inner = json.dumps(text, ensure_ascii=escape_non_ascii)[1:-1]
    return json.dumps(inner, ensure_ascii=True)[1:-1]
