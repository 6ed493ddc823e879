"""Criterion scores from the log-probabilities that a journal holds, beside those of the replies."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from judgemark.judged import ExpectedScores
from judgemark.protocols.expected_scores import LEAST_MASS, joins_digits, score_distribution
from judgemark.protocols.reply_reader import ReplyReader, reader_for
from judgemark.records import NumberLogprobs, Reply, Rubric, Verdict
from judgemark.table.item_scores import fold_name


def expected_scores(reply: Reply, verdict: Verdict, rubric: Rubric) -> ExpectedScores | None:
    """Return the expected score of each criterion of a verdict.

    A criterion keeps its plain score where no number of the journal stands at its place in the
    reply, or where too little of the probability fell on scores that can be read. None for a
    reply without log-probabilities and for a verdict without criterion scores.
    """
    if not reply.numbers or not verdict.scores:
        return None
    found = _numbers_of(reply.text, reply.numbers, reader_for(rubric))
    joined = joins_digits(reply.numbers)
    scores: dict[str, float] = {}
    expected = 0
    for name, plain in verdict.scores.items():
        number = found.get(fold_name(name))
        scores[name] = plain
        if number is None:
            continue
        low, high = rubric.scoring_min, rubric.scoring_max
        chances = score_distribution(number, low, high, joined=joined)
        if chances.mass >= LEAST_MASS and plain in chances.probabilities:
            scores[name] = min(max(chances.mean, low), high)
            expected += 1
    return ExpectedScores(scores, expected)


def _numbers_of(
    text: str, numbers: tuple[NumberLogprobs, ...], reader: ReplyReader
) -> Mapping[str, NumberLogprobs]:
    """Return the number that gives each criterion its score, by folded name."""
    read = reader.parse(text)
    # Where reasoning stood between parts of the reply, places in the two texts do not match.
    start = text.rfind(read.said) if read.said else -1
    if start < 0:
        return {}
    places = [number.at for number in numbers]
    found = {}
    for name, at in read.places.items():
        n = bisect_left(places, start + at)
        if n < len(places) and places[n] == start + at:
            found[fold_name(name)] = numbers[n]
    return found
