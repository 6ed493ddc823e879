"""The colours of charts: themes, the ramp of shares, the map of means, and ink that stands out.

A colour of a mark is a role of the theme (`ink`, `point`), a step of the ramp (`share-7`), the ink
upon such a step (`on-share-7`), or a fixed `#rrggbb` that is the same in both themes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

SHARE_STEPS = 24
"""Shares are drawn in this many steps from 0 to 1, so that a style sheet can name each colour."""

ROLES = ("ink", "faint", "rule", "paper", "raw", "calibrated", "point", "line")

_MEANS = (
    "#440154", "#481a6c", "#472f7d", "#414487", "#39568c", "#31688e", "#2a788e", "#23888e",
    "#1f988b", "#22a884", "#35b779", "#54c568", "#7ad151", "#a5db36", "#d2e21b", "#fde725",
)  # fmt: skip
"""Sixteen even steps of viridis (Smith and van der Walt 2015), which any eye can order."""


@dataclass(frozen=True, slots=True)
class ChartColours:
    """The colours of a light or dark chart; colour-blind readers can tell blue and orange apart."""

    ink: str
    faint: str
    rule: str
    paper: str
    raw: str
    calibrated: str
    point: str
    line: str
    ramp: tuple[str, str, str]

    def of(self, colour: str) -> str:
        """Return the `#rrggbb` of a mark's colour."""
        if colour.startswith("#"):
            return colour
        if colour in ROLES:
            found: str = getattr(self, colour)
            return found
        under = _blended(self.ramp, int(colour.rsplit("-", 1)[1]) / SHARE_STEPS)
        return ink_upon(under) if colour.startswith("on-") else under


LIGHT_COLOURS = ChartColours(
    ink="#1c2128",
    faint="#57606a",
    rule="#d0d7de",
    paper="#ffffff",
    raw="#8dbbe3",
    calibrated="#f3b878",
    point="#2f6fab",
    line="#b3470b",
    ramp=("#f6f8fa", "#86b4dc", "#0b3d75"),
)
DARK_COLOURS = ChartColours(
    ink="#e6e9ed",
    faint="#a3acb8",
    rule="#3b434d",
    paper="#161b22",
    raw="#2f6ea5",
    calibrated="#a8641c",
    point="#6cabe6",
    line="#ffb366",
    ramp=("#1f262e", "#37719f", "#cfe6fb"),
)
COLOURS_OF_THEMES = MappingProxyType({"light": LIGHT_COLOURS, "dark": DARK_COLOURS})


def share_colour(share: float) -> str:
    """Return the colour of a share (0..1): a step of the ramp."""
    return f"share-{round(min(max(share, 0.0), 1.0) * SHARE_STEPS)}"


def mean_colour(place: float) -> str:
    """Return the colour of a mean by its place (0..1) between the least and the greatest."""
    return _blended(_MEANS, min(max(place, 0.0), 1.0))


def _blended(stops: Sequence[str], place: float) -> str:
    """Return the colour at a place (0..1) along evenly spaced stops."""
    position = place * (len(stops) - 1)
    first = min(int(position), len(stops) - 2)
    rest = position - first
    low, high = (_channels(stop) for stop in stops[first : first + 2])
    mixed = (round(a + (b - a) * rest) for a, b in zip(low, high, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def ink_upon(colour: str) -> str:
    """Return black or white, whichever has the higher contrast (WCAG 2) on a `#rrggbb`."""
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(colour))
    )
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#ffffff"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
