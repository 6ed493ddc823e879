"""The statistics of a run's contrasts: is a judge affected by what should not matter?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.metrics.interval_methods import t_quantile
from judgemark.metrics.validity.multiple_tests import benjamini_hochberg
from judgemark.table.score_table import Floats

JsonValue = float | int | str | bool | None | list[float] | dict[str, "JsonValue"]
ContrastBlock = dict[str, JsonValue]
"""A block of result.json, of plain values."""

ALPHA = 0.05
POWER = 0.80
EQUIVALENCE_LEVEL = 0.90
FEWEST_PIECES = 2


@dataclass(frozen=True, slots=True)
class Contrast:
    """The effect of one arm on each piece: its answer minus that of the plain arm.

    `key` is `probe.contrast`, and `effects` has one number per piece in `unit`. `threshold`, above
    0 and in the same unit, is the size below which an effect does not matter.

    `shown` has the numbers whose mean and interval are reported, one per piece, where these are
    not the ones that are tested: a share, 0..1, is shown as it is and tested against what chance
    gives. Only an excess over chance is tested then (one-sided), because a share below it is no
    fault. `untested` says why there is nothing to test; then there is no p value.
    """

    key: str
    effects: Sequence[float]
    unit: str
    threshold: float
    shown: Sequence[float] | None = None
    untested: str = ""


@dataclass(frozen=True, slots=True)
class ContrastFinding:
    """One contrast of a run, tested together with all others.

    `effect` is the mean over pieces with its 95% t interval `ci95` (of what is shown, where that is
    not what is tested); `p` is that of the paired t test over pieces, `p_adjusted` that of
    Benjamini and Hochberg over all contrasts of the run.
    `mde` is the smallest effect that would be found with 80% power at level 0.05 / m, where m
    contrasts are tested. `found` is True where p_adjusted is below 0.05, False where the 90%
    interval lies within ± the threshold, and None where neither can be said. Everything that is
    not defined is None, with the `reason`.
    """

    key: str
    unit: str
    pieces: int
    effect: float | None
    ci95: tuple[float, float] | None
    mde: float | None
    p: float | None
    p_adjusted: float | None
    found: bool | None
    reason: str = ""

    def to_json(self) -> ContrastBlock:
        """Return the block of result.json under `validity.probes`."""
        return {
            "effect": self.effect,
            "unit": self.unit,
            "ci95": None if self.ci95 is None else list(self.ci95),
            "mde": self.mde,
            "p": self.p,
            "p_adjusted": self.p_adjusted,
            "found": self.found,
        }


def assess_contrasts(contrasts: Sequence[Contrast]) -> tuple[ContrastFinding, ...]:
    """Test all contrasts of a run, in the order given.

    Contrasts with fewer than two pieces are not tested and do not count towards m. Where all
    effects of a contrast are equal there is no spread to test against: p is 1 for an effect of 0
    and 0 for any other.
    """
    tested = [
        n for n, c in enumerate(contrasts) if len(c.effects) >= FEWEST_PIECES and not c.untested
    ]
    p_values = {n: _paired_p(contrasts[n]) for n in tested}
    adjusted = dict(zip(tested, benjamini_hochberg([p_values[n] for n in tested]), strict=True))
    return tuple(
        _finding(c, p_values[n], adjusted[n], len(tested)) if n in p_values else _untested(c)
        for n, c in enumerate(contrasts)
    )


def probes_block(
    findings: Sequence[ContrastFinding],
) -> tuple[ContrastBlock, dict[str, str]]:
    """Return the `validity.probes` block by contrast, and the reasons of what it lacks."""
    blocks: ContrastBlock = {finding.key: finding.to_json() for finding in findings}
    return blocks, {finding.key: finding.reason for finding in findings if finding.reason}


def smallest_detectable(error: float, freedom: int, alpha: float, power: float = POWER) -> float:
    """Return the effect that a two-sided t test at level alpha finds with the given power; 0 or
    more.

    `error` is the standard error of the mean. The noncentral t is exact here, except that its far
    tail is left out.
    """
    from scipy.optimize import brentq
    from scipy.special import nctdtr

    if error == 0:
        return 0.0
    bound = t_quantile(freedom, 1 - alpha)

    def short(noncentrality: float) -> float:
        return 1.0 - float(nctdtr(freedom, noncentrality, bound)) - power

    top = bound + 4.0
    while short(top) < 0:
        top *= 2
    return float(brentq(short, 0.0, top, xtol=1e-9)) * error


def _error(effects: Floats) -> float:
    # Equal effects have no spread, whatever the last bit of their mean.
    if np.ptp(effects) == 0:
        return 0.0
    return float(effects.std(ddof=1)) / math.sqrt(len(effects))


def _paired_p(contrast: Contrast) -> float:
    from scipy.special import stdtr

    effects = np.asarray(contrast.effects, dtype=float)
    mean, error = float(effects.mean()), _error(effects)
    one_sided = contrast.shown is not None
    if error == 0:
        return 1.0 if effects[0] == 0 or (one_sided and effects[0] < 0) else 0.0
    if one_sided:
        return float(stdtr(len(effects) - 1, -mean / error))
    return float(2 * stdtr(len(effects) - 1, -abs(mean) / error))


def _finding(contrast: Contrast, p: float, adjusted: float, tests: int) -> ContrastFinding:
    effects = np.asarray(contrast.effects, dtype=float)
    freedom, mean, error = len(effects) - 1, float(effects.mean()), _error(effects)
    narrow = t_quantile(freedom, EQUIVALENCE_LEVEL) * error
    # A share below what chance gives is no fault, however far below it is.
    lowest = mean - narrow if contrast.shown is None else 0.0
    alpha = ALPHA / tests if contrast.shown is None else 2 * ALPHA / tests
    found: bool | None = None
    reason = ""
    if adjusted < ALPHA:
        found = True
    elif -contrast.threshold <= lowest and mean + narrow <= contrast.threshold:
        found = False
    else:
        reason = (
            "not found, and too few pieces to rule out an effect of "
            f"{contrast.threshold:g} ({contrast.unit})"
        )
    shown, ci95 = _shown(contrast)
    return ContrastFinding(
        contrast.key,
        contrast.unit,
        len(effects),
        shown,
        ci95,
        smallest_detectable(error, freedom, min(alpha, 0.5)),
        p,
        adjusted,
        found,
        reason,
    )


def _shown(contrast: Contrast) -> tuple[float | None, tuple[float, float] | None]:
    """Return the mean of what is shown and its interval, as far as there are pieces for them."""
    shown = contrast.effects if contrast.shown is None else contrast.shown
    values = np.asarray(shown, dtype=float)
    if not len(values):
        return None, None
    mean = float(values.mean())
    if len(values) < FEWEST_PIECES:
        return mean, None
    half = t_quantile(len(values) - 1) * _error(values)
    if contrast.shown is None:
        return mean, (mean - half, mean + half)
    return mean, (max(0.0, mean - half), min(1.0, mean + half))


def _untested(contrast: Contrast) -> ContrastFinding:
    n = len(contrast.effects if contrast.shown is None else contrast.shown)
    few = f"{n} pieces have a verdict in both arms, and a test needs at least {FEWEST_PIECES}"
    effect, ci95 = _shown(contrast)
    return ContrastFinding(
        contrast.key,
        contrast.unit,
        n,
        effect,
        ci95,
        None,
        None,
        None,
        None,
        contrast.untested or few,
    )


def intransitive_share(preferences: Mapping[tuple[str, str], float]) -> float | None:
    """Return the share (0..1) of intransitive triples in a full round robin of one item.

    `preferences` maps (one, two) to P(one better), each pair once in either order. A triple a, b, c
    is intransitive where P(a > b), P(b > c) and P(c > a) are all above or all below 0.5; triples
    with an exact 0.5 or a missing pair are left out. A judge that answers at random has 1/4. None
    where no triple is left.
    """
    names = sorted({name for pair in preferences for name in pair})
    place = {name: n for n, name in enumerate(names)}
    signs = np.zeros((len(names), len(names)))
    for (one, two), p in preferences.items():
        sign = float(np.sign(p - 0.5))
        signs[place[one], place[two]], signs[place[two], place[one]] = sign, -sign
    decided = np.abs(signs)
    triples = float(np.trace(decided @ decided @ decided)) / 6
    above = np.maximum(signs, 0.0)
    circles = float(np.trace(above @ above @ above)) / 3
    return circles / triples if triples else None
