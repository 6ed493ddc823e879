"""The members of a stored run with several judges: who they are and what each of them used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from judgemark.errors import InputError
from judgemark.judged import Member
from judgemark.records import text_hash
from judgemark.redaction import Scrubber
from judgemark.run.counted_entries import CountedEntry, spent_on
from judgemark.run.folder import RunFolder
from judgemark.run.journal_entry import JournalEntry


def members_of(
    spec: Mapping[str, Any],
    journal: Path,
    entries: Sequence[JournalEntry],
    found: Iterable[CountedEntry],
) -> tuple[Member, ...]:
    """Return the members of a run, in their order; none for a single judge.

    `spec` is its run.json, `entries` those of its journal and `found` the ones that count. Raises
    InputError for a verdict of a member that the run does not have.
    """
    listed = spec["judge"].get("members") or ()
    strange = max((entry.key.slot.member for entry in entries), default=0)
    if listed and strange >= len(listed):
        problem = f"holds a verdict of judge {strange + 1}, and the run has {len(listed)}"
        raise InputError(journal, problem, fix="restore it from a copy")
    protocols = spec["fingerprint"]["protocol"].get("members") or ()
    failed = [f.entry.key.slot.member for f in found if not f.outcome.cls.good]
    return tuple(
        Member(
            number,
            str(judge["spec"]),
            str(judge.get("kind") or "endpoint"),
            judge.get("endpoint"),
            judge.get("source"),
            spent_on([entry for entry in entries if entry.key.slot.member == number]),
            failed.count(number),
            tuple(declared) if (declared := protocols[number].get("single_range")) else None,
        )
        for number, judge in enumerate(Scrubber().value(listed))
    )


def method_of(folder: RunFolder, spec: Mapping[str, Any]) -> str:
    """Return how the scores of the members are joined: as last reported, else as first asked."""
    return folder.ensemble_method() or str(spec["judge"].get("ensemble_method") or "average")


def joined_digest(verdicts: str, method: str) -> str:
    """Return what names the verdicts of a run: of several judges, with how they are joined.

    Boards take two entries of the same verdicts for one run, and another method has other figures.
    """
    return verdicts if method == "average" else text_hash(f"{verdicts} {method}")


def any_may_vary(spec: Mapping[str, Any]) -> bool:
    """Return whether repeats can differ for any judge of a run; baselines are asked only once."""
    judges = spec["judge"].get("members") or [spec["judge"]]
    return any(str(judge.get("kind")) != "baseline" for judge in judges)


def joined_replies(replies: Mapping[int, str], members: Sequence[Member]) -> str:
    """Return the replies of several members about one piece as one text, each under its name."""
    return "\n\n".join(
        f"[judge {number + 1}: {members[number].spec}]\n{text}"
        for number, text in sorted(replies.items())
    )
