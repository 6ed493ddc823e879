"""What a stored run of any kind says of itself: the part of `JudgedRun` that all kinds share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from judgemark.inputs.samples import SampleSet
from judgemark.judged import Judged, JudgedRun, Unjudged
from judgemark.records import QuestionKey, Rubric
from judgemark.redaction import Scrubber
from judgemark.run.asked_log import NAME as ASKED
from judgemark.run.asked_log import set_out_to_ask
from judgemark.run.asking_facts import asking_facts
from judgemark.run.counted_entries import CountedEntry, first_try, spent_on
from judgemark.run.folder import RunFolder
from judgemark.run.journal_entry import JournalEntry

NO_SCALE = Rubric(0.0, 10.0)
"""The rubric of a judge that compares pieces: its table, if it has one, holds ratings."""


def stored_facts(
    folder: RunFolder,
    spec: Mapping[str, Any],
    samples: SampleSet,
    found: Mapping[QuestionKey, CountedEntry],
    entries: Sequence[JournalEntry],
    *,
    verdicts_sha256: str,
    rubric: Rubric = NO_SCALE,
    judged: Iterable[Judged] = (),
    unjudged: Iterable[Unjudged] = (),
) -> JudgedRun:
    """Return the run of a folder, without what only its kind of run has.

    `spec` is its `run.json`, without its secrets. `found` has the entry that counts for each
    question, `entries` all of the journal. The caller adds the rest with `dataclasses.replace`.
    """
    return JudgedRun(
        run_id=folder.run_id,
        judge=Scrubber().value(spec["judge"]),
        protocol=spec["fingerprint"]["protocol"],
        dataset={"name": samples.name, "sha256": samples.sha256},
        fingerprint=Scrubber().value(spec["fingerprint"]),
        rubric=rubric,
        judged=tuple(judged),
        unjudged=tuple(unjudged),
        pieces=len(samples.samples),
        unanswered=len(set_out_to_ask(folder.path / ASKED, found)),
        classes=Counter(f.outcome.cls for f in found.values()),
        first_try=first_try(found.values()),
        spent=spent_on(entries),
        samples=samples.samples,
        verdicts_sha256=verdicts_sha256,
        seed=int(spec.get("seed", 0)),
        asking=asking_facts(entries, samples.samples),
    )
