"""What measuring starts from: the verdicts of a run, whichever file they were kept in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from judgemark.records import Class, Rubric, Sample


@dataclass(frozen=True, slots=True)
class Judged:
    """One piece that one judge scored, with whatever the verdict gave.

    `scores` are criterion scores as given (a rubric judge), `value` is an item score already (a
    baseline, a rating, or a past run that kept no criterion scores). `text_length` is in
    characters, None where the text is not known.
    """

    writer: str
    iteration: str
    item: str
    member: int
    repeat: int
    scores: Mapping[str, float] | None
    value: float | None
    text_sha256: str = ""
    text_length: int | None = None


@dataclass(frozen=True, slots=True)
class Unjudged:
    """One piece that was asked about and has no verdict: what came instead."""

    writer: str
    iteration: str
    item: str
    cls: Class
    reason: str
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What the asking took; None where the endpoint did not say.

    `seconds` sums the time of the attempts that counted, `requests` all attempts.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost: float | None = None
    seconds: float | None = None
    requests: int | None = None


@dataclass(frozen=True, slots=True)
class FirstTry:
    """Of `replied` questions that got a reply at all, `parsed` were scorable at the first one."""

    parsed: int
    replied: int


@dataclass(frozen=True)
class JudgedRun:
    """A run ready to be measured.

    `judge`, `protocol` and `fingerprint` are as stored, for the reader; no figure depends on them.
    `pieces` counts the whole set, `questions` what was asked of it or would have to be, `samples`
    is empty where the texts are not known. `median` joins ensemble members by their median.
    `references` are those the run was last reported with, `ratings` marks a table of ratings (a
    pairwise judge), `verdicts_sha256` names the verdicts.
    """

    run_id: str
    judge: Mapping[str, Any]
    protocol: Mapping[str, Any]
    dataset: Mapping[str, Any]
    fingerprint: Mapping[str, Any]
    rubric: Rubric
    judged: tuple[Judged, ...]
    unjudged: tuple[Unjudged, ...]
    pieces: int
    repeats: int = 1
    classes: Mapping[Class, int] = field(default_factory=dict)
    first_try: FirstTry | None = None
    spent: Spent = Spent()
    samples: tuple[Sample, ...] = ()
    replies: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    median: bool = False
    ratings: bool = False
    verdicts_sha256: str | None = None
    seed: int = 0
    references: Mapping[str, float] | None = None
