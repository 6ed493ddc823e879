"""The contrasts of a judge that compares two pieces, from its answers by arm.

In each pair one piece is changed and then the other. The effect on a pair is the mean of both
gains, (P(one' > two) + P(two' > one) - 1) / 2, where ' marks the changed piece: which of the two
is better does not matter, and the plain answer cancels out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from judgemark.metrics.validity.probe_statistics import Contrast
from judgemark.probes.measured_contrast import DECIMALS, MeasuredContrast
from judgemark.probes.probe_registry import PROBABILITY, SHARE, Probe, contrasts_of

EVEN = 0.5
NO_REPEATS = (
    "how often noise alone changes the favourite is not known: probe `repeat` as well, which asks "
    "the same questions again"
)
FLIPS, FIRST, DRIFT, TRIPLES = (
    "position.flips", "position.first", "repeat.drift", "intransitivity.triples"
)  # fmt: skip

Passes = tuple[float, float]
"""P(A) of both passes of a pair: the first piece as A, then the second piece as A."""


@dataclass(frozen=True, slots=True)
class ArmPreferences:
    """The answers of a pairwise judge by pair.

    `plain` and `repeated` hold P(A) of both passes by pair. `changed` holds for each arm and pair
    P(one' > two) and P(two' > one), each averaged over both orders. `asked` counts the pairs of
    each arm. `absent` has the reason of every contrast that was not asked, by its key.
    """

    plain: Mapping[str, Passes]
    repeated: Mapping[str, Passes]
    changed: Mapping[str, Mapping[str, tuple[float, float]]]
    asked: Mapping[str, int]
    absent: Mapping[str, str]


def compared_contrasts(
    probes: Sequence[Probe], arms: ArmPreferences
) -> tuple[MeasuredContrast, ...]:
    """Return the contrasts of a pairwise judge, in the order of the registry."""
    found = []
    for probe, entry in contrasts_of(probes):
        key = probe.key_of(entry)
        absent = arms.absent.get(key, "")
        contrast = Contrast(key, (), PROBABILITY, probe.threshold(PROBABILITY), untested=absent)
        if not absent:
            contrast = _contrast(probe, key, arms)
        asked = 0 if absent else arms.asked.get(key, 0)
        answered = contrast.effects if contrast.shown is None else contrast.shown
        found.append(MeasuredContrast(probe, entry, contrast, missing=asked - len(answered)))
    return tuple(found)


def _contrast(probe: Probe, key: str, arms: ArmPreferences) -> Contrast:
    threshold = probe.threshold(PROBABILITY)
    if key == FIRST:
        return first_contrast([[both] for _, both in sorted(arms.plain.items())], threshold)
    if key == FLIPS:
        return flips_contrast(arms.plain, arms.repeated, threshold)
    if key == DRIFT:
        return Contrast(key, _drifts(arms), PROBABILITY, threshold)
    gains = [
        round((one + two - 1.0) / 2.0, DECIMALS)
        for _, (one, two) in sorted(arms.changed.get(key, {}).items())
    ]
    return Contrast(key, gains, PROBABILITY, threshold)


def first_contrast(units: Iterable[Sequence[Passes]], threshold: float) -> Contrast:
    """Return how much probability the first place has beyond a half.

    Each unit is a pair, or a group of pairs that are not independent; its effect is the mean.
    """
    effects = [
        round(mean((as_a + as_b) / 2.0 for as_a, as_b in unit) - EVEN, DECIMALS) for unit in units
    ]
    return Contrast(FIRST, effects, PROBABILITY, threshold)


def flips_contrast(
    plain: Mapping[str, Passes], repeated: Mapping[str, Passes], threshold: float
) -> Contrast:
    """Return the share of pairs whose favourite changes with the order.

    Noise changes favourites too. Where the pairs were asked again, the share is tested against
    the share of favourites that change between the two times: for a judge that does not look at
    the order all four answers about a pair are alike, and both shares have the same expectation.
    """
    pairs = sorted(plain.keys() & repeated.keys())
    if not pairs:
        shares = [flipped(plain[pair]) for pair in sorted(plain)]
        reason = NO_REPEATS if shares else ""
        return Contrast(FLIPS, (), SHARE, threshold, shown=shares, untested=reason)
    both = {pair: (plain[pair], repeated[pair]) for pair in pairs}
    shares = [mean(map(flipped, times)) for times in both.values()]
    by_noise = [
        mean(_changed(_sign(then), _sign(later)) for then, later in zip(*times, strict=True))
        for times in both.values()
    ]
    excess = [round(s - n, DECIMALS) for s, n in zip(shares, by_noise, strict=True)]
    return Contrast(FLIPS, excess, SHARE, threshold, shown=shares)


def flipped(passes: Passes) -> float:
    """Return 1 where the favourite text changes with the order, else 0; 0.5 with one tie."""
    as_a, as_b = passes
    return _changed(_sign(as_a), -_sign(as_b))


def _sign(p_a: float) -> int:
    return (p_a > EVEN) - (p_a < EVEN)


def _changed(one: int, other: int) -> float:
    return abs(one - other) / 2.0


def _drifts(arms: ArmPreferences) -> list[float]:
    """Return the probability of the first place later less that of the first time, by pair."""
    return [
        round((sum(arms.repeated[pair]) - sum(arms.plain[pair])) / 2.0, DECIMALS)
        for pair in sorted(arms.plain.keys() & arms.repeated.keys())
    ]
