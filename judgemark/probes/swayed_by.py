"""What a judge is most swayed by, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judgemark.probes.probe_registry import (
    DEVIATIONS,
    POINTS,
    PROBABILITY,
    contrast_at,
)


def most_swayed_by(probes: Mapping[str, Any]) -> str | None:
    """Return the found contrast with the largest effect, in thresholds of its probe, in words.

    `probes` is the section `validity.probes` of a result: blocks by `probe.contrast`. The words
    are the cause and the signed effect, as in "padding (+0.8 points)". None where no contrast was
    found, which does not say that there is no effect. Contrasts that the registry does not have,
    such as those of a later version, are left out.
    """
    found: list[tuple[float, str]] = []
    for key, block in probes.items():
        if not isinstance(block, Mapping) or block.get("found") is not True:
            continue
        effect, unit = block.get("effect"), block.get("unit")
        if not isinstance(effect, int | float) or not isinstance(unit, str):
            continue
        try:
            probe, contrast = contrast_at(key)
        except KeyError:
            continue
        size = abs(effect) / probe.threshold(unit)
        found.append((size, f"{contrast.cause} ({_effect_in_words(effect, unit)})"))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _effect_in_words(effect: float, unit: str) -> str:
    """Return a signed effect with its unit; probabilities and shares are percentage points."""
    if unit == POINTS:
        return f"{effect:+.1f} points" if abs(effect) >= 0.1 else f"{effect:+.2f} points"
    if unit == DEVIATIONS:
        return f"{effect:+.1f} sd"
    return f"{100 * effect:+.0f}%" if unit == PROBABILITY else f"{100 * effect:.0f}%"
