"""The A/B mathematics of a pairwise judge: from token log-probabilities to P(A). Pure.

No engine is imported here; engines and endpoints hand over log-probabilities and nothing else.
Source of the formulas: the card of selfhypnosis-ai/Qwen3.5-4B-Creative-Writing-Judge.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judgemark.records import LetterLogprobs

LOG_ZERO = -9999.0
"""Stands for minus infinity, which JSON cannot hold; endpoints use the same number."""

CARD_UNSEEN = -100.0
"""What the card's own code puts for a letter that was not returned."""

SEEN_AS_SPACE = "Ġ▁Ċ"
"""How some servers spell a leading space or line break inside a token."""

_FULL_WIDTH = str.maketrans("ＡＢａｂ", "ABab")
_MOST_ROUNDING = 0.01
"""How far rounded probabilities may add up to more than 1."""

MOST_MASS = 1.02
"""The most that the probabilities of both letters add up to, with room for rounding."""

_LEAST_MASS_LEFT = 1e-9
"""Stands for the mass left where the returned probabilities add up to 1."""


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    """One candidate for the first new token: its text and natural-log probability (<= 0)."""

    text: str
    logprob: float


@dataclass(frozen=True, slots=True)
class LetterIds:
    """The token ids of the single tokens `A` and `B`."""

    a: int
    b: int


def letter_of(token: str) -> str | None:
    """Return the letter `A` or `B` that a token spells, else None.

    Case, surrounding white space and full width do not matter: ` A`, `a` and `Ａ` spell A.
    Look-alikes of other alphabets, and letters with anything beside them, spell nothing.
    """
    bare = token.lstrip(SEEN_AS_SPACE + " \t\r\n\f\v\u00a0\u3000").rstrip()
    letter = bare.translate(_FULL_WIDTH).upper()
    return letter if letter in ("A", "B") else None


def is_log_probability(value: float) -> bool:
    """Return whether a number can be a log-probability: at most 0, or above it by rounding
    alone."""
    return value <= _MOST_ROUNDING


def _unseen_bound(returned: Sequence[float], listed: Sequence[float] | None = None) -> float:
    """Return an upper bound of the log-probability of a token that was not returned.

    Two facts bound it. The endpoint lists the most likely tokens, so the token is no likelier
    than the least likely one in the list. And all probabilities add up to 1, so it is no likelier
    than what the returned tokens leave, ln(1 - sum p). Where rounding leaves nothing, the bound
    is ln(1e-9); figures that add up to clearly more than 1 say nothing of what is left. A figure
    at LOG_ZERO stands for "very unlikely" and not for a place in the list, so it bounds nothing.

    Args:
        returned: log-probabilities of all distinct tokens that came back, at least one.
        listed: those of the list of most likely tokens alone; a produced token outside the list
            was drawn and is no bound for others. None where all of `returned` is that list.
    """
    in_order = [_finite(value) for value in (listed or returned)]
    ranked = min((value for value in in_order if value > LOG_ZERO), default=0.0)
    total = math.fsum(math.exp(_finite(value)) for value in returned)
    if total > 1.0 + _MOST_ROUNDING:
        return ranked
    return min(ranked, math.log(max(1.0 - total, _LEAST_MASS_LEFT)))


def letters_by_text(
    candidates: Sequence[TokenLogprob],
    produced: str,
    *,
    exact: bool = False,
    listed: Sequence[TokenLogprob] | None = None,
) -> LetterLogprobs | None:
    """Read the two letters out of candidates that are known by their text.

    A letter's probability is the sum over its variants (` A`, `a`), which are named in the
    result. A letter without any candidate is censored: it gets the bound of `_unseen_bound`.
    Returns None where no candidate has a usable number.

    Args:
        candidates: all tokens that came back; a candidate given twice counts once.
        produced: the text of the token that the judge really produced.
        exact: the candidates were asked for by token id; then `A` and `B` themselves count alone
            wherever both are there.
        listed: those of the candidates that are the endpoint's list of most likely tokens.
    """
    known = [c for c in dict.fromkeys(candidates) if is_log_probability(c.logprob)]
    if not known:
        return None
    top = [c.logprob for c in listed or () if is_log_probability(c.logprob)]
    bound = _unseen_bound([c.logprob for c in known], top or None)
    seen: dict[str, list[TokenLogprob]] = {"A": [], "B": []}
    for candidate in known:
        letter = letter_of(candidate.text)
        if letter is not None:
            seen[letter].append(candidate)
    if exact:
        bare = {x: [c for c in seen[x] if c.text == x] for x in seen}
        if all(bare.values()):
            seen = bare
    values = {x: _log_sum([c.logprob for c in seen[x]]) if seen[x] else bound for x in seen}
    variants = {c.text for x in seen for c in seen[x] if c.text != x}
    return LetterLogprobs(
        a=values["A"],
        b=values["B"],
        produced=produced,
        a_censored=not seen["A"],
        b_censored=not seen["B"],
        variants=tuple(sorted(variants)),
        candidates=len(known),
    )


def letters_by_id(
    logprobs: Mapping[int, float], ids: LetterIds, produced: str
) -> LetterLogprobs | None:
    """Read the single tokens `A` and `B` out of candidates that are known by token id.

    A letter that is not among them is censored: it gets the bound of `_unseen_bound`. Returns None
    where there is no candidate, or where one of the figures is no log-probability.
    """
    if not logprobs or not all(map(is_log_probability, logprobs.values())):
        return None
    bound = _unseen_bound(list(logprobs.values()))
    return LetterLogprobs(
        a=_finite(logprobs[ids.a]) if ids.a in logprobs else bound,
        b=_finite(logprobs[ids.b]) if ids.b in logprobs else bound,
        produced=produced,
        a_censored=ids.a not in logprobs,
        b_censored=ids.b not in logprobs,
        candidates=len(logprobs),
    )


def preference(letters: LetterLogprobs, *, card_fallback: bool = False) -> float | None:
    """Return P(A) = exp(lA) / (exp(lA) + exp(lB)), in 0..1; higher: A is the better text.

    A censored letter enters with its bound. None for a failed pass: both letters censored, or
    both without any mass. With `card_fallback` as the card's code does it: -100 for a censored
    letter, 0.5 where both are censored.
    """
    from scipy.special import expit

    a, b = letters.a, letters.b
    if letters.a_censored and letters.b_censored:
        return 0.5 if card_fallback else None
    if card_fallback:
        a = CARD_UNSEEN if letters.a_censored else a
        b = CARD_UNSEEN if letters.b_censored else b
    if math.exp(a) + math.exp(b) == 0.0:
        return None
    return float(expit(a - b))


def swap_average(first_as_a: float | None, first_as_b: float | None) -> float | None:
    """P(first text): the mean of P(A) where it stood as A and P(B) where it stood as B.

    Both arguments are P(A) of their pass. None, never a tie, where either pass failed.
    """
    if first_as_a is None or first_as_b is None:
        return None
    return (first_as_a + (1.0 - first_as_b)) / 2.0


def _finite(logprob: float) -> float:
    """Within LOG_ZERO..0: servers round, and some overstep 0 by a hair."""
    return min(0.0, max(logprob, LOG_ZERO))


def _log_sum(logprobs: Sequence[float]) -> float:
    """ln of the summed probabilities; at most 0, which rounding might overstep."""
    from scipy.special import logsumexp

    return _finite(float(logsumexp(logprobs)))
