"""A sheet of marks as SVG that follows the reader's theme by its style sheet."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from judgemark.report.charts_colours import COLOURS_OF_THEMES, ROLES, SHARE_STEPS
from judgemark.report.charts_sheet import Box, ChartSheet, Dots, Mark, Stroke, Words
from judgemark.report.html import visible

PIXELS_PER_INCH = 96
_PIXELS_PER_POINT = 96 / 72
_LAYERS = 6
"""Dots are split into this many paths, so that where they lie on each other they look denser."""

_EDGE = "paper"
"""The colour between the cells of a map."""

_STEPS = tuple(f"share-{n}" for n in range(SHARE_STEPS + 1))
_NAMED = (*ROLES, *_STEPS, *(f"on-{step}" for step in _STEPS))
_FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'


def chart_css() -> str:
    """Return the style sheet of charts: every named colour, for light and for dark readers."""
    rules = [f"svg.chart{{{_variables('light')}}}"]
    rules.append(
        f"@media screen and (prefers-color-scheme:dark){{svg.chart{{{_variables('dark')}}}}}"
    )
    rules.append(f"svg.chart text{{font-family:{_FONTS};unicode-bidi:plaintext}}")
    rules.append(f"svg.chart .edged{{stroke:var(--{_EDGE});stroke-width:.8}}")
    rules.append("svg.chart path,svg.chart line{fill:none;stroke-linecap:round}")
    rules.append("svg.chart line{stroke-linecap:butt}svg.chart .bold{font-weight:700}")
    for name in _NAMED:
        rules.append(f"svg.chart .f-{name}{{fill:var(--{name})}}")
    rules.extend(f"svg.chart .s-{name}{{stroke:var(--{name})}}" for name in ROLES)
    return "\n".join(rules) + "\n"


def chart_svg(sheet: ChartSheet, alt: str) -> tuple[str, str]:
    """Return the sheet as an `<svg>` element that a page's `chart_css` colours, and as a file.

    The file holds the same with a style sheet of its own. `alt` is read to those who do not see
    the chart; all texts are escaped.
    """
    width, height = (round(side * PIXELS_PER_INCH) for side in (sheet.width, sheet.height))
    marks = "\n".join(line for mark in sheet.marks for line in _lines(mark))
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" '
        f'aria-label="{_escaped(alt)}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">'
    )
    rest = f'\n<rect width="{width}" height="{height}" class="f-paper"/>\n{marks}\n</svg>'
    return start + rest, f"{start}<style>{chart_css()}</style>{rest}"


def _variables(theme: str) -> str:
    colours = COLOURS_OF_THEMES[theme]
    return ";".join(f"--{name}:{colours.of(name)}" for name in _NAMED)


def _lines(mark: Mark) -> Iterator[str]:
    if isinstance(mark, Box):
        opacity = f' fill-opacity="{mark.opacity:g}"' if mark.opacity < 1 else ""
        yield (
            f'<rect x="{_px(mark.x)}" y="{_px(mark.y)}" width="{_px(mark.width)}" '
            f'height="{_px(mark.height)}"{opacity} '
            f"{_fill(mark.colour, 'edged' if mark.edged else '')}/>"
        )
    elif isinstance(mark, Stroke):
        thickness = round(mark.thickness * _PIXELS_PER_POINT, 2)
        dash = ""
        if mark.dash is not None:
            lengths = " ".join(f"{round(d * _PIXELS_PER_POINT, 2):g}" for d in mark.dash)
            dash = f' stroke-dasharray="{lengths}"'
        yield (
            f'<line x1="{_px(mark.x1)}" y1="{_px(mark.y1)}" x2="{_px(mark.x2)}" '
            f'y2="{_px(mark.y2)}" class="s-{mark.colour}" stroke-width="{thickness}"{dash}/>'
        )
    elif isinstance(mark, Dots):
        yield from _dots(mark)
    else:
        yield _words(mark)


def _dots(dots: Dots) -> Iterator[str]:
    thickness = round(dots.diameter * _PIXELS_PER_POINT, 2)
    for n in range(min(_LAYERS, len(dots.places))):
        # Lines of no length with round ends are dots.
        path = "".join(f"M{_px(x)} {_px(y)}h0" for x, y in dots.places[n::_LAYERS])
        yield (
            f'<path d="{path}" class="s-{dots.colour}" stroke-width="{thickness}" '
            f'stroke-opacity="{dots.opacity:g}"/>'
        )


def _words(words: Words) -> str:
    size = round(words.size * _PIXELS_PER_POINT, 1)
    anchor = f' text-anchor="{words.anchor}"' if words.anchor != "start" else ""
    turn = ""
    if words.turn:
        turn = f' transform="rotate({-words.turn:g} {_px(words.x)} {_px(words.y)})"'
    fill = _fill(words.colour, "bold" if words.bold else "")
    return (
        f'<text x="{_px(words.x)}" y="{_px(words.y)}" font-size="{size}"{anchor}{turn} {fill}>'
        f"{_escaped(words.text)}</text>"
    )


def _fill(colour: str, also: str = "") -> str:
    if colour.startswith("#"):
        classes = f' class="{also}"' if also else ""
        return f'fill="{colour}"{classes}'
    return f'class="f-{colour} {also}"' if also else f'class="f-{colour}"'


def _px(inches: float) -> str:
    return f"{inches * PIXELS_PER_INCH:.1f}".removesuffix(".0")


def _escaped(text: str) -> str:
    return escape(visible(text), quote=True)
