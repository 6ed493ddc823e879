"""The answers of a stored ladder, of pairs or of probes, read from the run's folder alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from judgemark.judged import JudgedRun, Unjudged
from judgemark.judges.logprob import swap_average
from judgemark.metrics.classification import Pass
from judgemark.records import Failure
from judgemark.run.counted_entries import CountedEntry, digest
from judgemark.run.folder import RunFolder
from judgemark.run.journal import read_entries
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.judged_pairs import pass_of
from judgemark.run.kind_of_run import RunKindName, is_pairwise, kind_of
from judgemark.run.stored_facts import stored_facts
from judgemark.run.stored_pairwise_run import counted_answers, pairwise_of
from judgemark.run.stored_run import read_run
from judgemark.run.stored_texts import StoredTexts

ShownTexts = tuple[str, str, str]
"""One pass of a pair: the item, and the sha256 of the texts shown as A and as B."""


@dataclass(frozen=True)
class StoredAnswers:
    """What a judge answered in a run that is not one of the main job.

    Attributes:
        kind: the kind of run.
        run: how it was asked, what it cost, its samples and, of a judge that scored single pieces,
            the verdicts. A run over pairs has no verdicts there.
        facts: what the run stored about itself when it began (`drawn.json.gz`).
        passes: of a judge that compared pieces, the answer to each pass that has one; else None.
    """

    kind: RunKindName
    run: JudgedRun
    facts: Mapping[str, Any]
    passes: Mapping[ShownTexts, Pass] | None

    @property
    def pairwise(self) -> bool:
        """Whether the judge compared pieces with each other."""
        return self.passes is not None

    def p_better(self, item: str, better: str, worse: str) -> float | None:
        """Return P(better) of two texts, by their sha256, averaged over both orders.

        None where an order has no answer, and for a judge that scored single pieces.
        """
        passes = self.passes or {}
        as_a, as_b = passes.get((item, better, worse)), passes.get((item, worse, better))
        return swap_average(as_a.p_a if as_a else None, as_b.p_a if as_b else None)


def read_answers(folder: RunFolder) -> StoredAnswers:
    """Read a run from its own files; replies are parsed again, and no judge is asked.

    Raises InputError where a file is damaged.
    """
    spec, facts = folder.spec(), folder.drawn()
    if not is_pairwise(spec):
        return StoredAnswers(kind_of(spec), read_run(folder), facts, None)
    samples = folder.samples()
    asking = pairwise_of(spec, folder.instructions(samples.items))
    texts, entries = StoredTexts(folder.journal), list[JournalEntry]()
    found = counted_answers(read_entries(folder.journal), asking, texts.into(entries))
    run = stored_facts(
        folder,
        spec,
        samples,
        found,
        entries,
        verdicts_sha256=digest(found.values(), texts.text_of),
        unjudged=_failures(found.values()),
    )
    return StoredAnswers(kind_of(spec), run, facts, _passes(found.values()))


def _failures(found: Iterable[CountedEntry]) -> Iterable[Unjudged]:
    """Yield the passes without a verdict; the texts of a pair stand where a writer would."""
    for counted in found:
        outcome = counted.outcome
        if isinstance(outcome, Failure):
            shown = " / ".join(counted.entry.texts.get(role, "")[:12] for role in ("A", "B"))
            yield Unjudged(shown, "", counted.entry.item, outcome.cls, outcome.reason)


def _passes(found: Iterable[CountedEntry]) -> dict[ShownTexts, Pass]:
    passes: dict[ShownTexts, Pass] = {}
    for counted in found:
        answer = pass_of(counted.as_read)
        if answer is not None:
            texts = counted.entry.texts
            passes[counted.entry.item, texts["A"], texts["B"]] = answer
    return passes
