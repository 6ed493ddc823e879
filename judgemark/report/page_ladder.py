"""The report of a ladder: one row for each kind of damage, and the dose-response picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from judgemark.damage.damage_kinds import DAMAGE_KINDS
from judgemark.errors import UndefinedFigure
from judgemark.report.known_page import PageSection, known_page
from judgemark.report.page_reading import reading_parts, verdict
from judgemark.report.page_table import (
    ColumnKind,
    PageCell,
    PageColumn,
    PagePart,
    PageRow,
    PageTable,
    columns,
    row,
)
from judgemark.scoring.number_format import (
    ABSENT,
    count,
    interval,
    mean_figure,
    percent,
    share_difference,
    signed,
)
from judgemark.scoring.reading_figures import BEYOND_RANGE, reaches_beyond
from judgemark.scoring.result_types import Result, ResultBlock

if TYPE_CHECKING:
    from judgemark.report.charts_tables import Chart


LABELS: Mapping[str, str] = {kind.key: kind.label for kind in DAMAGE_KINDS}
EXPECTED: Mapping[str, str] = {kind.key: kind.expects for kind in DAMAGE_KINDS}


def drawn_ladder(result: Result) -> tuple[Sequence[Chart], Iterator[str]]:
    """Return the charts of a ladder's result, and the parts of the page that shows them."""
    charts = _charts(result)
    own = result["ladder"]
    sections = [
        PageSection("reading", "Does it read?", reading_parts(_without_kinds(result))),
        PageSection("kinds", "By kind of damage", tuple(_kind_parts(result)), charts),
    ]
    if own["not_made"]:
        sections.append(PageSection("not-made", "Versions not made", (_not_made(result),)))
    pieces = f"{count(own['pieces'])} {'piece' if own['pieces'] == 1 else 'pieces'}"
    counted = [
        f"{pieces}, {count(own['versions'])} damaged versions",
        f"{own['levels']} levels, seed {own['seed']}",
    ]
    return charts, known_page(result, sections, counted)


def kinds_in_order(result: Result) -> list[str]:
    """Return the kinds that have figures, in the order of the registry; unknown ones last."""
    found = result["validity"]["kinds"]
    return [k for k in LABELS if k in found] + sorted(k for k in found if k not in LABELS)


def _without_kinds(result: Result) -> Result:
    return {**result, "validity": {**result["validity"], "kinds": {}}}


def _charts(result: Result) -> tuple[Chart, ...]:
    from judgemark.report.charts_doses import DosePanel, draw_doses

    panels = []
    for kind in kinds_in_order(result):
        doses = result["ladder"]["doses"].get(kind) or []
        counter = tuple(d["counter"] for d in doses if d["counter"] is not None)
        panels.append(
            DosePanel(
                LABELS.get(kind, kind),
                tuple(d["severity"] for d in doses),
                tuple(d["prefers_damaged"] for d in doses),
                counter if len(counter) == len(doses) else (),
            )
        )
    try:
        return (draw_doses(panels),)
    except UndefinedFigure:
        return ()


def _kind_parts(result: Result) -> Iterator[PagePart]:
    kinds, notes = result["validity"]["kinds"], result["notes"]
    listed = kinds_in_order(result)
    if not listed:
        yield PagePart("", ("No kind of damage has a pair.",))
        return
    yield PagePart(
        "",
        (
            "A pair is two versions of one piece, of which code damaged one more. The best "
            "counting rule is chosen for each kind on other pieces: where it is above 60%, the "
            "kind is marked as countable, and only the margin over it says something.",
            "A kind counts as read only where its margins over counting, a coin and the judge's "
            "counting twin stay above 0 after a correction for the number of kinds (Holm). The "
            "trend is Kendall's tau of damage and score: −1 where more damage always scores less, "
            "0 where it makes no difference.",
        ),
        PageTable(
            columns("Kind", "Pairs", "Accuracy", "Best\ncounter", "Margin", "95% interval",
                    "Trend", "95% interval", "Read?"),
            tuple(_kind(kind, kinds[kind], notes) for kind in listed),
        ),
        remarks=(BEYOND_RANGE,) if reaches_beyond(kinds[kind] for kind in listed) else (),
    )  # fmt: skip
    yield PagePart(
        "What a good judge should do",
        (),
        facts=tuple((LABELS[k], EXPECTED[k]) for k in listed if k in LABELS),
        folded=True,
    )
    yield _levels(result, listed)


def _kind(kind: str, block: ResultBlock, notes: Mapping[str, str]) -> PageRow:
    small = []
    if block["countable"]:
        small.append("countable")
    if block["reads"] is None:
        small.append(verdict(block, notes, f"validity.kinds.{kind}"))
    counter = block["counter"]
    said = {True: "yes", False: "not shown", None: ABSENT}
    return row(
        PageCell(LABELS.get(kind, kind), tuple(small)),
        count(block["pairs"] - block["missing"]),
        percent(block["accuracy"]),
        PageCell(percent(counter["accuracy"]), (counter["name"],)) if counter else ABSENT,
        share_difference(block["margin"]),
        _points(block["margin_ci95"]),
        signed(block["dose_tau"]),
        interval(block["dose_tau_ci95"], 2),
        said[block["reads"]],
    )


def _levels(result: Result, listed: Sequence[str]) -> PagePart:
    rows = []
    for kind in listed:
        for dose in result["ladder"]["doses"].get(kind) or []:
            rows.append(
                row(
                    f"{LABELS.get(kind, kind)}, level {dose['level']}",
                    count(dose["pieces"]),
                    percent(dose["severity"], 0),
                    percent(dose["prefers_damaged"]),
                    percent(dose["counter"]),
                    mean_figure(dose["score"]),
                )
            )
    return PagePart(
        "Every level in numbers",
        ("Preferred is how often the version is preferred to its undamaged piece.",),
        PageTable(
            columns("Kind", "Texts", "Damaged", "Preferred", "Preferred\nby counting",
                    "Mean score"),
            tuple(rows),
        ),
        folded=True,
    )  # fmt: skip


def _not_made(result: Result) -> PagePart:
    return PagePart(
        "",
        ("Not every kind can be done to every piece; these versions are left out.",),
        PageTable(
            columns("Kind", "Versions", PageColumn("Why", ColumnKind.WORDS)),
            tuple(
                row(LABELS.get(n["kind"], n["kind"]), count(n["versions"]), n["reason"])
                for n in result["ladder"]["not_made"]
            ),
        ),
    )


def _points(ends: Any) -> str:
    return interval([100 * end for end in ends] if ends else None)
