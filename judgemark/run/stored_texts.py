"""Keeps the entries of a long journal in little memory: long replies stay where they are stored."""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Generic, TypeVar

from judgemark.errors import InputError
from judgemark.records import Failure, Reply
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.stored_lines import not_opened

MOST_IN_MEMORY = 64 << 20
"""How many characters of long replies are kept in memory; the others are read when needed."""

_SHORT = 200
_CHUNK = 1 << 16

_K = TypeVar("_K")
_V = TypeVar("_V")
_T = TypeVar("_T")

StoredText = str | int
"""The text of a reply, or the byte of the journal at which the line that has it begins."""


class StoredTexts:
    """The replies of one journal; it stays open as it was, whatever becomes of the file.

    `most` is how many characters of replies are kept in memory.
    """

    def __init__(self, journal: Path, most: int = MOST_IN_MEMORY) -> None:
        self._path = journal
        self._room = most
        self._digests: dict[str, str] = {}
        self._descriptor: int | None = None

    def kept(self, entry: JournalEntry) -> JournalEntry:
        """Return an entry to be kept: its reply has no text where there is no room for it.

        A short reply keeps its text, a failure too, since it is shown with its reply, and a reply
        whose numbers have log-probabilities, since they are looked up in its text. Entries share
        the digests of texts.
        """
        reply, at = entry.reply, None
        if reply is not None and entry.at is not None and self._leave(entry, reply):
            self._open()
            reply, at = replace(reply, text=""), entry.at
        one = self._digests.setdefault
        texts = {role: one(sha256, sha256) for role, sha256 in entry.texts.items()}
        return replace(entry, texts=texts, reply=reply, at=at)

    def into(self, entries: list[JournalEntry]) -> Callable[[JournalEntry], JournalEntry]:
        """Return a function that keeps an entry and also appends it to `entries`."""

        def keep(entry: JournalEntry) -> JournalEntry:
            kept = self.kept(entry)
            entries.append(kept)
            return kept

        return keep

    def _leave(self, entry: JournalEntry, reply: Reply) -> bool:
        """Return whether a reply's text is to be left in the journal."""
        if len(reply.text) <= _SHORT or reply.numbers is not None:
            return False
        self._room -= len(reply.text)
        return self._room < 0 and not isinstance(entry.outcome, Failure)

    def where(self, entry: JournalEntry) -> StoredText | None:
        """Return the text of a kept entry's reply, or where it is; None where no reply came."""
        if entry.reply is None:
            return None
        return entry.reply.text if entry.at is None else entry.at

    def text_of(self, entry: JournalEntry) -> str | None:
        """Return the text of a kept entry's reply, read again where it was left."""
        found = self.where(entry)
        return None if found is None else self.text(found)

    def text(self, stored: StoredText) -> str:
        """Return a text that `where` returned; raises InputError where it cannot be read."""
        if isinstance(stored, str):
            return stored
        try:
            return str(json.loads(self._line(stored))["reply"])
        except (ValueError, LookupError, TypeError) as exc:
            raise InputError(
                self._path, "was changed while it was read", fix="run the same command again"
            ) from exc

    def _line(self, at: int) -> bytes:
        descriptor, parts = self._open(), bytearray()
        while b"\n" not in parts:
            part = os.pread(descriptor, _CHUNK, at + len(parts))
            if not part:
                break
            parts += part
        return bytes(parts.partition(b"\n")[0])

    def _open(self) -> int:
        if self._descriptor is None:
            try:
                self._descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
            except OSError as exc:
                raise not_opened(self._path, exc) from exc
            weakref.finalize(self, os.close, self._descriptor)
        return self._descriptor


def without_text(entry: JournalEntry) -> JournalEntry:
    """Return an entry whose reply has no text: for readers that need outcomes alone."""
    return entry if entry.reply is None else replace(entry, reply=replace(entry.reply, text=""))


class ReadWhenNeeded(Mapping[_K, _V], Generic[_K, _V, _T]):
    """A mapping whose values are made from what `stored` holds whenever they are asked for."""

    def __init__(self, stored: Mapping[_K, _T], read: Callable[[_T], _V]) -> None:
        self._stored = stored
        self._read = read

    def __getitem__(self, key: _K) -> _V:
        return self._read(self._stored[key])

    def __contains__(self, key: object) -> bool:
        return key in self._stored

    def __iter__(self) -> Iterator[_K]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)
