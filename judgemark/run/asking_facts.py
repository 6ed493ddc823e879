"""What a journal shows about how its run was asked: adapted settings, prompts that were cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from judgemark.judged import Adaptation, AskingFacts
from judgemark.judges.lowered_figures import lowered_figure
from judgemark.judges.prompt_counts import PromptCounts
from judgemark.records import Sample
from judgemark.run.journal_entry import JournalEntry

RENAMED = "max_tokens"
"""The field of which an adaptation means another name, `max_completion_tokens`, and no loss."""


def asking_facts(entries: Sequence[JournalEntry], samples: Iterable[Sample]) -> AskingFacts:
    """Return what the entries show about all questions that this run asked itself."""
    own = [entry for entry in entries if entry.lent is None and entry.reply is not None]
    return AskingFacts(tuple(_adaptations(own)), _counts(own, samples).cut)


def _adaptations(entries: Sequence[JournalEntry]) -> Iterable[Adaptation]:
    """Yield the adaptations by field; one that was made at several figures counts as one."""
    concerned: dict[tuple[str, bool], list[tuple[str, int | None]]] = {}
    for entry in entries:
        for name in entry.reply.adapted if entry.reply else ():
            lowered = lowered_figure(name)
            field, most = (lowered.field, lowered.most) if lowered else (name, None)
            if (field, most) != (RENAMED, None):
                concerned.setdefault((field, most is None), []).append((entry.time, most))
    for (field, left_out), found in sorted(concerned.items()):
        figures = [most for _, most in found if most is not None]
        least = None if left_out else min(figures)
        yield Adaptation(field, least, len(found), len(entries), min(time for time, _ in found))


def _counts(entries: Sequence[JournalEntry], samples: Iterable[Sample]) -> PromptCounts:
    """Count prompts by their lengths; older journals tell only those of the pieces in them.

    The usage of several attempts is summed and says nothing about one prompt.
    """
    lengths = {sample.sha256: len(sample.text) for sample in samples}
    counts = PromptCounts()
    for entry in entries:
        if entry.attempts == 1:
            characters = entry.prompt_characters
            if characters is None:
                characters = sum(lengths.get(sha256, 0) for sha256 in entry.texts.values())
            counts.add(characters, entry.usage.prompt_tokens)
    return counts
