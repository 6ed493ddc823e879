"""A stored pairwise run: its tournaments replayed from the journal, no judge asked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from judgemark.errors import UsageError
from judgemark.inputs.samples import SampleSet
from judgemark.judged import Judged, JudgedRun, LetterUse, Tournaments
from judgemark.judges.logprob import letter_of
from judgemark.protocols.pairwise_protocol import Pairwise
from judgemark.protocols.stored_words import TOO_LONG
from judgemark.protocols.tournament_protocol import TournamentProtocol
from judgemark.records import Failure, Outcome, QuestionKey
from judgemark.run.counted_entries import (
    CountedEntry,
    Keep,
    counted_entries,
    digest,
)
from judgemark.run.folder import RunFolder
from judgemark.run.journal import read_entries, without_collector
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.stored_facts import stored_facts
from judgemark.run.stored_texts import StoredTexts
from judgemark.tournaments.tournament_result import Played
from judgemark.tournaments.tournament_settings import Option, Settings


def pairwise_of(spec: Mapping[str, Any], instructions: Mapping[str, str]) -> Pairwise:
    """Return how a stored run asked about pairs."""
    protocol = spec["fingerprint"]["protocol"]
    return Pairwise(
        spec["fingerprint"]["judge"],
        instructions,
        worded=protocol["name"] == "pairwise-worded",
        escape_non_ascii=protocol["escape_non_ascii"],
        card_fallback=protocol.get("card_fallback", False),
    )


def rules_of(spec: Mapping[str, Any]) -> Settings:
    """Return the tournament rules that a stored run played by; UsageError where it played none."""
    played = spec["fingerprint"]["protocol"].get("tournament")
    if played is None:
        raise UsageError(
            f'run "{spec["run_id"]}" holds single pairs and no tournament: it has no scores; '
            "its figures are in pairs.json, and the same pairs command prints them again"
        )
    return Settings(
        option=Option(played["option"]),
        rounds=played.get("rounds"),
        bootstraps=played.get("bootstraps", Settings().bootstraps),
        k_factor=played["k_factor"],
        initial_rating=played["initial_rating"],
        scale=played["scale"],
        seed=played["seed"],
    )


def counted_answers(
    entries: Iterable[JournalEntry], asking: Pairwise, keep: Keep | None = None
) -> dict[QuestionKey, CountedEntry]:
    """Return the outcome of each question; `keep` is as in `counted_entries`.

    A stored verdict stands as it was read, since later rounds were paired by it. A reply that
    could not be read is parsed again: with an improved parser, nothing has to be asked again.
    """

    def read(entry: JournalEntry) -> Outcome:
        if entry.outcome.cls.good or entry.reply is None:
            return entry.outcome
        return asking.read_reply(entry.reply)

    with without_collector():
        return counted_entries(entries, read, keep)


def read_tournament(folder: RunFolder) -> JudgedRun:
    """Return the run of a folder as a table of ratings, from its own files alone."""
    spec, samples = folder.spec(), folder.samples()
    rules = rules_of(spec)
    asking = pairwise_of(spec, folder.instructions(samples.items))
    texts, entries = StoredTexts(folder.journal), list[JournalEntry]()
    found = counted_answers(read_entries(folder.journal), asking, texts.into(entries))
    verdicts_sha256 = digest(found.values(), texts.text_of)
    played = TournamentProtocol(asking, samples.samples, rules).score(
        {key: f.outcome for key, f in found.items()}
    )
    run = stored_facts(
        folder,
        spec,
        samples,
        found,
        entries,
        verdicts_sha256=verdicts_sha256,
        judged=_rated(played, samples),
    )
    return replace(
        run,
        pieces=_wanted(played, samples),
        unanswered=max(played.unanswered, run.unanswered),
        tournaments=_tournaments(played, found, entries),
        references=folder.references(),
    )


def _rated(played: Played, samples: SampleSet) -> tuple[Judged, ...]:
    """Return one rating per writer of each tournament; a rating over several pieces has no text."""
    at = {(s.writer, s.iteration, s.item): s for s in samples.samples}
    rated = []
    for standing in played.result.standings:
        for writer, rating in standing.ratings.items():
            piece = at.get((writer, standing.iteration, standing.item))
            rated.append(
                Judged(
                    writer,
                    standing.iteration,
                    standing.item,
                    0,
                    0,
                    scores=None,
                    value=rating,
                    text_sha256=piece.sha256 if piece else "",
                    text_length=len(piece.text) if piece else None,
                )
            )
    return tuple(rated)


def _wanted(played: Played, samples: SampleSet) -> int:
    """Return how many ratings there would be if everybody could be paired everywhere."""
    settings = played.result.settings
    if settings.option is Option.BOOTSTRAP:
        return settings.bootstraps * len(samples.writers)
    return len(samples.samples)


def _tournaments(
    played: Played, found: Mapping[QuestionKey, CountedEntry], entries: Iterable[JournalEntry]
) -> Tournaments:
    failures = tuple(
        (f.entry.item, f.outcome) for f in found.values() if isinstance(f.outcome, Failure)
    )
    return Tournaments(
        played,
        asked=len({e.key for e in entries if e.attempts}),
        lent=sum(f.entry.lent is not None for f in found.values()),
        too_long=sum(failure.reason.startswith(TOO_LONG) for _, failure in failures),
        letters=_letter_use([f.entry for f in found.values()]),
        failures=failures,
    )


def _letter_use(entries: Iterable[JournalEntry]) -> LetterUse | None:
    letters = [e.reply.logprobs for e in entries if e.reply and e.reply.logprobs]
    if not letters:
        return None
    return LetterUse(
        len(letters),
        math.fsum(use.mass for use in letters) / len(letters),
        sum(use.a_censored or use.b_censored for use in letters),
        sum(letter_of(use.produced) is None for use in letters),
    )
