"""What a registered figure is: its fields, its unit, and where it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from judgemark.judged import JudgedRun
    from judgemark.metrics.scorecards import Scorecards
    from judgemark.metrics.validity.validity_section import NotedBlock
    from judgemark.scoring.run_tables import RunTables

ALL_CARDS = ("v4", "v2.1", "v2")


class Unit(StrEnum):
    """The unit of a figure, which decides how the figure is printed."""

    POINTS = "points"
    POINT_DIFFERENCE = "points, difference"
    INDEX = "0..1"
    CORRELATION = "-1..1"
    SHARE = "share of 1"
    SHARE_DIFFERENCE = "share of 1, difference"
    PROBABILITY = "p value"
    DOLLARS = "dollars"
    SECONDS = "seconds"
    JUDGES = "judges"


class Better(StrEnum):
    """Which direction is better for a judge."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Shown(StrEnum):
    """Where a figure is shown besides `result.json` and `gate`, which have all figures.

    `ENTRY` keeps it in board entries, `BOARD` makes it a column of the board and of `card`, `CSV`
    a column of the board's CSV, `REPORT` lists it among the report's further figures and
    `TERMINAL` prints it with `details`.
    """

    ENTRY = "entry"
    BOARD = "board"
    CSV = "csv"
    REPORT = "report"
    TERMINAL = "terminal"


class Topic(StrEnum):
    """The groups of a board's columns, in their order."""

    SEPARABILITY = "Separability"
    CONSISTENCY = "Consistency"
    VALIDITY = "Validity"
    EFFORT = "Effort"


@dataclass(frozen=True, slots=True)
class FigureInputs:
    """What figures are computed from.

    Attributes:
        run: the run's verdicts with its samples.
        tables: its score tables under the item rules of v2 and v2.1.
        cards: its scorecards.
        reference: the reference scores by writer, where there are any.
        seed: the seed of everything random.
        validity: what known pairs say of the judge, with its reasons.
    """

    run: JudgedRun
    tables: RunTables
    cards: Scorecards
    reference: Mapping[str, float] | None
    seed: int
    validity: NotedBlock | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its names, its meaning, and where it is computed and shown.

    Attributes:
        key: the short name: of `gate min`, of the CSV column and of the board's JSON.
        path: the dotted place in `result.json`.
        label: its name in words.
        help: one sentence that explains it.
        unit: its unit.
        better: which direction is better.
        compute: computes it, or raises UndefinedFigure with the reason; None where a whole section
            of the result is computed at once.
        where: where it is shown besides `result.json` and `gate`.
        topic: the group of its board column.
        title: its heading on the board, which may wrap at a line break; empty for the label.
        card_field: the field of a scorecard that holds it, which differs between scorecards.
        scorecards: the scorecards that show it as a column of the board.
        always: whether its column is shown even where no row has a value.
        also: further names that `gate` accepts.
        stored_as: its name in board entries, where it is not the key.
        ends: the keys of the figures that are the ends of its 95% interval, where it has one.
    """

    key: str
    path: str
    label: str
    help: str
    unit: Unit
    better: Better
    compute: Callable[[FigureInputs], float] | None = None
    where: frozenset[Shown] = frozenset()
    topic: Topic = Topic.VALIDITY
    title: str = ""
    card_field: str | None = None
    scorecards: tuple[str, ...] = ALL_CARDS
    always: bool = False
    also: tuple[str, ...] = ()
    stored_as: str = ""
    ends: tuple[str, str] | None = None

    @property
    def entry_name(self) -> str:
        """Return the name under which board entries store the figure."""
        return self.stored_as or self.key


@dataclass(frozen=True, slots=True)
class OfValidity:
    """Computes a figure from the `validity` section alone, which every kind of run has."""

    figure: Callable[[NotedBlock | None], float]

    def __call__(self, inputs: FigureInputs) -> float:
        """Return the figure of a run of the main job."""
        return self.figure(inputs.validity)
