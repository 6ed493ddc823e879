"""What a ladder says on the terminal: whether the judge reads, and each kind of damage in a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from judgemark.cli.summary_parts import LabelledText, cost, number, signed
from judgemark.cli.summary_problems import problems
from judgemark.cli.summary_reads import reads
from judgemark.cli.terminal import table
from judgemark.damage.damage_kinds import DAMAGE_KINDS
from judgemark.scoring.reading_figures import BEYOND_RANGE, reaches_beyond
from judgemark.scoring.result_types import Result

_LABELS: Mapping[str, str] = {kind.key: kind.label for kind in DAMAGE_KINDS}
_HEAD = ("Kind of damage", "accuracy", "counter", "margin", "trend", "read?")


def ladder_figures(result: Result, details: bool = False, *, opens: str = "") -> str:
    """Return the figures of a ladder; `details` adds why versions or figures are missing.

    `opens` is the path of the report, where there is one.
    """
    own = result["ladder"]
    made = f"{own['pieces']} pieces, {own['versions']} versions, seed {own['seed']}"
    rows: list[LabelledText] = [
        ("Reads", reads(result)),
        ("Judged", f"{result['judge'].get('spec')}: {_answered(result)}"),
        ("Ladder", made),
        ("Cost", cost(result)),
        *problems(result),
    ]
    if opens:
        rows.append(("Report", opens))
    parts = ["", table(rows, indent=0), "", *_kinds(result)]
    if details:
        parts += ["", table(_missing(result), indent=0)]
    return "\n".join(parts)


def _answered(result: Result) -> str:
    coverage = result["coverage"]
    text = f"{coverage['answered']} of {coverage['questions']} questions answered"
    first = coverage["first_try_parse_rate"]
    return text if first is None else f"{text}; {100 * first:.1f}% readable at the first try"


def _kinds(result: Result) -> Iterator[str]:
    """Yield one line for each kind, in columns, and what the marks mean."""
    kinds = result["validity"]["kinds"]
    listed = [k for k in _LABELS if k in kinds] + [k for k in kinds if k not in _LABELS]
    rows = [_HEAD, *(_row(_LABELS.get(kind, kind), kinds[kind]) for kind in listed)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(_HEAD))]
    for row in rows:
        first, *rest = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join((first, *rest)).rstrip()
    if any(kinds[kind]["countable"] for kind in listed):
        yield "* countable: the best counting rule is right in more than 60%"
    shown = (*result["validity"]["sources"].values(), *kinds.values())
    if reaches_beyond({"margin_ci95": block["margin_ci95"]} for block in shown):
        yield BEYOND_RANGE


def _row(label: str, block: Mapping[str, Any]) -> tuple[str, ...]:
    counter = block["counter"]
    counted = "-" if counter is None else f"{100 * counter['accuracy']:.0f}%"
    said = {True: "yes", False: "not shown", None: "too few pieces"}
    return (
        label,
        "-" if block["accuracy"] is None else f"{100 * block['accuracy']:.0f}%",
        counted + ("*" if block["countable"] else ""),
        "-" if block["margin"] is None else _margin(block["margin"], block["margin_ci95"]),
        "-" if block["dose_tau"] is None else signed(block["dose_tau"], 2),
        said[block["reads"]],
    )


def _margin(margin: float, ends: Sequence[float] | None) -> str:
    text = signed(100 * margin, 0)
    return text if not ends else f"{text} [{number(100 * ends[0], 0)}, {number(100 * ends[1], 0)}]"


def _missing(result: Result) -> list[LabelledText]:
    not_made = [
        (f"Not made, {n['kind']}", f"{n['versions']} versions: {n['reason']}")
        for n in result["ladder"]["not_made"]
    ]
    return [*not_made, *((path, reason) for path, reason in result["notes"].items())]
