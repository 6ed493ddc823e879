"""How often one rater agrees with the others: the highest accuracy to expect of a judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from judgemark.errors import UndefinedFigure
from judgemark.metrics.validity.known_pair import AnsweredPair, KnownPair, PairedText, PairSource
from judgemark.table.score_table import mean


@dataclass(frozen=True, slots=True)
class Rating:
    """One person's score of one piece, on 0..100, higher is better."""

    item: str
    text: PairedText
    rater: str
    score: float


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The accuracy of raters and of the judge on the same pairs, averaged over raters; 0..1.

    `accuracy` is the ceiling, `judge` what the judge reaches there, `raters` how many took part,
    and `pairs` the number of pairs of all of them together.
    """

    accuracy: float
    judge: float
    raters: int
    pairs: int


JudgeAnswer = Callable[[KnownPair], float | None]
"""The judge's probability that the better text is better; None where a verdict is missing."""


def rater_ceiling(
    ratings: Sequence[Rating],
    answer: JudgeAnswer,
    margin_min: float,
    margin_max: float | None = None,
) -> Ceiling:
    """Return the accuracy of raters and judge on the same pairs, averaged over raters.

    A rater's pairs are those of two pieces of different writers on one item that this rater rated,
    where the mean of the other raters differs by margin_min to margin_max points (no upper end
    where None); that mean says which piece is better. Equal scores of the rater count half. Pairs
    without a verdict of the judge are left out for both. Raises UndefinedFigure where no pair is
    left.
    """
    scores = _scores(ratings)
    accuracies, judges, pairs = [], [], 0
    for rater in sorted({rating.rater for rating in ratings}):
        found = list(_rater_pairs(scores, rater, margin_min, margin_max))
        answers = [(own, AnsweredPair(pair, answer(pair)).right) for pair, own in found]
        both = [(own, right) for own, right in answers if right is not None]
        if both:
            accuracies.append(mean([own for own, _ in both]))
            judges.append(mean([right for _, right in both]))
            pairs += len(both)
    if not accuracies:
        raise UndefinedFigure("no pair at this margin was rated by two people and answered")
    return Ceiling(mean(accuracies), mean(judges), len(accuracies), pairs)


def ceiling_pairs(
    ratings: Sequence[Rating], margin_min: float, margin_max: float | None = None
) -> tuple[KnownPair, ...]:
    """Return the pairs that `rater_ceiling` asks the judge about, each two texts once.

    Raters may differ in which of the two the others prefer; the pair is then that of the first
    rater in alphabetical order.
    """
    scores = _scores(ratings)
    found: dict[tuple[str, frozenset[str]], KnownPair] = {}
    for rater in sorted({rating.rater for rating in ratings}):
        for pair, _ in _rater_pairs(scores, rater, margin_min, margin_max):
            texts = frozenset((pair.better.text_sha256, pair.worse.text_sha256))
            found.setdefault((pair.item, texts), pair)
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], sorted(key[1]))))


def _scores(ratings: Sequence[Rating]) -> dict[tuple[str, PairedText], dict[str, float]]:
    """Return each rater's mean score of each text."""
    by_text: dict[tuple[str, PairedText], dict[str, list[float]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for rating in ratings:
        by_text[rating.item, rating.text][rating.rater].append(rating.score)
    return {
        place: {rater: mean(values) for rater, values in raters.items()}
        for place, raters in by_text.items()
    }


def _rater_pairs(
    scores: dict[tuple[str, PairedText], dict[str, float]],
    rater: str,
    margin_min: float,
    margin_max: float | None,
) -> list[tuple[KnownPair, float]]:
    """Return the rater's pairs, the better text by the others' mean, and the rater's own
    answers."""
    rated: dict[str, list[PairedText]] = defaultdict(list)
    for item, text in sorted(scores):
        raters = scores[item, text]
        if rater in raters and len(raters) > 1:
            rated[item].append(text)
    found = []
    for item, texts in rated.items():
        for one, two in combinations(texts, 2):
            if one.text_sha256 == two.text_sha256 or (one.writer and one.writer == two.writer):
                continue
            gap = _others(scores[item, one], rater) - _others(scores[item, two], rater)
            # Means of decimal numbers: a margin of 5 must not fall short by a rounding error.
            margin = round(abs(gap), 9)
            if (
                margin == 0
                or margin < margin_min
                or (margin_max is not None and margin > margin_max)
            ):
                continue
            better, worse = (one, two) if gap > 0 else (two, one)
            own = scores[item, better][rater] - scores[item, worse][rater]
            pair = KnownPair(PairSource.PEOPLE, item, better, worse, margin=margin)
            found.append((pair, 0.5 if own == 0 else float(own > 0)))
    return found


def _others(raters: dict[str, float], rater: str) -> float:
    return mean([score for name, score in sorted(raters.items()) if name != rater])
