"""One line of the journal: a question, the reply and its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from judgemark.bounds import bounded_count, bounded_number
from judgemark.records import (
    Class,
    Failure,
    LetterLogprobs,
    Outcome,
    QuestionKey,
    Reply,
    Usage,
    Verdict,
)
from judgemark.setting_names import as_keywords


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """The outcome of one question.

    `texts` gives the sha256 of each piece by role. `place` is (writer, iteration) for judges whose
    answer depends on it, else None. `reply` is the last reply, raw, None where none came; `usage`
    sums over all attempts; `first_class` is the class of the first reply that came, None where
    none did. `seconds` is the time of all attempts together, without the
    pauses between them. `lent` is the id of the run whose outcome is reused, None for what this
    run asked itself. `prompt_characters` is the
    length of all messages together, None in journals that do not have it. `batch` names the batch
    whose answer it is, None for a question that was asked alone. `at` is the byte of the journal at
    which its line begins, None for an entry that was not read from one.
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
    prompt_characters: int | None = None
    batch: str | None = None
    at: int | None = field(default=None, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return the journal line; numbers that are out of bounds are left out of it."""
        verdict = self.outcome if isinstance(self.outcome, Verdict) else None
        reply = self.reply
        return {
            "question": self.key.question,
            "slot": self.key.slot.to_json(),
            "item": self.item,
            "texts": dict(self.texts),
            "place": self.place,
            "class": self.outcome.cls.value,
            "reason": _reason(self.outcome),
            "reply": reply.text if reply else None,
            "scores": _bounded(verdict.scores) if verdict and verdict.scores is not None else None,
            "value": verdict.value if verdict else None,
            "preference": verdict.preference if verdict else None,
            "logprobs": _letters(reply.logprobs) if reply and reply.logprobs else None,
            "finish_reason": reply.finish_reason if reply else None,
            "judge_name": reply.judge_name if reply else None,
            "provider": reply.provider if reply else None,
            "adapted": list(reply.adapted) if reply else [],
            "usage": {
                "prompt_tokens": bounded_count(self.usage.prompt_tokens),
                "completion_tokens": bounded_count(self.usage.completion_tokens),
                "cost": bounded_number(self.usage.cost),
            },
            "attempts": self.attempts,
            "first_class": self.first_class.value if self.first_class else None,
            "seconds": round(self.seconds, 4),
            "time": self.time,
            **({} if self.lent is None else {"lent": self.lent}),
            **(
                {}
                if self.prompt_characters is None
                else {"prompt_characters": self.prompt_characters}
            ),
            **_numbers(reply),
            **({} if self.batch is None else {"batch": self.batch}),
        }


def _bounded(scores: Mapping[str, float]) -> dict[str, float]:
    return {name: s for name, s in scores.items() if bounded_number(s) is not None}


def _letters(logprobs: LetterLogprobs) -> dict[str, Any]:
    """Return the letters as stored, with the mass that they capture, for readers of the file."""
    stored = {name: value for name, value in asdict(logprobs).items() if value is not None}
    return {**stored, "mass": logprobs.mass}


def _numbers(reply: Reply | None) -> dict[str, Any]:
    if reply is None or reply.numbers is None:
        return {}
    listed = [
        {"at": n.at, "steps": n.steps, **({"after": n.after} if n.after else {})}
        for n in reply.numbers
    ]
    return {"numbers": listed}


def _reason(outcome: Outcome) -> str | None:
    """Return the reason of a failure as it is kept: its settings by their keywords."""
    return as_keywords(outcome.reason) if isinstance(outcome, Failure) else None
