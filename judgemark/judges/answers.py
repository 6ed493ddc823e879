"""What a judge of the user's own may answer, as replies that the journal can keep."""

from __future__ import annotations

import json
import math
import sys
import threading
from collections.abc import Mapping
from typing import Any

from judgemark.bounds import LARGEST_NUMBER
from judgemark.errors import AskFault
from judgemark.records import LetterLogprobs, Reply

NUMBER, SCORES, TEXT = "number", "scores", "stop"
"""The finish reasons that tell the shapes of answers apart in the journal."""

_SHAPES = {NUMBER: "one score", SCORES: "named criterion scores", TEXT: "a reply to be read"}
_ANY_SHAPE = "a finite number, a mapping of criterion scores, or a text"


class OneShape:
    """Holds a judge to the shape of its first answer; safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first: str | None = None

    def held(self, reply: Reply) -> Reply:
        """Return the reply; raises AskFault where its shape is not that of the first one."""
        with self._lock:
            self._first = self._first or reply.finish_reason
        if reply.finish_reason != self._first:
            raise AskFault(
                f"the judge gave {_SHAPES[str(reply.finish_reason)]} here and "
                f"{_SHAPES[str(self._first)]} for its first piece; a judge gives one of them"
            )
        return reply


def reply_of(answer: object) -> Reply:
    """Return what a judge gave for a piece as a reply.

    Raises AskFault for anything but a finite number, a mapping of names to such numbers
    (`{"score": x}` is one number), or a text.
    """
    if isinstance(answer, str):
        return Reply(answer, TEXT)
    if isinstance(answer, Mapping):
        if set(answer) == {"score"}:
            return Reply(repr(_number_of(answer["score"], "the judge's score")), NUMBER)
        return scores_reply(answer)
    return Reply(repr(_number_of(answer, "the judge")), NUMBER)


def scores_reply(answer: Mapping[Any, Any]) -> Reply:
    """Return named scores as a reply; raises AskFault for a score that is not a finite number."""
    scores = {str(name): _number_of(value, f'"{name}"') for name, value in answer.items()}
    if not scores:
        raise AskFault("the judge gave an empty mapping; give one score for each criterion")
    return Reply(json.dumps(scores, ensure_ascii=False, allow_nan=False), SCORES)


def preference_reply(answer: object) -> Reply:
    """Return the probability that A is the better text as a reply.

    Raises AskFault for anything but a number between 0 and 1.
    """
    from judgemark.judges.logprob import LOG_ZERO

    p = _number_of(answer, "the judge", "a probability from 0 to 1")
    if not 0 <= p <= 1:
        raise AskFault(f"the judge returned {p:g}; a probability lies between 0 and 1")
    a, b = (math.log(x) if x > 0 else LOG_ZERO for x in (p, 1 - p))
    produced = "A" if p >= 0.5 else "B"
    return Reply(produced, TEXT, logprobs=LetterLogprobs(a, b, produced))


def logprobs_reply(a: object, b: object) -> Reply:
    """Return the natural logarithms of the probabilities of the letters A and B as a reply.

    Raises AskFault for anything but finite numbers whose probabilities add up to at most 1.
    """
    from judgemark.judges.logprob import LOG_ZERO, MOST_MASS, is_log_probability

    first = _number_of(a, "the log-probability of A", "a finite number")
    second = _number_of(b, "the log-probability of B", "a finite number")
    letters = LetterLogprobs(
        a=max(min(first, 0.0), LOG_ZERO),
        b=max(min(second, 0.0), LOG_ZERO),
        produced="A" if first >= second else "B",
    )
    possible = is_log_probability(first) and is_log_probability(second)
    if not possible or letters.mass > MOST_MASS:
        raise AskFault(
            f"the judge gave the log-probabilities {first:g} and {second:g}, whose probabilities "
            "add up to more than 1"
        )
    return Reply(letters.produced, TEXT, logprobs=letters)


def _number_of(value: Any, what: str, wanted: str = _ANY_SHAPE) -> float:
    """Return a value as a float; numpy's and torch's scalars count, booleans and texts do not.

    Raises AskFault, which begins with `what` and ends with what is `wanted`, for everything else,
    for what is not finite, and for numbers that no result can hold.
    """
    if not _is_boolean(value) and not isinstance(value, str | bytes):
        number = _as_float(value)
        if math.isfinite(number):
            if abs(number) > LARGEST_NUMBER:
                raise AskFault(
                    f"{what} gave {shown_answer(value)}; scores lie within {-LARGEST_NUMBER:g} and "
                    f"{LARGEST_NUMBER:g}: give the logarithm, or another scale"
                )
            return number
    raise AskFault(f"{what} gave {shown_answer(value)}; give {wanted}")


def shown_answer(value: object) -> str:
    """Return how an answer that cannot be used is quoted: in one line, and not at length."""
    return " ".join(f"{value!r:.200}".split())[:80]


def _as_float(value: Any) -> float:
    """Return a value as a float, NaN where it is none."""
    if not hasattr(value, "__float__"):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        # A whole number beyond the range of floats.
        return math.copysign(sys.float_info.max, 1 if value > 0 else -1)
    except (TypeError, ValueError, RuntimeError):
        return math.nan


def _is_boolean(value: Any) -> bool:
    """Return whether a value is a boolean of Python, numpy or torch."""
    return isinstance(value, bool) or str(getattr(value, "dtype", "")) in ("bool", "torch.bool")
