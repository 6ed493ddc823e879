"""The report's answer to whether the judge is swayed by what should not matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from judgemark.errors import UndefinedFigure
from judgemark.probes.probe_registry import DEVIATIONS, POINTS, PROBABILITY, SHARE, contrast_at
from judgemark.probes.swayed_by import most_swayed_by
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
from judgemark.scoring.number_format import ABSENT, count, figure, interval, p_value, signed
from judgemark.scoring.result_types import Result, ResultBlock

if TYPE_CHECKING:
    from judgemark.report.charts_tables import Chart


TITLE = "Is it swayed?"
WHAT_IT_ASKS = (
    "The same texts are shown in two arms that differ in one thing that should not matter. The "
    "effect is the mean difference over pieces. It is found where its p value, corrected for the "
    "number of contrasts (Benjamini and Hochberg), is below 0.05. “No effect” is said only where "
    "the 90% interval lies within the threshold; otherwise an effect may exist that this run is "
    "too small to find: the smallest that it finds in four of five runs stands in the table."
)
UNITS: Mapping[str, str] = {
    POINTS: "points of 10",
    DEVIATIONS: "standard deviations of the judge's own scores",
}
PERCENT = "percentage points"


def swayed_parts(result: Result) -> tuple[PagePart, ...]:
    """Return the section's parts; empty for a result without probes."""
    probes = (result.get("validity") or {}).get("probes") or {}
    if not probes:
        return ()
    notes = {str(k): str(v) for k, v in (result.get("notes") or {}).items()}
    facts = (result.get("probe") or {}).get("contrasts") or {}
    units = (result.get("probe") or {}).get("units")
    asked = [key for key, block in probes.items() if block["effect"] is not None]
    parts = [
        PagePart(
            "",
            (in_a_sentence(probes), WHAT_IT_ASKS),
            PageTable(
                columns(
                    "What is changed",
                    PageColumn("Swayed?", ColumnKind.NAME),
                    "Effect",
                    "95% interval",
                    "Smallest\nto find",
                    "p,\ncorrected",
                ),
                tuple(_row(key, probes[key], facts.get(key) or {}, units) for key in asked),
            )
            if asked
            else None,
            remarks=tuple(_remarks(result, probes)),
        )
    ]
    absent = [(label_of(key, facts), _note(notes, key)) for key in probes if key not in asked]
    if absent:
        parts.append(PagePart("Not asked, or not known", facts=tuple(absent), folded=True))
    return tuple(parts)


def swayed_charts(result: Result) -> tuple[Chart, ...]:
    """Return the forest plot, where a contrast has an interval."""
    from judgemark.report.charts_forest import ForestRow, draw_forest

    probes = (result.get("validity") or {}).get("probes") or {}
    facts = (result.get("probe") or {}).get("contrasts") or {}
    rows, unit = [], ""
    for key, block in probes.items():
        if block["ci95"] is None or (block["found"] is None and block["p"] is None):
            continue
        size = scale_of(block["unit"])
        low, high = (size * end for end in block["ci95"])
        threshold = size * _threshold_of(key, block, facts)
        rows.append(
            ForestRow(
                label_of(key, facts), size * block["effect"], low, high, threshold, block["found"]
            )
        )
        unit = unit_words(block["unit"])
    try:
        return (draw_forest(rows, unit),)
    except UndefinedFigure:
        return ()


def in_a_sentence(probes: Mapping[str, ResultBlock]) -> str:
    """Say in one sentence what was found."""
    tested = [block for block in probes.values() if block["p"] is not None]
    found = sum(block["found"] is True for block in tested)
    cleared = sum(block["found"] is False for block in tested)
    if not tested:
        return "No contrast could be tested."
    of = f"of {count(len(tested))} contrasts that were tested"
    if not found:
        return f"No effect was found {of}; for {count(cleared)} of them the run shows that."
    most = most_swayed_by(probes)
    swayed = f"This judge is swayed: {count(found)} {of} have an effect"
    return f"{swayed}, most of all {most}." if most else f"{swayed}."


def answer(found: bool | None) -> str:
    """Say whether a contrast sways the judge: yes, no, or that it is not shown."""
    return {True: "yes", False: "no effect", None: "not shown"}[found]


def scale_of(unit: str) -> float:
    """Return by what effects in this unit are multiplied to be shown."""
    return 1.0 if unit in UNITS else 100.0


def unit_words(unit: str) -> str:
    """Return the unit in which effects are shown."""
    return UNITS.get(unit, PERCENT)


def label_of(key: str, facts: Mapping[str, ResultBlock]) -> str:
    """Return the words for a contrast: as stored, of the registry, or its key."""
    stored = (facts.get(key) or {}).get("label")
    if stored:
        return str(stored)
    try:
        return contrast_at(key)[1].label
    except KeyError:
        return key


def _threshold_of(key: str, block: ResultBlock, facts: Mapping[str, ResultBlock]) -> float:
    """Return the threshold of a contrast in its unit; 0 where no version declares one."""
    stored = (facts.get(key) or {}).get("threshold")
    if isinstance(stored, int | float):
        return float(stored)
    try:
        return contrast_at(key)[0].threshold(str(block["unit"]))
    except KeyError:
        return 0.0


def _row(key: str, block: ResultBlock, facts: ResultBlock, units: int | None) -> PageRow:
    size, digits = scale_of(block["unit"]), 2 if scale_of(block["unit"]) == 1 else 1
    ends = None if block["ci95"] is None else [size * end for end in block["ci95"]]
    mde = None if block["mde"] is None else size * block["mde"]
    return row(
        PageCell(label_of(key, {key: facts}), tuple(_small(block, facts, units))),
        answer(block["found"]),
        (figure if block["unit"] == SHARE else signed)(size * block["effect"], digits),
        interval(ends, digits),
        figure(mde, digits),
        PageCell(
            p_value(block["p_adjusted"]),
            () if block["p"] == block["p_adjusted"] else (f"before {p_value(block['p'])}",),
        ),
    )


def _small(block: ResultBlock, facts: ResultBlock, units: int | None) -> Iterator[str]:
    """Yield what stands below a contrast's name: its pieces where they are not all `units`."""
    n, missing, left_out = (facts.get(name) for name in ("n", "missing", "left_out"))
    if n is not None and n != units:
        text = f"{count(n)} {'pieces' if block['unit'] in UNITS else 'pairs'}"
        text += f", {count(missing)} without a verdict" if missing else ""
        yield text + (f", {count(left_out)} left out" if left_out else "")
    if facts.get("correlation") is not None and facts["probe"] == "scale":
        yield f"correlation of both scales {signed(facts['correlation'])}"
    beside = block.get("beside")
    if beside:
        yield (
            f"chance {figure(100 * beside['chance'], 0)}%, a Bradley-Terry fit with noise "
            f"{figure(100 * beside['bradley_terry'], 1)}%"
        )


def _of_what(shown: Sequence[ResultBlock]) -> str:
    """Say what percentage points are of; nothing where there are none."""
    of = [words for unit, words in ((PROBABILITY, "of probability (P)"), (SHARE, "of a share"))
          if any(block["unit"] == unit for block in shown)]  # fmt: skip
    return f" {' or '.join(of)}" if of else ""


def _note(notes: Mapping[str, str], key: str) -> str:
    return notes.get(f"validity.probes.{key}", "" if notes else ABSENT)


def _remarks(result: Result, probes: Mapping[str, ResultBlock]) -> Iterator[str]:
    shown = [block for block in probes.values() if block["effect"] is not None]
    units = sorted({unit_words(str(block["unit"])) for block in shown})
    if units:
        yield f"Effects are in {' and '.join(units)}{_of_what(shown)}."
    served = (result.get("probe") or {}).get("served") or {}
    first: Sequence[str] = served.get("first") or ()
    later: Sequence[str] = served.get("repeats") or ()
    if first and later:
        same = "the same name" if list(first) == list(later) else "another name"
        yield (
            f"The judge answered as {', '.join(first)}, and the repeated questions under {same}"
            + ("." if list(first) == list(later) else f": {', '.join(later)}.")
        )
