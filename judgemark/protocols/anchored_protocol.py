"""The anchored protocol: the judge scores a piece beside a weaker and a stronger one.

Source: the item of Judgemark v4: a weaker anchor with the score 2, a stronger one with the score 9,
one blind piece, and one score in JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from judgemark.inputs.anchored_prompts import GREATEST, LEAST, AnchoredPrompts
from judgemark.judges.base import Json
from judgemark.protocols.judging_protocol import PieceByPiece, question_key
from judgemark.protocols.reply_reader import ReplyReader
from judgemark.protocols.stored_words import ANCHORED
from judgemark.records import (
    Criterion,
    Failure,
    Message,
    Outcome,
    Place,
    Question,
    Reply,
    Rubric,
    Sample,
    Slot,
    Verdict,
)

_SCORE = "Score"


@dataclass(frozen=True, slots=True)
class AnchorPair:
    """The two scored pieces that a judge is shown beside a piece on the same item."""

    weak: Sample
    strong: Sample


class AnchoredReader:
    """Reads the one score of a reply, as the readers of other replies do: JSON, or a label."""

    def __init__(self) -> None:
        rubric = Rubric(LEAST, GREATEST, (Criterion(_SCORE, negative=False),))
        self._reader = ReplyReader(rubric)

    def read(self, text: str, finish_reason: str | None) -> Outcome:
        """Return a verdict with one value, 0..10, or why there is none."""
        outcome = self._reader.read(text, finish_reason)
        if isinstance(outcome, Failure) or not outcome.scores:
            return outcome
        return Verdict(outcome.cls, value=outcome.scores[_SCORE])


@dataclass(frozen=True)
class AnchoredProtocol(PieceByPiece):
    """Asks for one score of each piece, `repeats` times; `anchors` holds a pair for each place."""

    judge: Mapping[str, Json]
    samples: Sequence[Sample]
    prompts: AnchoredPrompts
    anchors: Mapping[Place, AnchorPair]
    repeats: int = 1
    system: str | None = None

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """Return the name and the version; the anchors are part of the messages of each key."""
        return {"name": ANCHORED, "version": 1}

    @cached_property
    def _reader(self) -> AnchoredReader:
        return AnchoredReader()

    def question(self, sample: Sample, repeat: int = 0) -> Question:
        """Return what the judge is asked about one sample; it never sees who wrote any piece."""
        place = (sample.writer, sample.iteration, sample.item)
        pair = self.anchors[place]
        shown = self.prompts.render(
            sample.item, sample.text, weak=pair.weak.text, strong=pair.strong.text
        )
        system = (Message("system", self.system),) if self.system is not None else ()
        messages = (*system, Message("user", shown))
        key = question_key(
            self.judge, self.fingerprint, messages, Slot(repeat=repeat), sample.item, place[:2]
        )
        pieces = {"piece": sample, "weak": pair.weak, "strong": pair.strong}
        # Two writers may have the same text and see different anchors.
        return Question(key, sample.item, messages, pieces, by_place=True)

    def read(self, question: Question, reply: Reply) -> Outcome:
        """Return the score of the reply, or why there is none."""
        del question
        return self._reader.read(reply.text, reply.finish_reason)
