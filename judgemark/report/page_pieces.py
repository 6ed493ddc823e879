"""Texts and replies for the report, read from a run that kept them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from judgemark.judged import Judged, JudgedRun
from judgemark.records import Place
from judgemark.scoring.number_format import plain_number
from judgemark.table.score_table import ScoreTable


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: its text and what the judge said of it.

    `score` is the item score of the raw table, None where it has none. `scores` are the
    verdict's criterion scores as given, on one line; `reply` the raw reply, where kept.
    """

    iteration: str
    item: str
    score: float | None
    text: str | None
    scores: str
    reply: str | None


@dataclass(frozen=True, slots=True)
class WriterPieces:
    """The pieces of one writer."""

    writer: str
    _places: tuple[Place, ...]
    _shelf: _Shelf

    @property
    def n(self) -> int:
        """How many pieces there are."""
        return len(self._places)

    @property
    def pieces(self) -> Iterator[Piece]:
        """The pieces, made one at a time: a page of thousands need not be held twice."""
        return (self._shelf.piece(place) for place in self._places)


@dataclass(frozen=True, slots=True)
class Failed:
    """A piece without a verdict, why, and the reply where kept."""

    writer: str
    iteration: str
    item: str
    cls: str
    reason: str
    reply: str | None


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What is known of each piece, by its place."""

    scores: Mapping[Place, float]
    judged: Mapping[Place, list[Judged]]
    texts: Mapping[Place, str]
    replies: Mapping[Place, str]

    def piece(self, place: Place) -> Piece:
        return Piece(
            iteration=place[1],
            item=place[2],
            score=self.scores.get(place),
            text=self.texts.get(place),
            scores=_scores(self.judged.get(place, ())),
            reply=self.replies.get(place),
        )


def pieces_of(run: JudgedRun, table: ScoreTable) -> tuple[WriterPieces, ...]:
    """Each writer's pieces that have a text or a reply, writers and pieces in sorted order."""
    scores = {
        (writer, iteration, item): float(table.values[w, t, i])
        for w, writer in enumerate(table.writers)
        for t, iteration in enumerate(table.iterations)
        for i, item in enumerate(table.items)
        if not np.isnan(table.values[w, t, i])
    }
    judged: dict[Place, list[Judged]] = defaultdict(list)
    for j in run.judged:
        judged[j.writer, j.iteration, j.item].append(j)
    texts = {(s.writer, s.iteration, s.item): s.text for s in run.samples}
    shelf = _Shelf(scores, judged, texts, run.replies)
    by_writer: dict[str, list[Place]] = defaultdict(list)
    for place in sorted({*texts, *run.replies}):
        by_writer[place[0]].append(place)
    return tuple(WriterPieces(w, tuple(places), shelf) for w, places in by_writer.items())


def failures_of(listed: Iterable[Mapping[str, str]], run: JudgedRun | None) -> tuple[Failed, ...]:
    """The failures of a result, with the replies of the run that kept them."""
    replies: dict[tuple[str, ...], str | None] = {}
    for u in run.unjudged if run else ():
        replies.setdefault((u.writer, u.iteration, u.item, u.reason), u.reply)
    return tuple(
        Failed(
            f["writer"],
            f["iteration"],
            f["item"],
            f["class"],
            f.get("reason", ""),
            f.get("reply")
            or replies.get((f["writer"], f["iteration"], f["item"], f.get("reason", ""))),
        )
        for f in listed
    )


def _scores(judged: Iterable[Judged]) -> str:
    lines = []
    for j in judged:
        if j.scores:
            lines.append(" · ".join(f"{n} {plain_number(v)}" for n, v in j.scores.items()))
        elif j.value is not None:
            lines.append(plain_number(j.value))
    return "\n".join(lines)
