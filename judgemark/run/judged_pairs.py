"""Turn a journal's entries about pairs into judged pairs for classification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from judgemark.judges.logprob import letter_of
from judgemark.metrics.classification import JudgedPair, Pass
from judgemark.metrics.validity.drawn_pairs import ScoredPiece
from judgemark.metrics.validity.known_pair import KnownPair
from judgemark.protocols.pairwise_protocol import Pair, Pairwise
from judgemark.records import Place, QuestionKey, Sample, Verdict
from judgemark.run.journal_entry import JournalEntry

_LETTERS = {1.0: "A", 0.0: "B"}


def scored_piece(sample: Sample, score: float) -> ScoredPiece:
    """Return a sample with the reference's score, 0..100."""
    return ScoredPiece(
        sample.item, sample.writer, sample.iteration, sample.sha256, len(sample.text), score
    )


def pass_of(entry: JournalEntry) -> Pass | None:
    """Return one pass as stored in the journal; None where it has no verdict.

    A verdict in words names its letter itself, and a tie names none.
    """
    verdict = entry.outcome
    if not isinstance(verdict, Verdict) or verdict.preference is None:
        return None
    letters = entry.reply.logprobs if entry.reply else None
    if letters is None:
        return Pass(verdict.preference, _LETTERS.get(verdict.preference))
    censored = letters.a_censored or letters.b_censored
    return Pass(verdict.preference, letter_of(letters.produced), letters.mass, censored)


def pair_of(known: KnownPair, samples: Mapping[Place, Sample]) -> Pair:
    """Return the pair to ask about."""
    better, worse = (
        samples[text.writer, text.iteration, known.item] for text in (known.better, known.worse)
    )
    return Pair.of(better, worse)


def judged_pairs(
    known: Sequence[KnownPair],
    samples: Mapping[Place, Sample],
    asking: Pairwise,
    entries: Mapping[QuestionKey, JournalEntry],
) -> tuple[tuple[JudgedPair, ...], int]:
    """Return the known pairs with both passes, and the number with a verdict missing."""
    found: list[JudgedPair] = []
    for one in known:
        pair = pair_of(one, samples)
        passes = []
        for question in asking.questions(pair):
            entry = entries.get(question.key)
            passes.append(pass_of(entry) if entry else None)
        better_first = pair.one.sha256 == one.better.text_sha256
        as_a, as_b = passes if better_first else reversed(passes)
        if as_a is not None and as_b is not None:
            found.append(JudgedPair(one, as_a, as_b))
    return tuple(found), len(known) - len(found)
