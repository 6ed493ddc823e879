"""The rubric protocol: the judge gets a prompt with the piece in it and scores criteria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from judgemark.inputs.prompts import PromptSet
from judgemark.judges.base import Json
from judgemark.protocols.judging_protocol import PieceByPiece, piece_question
from judgemark.protocols.reply_reader import ReplyReader
from judgemark.records import Message, Outcome, Question, Reply, Rubric, Sample


@dataclass(frozen=True)
class RubricProtocol(PieceByPiece):
    """Asks for criterion scores of each piece, `repeats` times; `system` is sent first if given."""

    judge: Mapping[str, Json]
    samples: Sequence[Sample]
    prompts: PromptSet
    rubric: Rubric
    repeats: int = 1
    system: str | None = None

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """Return the name and the version; judge and messages are part of each key anyway."""
        return {"name": "rubric", "version": 1}

    @cached_property
    def _reader(self) -> ReplyReader:
        return ReplyReader(self.rubric)

    def question(self, sample: Sample, repeat: int = 0) -> Question:
        """Return what the judge is asked about one sample."""
        prompt = Message("user", self.prompts.render(sample.item, sample.text))
        system = (Message("system", self.system),) if self.system is not None else ()
        return piece_question(self.judge, self.fingerprint, (*system, prompt), sample, repeat)

    def read(self, question: Question, reply: Reply) -> Outcome:
        """Return the criterion scores of the reply, or why there are none."""
        del question
        return self._reader.read(reply.text, reply.finish_reason)
