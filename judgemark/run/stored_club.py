"""The discussions of a stored book club: first impressions, turns, and the final scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from judgemark.judged import Club, Judged, Member, Turn
from judgemark.protocols.stored_words import FINAL, FIRST, SCORED, Table
from judgemark.records import Failure, Place, QuestionKey, Sample, Verdict
from judgemark.run.counted_entries import CountedEntry, TextOf

Found = Mapping[QuestionKey, CountedEntry]


def club_rules(protocol: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the rules of a book club from a protocol's fingerprint; None for any other."""
    rules: Mapping[str, Any] | None = protocol.get("book_club")
    return rules


def of_stage(found: Found, stage: str) -> dict[QuestionKey, CountedEntry]:
    """Return the entries of one stage, one for each member and discussion.

    Where a discussion was held twice in different words, the last usable entry counts, else the
    last one.
    """
    chosen: dict[tuple[Table, int], tuple[QuestionKey, CountedEntry]] = {}
    for key, counted in found.items():
        if key.slot.stage == stage:
            place = (_table(counted), key.slot.member)
            before = chosen.get(place)
            good = counted.outcome.cls.good
            if before is None or good or not before[1].outcome.cls.good:
                chosen[place] = key, counted
    return dict(chosen.values())


def club_of(
    rules: Mapping[str, Any],
    found: Found,
    impressions: Sequence[Judged],
) -> Club:
    """Return what a book club said; `found` are all entries that count, in the order written."""
    turns: dict[Table, list[Turn]] = {}
    for key, counted in found.items():
        if key.slot.stage not in SCORED:
            outcome = counted.outcome
            words = outcome.words if isinstance(outcome, Verdict) else None
            reason = outcome.reason if isinstance(outcome, Failure) else ""
            turn = Turn(key.slot.stage, key.slot.member, words, reason)
            turns.setdefault(_table(counted), []).append(turn)
    return Club(
        int(rules["merit_rounds"]),
        int(rules["scoring_rounds"]),
        tuple(impressions),
        {table: tuple(told) for table, told in turns.items()},
    )


def without_final(found: Found, members: int) -> int:
    """Count the final scores that are still to be asked for, of the discussions that began."""
    tables = {_table(f) for key, f in found.items() if key.slot.stage == FIRST}
    finals = {(_table(f), key.slot.member) for key, f in of_stage(found, FINAL).items()}
    return sum((table, member) not in finals for table in tables for member in range(members))


def transcripts(
    found: Found, samples: Iterable[Sample], members: Sequence[Member], text: TextOf
) -> dict[Place, str]:
    """Return all that was said about each piece, in its order, as one text."""
    by_text: dict[tuple[str, str], list[tuple[QuestionKey, CountedEntry]]] = {}
    for key, counted in found.items():
        item, sha256, _ = _table(counted)
        by_text.setdefault((item, sha256), []).append((key, counted))
    return {
        (s.writer, s.iteration, s.item): _transcript(by_text[s.item, s.sha256], members, text)
        for s in samples
        if (s.item, s.sha256) in by_text
    }


def _transcript(
    entries: Sequence[tuple[QuestionKey, CountedEntry]],
    members: Sequence[Member],
    text_of: TextOf,
) -> str:
    parts = []
    for key, counted in entries:
        slot, reply = key.slot, text_of(counted.entry)
        text = "(no reply)" if reply is None else reply
        if isinstance(counted.outcome, Failure):
            text += f"\n({counted.outcome.cls.value}: {counted.outcome.reason})"
        repeat = f", repeat {slot.repeat + 1}" if slot.repeat else ""
        title = f"{stage_words(slot.stage)}, judge {slot.member + 1}"
        parts.append(f"[{title}: {members[slot.member].spec}{repeat}]\n{text}")
    return "\n\n".join(parts)


def stage_words(stage: str) -> str:
    """Return a stage's name for a reader: `merit-1` is "merits, round 1"."""
    if stage in SCORED:
        return {FIRST: "first impression", FINAL: "final scores"}[stage]
    name, _, number = stage.partition("-")
    return f"{'merits' if name == 'merit' else 'proposed scores'}, round {number}"


def _table(counted: CountedEntry) -> Table:
    entry = counted.entry
    return entry.item, entry.texts.get("piece", ""), entry.key.slot.repeat
