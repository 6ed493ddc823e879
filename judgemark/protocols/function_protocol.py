"""The protocol of judges that are Python functions, which answer in one of three forms."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from judgemark.bounds import LARGEST_NUMBER, bounded_number
from judgemark.inputs.prompts import PromptSet
from judgemark.judges.answers import NUMBER, SCORES
from judgemark.judges.base import Json
from judgemark.protocols.judging_protocol import PieceByPiece, piece_question
from judgemark.protocols.reply_classes import ReadScores, classify
from judgemark.records import (
    Class,
    Failure,
    Message,
    Outcome,
    Question,
    Reply,
    Rubric,
    Sample,
    Verdict,
)
from judgemark.table.item_scores import fold_name

if TYPE_CHECKING:
    from judgemark.protocols.reply_reader import ReplyReader


class AnswerReader:
    """Reads what functions give: one number, named criterion scores, or a text like a judge's."""

    def __init__(self, rubric: Rubric) -> None:
        self._rubric = rubric
        may_differ = rubric.own_criteria and rubric.criteria is not None
        self._own = AnswerReader(replace(rubric, criteria=None)) if may_differ else None
        criteria = rubric.criteria
        self._spelt = None if criteria is None else {fold_name(c.name): c.name for c in criteria}

    def read(self, text: str, finish_reason: str | None) -> Outcome:
        """Return the outcome of one answer; its finish reason names the form.

        A number that is not finite or lies outside the declared range, and scores that are not a
        JSON object, are unparseable. Named scores and texts are classed like an endpoint's replies.
        Where the rubric allows criteria of the judge's own, an answer without enough of the
        rubric's is read by the names that it gives.
        """
        outcome = self._by_the_rubric(text, finish_reason)
        if self._own is None or outcome.cls is not Class.UNPARSEABLE or finish_reason == NUMBER:
            return outcome
        own = self._own.read(text, finish_reason)
        return own if own.cls.good else outcome

    @cached_property
    def _texts(self) -> ReplyReader:
        # Few functions give texts, and to read those takes much more than the other forms.
        from judgemark.protocols.reply_reader import ReplyReader

        return ReplyReader(self._rubric)

    def _by_the_rubric(self, text: str, finish_reason: str | None) -> Outcome:
        if finish_reason == NUMBER:
            return _number(text, self._rubric.single_range)
        if finish_reason == SCORES:
            return self._named(text)
        return self._texts.read(text, finish_reason)

    def _named(self, text: str) -> Outcome:
        try:
            given = json.loads(text)
        except ValueError:
            given = None
        if not isinstance(given, dict):
            return Failure(Class.UNPARSEABLE, "the answer holds no named scores")
        low, high = self._rubric.scoring_min, self._rubric.scoring_max
        spelt = self._spelt
        scores: dict[str, float] = {}
        left_out: dict[str, str] = {}
        aside: dict[str, float] = {}
        for name, value in given.items():
            known = name if spelt is None else spelt.get(fold_name(name))
            if known is None:
                aside[name] = value
            elif low <= value <= high:
                scores[known] = value
            else:
                left_out[known] = repr(value)
        found = ReadScores(text, scores, left_out, aside)
        criteria = self._rubric.criteria
        return classify(found, None, None if criteria is None else len(criteria))


def _number(text: str, declared: tuple[float, float] | None) -> Outcome:
    try:
        value = float(text)
    except ValueError:
        return Failure(Class.UNPARSEABLE, "the answer is not a number")
    if not math.isfinite(value):
        return Failure(Class.UNPARSEABLE, "the answer is not a finite number")
    if bounded_number(value) is None:
        told = f"the score {value:g} does not lie within {-LARGEST_NUMBER:g} and {LARGEST_NUMBER:g}"
        return Failure(Class.UNPARSEABLE, told)
    if declared is not None and not declared[0] <= value <= declared[1]:
        low, high = declared
        told = f"the score {value:g} lies outside the declared range {low:g} to {high:g}"
        return Failure(Class.UNPARSEABLE, told)
    return Verdict(Class.OK, value=value)


def held_to_one_shape(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return outcomes in their order, those in another shape than the first one as failures.

    One score for a piece and scores of criteria are on scales of their own: a run that mixed them,
    after the judge was changed, would measure the change.
    """
    held: list[Outcome] = []
    first: bool | None = None
    for outcome in outcomes:
        if not isinstance(outcome, Verdict):
            held.append(outcome)
            continue
        single = outcome.value is not None
        first = single if first is None else first
        held.append(outcome if single is first else Failure(Class.UNPARSEABLE, _OTHER_SHAPE))
    return held


_OTHER_SHAPE = (
    "one score and scores of criteria are mixed in this run; this answer is not in the shape of "
    "the run's first one"
)


@dataclass(frozen=True)
class FunctionProtocol(PieceByPiece):
    """Asks a function about each piece, `repeats` times; prompts are rendered where given.

    `instructions` are writing prompts, by item, that the judge is shown and that therefore take
    part in the keys of its questions; a Python function is shown them without.
    """

    judge: Mapping[str, Json]
    samples: Sequence[Sample]
    prompts: PromptSet | None
    rubric: Rubric
    repeats: int = 1
    instructions: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """Return the name and the version."""
        return {"name": "function", "version": 1}

    @cached_property
    def _reader(self) -> AnswerReader:
        return AnswerReader(self.rubric)

    def question(self, sample: Sample, repeat: int = 0) -> Question:
        """Return what the function is asked about one sample."""
        prompts = self.prompts
        shown = prompts.render_whole(sample.item, sample.text) if prompts else sample.text
        asked = self.instructions.get(sample.item)
        messages = (*((Message("system", asked),) if asked else ()), Message("user", shown))
        return piece_question(self.judge, self.fingerprint, messages, sample, repeat)

    def read(self, question: Question, reply: Reply) -> Outcome:
        """Return the outcome of the function's answer."""
        del question
        return self._reader.read(reply.text, reply.finish_reason)
