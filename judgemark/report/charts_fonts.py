"""The installed fonts that can draw names in any script, and the width of texts set in them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from functools import lru_cache

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import (
    FontEntry,
    FontProperties,
    findfont,
    findSystemFonts,
    fontManager,
    get_font,
)

from judgemark.report.labels import JOINERS, chart_labels

NORMAL = 9.0
"""The size of most texts of a chart, in points."""

BASE_FONT = "DejaVu Sans"
_MOST_SHOWN = 12
"""How many characters that no font draws are named."""
_GOOD_FOR_OTHER_SCRIPTS = (
    "noto sans",
    "cjk",
    "wenquanyi",
    "droid sans fallback",
    "unifont",
    "arial unicode",
    "yahei",
    "simsun",
    "simhei",
    "pingfang",
    "hiragino",
    "heiti",
    "gothic",
    "meiryo",
    "malgun",
    "nanum",
    "freesans",
    "symbola",
)
_MOST_FAMILIES = 6
"""Every text is tried in all of them, so that many would make drawing slow."""

# Fonts of pictures cannot be drawn, and the others claim to draw everything and draw boxes.
_NO_HELP = ("emoji", "color", "colour", "lastresort", "last resort", "blank")


class Fonts:
    """The installed fonts that can draw a set of names, and the width of texts set in them."""

    def __init__(self, texts: Sequence[str]) -> None:
        codes = frozenset(ord(c) for text in texts for c in text if c.isprintable())
        missing = codes - _charmap(BASE_FONT)
        others = _families_for(missing) if missing else ()
        self.families = [BASE_FONT, *others]
        self._covered = [_charmap(family) for family in self.families]
        self.undrawn = "".join(chr(code) for code in sorted(codes) if not self.drawable(chr(code)))
        """The characters that no installed font draws, in the order of their code points."""
        canvas = FigureCanvasAgg(Figure(figsize=(1, 1), dpi=72))
        self._renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]

    def drawable(self, character: str) -> bool:
        """Return whether one of the fonts has a glyph for the character."""
        if character.isspace() or character in JOINERS:
            return True
        return any(ord(character) in covered for covered in self._covered)

    def properties(self, size: float, bold: bool = False) -> FontProperties:
        """Return the fonts in a size (points); only our own words are bold, in the base font."""
        if bold:
            return FontProperties(family=BASE_FONT, size=size, weight="bold")
        return FontProperties(family=self.families, size=size)

    def inches(self, text: str, size: float = NORMAL, bold: bool = False) -> float:
        """Return the width in inches of a text's widest line, with 2% to spare for hinting."""
        properties = self.properties(size, bold)
        return (
            max(
                float(self._renderer.get_text_width_height_descent(line, properties, False)[0])
                for line in text.split("\n")
            )
            / 72
            * 1.02
        )

    def labels(self, names: Sequence[str], width: float, lines: int = 2) -> tuple[str, ...]:
        """Return labels for names, each of at most `lines` lines of `width` inches."""
        return chart_labels(names, width, lines, self.inches, self.drawable)


@lru_cache(maxsize=16)
def _families_for(codes: frozenset[int]) -> tuple[str, ...]:
    """Return families that together draw as many of the code points as installed fonts can.

    Where those that matplotlib knows do not draw them all, fonts are looked for that were
    installed after it made its list.
    """
    found: list[str] = []
    missing = set(codes)
    for fonts in (_known_fonts, _new_fonts):
        for family, path in fonts():
            if not missing or len(found) == _MOST_FAMILIES:
                break
            covered = _code_points(path) & missing
            if covered:
                found.append(family)
                missing -= covered
    return tuple(found)


def _known_fonts() -> list[tuple[str, str]]:
    return _in_order(fontManager.ttflist)


def _new_fonts() -> list[tuple[str, str]]:
    known = {font.fname for font in fontManager.ttflist}
    before = len(fontManager.ttflist)
    for path in sorted(set(findSystemFonts()) - known):
        # Not every file in a folder of fonts is a font.
        with contextlib.suppress(OSError, RuntimeError, ValueError):
            fontManager.addfont(path)
    return _in_order(fontManager.ttflist[before:])


def _in_order(entries: Sequence[FontEntry]) -> list[tuple[str, str]]:
    """Return the families that may help and a file of each, the best for names first.

    The regular face stands for a family: it is the one that texts are set in.
    """
    upright = [entry for entry in entries if entry.style == "normal"]
    files: dict[str, str] = {}
    for entry in sorted(upright, key=lambda e: (e.name, e.weight not in (400, "normal"), e.fname)):
        if not any(word in entry.name.lower() for word in _NO_HELP):
            files.setdefault(entry.name, entry.fname)
    return sorted(files.items(), key=lambda item: (not _good_for_names(item[0]), item[0]))


def _good_for_names(family: str) -> bool:
    return any(word in family.lower() for word in _GOOD_FOR_OTHER_SCRIPTS)


def _charmap(family: str) -> set[int]:
    """Return the code points that a font family can draw."""
    return _code_points(findfont(FontProperties(family=family), fallback_to_default=True))


def _code_points(path: str) -> set[int]:
    """Return the code points that a font file can draw; none where it cannot be read."""
    try:
        return set(get_font(path).get_charmap())
    except (OSError, RuntimeError, ValueError):
        return set()


def undrawn_told(characters: str) -> str:
    """Return a sentence about characters that no installed font draws."""
    shown = characters if len(characters) <= _MOST_SHOWN else f"{characters[:_MOST_SHOWN]} …"
    return (
        f"No font that is installed here draws these characters of names: {shown} They are boxes "
        "in the chart; install a font for their script (Noto Sans CJK, for one) and make the "
        "report again."
    )
