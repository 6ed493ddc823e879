"""The result of a run over known pairs: does the judge prefer the piece that people, or another
judge, called better?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.inputs.known_pair_set import KnownPairSet
from judgemark.judges.baselines import FLOORS
from judgemark.judges.pairwise_baselines import statistic
from judgemark.metrics.validity.counting_rules import RULES, features_of, rule_answers
from judgemark.metrics.validity.known_pair import AnsweredPair, KnownPair, PairSource
from judgemark.metrics.validity.pair_calibration import calibrate_pairs
from judgemark.metrics.validity.rater_ceiling import Ceiling, rater_ceiling
from judgemark.metrics.validity.reading import CountedPairs, count_pairs, read_counted
from judgemark.metrics.validity.shares import PairEstimate
from judgemark.metrics.validity.validity_blocks import (
    NO_RATERS,
    source_block,
)
from judgemark.metrics.validity.validity_section import validity_section
from judgemark.records import Sample
from judgemark.run.stored_answers import StoredAnswers
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.known_pair_answers import answers_to, scores_by_place
from judgemark.scoring.known_result import known_result
from judgemark.scoring.pair_groups import by_age, by_margin, by_origin, pair_answers, share_of
from judgemark.scoring.pairs_result import reliability_bin
from judgemark.scoring.result_types import ResultSection
from judgemark.tournaments.position_bias import position_bias

BEST_RULES = 8
MOST_SHOWN = 10
EXCERPT = 240


@dataclass(frozen=True, slots=True)
class WrongPair:
    """A pair that the judge ordered wrongly, with its texts.

    `p_better` is below 0.5; `scores` are the item scores of the better and the worse text, None for
    a judge that compared them.
    """

    pair_id: str
    item: str
    origin: str
    margin: float | None
    prompt: str
    better: str
    worse: str
    p_better: float
    scores: tuple[float, float] | None

    def to_json(self) -> dict[str, Any]:
        """Return the pair as one line of `wrong_pairs.jsonl`, which `pairs_file` reads."""
        scores = {} if self.scores is None else {"score_chosen": self.scores[0],
                                                 "score_rejected": self.scores[1]}  # fmt: skip
        return {
            "id": self.pair_id,
            "item": self.item,
            "source": self.origin,
            "margin": self.margin,
            "prompt": self.prompt,
            "chosen": self.better,
            "rejected": self.worse,
            "p_chosen": self.p_better,
            **scores,
        }


def compose_known_pairs(
    answers: StoredAnswers, known: KnownPairSet, seed: int | None = None
) -> ResultSection:
    """Return all figures of a run over known pairs; `seed` divides the clusters into folds."""
    seed = answers.run.seed if seed is None else seed
    notes = Notes()
    answered = answers_to(answers, known.pairs)
    features = features_of({s.sha256: s.text for s in known.samples.samples})
    counted = count_pairs(known.pairs, features, seed)
    ceiling = _ceiling(answers, known)
    reading = read_counted(counted, [one.right for one in answered])
    block = source_block(reading, ceiling)
    if reading.missing:
        block.notes["missing"] = _missing(reading.missing, reading.pairs, answers.pairwise)
    validity = validity_section({known.source: block})
    own = _own_section(answers, known, answered, counted, notes)
    own["ceiling"] = _ceiling_block(ceiling, notes)
    return known_result(answers, validity, own, notes)


def _own_section(
    answers: StoredAnswers,
    known: KnownPairSet,
    answered: Sequence[AnsweredPair],
    counted: CountedPairs,
    notes: Notes,
) -> ResultSection:
    rules = counted.counter.answers if counted.counter else None
    found = pair_answers(known, answered, rules)
    wrong = wrong_pairs(answers, known, answered)
    age = by_age(found)
    if age is None:
        notes.reasons["pairs.by_age"] = "the pairs tell neither years nor ages that differ"
    return {
        "set": known.name,
        "source": str(known.source),
        "sha256": known.sha256,
        "rules": dict(known.rules),
        "left_out": dict(known.left_out),
        "prompts": len({pair.item for pair in known.pairs}),
        "texts": len(known.samples.samples),
        "answered": len(found),
        "ties": sum(one.answer.right == 0.5 for one in found),
        "wrong": len(wrong),
        "by_margin": by_margin(found),
        "by_origin": by_origin(found),
        "by_age": age,
        "calibration": _calibration(answers, answered, notes),
        "order": _order(answers, known.pairs, notes),
        "floors": _floors(known, counted.seed),
        "counting": _best_rules(counted),
        "shown": [_excerpt(one) for one in wrong[:MOST_SHOWN]],
    }


def _missing(missing: int, pairs: int, pairwise: bool) -> str:
    what = "an order without a verdict" if pairwise else "a text without a score"
    return f"{missing} of {pairs} known pairs have {what}"


def _ceiling(answers: StoredAnswers, known: KnownPairSet) -> Ceiling | str:
    if known.source is not PairSource.PEOPLE or not known.ratings:
        return (
            NO_RATERS if known.source is PairSource.PEOPLE else "a reference is no group of people"
        )
    answer = {_texts(one.pair): one.p_better for one in answers_to(answers, known.for_ceiling)}
    margin_max = known.rules.get("margin_max")

    def judge(pair: KnownPair) -> float | None:
        if _texts(pair) in answer:
            return answer[_texts(pair)]
        other = answer.get((pair.item, pair.worse.text_sha256, pair.better.text_sha256))
        return None if other is None else 1.0 - other

    try:
        return rater_ceiling(known.ratings, judge, known.rules.get("margin_min") or 0.0, margin_max)
    except UndefinedFigure as undefined:
        return str(undefined)


def _ceiling_block(ceiling: Ceiling | str, notes: Notes) -> ResultSection | None:
    if isinstance(ceiling, str):
        notes.reasons["pairs.ceiling"] = ceiling
        return None
    return {
        "accuracy": ceiling.accuracy,
        "judge": ceiling.judge,
        "raters": ceiling.raters,
        "pairs": ceiling.pairs,
    }


def _texts(pair: KnownPair) -> tuple[str, str, str]:
    return pair.item, pair.better.text_sha256, pair.worse.text_sha256


def _calibration(
    answers: StoredAnswers, answered: Sequence[AnsweredPair], notes: Notes
) -> ResultSection | None:
    if not answers.pairwise:
        notes.reasons["pairs.calibration"] = "a judge that scores pieces gives no probabilities"
        return None
    found = notes.attempt("pairs.calibration", lambda: calibrate_pairs(answered))
    if found is None:
        return None
    return {
        "n": found.n,
        "brier": found.brier,
        "ece": found.ece,
        "reliability": [reliability_bin(b) for b in found.reliability],
    }


def _order(
    answers: StoredAnswers, pairs: Sequence[KnownPair], notes: Notes
) -> ResultSection | None:
    """Return whether the order of the two texts matters, for a judge that compares."""
    if answers.passes is None:
        notes.reasons["pairs.order"] = "a judge that scores pieces sees no order"
        return None
    both = []
    for pair in pairs:
        item, better, worse = _texts(pair)
        as_a, as_b = (answers.passes.get((item, *t)) for t in ((better, worse), (worse, better)))
        if as_a is not None and as_b is not None:
            both.append((as_a.p_a, as_b.p_a))
    if not both:
        notes.reasons["pairs.order"] = "no pair has a verdict in both orders"
        return None
    bias = position_bias(both)
    same = sum((a - 0.5) * (b - 0.5) < 0 for a, b in both)
    return {"consistency": same / len(both), "first": bias.mass, "passes": bias.passes}


def _floors(known: KnownPairSet, seed: int) -> ResultSection:
    """Return the accuracy of the embedded judges that do not read, on all known pairs."""
    pieces = {(s.item, s.sha256): s for s in known.samples.samples}
    clusters = [pair.cluster for pair in known.pairs]
    return {
        name: _share(share_of(_preferences(name, seed, known.pairs, pieces), clusters))
        for name in FLOORS
    }


def _preferences(
    name: str, seed: int, pairs: Sequence[KnownPair], pieces: Mapping[tuple[str, str], Sample]
) -> list[float]:
    found = {place: statistic(name, seed, sample) for place, sample in pieces.items()}
    return [
        0.5 + 0.5 * float(np.sign(found[p.item, p.better.text_sha256] -
                                  found[p.item, p.worse.text_sha256]))
        for p in pairs
    ]  # fmt: skip


def _best_rules(counted: CountedPairs) -> list[ResultSection]:
    """Return the single counting rules of the highest accuracy, the best first.

    They are chosen on these very pairs, so that their accuracy is too high; `counter` is not.
    """
    answers = rule_answers(counted.differences)
    order = np.argsort(-answers.mean(axis=0).round(12), kind="stable")[:BEST_RULES]
    clusters = [pair.cluster for pair in counted.pairs]
    return [
        {"name": RULES[n], **_share(share_of(answers[:, n].tolist(), clusters))}
        for n in order.tolist()
    ]


def _share(found: PairEstimate) -> ResultSection:
    ends = found.interval.ends() if found.interval else None
    return {"accuracy": found.value, "ci95": ends}


def wrong_pairs(
    answers: StoredAnswers, known: KnownPairSet, answered: Sequence[AnsweredPair] | None = None
) -> tuple[WrongPair, ...]:
    """Return the pairs of which the judge prefers the worse text, the surest verdicts first.

    Of equally sure verdicts those of the largest margin come first; a judge that scores pieces is
    surer the further its two scores lie apart.
    """
    answered = answers_to(answers, known.pairs) if answered is None else answered
    texts = {(s.item, s.sha256): s.text for s in known.samples.samples}
    scores = scores_by_place(answers)
    found = []
    for one, facts in zip(answered, known.facts, strict=True):
        if one.p_better is None or one.p_better >= 0.5:
            continue
        pair = one.pair
        both = [scores.get((t.writer, t.iteration, pair.item)) for t in (pair.better, pair.worse)]
        better, worse = both
        found.append(
            WrongPair(
                facts.pair_id,
                pair.item,
                facts.origin,
                pair.margin,
                known.prompts.get(pair.item, ""),
                texts[pair.item, pair.better.text_sha256],
                texts[pair.item, pair.worse.text_sha256],
                one.p_better,
                None if better is None or worse is None else (better, worse),
            )
        )
    return tuple(sorted(found, key=_surest_first))


def _surest_first(wrong: WrongPair) -> tuple[float, float, float, str, str]:
    apart = wrong.scores[0] - wrong.scores[1] if wrong.scores else 0.0
    return wrong.p_better, apart, -(wrong.margin or 0.0), wrong.pair_id, wrong.better


def _excerpt(wrong: WrongPair) -> ResultSection:
    """Return a pair for the report, with the beginnings of its texts."""
    found = wrong.to_json()
    for part in ("prompt", "chosen", "rejected"):
        text = found[part]
        found[part] = text if len(text) <= EXCERPT else text[:EXCERPT].rstrip() + "…"
    return found
