"""The pieces and replies that the report shows, from a run that kept them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from judgemark.judged import Judged, JudgedRun
from judgemark.records import Place
from judgemark.redaction import without_shapes
from judgemark.scoring.number_format import plain_number
from judgemark.table.score_table import ScoreTable


@dataclass(frozen=True, slots=True)
class PieceView:
    """One piece: its text and the judge's verdict on it.

    `score` is the item score in the raw score table, None where the piece has none. `scores`
    holds the criterion scores as given, one line for each verdict; `reply` is the raw reply
    where the run kept it.
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
    _data: _PieceData

    @property
    def n(self) -> int:
        """Return the number of pieces."""
        return len(self._places)

    @property
    def pieces(self) -> Iterator[PieceView]:
        """Yield the pieces one at a time, so that thousands of texts are not held twice."""
        return (self._data.piece(place) for place in self._places)


@dataclass(frozen=True, slots=True)
class Failed:
    """A piece without a verdict: the reason, and the reply where the run kept it."""

    writer: str
    iteration: str
    item: str
    cls: str
    reason: str
    reply: str | None


@dataclass(frozen=True, slots=True)
class _PieceData:
    """Scores, verdicts, texts and replies by writer, iteration and item."""

    scores: Mapping[Place, float]
    judged: Mapping[Place, list[Judged]]
    texts: Mapping[Place, str]
    replies: Mapping[Place, str]

    def piece(self, place: Place) -> PieceView:
        return PieceView(
            iteration=place[1],
            item=place[2],
            score=self.scores.get(place),
            text=self.texts.get(place),
            scores=_scores(self.judged.get(place, ())),
            # Runs of earlier versions may hold a key that the endpoint said back.
            reply=_shown(self.replies.get(place)),
        )


def pieces_of(run: JudgedRun, table: ScoreTable) -> tuple[WriterPieces, ...]:
    """Return each writer's pieces that have a text or a reply, all in sorted order."""
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
    data = _PieceData(scores, judged, texts, run.replies)
    by_writer: dict[str, list[Place]] = defaultdict(list)
    for place in sorted({*texts, *run.replies}):
        by_writer[place[0]].append(place)
    return tuple(WriterPieces(w, tuple(places), data) for w, places in by_writer.items())


def _shown(reply: str | None) -> str | None:
    return None if reply is None else without_shapes(reply)


def failures_of(listed: Iterable[Mapping[str, str]], run: JudgedRun | None) -> tuple[Failed, ...]:
    """Return the failures listed in a result, with their replies where the run kept them."""
    replies: dict[tuple[str, ...], str | None] = {}
    for u in run.unjudged if run else ():
        replies.setdefault((u.writer, u.iteration, u.item, u.reason), _shown(u.reply))
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
