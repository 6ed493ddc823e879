"""Scores from probabilities: the expected value of a score over what the judge might have written.

Source: G-Eval (Liu et al. 2023, arXiv:2303.16634): the sum over the possible scores of score times
probability. Wang, Zhang and Choi (2025, arXiv:2503.03064) find this mean better than the likeliest
score in all settings they tried. Pure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judgemark.records import NumberLogprobs

LEAST_MASS = 0.9
"""With less of the probability on numbers that can be read, the plain score counts instead."""

_LEADING = re.compile(r"^\D*")
_NUMERIC = re.compile(r"^(?P<digits>\d+)(?:(?P<sign>[.,])(?P<decimals>\d+))?")
_DECIMAL_SIGNS = (".", ",")


@dataclass(frozen=True, slots=True)
class ScoreDistribution:
    """The probabilities of the scores that a judge might have given at one place of its reply.

    `probabilities` maps scores within the range to their probabilities; they sum to `mass`, 0..1.
    What is missing went to numbers out of the range, to other tokens, or to tokens that may be the
    beginning of several scores.
    """

    probabilities: Mapping[float, float]

    @property
    def mass(self) -> float:
        """Return the probability that fell on scores that can be read."""
        return math.fsum(self.probabilities.values())

    @property
    def mean(self) -> float:
        """Return the expected score among those that can be read; undefined without any."""
        total = math.fsum(score * p for score, p in self.probabilities.items())
        return total / self.mass


def joins_digits(numbers: Sequence[NumberLogprobs]) -> bool:
    """Return whether a tokenizer writes several digits as one token, as its tokens show.

    One that does not writes `10` as `1` and `0`: then `1` may be the beginning of `10`.
    """
    return any(
        len(token) > 1 and token.isdigit()
        for number in numbers
        for step in number.steps
        for token, _ in step
    )


def score_distribution(
    number: NumberLogprobs, low: float, high: float, *, joined: bool
) -> ScoreDistribution:
    """Return the distribution of a score that was written as `number`, within low..high.

    A score of one token is one of that token's alternatives, each taken for a whole number that
    ends there. A score of several tokens branches at each of them: an alternative ends the number,
    goes on with other digits, or, where no one can tell how it would have gone on, is left out.

    Args:
        number: the number's tokens and their alternatives.
        low: the least score.
        high: the greatest score.
        joined: what `joins_digits` says of the reply.
    """
    found = _Branches(low, high, joined)
    found.walk(number)
    return ScoreDistribution(found.scores)


class _Branches:
    """Adds up the probability of each score along the tokens of a number."""

    def __init__(self, low: float, high: float, joined: bool) -> None:
        self._low, self._high, self._joined = low, high, joined
        self.scores: dict[float, float] = {}

    def walk(self, number: NumberLogprobs) -> None:
        """Follow the tokens that were written; each alternative branches off from them."""
        lead = _LEADING.match(number.steps[0][0][0]) if number.steps else None
        lead_text = lead[0] if lead else ""
        written, path = "", 1.0
        in_decimals = _has_decimals(number)
        for place, step in enumerate(number.steps):
            own, own_p = step[0][0].removeprefix(lead_text if place == 0 else ""), _p(step[0][1])
            for token, logprob in step[1:]:
                if place == 0:
                    self._first(token, lead_text, path * _p(logprob), in_decimals)
                else:
                    self._later(written, token, path * _p(logprob))
            if place:
                numeric = own_p + math.fsum(_p(value) for _, value in step[1:])
                self._add(written, path * max(0.0, 1.0 - numeric))
            written += own
            path *= own_p
        self._end(_written(written), number.after, path)

    def _first(self, token: str, lead: str, p: float, in_decimals: bool) -> None:
        """Add an alternative to the whole number: a number of its own, unless it may go on."""
        digits = token.removeprefix(lead)
        if _NUMERIC.match(digits) is None or in_decimals:
            return
        whole = _written(digits)
        if not self._joined and whole.isdigit() and self._low <= 10 * int(whole) <= self._high:
            return
        self._add(whole, p)

    def _later(self, written: str, token: str, p: float) -> None:
        """Add an alternative to a later token: other digits go on, a sign leaves decimals open."""
        if token[:1].isdigit():
            self._add(_written(written + token), p)

    def _end(self, written: str, after: Sequence[tuple[str, float]], path: float) -> None:
        """Add the number that was written; what might have followed it takes its share."""
        goes_on = 0.0
        for token, logprob in after:
            if token[:1].isdigit():
                goes_on += _p(logprob)
                self._add(_written(written + token), path * _p(logprob))
        self._add(written, path * max(0.0, 1.0 - goes_on))

    def _add(self, written: str, p: float) -> None:
        try:
            value = float(written.rstrip(".,").replace(",", "."))
        except ValueError:
            return
        if self._low <= value <= self._high and p > 0:
            self.scores[value] = self.scores.get(value, 0.0) + p


def _has_decimals(number: NumberLogprobs) -> bool:
    """Return whether the decimals of a number stand in tokens after its first one."""
    return any(token[:1] in _DECIMAL_SIGNS for token, _ in (step[0] for step in number.steps[1:]))


def _written(text: str) -> str:
    """Return the number at the beginning of a text, without what follows it in the same token."""
    found = _NUMERIC.match(text)
    return found[0] if found else text


def _p(logprob: float) -> float:
    return math.exp(min(0.0, logprob))
