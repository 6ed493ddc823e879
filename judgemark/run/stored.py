"""A stored run, read back ready to be measured; no judge is asked."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from judgemark.judged import FirstTry, Judged, JudgedRun, Spent, Unjudged
from judgemark.protocols.classing import common_criteria, hold_to
from judgemark.protocols.parsing import ReplyReader
from judgemark.records import (
    Class,
    Criterion,
    Failure,
    Outcome,
    QuestionKey,
    Rubric,
    Sample,
    Slot,
    Verdict,
)
from judgemark.run.entries import Entry
from judgemark.run.folder import RunFolder
from judgemark.run.journal import read_entries
from judgemark.run.runner import total_usage


@dataclass(frozen=True, slots=True)
class _Found:
    """The entry that counts for one question, read anew, and the class of its first reply."""

    entry: Entry
    outcome: Outcome
    first: Class | None


def rubric_of(spec: Mapping[str, Any]) -> Rubric:
    """The scoring range and criteria that a run was asked with."""
    scoring = spec["fingerprint"]["scoring"]
    listed = scoring.get("criteria")
    criteria = (
        None if listed is None else tuple(Criterion(c["name"], c["negative"]) for c in listed)
    )
    return Rubric(scoring["min"], scoring["max"], criteria)


def read_run(folder: RunFolder) -> JudgedRun:
    """The run of a folder, from its own files alone.

    Replies are read anew: a parser that has got better must not mean asking again. The last good
    verdict of a question counts, else its last failure.
    """
    spec = folder.spec()
    samples = folder.samples()
    rubric = rubric_of(spec)
    entries = list(read_entries(folder.journal))
    found = _held(_latest(entries, spec, rubric), rubric)
    judged, unjudged, replies = _join(samples.samples, found.values())
    usage = total_usage([e.usage for e in entries])
    firsts = [f.first for f in found.values() if f.first is not None]
    return JudgedRun(
        run_id=folder.run_id,
        judge=spec["judge"],
        protocol=spec["fingerprint"]["protocol"],
        dataset={"name": samples.name, "sha256": samples.sha256},
        fingerprint=spec["fingerprint"],
        rubric=rubric,
        judged=judged,
        unjudged=unjudged,
        pieces=len(samples.samples),
        repeats=int(spec.get("repeats", 1)),
        classes=Counter(f.outcome.cls for f in found.values()),
        first_try=FirstTry(sum(c.good for c in firsts), len(firsts)),
        spent=Spent(
            usage.prompt_tokens,
            usage.completion_tokens,
            usage.cost,
            sum(e.seconds for e in entries),
            sum(e.attempts for e in entries),
        ),
        samples=samples.samples,
        replies=replies,
        verdicts_sha256=_digest(found.values()),
        seed=int(spec.get("seed", 0)),
        references=folder.references(),
    )


def _latest(
    entries: Iterable[Entry], spec: Mapping[str, Any], rubric: Rubric
) -> dict[QuestionKey, _Found]:
    reader = ReplyReader(rubric) if spec["fingerprint"]["protocol"]["name"] == "rubric" else None
    found: dict[QuestionKey, _Found] = {}
    for entry in entries:
        outcome = entry.outcome
        if reader is not None and entry.reply is not None:
            outcome = reader.read(entry.reply.text, entry.reply.finish_reason)
        before = found.get(entry.key)
        first = entry.first_class if before is None or before.first is None else before.first
        if before is None or outcome.cls.good or not before.outcome.cls.good:
            found[entry.key] = _Found(entry, outcome, first)
    return found


def _held(found: dict[QuestionKey, _Found], rubric: Rubric) -> dict[QuestionKey, _Found]:
    """Where the prompt set names no criteria: the verdicts held to those that most of them give."""
    if rubric.criteria is not None:
        return found
    scores = {k: f.outcome.scores for k, f in found.items() if isinstance(f.outcome, Verdict)}
    names = common_criteria([s for s in scores.values() if s])
    held = {k: replace(found[k], outcome=hold_to(s, names)) for k, s in scores.items() if s}
    return found | held


def _join(
    samples: Sequence[Sample], found: Iterable[_Found]
) -> tuple[tuple[Judged, ...], tuple[Unjudged, ...], dict[tuple[str, str, str], str]]:
    """Bring verdicts to samples: by item and text, and by place where the answer depends on it."""
    by_text: dict[tuple[str, str, tuple[str, str] | None], list[_Found]] = {}
    for f in found:
        key = (f.entry.item, f.entry.texts.get("piece", ""), f.entry.place)
        by_text.setdefault(key, []).append(f)
    judged: list[Judged] = []
    unjudged: list[Unjudged] = []
    replies: dict[tuple[str, str, str], str] = {}
    for s in samples:
        here = by_text.get((s.item, s.sha256, (s.writer, s.iteration)))
        here = here or by_text.get((s.item, s.sha256, None), [])
        for f in sorted(here, key=lambda f: f.entry.key.slot):
            reply = f.entry.reply.text if f.entry.reply else None
            if reply is not None:
                replies.setdefault((s.writer, s.iteration, s.item), reply)
            if isinstance(f.outcome, Failure):
                failure = f.outcome
                unjudged.append(
                    Unjudged(s.writer, s.iteration, s.item, failure.cls, failure.reason, reply)
                )
                continue
            judged.append(_judged(s, f.entry.key.slot, f.outcome))
    return tuple(judged), tuple(unjudged), replies


def _judged(s: Sample, slot: Slot, verdict: Verdict) -> Judged:
    return Judged(
        s.writer,
        s.iteration,
        s.item,
        slot.member,
        slot.repeat,
        scores=verdict.scores,
        value=verdict.value,
        text_sha256=s.sha256,
        text_length=len(s.text),
    )


def _digest(found: Iterable[_Found]) -> str:
    """Names the verdicts behind the figures: their questions, slots, texts and replies."""
    rows = sorted(
        json.dumps(
            [
                f.entry.key.question,
                f.entry.key.slot.to_json(),
                sorted(f.entry.texts.items()),
                f.entry.reply.text if f.entry.reply else None,
                f.outcome.cls.value,
            ]
        )
        for f in found
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
