"""The result of a ladder: damage in rising doses, from the run's folder alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from judgemark.damage.known_damage import damage_pairs
from judgemark.metrics.validity.known_pair import AnsweredPair, KnownPair
from judgemark.metrics.validity.reading import Reading
from judgemark.metrics.validity.validity_blocks import KindReading
from judgemark.records import Place, Sample
from judgemark.run.folder import RunFolder
from judgemark.run.stored_answers import read_answers
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.damage_reading import compared_series, read_damage, scored_series
from judgemark.scoring.known_pair_answers import answers_to, scores_by_place
from judgemark.scoring.known_result import known_result
from judgemark.scoring.ladder_facts import LadderFacts, ladder_facts
from judgemark.scoring.result_types import ResultSection
from judgemark.table.score_table import mean


def compose_ladder(folder: RunFolder, seed: int | None = None) -> ResultSection:
    """Return the result of a stored ladder; no judge is asked.

    `seed` is that of the counting rules' folds; by default the run's own. A judge that scored
    single pieces answers every pair of two versions of one piece; a judge that compared pieces
    answers the pairs that it was asked about, each version against its undamaged source.
    """
    answers, facts = read_answers(folder), ladder_facts(folder)
    seed = answers.run.seed if seed is None else seed
    pairs = _ladder_pairs(answers.run.samples, pairwise=answers.pairwise)
    answered = answers_to(answers, pairs)
    scores = scores_by_place(answers)
    series = compared_series(answered) if answers.pairwise else scored_series(pairs, scores)
    found = read_damage(answered, series, answers.run.samples, seed)
    level_of = facts.level_of
    own = {
        **_drawn(facts, answers.run.samples),
        "doses": {
            kind: _doses(_of_kind(answered, kind), reading, level_of, scores)
            for kind, reading in found.kinds.items()
        },
    }
    return known_result(answers, found.section(_missing(found.reading)), own, Notes())


def _ladder_pairs(samples: Iterable[Sample], *, pairwise: bool) -> tuple[KnownPair, ...]:
    """Return the known pairs of a ladder; `pairwise` leaves those with an undamaged piece."""
    pairs = damage_pairs(samples)
    if not pairwise:
        return pairs
    return tuple(pair for pair in pairs if pair.severities and pair.severities[0] == 0)


def _drawn(facts: LadderFacts, samples: Sequence[Sample]) -> ResultSection:
    """Return how the ladder was drawn, and which versions could not be made."""
    not_made = Counter((missing.kind, missing.reason) for missing in facts.not_made)
    return {
        "seed": facts.seed,
        "levels": facts.levels,
        "kinds": list(facts.kinds),
        "budget": facts.budget,
        "pieces": sum(s.derived_from is None for s in samples),
        "versions": sum(s.derived_from is not None for s in samples),
        "not_made": [
            {"kind": kind, "reason": reason, "versions": number}
            for (kind, reason), number in sorted(not_made.items())
        ],
    }


def _of_kind(answered: Sequence[AnsweredPair], kind: str) -> list[AnsweredPair]:
    return [one for one in answered if one.pair.kind == kind]


def _doses(
    answered: Sequence[AnsweredPair],
    kind: KindReading,
    level_of: Mapping[Place, int],
    scores: Mapping[Place, float],
) -> list[ResultSection]:
    """Return, for each level from 0, what judge and counting make of it.

    `prefers_damaged` is the share (0..1) of versions that the judge puts above their undamaged
    piece, or the mean P of the version of a judge that compares; half for a tie, and half at level
    0. `counter` is the same of the counting rule, and `score` the mean item score.
    """
    counted = kind.counted.counter.answers if kind.counted and kind.counted.counter else None
    judged, counter = defaultdict(list), defaultdict(list)
    severity, texts = defaultdict(list), defaultdict(set)
    for n, one in enumerate(answered):
        pair = one.pair
        if not pair.severities or pair.severities[0] != 0 or one.p_better is None:
            continue
        worse = (pair.worse.writer, pair.worse.iteration, pair.item)
        level = level_of[worse]
        judged[level].append(1.0 - one.p_better)
        severity[level].append(pair.severities[1])
        texts[level].add(worse)
        texts[0].add((pair.better.writer, pair.better.iteration, pair.item))
        if counted is not None:
            counter[level].append(1.0 - float(counted[n]))
    return [
        {
            "level": level,
            "pieces": len(texts[level]),
            "severity": mean(severity[level]) if level else 0.0,
            "prefers_damaged": mean(judged[level]) if level else 0.5,
            "counter": (mean(counter[level]) if level else 0.5) if counted is not None else None,
            "score": mean([scores[place] for place in sorted(texts[level])]) if scores else None,
        }
        for level in sorted(texts)
    ]


def _missing(reading: Reading) -> str:
    if not reading.missing:
        return ""
    return f"{reading.missing} of {reading.pairs} known pairs have a text without a verdict"
