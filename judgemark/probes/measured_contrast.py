"""The contrasts of a judge that scores single pieces, from its answers by arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.metrics.validity.probe_statistics import Contrast
from judgemark.probes.probe_arm import PLAIN
from judgemark.probes.probe_registry import DEVIATIONS, POINTS, Probe, ProbeContrast, contrasts_of
from judgemark.records import Place

DECIMALS = 9
"""Differences beyond these decimals come from the order of additions and count as none."""

FEWEST_FOR_CORRELATION = 3


@dataclass(frozen=True, slots=True)
class MeasuredContrast:
    """A contrast that is ready to be tested, and what is known of it besides.

    `missing` counts the pieces, or pairs of pieces, that were asked about and lack a verdict in
    one of the arms; `left_out` those that the arm cannot be asked about. `correlation` is that of
    the scores in both arms over pieces, -1..1, None where it is not defined.
    """

    probe: Probe
    entry: ProbeContrast
    contrast: Contrast
    missing: int = 0
    left_out: int = 0
    correlation: float | None = None


@dataclass(frozen=True, slots=True)
class ArmScores:
    """The scores of every arm by piece; `asked` counts the pieces that an arm was asked about.

    Scores are in points of 0..10, or on a scale of the judge's own where `own_scale` is true.
    `absent` has the reason of every contrast that was not asked, by its key.
    """

    scores: Mapping[str, Mapping[Place, float]]
    asked: Mapping[str, int]
    absent: Mapping[str, str]
    own_scale: bool = False


def scored_contrasts(probes: Sequence[Probe], arms: ArmScores) -> tuple[MeasuredContrast, ...]:
    """Return the contrasts of a judge that scores single pieces: the arm's score less the plain.

    On a scale of the judge's own the effects are in standard deviations of its plain scores, or,
    where these are all equal, of its scores in all arms.
    """
    plain = arms.scores.get(PLAIN, {})
    size = _own_size(plain, arms.scores) if arms.own_scale else 1.0
    unit = DEVIATIONS if arms.own_scale else POINTS
    found = []
    for probe, entry in contrasts_of(probes):
        key = probe.key_of(entry)
        absent = arms.absent.get(key, "")
        answers = {} if absent else arms.scores.get(key, {})
        places = sorted(plain.keys() & answers.keys())
        effects = [round((answers[p] - plain[p]) / size, DECIMALS) for p in places]
        asked = 0 if absent else arms.asked.get(key, 0)
        found.append(
            MeasuredContrast(
                probe,
                entry,
                Contrast(key, effects, unit, probe.threshold(unit), untested=absent),
                missing=asked - len(places),
                left_out=0 if absent else arms.asked.get(PLAIN, 0) - asked,
                correlation=_correlation([plain[p] for p in places], [answers[p] for p in places]),
            )
        )
    return tuple(found)


def _own_size(plain: Mapping[Place, float], scores: Mapping[str, Mapping[Place, float]]) -> float:
    """Return by what the scores of a judge vary; 1 where they do not: then all effects are 0."""
    everything = [score for arm in scores.values() for score in arm.values()]
    for given in (list(plain.values()), everything):
        if len(given) > 1 and np.ptp(given) > 0:
            return float(np.std(given, ddof=1))
    return 1.0


def _correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    if len(one) < FEWEST_FOR_CORRELATION or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])
