"""A line of a journal as it stands in the file, checked and turned into what the program uses."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from judgemark.bounds import LARGEST_NUMBER, bounded_count, bounded_number
from judgemark.inputs.bounded_types import Count, Number
from judgemark.inputs.json_file import place_of
from judgemark.records import (
    Class,
    Failure,
    LetterLogprobs,
    NumberLogprobs,
    Outcome,
    QuestionKey,
    Reply,
    Slot,
    Usage,
    Verdict,
)
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.stored_lines import DamagedLineError, refuse_too_long

LineModel = TypeVar("LineModel", bound=BaseModel)
_Share = Annotated[Number, Field(ge=0, le=1)]
_AtLeastZero = Annotated[Number, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class SlotPart(_Part):
    """The slot of a line."""

    member: Count
    repeat: Count
    stage: str
    passage: Count = Field(alias="pass")

    def slot(self) -> Slot:
        """Return the slot itself."""
        return _one_slot(self.member, self.repeat, self.stage, self.passage)


class _Usage(_Part):
    prompt_tokens: Count | None
    completion_tokens: Count | None
    cost: _AtLeastZero | None


class _Logprobs(_Part):
    a: Number
    b: Number
    produced: str
    a_censored: bool
    b_censored: bool
    variants: list[str]
    candidates: Count | None = None


_LogProbability = Annotated[Number, Field(le=0)]
# JSON has no tuples, so that strict mode would take none.
_Tokens = Annotated[tuple[tuple[str, _LogProbability], ...], Field(strict=False)]


class _Numbers(_Part):
    at: Count
    steps: Annotated[tuple[_Tokens, ...], Field(strict=False)]
    after: _Tokens = ()

    def record(self) -> NumberLogprobs:
        return NumberLogprobs(self.at, self.steps, self.after)


class JournalLine(_Part):
    """One line; the fields are those of `JournalEntry.to_json`."""

    question: str
    slot: SlotPart
    item: str
    texts: dict[str, str]
    place: list[str] | None = Field(min_length=2, max_length=2)
    cls: Class = Field(alias="class", strict=False)
    reason: str | None
    reply: str | None
    scores: dict[str, Number] | None
    value: Number | None
    preference: _Share | None
    logprobs: _Logprobs | None
    finish_reason: str | None
    judge_name: str | None
    provider: str | None
    adapted: list[str]
    usage: _Usage
    attempts: Count
    first_class: Class | None = Field(strict=False)
    seconds: _AtLeastZero
    time: str
    lent: str | None = None
    prompt_characters: Count | None = None
    numbers: list[_Numbers] | None = None
    batch: str | None = None

    @property
    def set_aside(self) -> tuple[str, ...]:
        """Where numbers stood that were left out because they are out of bounds."""
        return ()

    def key(self) -> QuestionKey:
        """Return the key of the question that the line answers."""
        return QuestionKey(self.question, self.slot.slot())

    def outcome(self) -> Outcome:
        """Return how the question ended."""
        if not self.cls.good:
            return Failure(self.cls, self.reason or "")
        return Verdict(self.cls, self.scores, self.value, self.preference)

    def entry(self, at: int | None = None) -> JournalEntry:
        """Return the line as a journal entry; `at` is where it begins in the file."""
        usage = self.usage
        return JournalEntry(
            key=self.key(),
            item=self.item,
            texts=self.texts,
            outcome=self.outcome(),
            reply=self._reply(),
            attempts=self.attempts,
            first_class=self.first_class,
            seconds=self.seconds,
            time=self.time,
            usage=Usage(usage.prompt_tokens, usage.completion_tokens, usage.cost),
            place=None if self.place is None else (self.place[0], self.place[1]),
            lent=self.lent,
            prompt_characters=self.prompt_characters,
            batch=self.batch,
            at=at,
        )

    def _reply(self) -> Reply | None:
        if self.reply is None:
            return None
        letters = self.logprobs
        return Reply(
            text=self.reply,
            finish_reason=self.finish_reason,
            judge_name=self.judge_name,
            provider=self.provider,
            logprobs=None
            if letters is None
            else LetterLogprobs(
                letters.a,
                letters.b,
                letters.produced,
                letters.a_censored,
                letters.b_censored,
                tuple(letters.variants),
                letters.candidates,
            ),
            adapted=tuple(self.adapted),
            numbers=None if self.numbers is None else tuple(n.record() for n in self.numbers),
        )


class _CarefullyRead(JournalLine):
    """A line that was read in the slower way; private attributes would slow down every line."""

    model_config = ConfigDict(defer_build=True)  # few runs have such a line

    _set_aside: tuple[str, ...] = ()

    @property
    def set_aside(self) -> tuple[str, ...]:
        """As of every line."""
        return self._set_aside


@lru_cache(maxsize=1024)
def _one_slot(member: int, repeat: int, stage: str, passage: int) -> Slot:
    """Return one object per slot: a journal has many lines and few slots."""
    return Slot(member, repeat, stage, passage)


def read_line(raw: bytes) -> JournalLine:
    """Return the line that these bytes hold.

    A number out of bounds does not spoil the line: tokens, costs and times count as not reported,
    a criterion's score is left out, and a verdict that rests on it alone becomes a failure. Raises
    DamagedLineError where there is no whole line.
    """
    refuse_too_long(raw)
    try:
        return JournalLine.model_validate_json(raw)
    except ValidationError:
        # Either it is damaged, or it has what only the slower way can read: half of a surrogate
        # pair in a reply, or a number out of bounds.
        return _read_with_care(raw)


def _read_with_care(raw: bytes) -> JournalLine:
    try:
        value = _DECODER.decode(raw.decode())
    except (ValueError, RecursionError) as exc:
        raise DamagedLineError("it is no whole JSON object") from exc
    set_aside = tuple(_set_aside(value)) if isinstance(value, dict) else ()
    try:
        line = _CarefullyRead.model_validate(value)
    except ValidationError as exc:
        raise DamagedLineError(_first_problem(exc)) from exc
    line._set_aside = set_aside
    return line


def model_in_line(model: type[LineModel], raw: bytes) -> LineModel:
    """Return the model that the bytes of one line hold; DamagedLineError where they hold none."""
    refuse_too_long(raw)
    try:
        return model.model_validate_json(raw)
    except ValidationError as exc:
        raise DamagedLineError(_first_problem(exc)) from exc


def _first_problem(exc: ValidationError) -> str:
    """Return the first place in a line that does not fit, and why."""
    first = exc.errors(include_url=False, include_input=False)[0]
    place = place_of(first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _whole_number(digits: str) -> int | float:
    """Python refuses to read a number of thousands of digits; it is out of all bounds anyway."""
    return int(digits) if len(digits) < 400 else math.inf


_DECODER = json.JSONDecoder(parse_constant=_no_constant, parse_int=_whole_number)


def _set_aside(line: dict[str, Any]) -> Iterator[str]:
    """Take numbers that are out of bounds out of a line, in place; where each of them stood."""
    usage = line.get("usage")
    if isinstance(usage, dict):
        for name in ("prompt_tokens", "completion_tokens", "cost"):
            if _out_of_bounds(usage.get(name), 0, whole=name != "cost"):
                usage[name] = None
                yield place_of(("usage", name))
    for name, other in (("attempts", 1), ("seconds", 0.0)):
        if _out_of_bounds(line.get(name), 0, whole=name == "attempts"):
            line[name] = other
            yield place_of((name,))
    scores = line.get("scores")
    if isinstance(scores, dict):
        for name in [n for n, v in scores.items() if _out_of_bounds(v)]:
            del scores[name]
            yield place_of(("scores", name))
    for name, bounds in (("value", ()), ("preference", (0, 1))):
        if _out_of_bounds(line.get(name), *bounds):
            line[name] = None
            line["class"], line["reason"] = Class.UNPARSEABLE.value, f"its {name} is out of bounds"
            yield place_of((name,))
    numbers = line.get("numbers")
    if isinstance(numbers, list) and not all(map(_usable_numbers, numbers)):
        line["numbers"] = None
        yield place_of(("numbers",))
    letters = line.get("logprobs")
    if isinstance(letters, dict):
        for name in ("a", "b"):
            if _out_of_bounds(letters.get(name)):
                line["logprobs"] = None
                yield place_of(("logprobs", name))


def _usable_numbers(number: object) -> bool:
    """Return whether a number's log-probabilities can be read.

    Without them its plain score counts.
    """
    try:
        _Numbers.model_validate(number)
    except ValidationError:
        return False
    return True


def _out_of_bounds(
    value: object,
    least: float = -LARGEST_NUMBER,
    most: float = LARGEST_NUMBER,
    *,
    whole: bool = False,
) -> bool:
    """Return whether the value is a number, but none that may stand there."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    number = bounded_count(value) if whole else bounded_number(value)
    return number is None or not least <= number <= most
