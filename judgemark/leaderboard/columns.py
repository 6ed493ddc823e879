"""What a board tells of a judge beside rank and score: which figures, in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from judgemark.leaderboard.section_rows import Row
from judgemark.scoring import number_format

Value = float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of a row.

    `title` stands over it under its `group` (a line break where it may be broken), `label` names
    it without the group, `help` says what it is. `value` takes it from a row, `print` rounds it
    for a reader. One that is not `always` shown is left out where no row has it. `descending`
    says that more comes first when sorted by it.
    """

    key: str
    group: str
    title: str
    label: str
    help: str
    value: Callable[[Row], Value]
    print: Callable[[Value], str]
    always: bool = False
    descending: bool = True


def columns_of(scorecard: str, rows: Iterable[Row]) -> tuple[Column, ...]:
    """The columns for a scorecard: those always shown and those that some row has."""
    listed = list(rows)
    parts = V4_PARTS if scorecard == "v4" else COMPOSITE_PARTS
    reading = V4_READING + READING if scorecard == "v4" else READING
    return tuple(
        column
        for column in (*parts, *REPEATS, *reading, *COSTS)
        if column.always or any(column.value(row) is not None for row in listed)
    )


def cost_of(row: Row) -> Value:
    """Dollars; an embedded judge costs nothing. None where it is not known."""
    if row.floor:
        return 0.0
    return row.entry.usage.cost if row.entry else None


def coverage_of(row: Row) -> Value:
    """The share of the pieces that have a score."""
    return row.entry.coverage.share if row.entry else None


def _of_card(name: str) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        found: Value = getattr(row.card, name) if row.card else None
        return found

    return value


def _validity(name: str) -> Callable[[Row], Value]:
    return lambda row: row.entry.validity.get(name) if row.entry else None


def _seconds(row: Row) -> Value:
    return row.entry.usage.seconds_per_item if row.entry else None


def _figure(digits: int) -> Callable[[Value], str]:
    return lambda value: number_format.figure(value, digits)


def _signed(digits: int) -> Callable[[Value], str]:
    return lambda value: number_format.signed(value, digits)


def _cost(value: Value) -> str:
    if value is None:
        return number_format.ABSENT
    return "none" if value == 0 else number_format.dollars(value)


def _time(value: Value) -> str:
    if value is None:
        return number_format.ABSENT
    return "< 0.01" if value < 0.005 else number_format.figure(value, 2 if value < 10 else 1)


def _percent(value: Value) -> str:
    """Percent that rounds to 100 for all only."""
    if value is None:
        return number_format.ABSENT
    if value >= 1:
        return "100%"
    return f"{min(value, 0.999) * 100:.1f}%"


SEPARABILITY, CONSISTENCY, VALIDITY, EFFORT = "Separability", "Consistency", "Validity", "Effort"

STABILITY = Column(
    "stability",
    CONSISTENCY,
    "Stability",
    "Stability",
    "Kendall's tau between the writers' iterations; 1: the same order each time",
    _of_card("stability_tau"),
    _figure(2),
    always=True,
)
V4_PARTS = (
    Column(
        "omega_squared",
        SEPARABILITY,
        "ω²",
        "Separability ω²",
        "Omega squared: the share of the scores' variance that lies between writers",
        _of_card("omega_squared"),
        _figure(2),
        always=True,
    ),
    Column(
        "cliffs_delta",
        SEPARABILITY,
        "|δ|",
        "Separability |δ|",
        "Mean |Cliff's delta| over all pairs of writers: how seldom their scores overlap",
        _of_card("cliffs_delta"),
        _figure(2),
        always=True,
    ),
)
COMPOSITE_PARTS = (
    Column(
        "separability",
        SEPARABILITY,
        "composite",
        "Separability",
        "The scorecard's own composite, 0 to 1",
        _of_card("separability"),
        _figure(2),
        always=True,
    ),
)
REPEATS = (
    STABILITY,
    Column(
        "retest_icc",
        CONSISTENCY,
        "Repeat\nICC",
        "Repeat ICC",
        "How far the judge repeats itself on the same piece; 1: exactly",
        _validity("retest_icc"),
        _figure(2),
    ),
)
V4_READING = (
    Column(
        "above_lexical",
        VALIDITY,
        "Above\nlexical",
        "Above lexical",
        "Points above the baseline that counts distinct words and reads nothing",
        _validity("above_lexical"),
        _signed(1),
    ),
)
READING = (
    Column(
        "reference_tau",
        VALIDITY,
        "Order\nτ",
        "Reference τ",
        "Kendall's tau with the reference order of the writers; 1: the same order, 0: chance",
        _of_card("kendall_tau"),
        _signed(2),
    ),
    Column(
        "pair_concordance",
        VALIDITY,
        "Pairs in\norder",
        "Pairs in order",
        "The share of writer pairs put in the reference order; half is chance",
        _validity("pair_concordance"),
        _percent,
    ),
    Column(
        "verdict_concordance",
        VALIDITY,
        "Verdicts\nin order",
        "Verdicts in order",
        "The share of single verdicts in the reference order; half is chance",
        _validity("verdict_concordance"),
        _percent,
    ),
    Column(
        "position_mass",
        VALIDITY,
        "First\nplace",
        "To the first place",
        "The probability given to the text shown first; half: position does not matter",
        _validity("position_mass"),
        _percent,
    ),
    Column(
        "length_rho",
        VALIDITY,
        "Length\nρ",
        "Length ρ",
        "Spearman's rho between length and score within writers; 0: length does not matter",
        _validity("length_rho"),
        _signed(2),
    ),
)
COSTS = (
    Column(
        "coverage",
        EFFORT,
        "Coverage",
        "Coverage",
        "The share of the pieces that have a score",
        coverage_of,
        _percent,
        always=True,
    ),
    Column(
        "cost",
        EFFORT,
        "Cost",
        "Cost",
        "Dollars for the whole run, as the endpoint reported them",
        cost_of,
        _cost,
        always=True,
        descending=False,
    ),
    Column(
        "seconds_per_item",
        EFFORT,
        "Seconds\nper item",
        "Seconds per item",
        "Mean seconds that one answer took",
        _seconds,
        _time,
        always=True,
        descending=False,
    ),
)
