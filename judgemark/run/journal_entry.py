"""One line of the journal: a question, what came back and what was made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from judgemark.records import (
    Class,
    Failure,
    LetterLogprobs,
    Outcome,
    QuestionKey,
    Reply,
    Slot,
    Usage,
    Verdict,
)

CLASSES = {cls.value: cls for cls in Class}


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """The outcome of one question.

    `texts` gives the sha256 of each piece by role. `place` is (writer, iteration) for judges whose
    answer depends on it, else None. `reply` is the last reply, raw, None where none came; `usage`
    sums over all attempts; `first_class` is the class of the first reply that came, None where
    none did. `seconds` is the time of the attempt that counted. `lent` is the id of the run that
    the outcome was taken over from, None for what this run asked itself.
    """

    key: QuestionKey
    item: str
    texts: Mapping[str, str]
    outcome: Outcome
    reply: Reply | None
    attempts: int
    first_class: Class | None
    seconds: float
    time: str
    usage: Usage
    place: tuple[str, str] | None = None
    lent: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The journal line."""
        verdict = self.outcome if isinstance(self.outcome, Verdict) else None
        reply = self.reply
        return {
            "question": self.key.question,
            "slot": self.key.slot.to_json(),
            "item": self.item,
            "texts": dict(self.texts),
            "place": self.place,
            "class": self.outcome.cls.value,
            "reason": self.outcome.reason if isinstance(self.outcome, Failure) else None,
            "reply": reply.text if reply else None,
            "scores": dict(verdict.scores) if verdict and verdict.scores is not None else None,
            "value": verdict.value if verdict else None,
            "preference": verdict.preference if verdict else None,
            "logprobs": _letters(reply.logprobs) if reply and reply.logprobs else None,
            "finish_reason": reply.finish_reason if reply else None,
            "judge_name": reply.judge_name if reply else None,
            "provider": reply.provider if reply else None,
            "adapted": list(reply.adapted) if reply else [],
            "usage": asdict(self.usage),
            "attempts": self.attempts,
            "first_class": self.first_class.value if self.first_class else None,
            "seconds": round(self.seconds, 4),
            "time": self.time,
            **({} if self.lent is None else {"lent": self.lent}),
        }


def _letters(logprobs: LetterLogprobs) -> dict[str, Any]:
    """The letters as stored, with the mass that they capture for whoever reads the file."""
    stored = {name: value for name, value in asdict(logprobs).items() if value is not None}
    return {**stored, "mass": logprobs.mass}


def key_of(line: Mapping[str, Any]) -> QuestionKey:
    """The key of a journal line; KeyError or TypeError where it has none."""
    question, slot = line["question"], line["slot"]
    if not isinstance(question, str):
        raise TypeError("a question is named by a string")
    return QuestionKey(question, _slot(slot["member"], slot["repeat"], slot["stage"], slot["pass"]))


@lru_cache(maxsize=1024)
def _slot(member: int, repeat: int, stage: str, passage: int) -> Slot:
    """One object per slot: a journal has many lines and few slots."""
    return Slot(member, repeat, stage, passage)


def outcome_of(line: Mapping[str, Any]) -> Outcome:
    """The outcome of a journal line; KeyError, TypeError or ValueError where it has none."""
    cls = CLASSES[line["class"]]
    if not cls.good:
        return Failure(cls, line["reason"] or "")
    scores = line["scores"]
    if scores is not None:
        scores = {name: float(score) for name, score in scores.items()}
    return Verdict(cls, scores, _number(line["value"]), _number(line["preference"]))


def entry_of(line: Mapping[str, Any], key: QuestionKey | None = None) -> JournalEntry:
    """The whole entry of a journal line, whose key may be known already.

    KeyError, TypeError or ValueError where it is damaged.
    """
    place, first = line["place"], line["first_class"]
    return JournalEntry(
        key=key or key_of(line),
        item=str(line["item"]),
        texts=dict(line["texts"]),
        outcome=outcome_of(line),
        reply=_reply_of(line),
        attempts=int(line["attempts"]),
        first_class=None if first is None else CLASSES[first],
        seconds=float(line["seconds"]),
        time=line["time"],
        usage=Usage(**line["usage"]),
        place=None if place is None else (place[0], place[1]),
        lent=line.get("lent"),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _reply_of(line: Mapping[str, Any]) -> Reply | None:
    if line["reply"] is None:
        return None
    letters = line["logprobs"]
    return Reply(
        text=line["reply"],
        finish_reason=line["finish_reason"],
        judge_name=line["judge_name"],
        provider=line["provider"],
        logprobs=None if letters is None else _letters_of(letters),
        adapted=tuple(line["adapted"]),
    )


def _letters_of(stored: Mapping[str, Any]) -> LetterLogprobs:
    kept = {name: value for name, value in stored.items() if name != "mass"}
    return LetterLogprobs(**kept | {"variants": tuple(stored["variants"])})
