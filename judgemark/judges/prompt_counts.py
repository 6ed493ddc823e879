"""Whether a server truncates prompts: its token counts, compared with the prompts' lengths."""

from __future__ import annotations

import logging
import threading

from judgemark.judged import CutPrompts
from judgemark.records import Question, Reply

_LOG = logging.getLogger(__name__)

CHARACTERS_PER_TOKEN = 4
"""A rough figure for English; other languages have fewer characters to a token."""

_FAR_BELOW = 2
"""How many times too small a count must be before it is reported: estimates are rough."""

_ONE_IN = 20
"""One count in this many may be too small for another reason, such as a cached prompt."""

_FEWEST_CHARACTERS = 2_000
_FEWEST_ALIKE = 3
_LONGER = 1.02
_LONGER_CHARACTERS = 200


class PromptCounts:
    """Collects prompt lengths and token counts, in constant memory."""

    def __init__(self) -> None:
        self._known = 0
        self._most = 0
        self._alike = 0
        self._shortest = 0
        self._longest = 0
        self._below = 0
        self._worst = (0, 0)

    def add(self, characters: int, tokens: int | None) -> None:
        """Count one prompt; a count of None or 0 says nothing."""
        if not tokens or tokens < 1:
            return
        self._known += 1
        if tokens > self._most:
            self._most, self._alike = tokens, 0
            self._shortest = self._longest = characters
        if tokens == self._most:
            self._alike += 1
            self._shortest = min(self._shortest, characters)
            self._longest = max(self._longest, characters)
        if (
            characters >= _FEWEST_CHARACTERS
            and tokens * CHARACTERS_PER_TOKEN * _FAR_BELOW < characters
        ):
            self._below += 1
            if characters > self._worst[0]:
                self._worst = (characters, tokens)

    @property
    def cut(self) -> CutPrompts | None:
        """The evidence that prompts were cut; None where there is none."""
        longer = max(_LONGER * self._shortest, self._shortest + _LONGER_CHARACTERS)
        if self._alike >= _FEWEST_ALIKE and self._longest >= longer:
            return CutPrompts(
                self._most, self._shortest, self._longest, True, self._alike, self._known
            )
        if self._below and self._below * _ONE_IN >= self._known:
            longest, tokens = self._worst
            return CutPrompts(tokens, longest, longest, False, self._below, self._known)
        return None


class PromptWatch:
    """Looks at every reply as it comes, and says once when prompts seem to be cut."""

    def __init__(self) -> None:
        self._counts = PromptCounts()
        self._told = False
        self._lock = threading.Lock()

    def note(self, question: Question, reply: Reply) -> None:
        """Count one prompt by its messages."""
        characters = sum(len(message.content) for message in question.messages)
        with self._lock:
            self._counts.add(characters, reply.usage.prompt_tokens)
            cut = None if self._told else self._counts.cut
            self._told = self._told or cut is not None
        if cut is not None:
            _LOG.warning("%s", cut)
