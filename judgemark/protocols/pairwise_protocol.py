"""The pairwise protocol: two pieces of one item, asked in both orders, read as P(A).

The prompt is a constant of the protocol: the judge it was designed for was trained on exactly
this (source: the card of selfhypnosis-ai/Qwen3.5-4B-Creative-Writing-Judge).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self, overload

from judgemark.judges.base import Json
from judgemark.judges.logprob import preference, swap_average
from judgemark.protocols.finish_reasons import FinishKind, ending_failure, finish_kind
from judgemark.protocols.judging_protocol import Plan
from judgemark.protocols.pair_keys import PairKeys
from judgemark.records import (
    Class,
    Failure,
    Message,
    Outcome,
    Question,
    QuestionKey,
    Reply,
    Sample,
    Slot,
    Verdict,
)

SYSTEM = (
    "You are a specialized AI assistant tasked with evaluating two responses to a given "
    "instruction. Your purpose is to fairly compare the quality of each response and select the "
    "better one. The user provides the instruction and the two responses A and B. Evaluate based "
    "on accuracy, clarity, and originality, considering repetitive or unoriginal responses as "
    "lower quality."
)
STAGE = "pair"
PASSES = (0, 1)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pieces of one item, unordered: `one` is the piece whose text has the smaller sha256."""

    item: str
    one: Sample
    two: Sample

    @classmethod
    def of(cls, x: Sample, y: Sample) -> Self:
        """Return the pair of two pieces, which is the same whichever comes first."""
        one, two = (x, y) if _rank(x) <= _rank(y) else (y, x)
        return cls(x.item, one, two)

    @property
    def tied(self) -> bool:
        """Return whether the texts are identical: an exact tie, P = 0.5 without asking."""
        return self.one.sha256 == self.two.sha256


def _rank(sample: Sample) -> tuple[str, str, str]:
    """Sort by text; writer, iteration and item only keep identical texts in a fixed order."""
    return sample.sha256, sample.writer, sample.iteration


def user_message(instruction: str, a: str, b: str, *, escape_non_ascii: bool = False) -> str:
    """Return the JSON that the judge was trained on, with its key order and separators."""
    content = {"instruction": instruction, "A": a, "B": b}
    return json.dumps(content, ensure_ascii=escape_non_ascii)


@dataclass(frozen=True)
class Pairwise:
    """Asks about pairs and reads the answers; knows no tournament.

    `judge` is the judge's configuration, `instructions` the writing prompt of each item.
    `worded` asks for A, B or tie in words, for judges that return no log-probabilities; it is a
    different protocol, and no run uses both. `escape_non_ascii` escapes the JSON as the
    card's longer code does; `card_fallback` treats unseen letters as that code does.
    """

    judge: Mapping[str, Json]
    instructions: Mapping[str, str]
    worded: bool = False
    escape_non_ascii: bool = False
    card_fallback: bool = False

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """Return the protocol's name and the choices that shape questions and their reading."""
        named: dict[str, Json] = {
            "name": "pairwise-worded" if self.worded else "pairwise-logprob",
            "version": 1,
            "escape_non_ascii": self.escape_non_ascii,
        }
        return named if self.worded else named | {"card_fallback": self.card_fallback}

    def messages(self, item: str, a: Sample, b: Sample) -> tuple[Message, Message]:
        """Return the system line and the user's JSON of one pass."""
        system = SYSTEM
        if self.worded:
            # Imported where it is used: its patterns take longer to compile than a run to be read.
            from judgemark.protocols.worded_verdicts import WORDED_ANSWER

            system = f"{SYSTEM} {WORDED_ANSWER}"
        user = user_message(
            self.instructions[item], a.text, b.text, escape_non_ascii=self.escape_non_ascii
        )
        return Message("system", system), Message("user", user)

    def questions(self, pair: Pair, repeat: int = 0) -> tuple[Question, Question]:
        """Return both passes: pass 0 shows `pair.one` as A, pass 1 shows it as B."""
        first = self._question(pair.item, pair.one, pair.two, Slot(0, repeat, STAGE, 0))
        second = self._question(pair.item, pair.two, pair.one, Slot(0, repeat, STAGE, 1))
        return first, second

    def keys(self, pair: Pair, repeat: int = 0) -> tuple[QuestionKey, QuestionKey]:
        """Return the keys of both passes without rendering the questions."""
        return (
            self._key(pair.item, pair.one, pair.two, Slot(0, repeat, STAGE, 0)),
            self._key(pair.item, pair.two, pair.one, Slot(0, repeat, STAGE, 1)),
        )

    def _question(self, item: str, a: Sample, b: Sample, slot: Slot) -> Question:
        key = self._key(item, a, b, slot)
        return Question(key, item, _PassMessages(self, item, a, b), {"A": a, "B": b})

    def _key(self, item: str, a: Sample, b: Sample, slot: Slot) -> QuestionKey:
        return QuestionKey(self._digests.of(item, a, b), slot)

    @cached_property
    def _digests(self) -> PairKeys:
        return PairKeys(self.judge, self.fingerprint, self.messages, self.escape_non_ascii)

    def read(self, question: Question, reply: Reply) -> Outcome:
        """Return P(A) of one pass as `Verdict.preference`, or why there is none."""
        del question
        return self.read_reply(reply)

    def read_reply(self, reply: Reply) -> Outcome:
        """Return what `read` returns; it depends on the reply alone."""
        if not self.worded:
            return self._read_letters(reply)
        from judgemark.protocols.worded_verdicts import read_words

        return read_words(reply)

    def _read_letters(self, reply: Reply) -> Outcome:
        letters = reply.logprobs
        # Only one token is requested, so the token limit ends every good reply.
        if finish_kind(reply.finish_reason) is not FinishKind.TRUNCATED:
            cut = ending_failure(reply.finish_reason)
            if cut is not None:
                return cut
        if letters is None:
            return Failure(Class.UNPARSEABLE, "the reply came without log-probabilities")
        p = preference(letters, card_fallback=self.card_fallback)
        if p is not None:
            return Verdict(Class.OK, preference=p)
        if letters.a_censored and letters.b_censored:
            reason = f"neither A nor B is among the returned tokens (first: {letters.produced!r})"
        else:
            reason = f"A and B have no probability (first token: {letters.produced!r})"
        return Failure(Class.UNPARSEABLE, reason)


@dataclass(frozen=True, slots=True)
class _PassMessages(Sequence[Message]):
    """The messages of one pass, rendered when they are looked at.

    A tournament has many questions, and those with an answer need never be rendered.
    """

    asking: Pairwise
    item: str
    a: Sample
    b: Sample

    @property
    def _rendered(self) -> tuple[Message, Message]:
        return self.asking.messages(self.item, self.a, self.b)

    @overload
    def __getitem__(self, at: int) -> Message: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Message]: ...
    def __getitem__(self, at: int | slice) -> Message | Sequence[Message]:
        return self._rendered[at]

    def __iter__(self) -> Iterator[Message]:
        return iter(self._rendered)

    def __len__(self) -> int:
        return 2

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Go to another process as the rendered messages, without all that renders them."""
        return tuple, (self._rendered,)


def preference_of_one(
    pair: Pair, passes: tuple[Question, Question], outcomes: Mapping[QuestionKey, Outcome]
) -> float | None:
    """Return P(`pair.one` is better), 0..1, averaged over both passes; P of `two` is 1 - P.

    0.5 for identical texts, which need no outcome. None, never a tie, where a pass failed or has
    no outcome.
    """
    if pair.tied:
        return 0.5
    found = [outcomes.get(question.key) for question in passes]
    as_a, as_b = (o.preference if isinstance(o, Verdict) else None for o in found)
    return swap_average(as_a, as_b)


def preference_of(sample: Sample, pair: Pair, p_one: float | None) -> float | None:
    """Return P(`sample` is better) from P(`pair.one` is better); None stays None.

    Swapping the two samples gives exactly 1 minus the number.
    """
    if p_one is None or pair.tied or sample.sha256 == pair.one.sha256:
        return p_one
    return 1.0 - p_one


@dataclass(frozen=True)
class ListedPairs:
    """The judging protocol of a fixed list of pairs: a single wave with both passes of each.

    Identical texts are not asked; a pair listed twice is asked once.
    """

    asking: Pairwise
    pairs: tuple[Pair, ...]
    repeats: int = 1

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """Return the fingerprint of the pairwise protocol."""
        return self.asking.fingerprint

    def plan(self) -> Plan:
        """Yield every pass of every pair, both passes of a pair together."""
        questions = {q.key: q for q in _all_questions(self.asking, self.pairs, self.repeats)}
        if questions:
            yield tuple(questions.values())

    def read(self, question: Question, reply: Reply) -> Outcome:
        """Return what the pairwise protocol reads in the reply."""
        return self.asking.read(question, reply)


def _all_questions(asking: Pairwise, pairs: Iterable[Pair], repeats: int) -> Iterable[Question]:
    for repeat in range(repeats):
        for pair in pairs:
            if not pair.tied:
                yield from asking.questions(pair, repeat)
