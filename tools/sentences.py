"""Takes a piece apart into sentences and puts it together again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_STOP = re.compile(r"[.!?]+\"?(?= +[\"A-Z0-9])")
_INITIAL = re.compile(r"(?:^|[ \"])[A-HJ-Z]\.$")


@dataclass(frozen=True, slots=True)
class Piece:
    """The sentences of a piece in order, and which paragraph each stands in (same length)."""

    sentences: tuple[str, ...]
    paragraphs: tuple[int, ...]

    @property
    def words(self) -> int:
        """The number of words: runs of anything but white space."""
        return sum(count_words(s) for s in self.sentences)

    def with_changes(self, changes: Mapping[int, str]) -> Piece:
        """The piece with some sentences replaced; an empty text drops its sentence."""
        sentences = tuple(changes.get(n, s) for n, s in enumerate(self.sentences))
        return Piece(sentences, self.paragraphs)


def count_words(text: str) -> int:
    """The number of words of a text."""
    return len(text.split())


def split_piece(text: str) -> Piece:
    """The piece in sentences. Paragraphs are parted by a blank line.

    A quotation counts as part of one sentence however many stops it holds, so that a sentence
    taken elsewhere brings both of its quotation marks. An initial (`B. Oduya`) ends no sentence.
    """
    sentences: list[str] = []
    paragraphs: list[int] = []
    for n, paragraph in enumerate(text.strip().split("\n\n")):
        for sentence in _split_paragraph(" ".join(paragraph.split())):
            sentences.append(sentence)
            paragraphs.append(n)
    return Piece(tuple(sentences), tuple(paragraphs))


def _split_paragraph(paragraph: str) -> list[str]:
    found: list[str] = []
    start = 0
    for stop in _STOP.finditer(paragraph):
        sentence = paragraph[start : stop.end()]
        if sentence.count('"') % 2 == 0 and not _INITIAL.search(sentence):
            found.append(sentence)
            start = stop.end() + 1
    return [*found, paragraph[start:]]


def join_piece(piece: Piece) -> str:
    """The text of a piece: sentences parted by a space, paragraphs by a blank line."""
    by_paragraph: dict[int, list[str]] = {}
    for sentence, paragraph in zip(piece.sentences, piece.paragraphs, strict=True):
        if sentence:
            by_paragraph.setdefault(paragraph, []).append(sentence)
    return "\n\n".join(" ".join(sentences) for sentences in by_paragraph.values())
