"""Splits a text into paragraphs and sentences, in any script, and joins them again.

Nothing is lost: the white space between sentences and between paragraphs is stored with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

_BLANK_LINES = re.compile(r"[ \t\u3000]*(?:\r?\n[ \t\u3000]*){2,}")
_LINES = re.compile(r"[ \t\u3000]*\r?\n[ \t\u3000]*")
# Scripts that put no space between sentences end them with a full-width stop.
_STOP = re.compile(
    r"(?:[。！？｡]+[」』）】”’\"]*"
    r"|[.!?…‽؟۔।॥։።။]+[\"'”’“»«)\]」』*_]*(?=\s))\s*"
)
_STARTS_ON = re.compile(r"[^a-zà-öø-ÿа-яё]")
_NO_END = re.compile(
    r"(?:^|[\s\"“„«(])(?:[A-HJ-Z]|Mr|Mrs|Ms|Dr|Prof|St|Sr|Sra|Jr|vs|Nr|Hr|Fr|Mme|Mlle|"
    r"\d{1,2})\.$"
)
# Japanese: a quotation and the particle that says who spoke are one sentence.
_CLOSERS, _GOES_ON = ("」", "』"), ("と", "って")
# `z. B.` and `d. h.` are one abbreviation.
_ONE_SMALL_LETTER, _ONE_LETTER = re.compile(r"(?:^|\s)[a-z]\.$"), re.compile(r"[A-Za-z]\.")
_QUOTE_FAMILIES = ('"', "“”„", "«»", "「」", "『』", "（）")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Paragraph:
    """The sentences of one paragraph and the white space between them.

    `gaps` holds one entry fewer than `sentences` (none for an empty paragraph); `after` is the
    white space that follows the paragraph.
    """

    sentences: tuple[str, ...]
    gaps: tuple[str, ...]
    after: str = ""

    @cached_property
    def text(self) -> str:
        """The paragraph without the white space that follows it."""
        return "".join(s + g for s, g in zip(self.sentences, (*self.gaps, ""), strict=True))

    @cached_property
    def is_prose(self) -> bool:
        """Whether it holds letters and is not a heading: a scene break and a heading stay put."""
        return not self.text.startswith("#") and _LETTER.search(self.text) is not None


@dataclass(frozen=True)
class Passage:
    """A text in paragraphs; `before` is the white space in front of the first."""

    paragraphs: tuple[Paragraph, ...]
    before: str = ""

    @cached_property
    def text(self) -> str:
        """The whole text, character for character as it was split."""
        return self.before + "".join(p.text + p.after for p in self.paragraphs)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """All sentences in order; a sentence's place is its index here."""
        return tuple(s for p in self.paragraphs for s in p.sentences)

    @cached_property
    def paragraph_of(self) -> tuple[int, ...]:
        """For each sentence the index of its paragraph."""
        return tuple(n for n, p in enumerate(self.paragraphs) for _ in p.sentences)

    @cached_property
    def prose(self) -> tuple[int, ...]:
        """The places of the sentences that damage may touch: those of prose paragraphs."""
        return tuple(
            place for place, n in enumerate(self.paragraph_of) if self.paragraphs[n].is_prose
        )

    @cached_property
    def size(self) -> int:
        """The characters of all sentences, at least 1; shares of a piece are shares of this."""
        return max(1, sum(map(len, self.sentences)))

    @property
    def words(self) -> int:
        """The number of words: runs of anything but white space."""
        return sum(map(count_words, self.sentences))

    @cached_property
    def paragraph_break(self) -> str:
        """The white space between paragraphs; in a single paragraph, that between sentences."""
        return self.paragraphs[0].after if len(self.paragraphs) > 1 else self.sentence_gap

    @cached_property
    def sentence_gap(self) -> str:
        """The white space between sentences: that of the first gap, a space where there is none."""
        return next((gap for p in self.paragraphs for gap in p.gaps), " ")

    @cached_property
    def end(self) -> str:
        """The white space at the very end."""
        return self.paragraphs[-1].after if self.paragraphs else ""

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """For each sentence where in `text` it starts."""
        found: list[int] = []
        at = len(self.before)
        for paragraph in self.paragraphs:
            for sentence, gap in zip(paragraph.sentences, (*paragraph.gaps, ""), strict=True):
                found.append(at)
                at += len(sentence) + len(gap)
            at += len(paragraph.after)
        return tuple(found)

    def part(self, start: int, stop: int | None) -> str:
        """Return the text of the sentences from place `start` up to `stop`, without outer white
        space."""
        begins = (*self.starts, len(self.text))
        end = len(self.text) if stop is None else begins[stop]
        return self.text[begins[start] : end].strip()

    def opens_paragraph(self, place: int) -> bool:
        """Return whether the sentence at a place is the first of its paragraph."""
        return place == 0 or self.paragraph_of[place] != self.paragraph_of[place - 1]

    def with_changes(self, changes: Mapping[int, str]) -> Passage:
        """Return the passage with the sentences at some places replaced; an empty text drops one.

        A paragraph that loses all its sentences is dropped with the white space after it.
        """
        if not changes:
            return self
        paragraphs: list[Paragraph] = []
        place = 0
        for paragraph in self.paragraphs:
            end = place + len(paragraph.sentences)
            if any(n in changes for n in range(place, end)):
                texts = [changes.get(n, self.sentences[n]) for n in range(place, end)]
                kept = _without_empty(texts, paragraph)
                if kept.sentences:
                    paragraphs.append(kept)
            else:
                paragraphs.append(paragraph)
            place = end
        return replace(self, paragraphs=tuple(paragraphs))


def _without_empty(texts: Sequence[str], paragraph: Paragraph) -> Paragraph:
    if all(texts):
        return replace(paragraph, sentences=tuple(texts))
    gaps = (*paragraph.gaps, "")
    kept = [(text, gap) for text, gap in zip(texts, gaps, strict=True) if text]
    return Paragraph(tuple(t for t, _ in kept), tuple(g for _, g in kept[:-1]), paragraph.after)


def count_words(text: str) -> int:
    """Return the number of words of a text; words are separated by white space."""
    return len(text.split())


def split_passage(text: str) -> Passage:
    """Return the text in paragraphs and sentences; `split_passage(text).text` is `text`.

    Paragraphs are separated by blank lines, or by line breaks in a text without blank lines. A
    quotation is part of one sentence however many full stops it has, so that a sentence that is
    moved keeps both of its quotation marks. An initial (`B. Oduya`), a common abbreviation and an
    ordinal number (`3. Mai`) do not end a sentence.
    """
    body = text.lstrip()
    before = text[: len(text) - len(body)]
    core = body.rstrip()
    breaks = _BLANK_LINES if _BLANK_LINES.search(core) else _LINES
    paragraphs: list[Paragraph] = []
    start = 0
    for found in breaks.finditer(core):
        paragraphs.append(_split_paragraph(core[start : found.start()], found[0]))
        start = found.end()
    if core:
        paragraphs.append(_split_paragraph(core[start:], body[len(core) :]))
    return Passage(tuple(paragraphs), before)


def _split_paragraph(text: str, after: str) -> Paragraph:
    families = [f for f in _QUOTE_FAMILIES if _marks(text, f) and _marks(text, f) % 2 == 0]
    sentences: list[str] = []
    gaps: list[str] = []
    start = 0
    for stop in _STOP.finditer(text):
        sentence = text[start : stop.end()].rstrip()
        end = start + len(sentence)
        if stop.end() == len(text) or not _may_end(sentence, text[stop.end() :], families):
            continue
        sentences.append(sentence)
        gaps.append(text[end : stop.end()])
        start = stop.end()
    return Paragraph((*sentences, text[start:]), tuple(gaps), after)


def _may_end(sentence: str, rest: str, families: Sequence[str]) -> bool:
    return (
        _STARTS_ON.match(rest) is not None
        and not (rest.startswith(_GOES_ON) and sentence.endswith(_CLOSERS))
        and not any(_marks(sentence, family) % 2 for family in families)
        and not _NO_END.search(sentence)
        and not (_ONE_SMALL_LETTER.search(sentence) and _ONE_LETTER.match(rest))
    )


def _marks(text: str, family: str) -> int:
    return sum(text.count(mark) for mark in family)
