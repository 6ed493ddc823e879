"""The report's answer to whether the judge reads: known pairs beside what counting reaches."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgemark.judges.registry import ENDPOINT, judge_kinds
from judgemark.report.page_table import PageCell, PagePart, PageRow, PageTable, columns, row
from judgemark.scoring.number_format import (
    ABSENT,
    count,
    interval,
    percent,
    percent_interval,
    share_difference,
    signed,
)
from judgemark.scoring.reading_figures import BEYOND_RANGE, reaches_beyond
from judgemark.scoring.result_types import Result, ResultBlock

SOURCES: Mapping[str, tuple[str, str]] = {
    "damage": (
        "Known damage",
        "A pair is two versions of one piece, of which code damaged one more than the other. So it "
        "is known which is better, whatever anyone's taste.",
    ),
    "people": (
        "People's preferences",
        "A pair is two pieces on one item of which people preferred one. Agreement with them says "
        "that the judge shares these people's taste.",
    ),
    "reference": (
        "The reference's preferences",
        "A pair is two pieces on one item of which the reference prefers one. Agreement with it is "
        "agreement with that reference, which is not the truth.",
    ),
}
MARGINS = (
    ("margin", "margin_ci95", "the best counting rule"),
    ("over_half", "over_half_ci95", "a coin"),
    ("over_twin", "over_twin_ci95", "its counting twin"),
)
WHAT_IT_ASKS = (
    "A judge reads where it is right significantly more often than three things that do not read: "
    "the best rule that only counts, chosen on other pairs; a coin; and the counting rule that "
    "agrees most with this judge's own verdicts. All three intervals must lie above 0."
)


@dataclass(frozen=True, slots=True)
class LadderHint:
    """Whom to ask about what, to show whether the judge reads where a run cannot show it.

    All four are words of a command, quoted for a shell; `mode` and `endpoint` are empty where the
    command needs none.
    """

    judge: str
    mode: str
    endpoint: str
    samples: str


def ladder_hint_of(result: Result) -> LadderHint | None:
    """Return it for a run without known pairs; None for all others and for older results."""
    validity, judge = result.get("validity"), result.get("judge") or {}
    if validity is None or validity.get("sources") or not judge.get("spec"):
        return None
    kind = judge_kinds().get(str(judge.get("kind")))
    if kind is None:
        return None
    usual = judge.get("mode") in (None, kind.default_mode)
    at = judge.get("endpoint") if kind.prefix == ENDPOINT else ""
    name = (result.get("dataset") or {}).get("name") or "samples"
    return LadderHint(
        shlex.quote(str(judge["spec"])),
        "" if usual else str(judge["mode"]),
        shlex.quote(str(at)) if at else "",
        shlex.quote(f"{name}.json"),
    )


def reading_parts(result: Result) -> tuple[PagePart, ...]:
    """Return whether the judge reads, by source and by kind of damage.

    Empty for an older result.
    """
    validity = result.get("validity")
    if validity is None:
        return ()
    notes = {str(k): str(v) for k, v in (result.get("notes") or {}).items()}
    sources = validity.get("sources") or {}
    if not sources:
        return (
            PagePart("", (f"Not shown: {notes.get('validity', 'there are no known pairs')}.",)),
        )
    parts = [_source(name, block, notes, len(sources)) for name, block in sources.items()]
    kinds = validity.get("kinds") or {}
    if kinds:
        parts.append(_kinds(kinds, notes))
    return tuple(parts)


def _source(name: str, block: ResultBlock, notes: Mapping[str, str], sources: int) -> PagePart:
    title, meaning = SOURCES.get(name, (name, ""))
    path = f"validity.sources.{name}"
    counted = (
        f"{meaning} There are {count(block['pairs'])} such pairs; those with an answer come from "
        f"{count(block['clusters'])} {'pieces' if name == 'damage' else 'independent groups'}."
    )
    missing = notes.get(f"{path}.missing")
    remarks = [f"{missing[:1].upper()}{missing[1:]}."] if missing else []
    if reaches_beyond([block]):
        remarks.append(BEYOND_RANGE)
    return PagePart(
        title if sources > 1 else "",
        (verdict(block, notes, path), counted.strip(), WHAT_IT_ASKS),
        PageTable(
            columns("On these pairs", "Accuracy", "95% interval", "The judge is\nabove it by",
                    "95% interval"),
            tuple(_rows(block)),
        )
        if block["accuracy"] is not None
        else None,
        remarks=tuple(remarks),
    )  # fmt: skip


def verdict(block: ResultBlock, notes: Mapping[str, str], path: str) -> str:
    """Return what the three intervals say together, in a sentence.

    `path` is the block's in `notes`.
    """
    if block["reads"] is None:
        reasons = (notes.get(f"{path}.{key}") for key in ("reads", "margin_ci95", "accuracy"))
        return f"Not shown: {next(filter(None, reasons), 'the pairs do not say it')}."
    if block["reads"]:
        return "This judge reads: all three of its margins are significantly above 0."
    below = [name for _, ends, name in MARGINS if block[ends] and block[ends][0] <= 0]
    return f"This judge was not shown to read: it is not significantly above {_either(below)}."


def _either(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _rows(block: ResultBlock) -> Iterator[PageRow]:
    accuracy, counter, twin = block["accuracy"], block["counter"], block["twin"]
    yield row("this judge", percent(accuracy), percent_interval(block["ci95"]), "", "")
    if counter is not None:
        chosen = f"{counter['name']}; chosen in {count(counter['folds'])} of the folds"
        yield row(
            PageCell("the best counting rule", (chosen,)),
            percent(counter["accuracy"]),
            percent_interval(counter["ci95"]),
            share_difference(block["margin"]),
            _points(block["margin_ci95"]),
        )
    yield row(
        PageCell("a coin"), "50.0%", "", share_difference(accuracy - 0.5),
        _points(block["over_half_ci95"]),
    )  # fmt: skip
    if twin is not None:
        yield row(
            PageCell("its counting twin", (twin["name"],)),
            percent(twin["accuracy"]),
            "",
            share_difference(accuracy - twin["accuracy"]),
            _points(block["over_twin_ci95"]),
        )
    if block["ceiling"] is not None:
        yield row("one person, by the others", percent(block["ceiling"]), "", "", "")


def _kinds(kinds: Mapping[str, ResultBlock], notes: Mapping[str, str]) -> PagePart:
    return PagePart(
        "By kind of damage",
        (
            "A kind counts as read only where its three margins stay above 0 after a correction "
            "for the number of kinds (Holm). The trend is Kendall's tau of damage and score: "
            "−1 where more damage always scores less, 0 where it makes no difference.",
        ),
        PageTable(
            columns("Kind", "Pairs", "Accuracy", "Best\ncounter", "Margin", "95% interval",
                    "Trend", "Read?"),
            tuple(_kind(name, block, notes) for name, block in kinds.items()),
        ),
        remarks=(BEYOND_RANGE,) if reaches_beyond(kinds.values()) else (),
    )  # fmt: skip


def _kind(name: str, block: ResultBlock, notes: Mapping[str, str]) -> PageRow:
    small = []
    if block["countable"]:
        small.append("countable: counting alone gets far here")
    if block["reads"] is None:
        small.append(verdict(block, notes, f"validity.kinds.{name}"))
    counter = block["counter"]
    said = {True: "yes", False: "not shown", None: ABSENT}
    return row(
        PageCell(name.replace("_", " "), tuple(small)),
        count(block["pairs"] - block["missing"]),
        percent(block["accuracy"]),
        percent(counter["accuracy"]) if counter else ABSENT,
        share_difference(block["margin"]),
        _points(block["margin_ci95"]),
        signed(block["dose_tau"]),
        said[block["reads"]],
    )


def _points(ends: Any) -> str:
    return interval([100 * end for end in ends] if ends else None)
