"""A stored run, read back ready to be measured; no judge is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judgemark.inputs.samples import SampleSet
from judgemark.judged import ExpectedScores, Judged, JudgedRun, Member, Unjudged, scored_by
from judgemark.protocols.stored_words import ANCHORED, ENSEMBLE, FINAL, FIRST, SCORED
from judgemark.records import (
    PLAIN,
    Criterion,
    Failure,
    Outcome,
    Place,
    QuestionKey,
    Rubric,
    Sample,
    Slot,
    Verdict,
)
from judgemark.run.counted_entries import (
    CountedEntry,
    Keep,
    Read,
    counted_entries,
    digest,
    first_try,
)
from judgemark.run.folder import RunFolder
from judgemark.run.held_verdicts import held_to_run, is_function
from judgemark.run.journal import read_entries, without_collector
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.kind_of_run import is_pairwise
from judgemark.run.stored_club import club_of, club_rules, of_stage, transcripts, without_final
from judgemark.run.stored_facts import stored_facts
from judgemark.run.stored_members import (
    any_may_vary,
    joined_digest,
    joined_replies,
    members_of,
    method_of,
)
from judgemark.run.stored_texts import ReadWhenNeeded, StoredText, StoredTexts, without_text

if TYPE_CHECKING:
    from judgemark.protocols.anchored_protocol import AnchoredReader
    from judgemark.protocols.function_protocol import AnswerReader
    from judgemark.protocols.reply_reader import ReplyReader


def rubric_of(spec: Mapping[str, Any]) -> Rubric:
    """Return the scoring range and criteria that a run was asked with."""
    scoring = spec["fingerprint"]["scoring"]
    listed = scoring.get("criteria")
    criteria = (
        None if listed is None else tuple(Criterion(c["name"], c["negative"]) for c in listed)
    )
    declared = scoring.get("single_range")
    own = any(is_function(p) for p in spec["fingerprint"]["protocol"].get("members") or ())
    single_range = tuple(declared) if declared else None
    return Rubric(scoring["min"], scoring["max"], criteria, single_range, own)


@dataclass(frozen=True, slots=True, eq=False)
class ReadJournal:
    """A journal as a run is scored from it: the entries that count, all entries, and their texts.

    `made_of` is the state of the file, and the fingerprint of the protocol and the rubric by which
    its replies were read.
    """

    found: dict[QuestionKey, CountedEntry]
    entries: list[JournalEntry]
    texts: StoredTexts
    made_of: tuple[tuple[int, int], Mapping[str, Any], Rubric]

    @staticmethod
    def of(
        journal: Path,
        protocol: Mapping[str, Any],
        rubric: Rubric,
        known: ReadJournal | None = None,
    ) -> ReadJournal:
        """Read a journal, its replies with the current parser; `known` serves where it fits."""
        made_of = (_state(journal), protocol, rubric)
        if known is not None and known.made_of == made_of:
            return known
        texts, entries = StoredTexts(journal), list[JournalEntry]()
        with without_collector():
            found = _counted(read_entries(journal), protocol, rubric, texts.into(entries))
        return ReadJournal(found, entries, texts, made_of)

    @property
    def good(self) -> dict[QuestionKey, Outcome]:
        """The outcomes that need no asking, as `good_verdicts` returns them."""
        return {key: f.outcome for key, f in self.found.items() if f.outcome.cls.good}


def _state(journal: Path) -> tuple[int, int]:
    """Return the size and the time of change of a journal, 0 and 0 where there is none."""
    if not journal.exists():
        return 0, 0
    state = journal.stat()
    return state.st_size, state.st_mtime_ns


def read_run(
    folder: RunFolder, samples: SampleSet | None = None, journal: ReadJournal | None = None
) -> JudgedRun:
    """Return the run of a folder, from its own files.

    Replies are parsed again: with an improved parser, nothing has to be asked again. The last good
    verdict of a question counts, else its last failure. `samples` and `journal` are used where the
    caller has read them already and they are those of the folder.
    """
    spec = folder.spec()
    if is_pairwise(spec):
        from judgemark.run.stored_pairwise_run import read_tournament

        return read_tournament(folder)
    samples = _samples_of(folder, spec, samples)
    rubric = rubric_of(spec)
    protocol = spec["fingerprint"]["protocol"]
    read = ReadJournal.of(folder.journal, protocol, rubric, known=journal)
    every, entries, texts = read.found, read.entries, read.texts
    rules = club_rules(protocol)
    found = every if rules is None else of_stage(every, FINAL)
    members = members_of(spec, folder.journal, entries, found.values())
    method = method_of(folder, spec) if members else "average"
    judged, unjudged, by_member = _join(samples.samples, found.values(), rubric, texts)
    run = stored_facts(
        folder,
        spec,
        samples,
        every,
        entries,
        verdicts_sha256=joined_digest(digest(every.values(), texts.text_of), method),
        rubric=rubric,
        judged=judged,
        unjudged=unjudged,
    )
    run = replace(
        run,
        repeats=int(spec.get("repeats", 1)) if any_may_vary(spec) else 1,
        replies=_replies(by_member, members, texts),
        references=folder.references(),
        undeclared_range=any(
            j.value is not None and _undeclared(protocol, rubric, j.member) for j in judged
        ),
        members=members,
        method=method,
        member_replies=_by_member(by_member, texts) if members else {},
    )
    if rules is not None:
        first = _join(samples.samples, of_stage(every, FIRST).values(), rubric, texts)[0]
        run = replace(
            run,
            club=club_of(rules, every, first),
            replies=transcripts(every, samples.samples, members, texts.text_of),
            unanswered=without_final(every, len(members)),
            first_try=first_try(f for key, f in every.items() if _is_scored(key)),
        )
    return scored_by(run, str(spec.get("score_method", PLAIN)))


def _samples_of(folder: RunFolder, spec: Mapping[str, Any], known: SampleSet | None) -> SampleSet:
    """Return the pieces of a run: those that are `known` already where they are the same, else its
    own."""
    described = spec.get("samples")
    name = described.get("name") if isinstance(described, dict) else None
    begun_with = spec["fingerprint"]["samples"]["sha256"]
    if isinstance(name, str) and known is not None and known.sha256 == begun_with:
        return SampleSet(name, known.samples)
    return folder.samples()


_Told = Mapping[Place, Mapping[int, StoredText]]
"""The replies about each piece by member, or where they are stored."""


def _replies(told: _Told, members: Sequence[Member], texts: StoredTexts) -> Mapping[Place, str]:
    """Return the reply about each piece; those of several members in one text."""

    def reply(by_member: Mapping[int, StoredText]) -> str:
        if not members:
            return texts.text(by_member[min(by_member)])
        return joined_replies({m: texts.text(t) for m, t in by_member.items()}, members)

    return ReadWhenNeeded(told, reply)


def _by_member(told: _Told, texts: StoredTexts) -> Mapping[Place, Mapping[int, str]]:
    return ReadWhenNeeded(told, lambda by_member: ReadWhenNeeded(by_member, texts.text))


def _is_scored(key: QuestionKey) -> bool:
    return key.slot.stage in SCORED


def good_verdicts(
    journal: Path, rubric: Rubric, protocol: Mapping[str, Any]
) -> dict[QuestionKey, Outcome]:
    """Return the outcomes that need no asking, just as `read_run` will count them.

    A rubric judge's are not taken as they were classed when they came: a parser that has got
    better must not mean paying again, and a reply that the run cannot score must be asked about
    again. `protocol` is the protocol's fingerprint.
    """
    with without_collector():
        found = _counted(read_entries(journal), protocol, rubric, without_text)
    return {key: f.outcome for key, f in found.items() if f.outcome.cls.good}


def _undeclared(protocol: Mapping[str, Any], rubric: Rubric, member: int) -> bool:
    """Return whether a judge may give single scores without having said in which range they lie."""
    if protocol["name"] == ENSEMBLE:
        own = protocol["members"][member]
        return is_function(own) and own.get("single_range") is None
    return is_function(protocol) and rubric.single_range is None


def _counted(
    entries: Iterable[JournalEntry], protocol: Mapping[str, Any], rubric: Rubric, keep: Keep
) -> dict[QuestionKey, CountedEntry]:
    """Return the outcomes that count, of one shape for each judge and held to the run's
    criteria."""
    found = counted_entries(entries, reader_of(protocol, rubric), keep)
    return held_to_run(found, protocol, rubric)


def reader_of(protocol: Mapping[str, Any], rubric: Rubric) -> Read:
    """Return how an entry is parsed again; only replies of rubric judges need a parser.

    `protocol` is the protocol's fingerprint.
    """
    name = str(protocol["name"])
    if name == ENSEMBLE:
        members = [reader_of(own, _rubric_of_member(own, rubric)) for own in protocol["members"]]
        in_club = club_rules(protocol) is not None
        return partial(_read_in_club if in_club else _read_by_member, members)
    if name not in _READERS:
        return _as_kept
    reader = _READERS[name](rubric)

    def read(entry: JournalEntry) -> Outcome:
        if entry.reply is None:
            return entry.outcome
        return reader.read(entry.reply.text, entry.reply.finish_reason)

    return read


# What reads the replies of other protocols is not loaded.
def _rubric_reader(rubric: Rubric) -> ReplyReader:
    from judgemark.protocols.reply_reader import ReplyReader

    return ReplyReader(rubric)


def _answer_reader(rubric: Rubric) -> AnswerReader:
    from judgemark.protocols.function_protocol import AnswerReader

    return AnswerReader(rubric)


def _anchored_reader(rubric: Rubric) -> AnchoredReader:
    from judgemark.protocols.anchored_protocol import AnchoredReader

    del rubric  # the anchored item has a scale of its own
    return AnchoredReader()


_READERS: Mapping[str, Callable[[Rubric], ReplyReader | AnswerReader | AnchoredReader]] = {
    "rubric": _rubric_reader,
    "function": _answer_reader,
    ANCHORED: _anchored_reader,
}


def _rubric_of_member(protocol: Mapping[str, Any], rubric: Rubric) -> Rubric:
    declared = protocol.get("single_range")
    single_range = tuple(declared) if declared else None
    return replace(rubric, single_range=single_range, own_criteria=is_function(protocol))


def _read_by_member(members: Sequence[Read], entry: JournalEntry) -> Outcome:
    member = entry.key.slot.member
    return members[member](entry) if member < len(members) else entry.outcome


def _read_in_club(members: Sequence[Read], entry: JournalEntry) -> Outcome:
    if entry.reply is None:
        return entry.outcome
    from judgemark.protocols.discussion_words import discussion_outcome, with_words

    if entry.key.slot.stage not in SCORED:
        return discussion_outcome(entry.reply.text, entry.reply.finish_reason)
    return with_words(_read_by_member(members, entry), entry.reply.text)


def _as_kept(entry: JournalEntry) -> Outcome:
    return entry.outcome


def _join(
    samples: Sequence[Sample], found: Iterable[CountedEntry], rubric: Rubric, texts: StoredTexts
) -> tuple[tuple[Judged, ...], tuple[Unjudged, ...], dict[Place, dict[int, StoredText]]]:
    """Bring verdicts to samples: by item and text, and by place where the answer depends on it."""
    by_text: dict[tuple[str, str, tuple[str, str] | None], list[CountedEntry]] = {}
    for f in found:
        key = (f.entry.item, f.entry.texts.get("piece", ""), f.entry.place)
        by_text.setdefault(key, []).append(f)
    judged: list[Judged] = []
    unjudged: list[Unjudged] = []
    replies: dict[Place, dict[int, StoredText]] = {}
    for s in samples:
        # The members of an ensemble differ in whether they look at the place.
        places = ((s.writer, s.iteration), None)
        here = [f for place in places for f in by_text.get((s.item, s.sha256, place), ())]
        for f in sorted(here, key=lambda f: f.entry.key.slot):
            reply = texts.where(f.entry)
            if reply is not None:
                told = replies.setdefault((s.writer, s.iteration, s.item), {})
                told.setdefault(f.entry.key.slot.member, reply)
            if isinstance(f.outcome, Failure):
                failure = f.outcome
                slot = f.entry.key.slot
                unjudged.append(
                    Unjudged(
                        s.writer,
                        s.iteration,
                        s.item,
                        failure.cls,
                        failure.reason,
                        None if reply is None else texts.text(reply),
                        slot.member,
                        slot.repeat,
                    )
                )
                continue
            expected = None
            if f.entry.reply is not None and f.entry.reply.numbers is not None:
                from judgemark.run.probability_scores import expected_scores

                expected = expected_scores(f.entry.reply, f.outcome, rubric)
            judged.append(_judged(s, f.entry.key.slot, f.outcome, expected))
    return tuple(judged), tuple(unjudged), replies


def _judged(
    s: Sample, slot: Slot, verdict: Verdict, expected: ExpectedScores | None = None
) -> Judged:
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
        cls=verdict.cls,
        expected=expected,
    )
