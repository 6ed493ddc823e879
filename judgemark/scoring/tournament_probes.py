"""What the verdicts of tournaments tell of position and circles, without another question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from judgemark.metrics.validity.probe_statistics import (
    Contrast,
    ContrastFinding,
    assess_contrasts,
)
from judgemark.probes.circles import BY_CHANCE, Circles, Preferences, count_circles
from judgemark.probes.compared_contrasts import (
    FIRST,
    FLIPS,
    NO_REPEATS,
    TRIPLES,
    Passes,
    first_contrast,
    flipped,
)
from judgemark.probes.probe_registry import PROBABILITY, SHARE, contrast_at
from judgemark.setting_names import as_keywords
from judgemark.tournaments.tournament_result import Played, TournamentResult
from judgemark.tournaments.tournament_settings import Option

FEW_WRITERS = "no item has a full round robin of three texts with a verdict on each pair"


@dataclass(frozen=True, slots=True)
class TournamentProbes:
    """The contrasts of a run's tournaments; `circles` is None unless they are full."""

    findings: tuple[ContrastFinding, ...]
    circles: Circles | None = None

    @property
    def beside(self) -> Mapping[str, float] | None:
        """The shares that stand beside the share of circles; None without circles."""
        if self.circles is None or not self.circles.observed:
            return None
        return {"chance": BY_CHANCE, "bradley_terry": mean(self.circles.expected)}


def probe_tournaments(played: Played, seed: int) -> TournamentProbes:
    """Return position and, of full tournaments, intransitivity, with the item as unit.

    Pairs of one item share texts, so that they are no independent evidence; each pair of texts
    counts once, however often it was played. Changes of the favourite with the order are shown and
    not tested, because nothing was asked twice.
    """
    by_item: dict[str, dict[tuple[str, str], Passes]] = defaultdict(dict)
    for (item, one, two), both in zip(played.places, played.passes, strict=True):
        by_item[item][one, two] = both
    units = [list(by_item[item].values()) for item in sorted(by_item)]
    contrasts = [first_contrast(units, _threshold(FIRST, PROBABILITY)), _flips(units)]
    circles = None
    if played.result.settings.option is Option.FULL:
        circles = count_circles(_round_robins(played.result), seed)
        contrast = circles.contrast(TRIPLES, _threshold(TRIPLES, SHARE))
        if not circles.observed:
            contrast = Contrast(TRIPLES, (), SHARE, contrast.threshold, untested=FEW_WRITERS)
        contrasts.append(contrast)
    return TournamentProbes(assess_contrasts(contrasts), circles)


def _flips(units: Sequence[Sequence[Passes]]) -> Contrast:
    shares = [mean(map(flipped, unit)) for unit in units]
    reason = as_keywords(NO_REPEATS) if shares else ""
    return Contrast(FLIPS, (), SHARE, _threshold(FLIPS, SHARE), shown=shares, untested=reason)


def _round_robins(result: TournamentResult) -> dict[str, list[Preferences]]:
    """Return the preferences of each item, one mapping for each of its iterations."""
    found: dict[str, dict[str, dict[tuple[str, str], float]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for match, preference in zip(result.matches, result.preferences, strict=True):
        if preference is not None:
            found[match.item][match.iteration][match.first, match.second] = preference
    return {item: list(by_iteration.values()) for item, by_iteration in found.items()}


def _threshold(key: str, unit: str) -> float:
    return contrast_at(key)[0].threshold(unit)
