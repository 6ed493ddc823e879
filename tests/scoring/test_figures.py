"""One registry entry is all that a figure needs to be computed and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from judgemark.errors import UndefinedFigure
from judgemark.judged import Judged, JudgedRun
from judgemark.records import Rubric
from judgemark.report.page_facts import figure_facts
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.dotted_paths import found_at
from judgemark.scoring.figures import (
    FIGURES,
    Better,
    Figure,
    FigureInputs,
    Shown,
    Unit,
    computed_section,
    names,
    value_of,
)
from judgemark.scoring.number_format import printed
from judgemark.scoring.result_json import compose

HALF = Figure(
    "half_the_pieces", "figures.half_the_pieces", "Half the pieces", "Half of all pieces.",
    Unit.POINTS, Better.NEITHER, compute=lambda m: m.run.pieces / 2,
    where=frozenset({Shown.REPORT}),
)  # fmt: skip


def judged(scores: Mapping[str, Sequence[float]]) -> JudgedRun:
    """A run of a judge that gave each piece one number."""
    found = tuple(
        Judged(writer, "1", str(item), 0, 0, None, value)
        for writer, values in scores.items()
        for item, value in enumerate(values)
    )
    return JudgedRun("r", {}, {}, {}, {}, Rubric(0, 10), found, (), len(found))


def _undefined(measured: FigureInputs) -> float:
    raise UndefinedFigure(f"{measured.run.pieces} pieces are too few")


def test_names_are_unique() -> None:
    listed = [name for figure in FIGURES for name in (figure.key, *figure.also)]
    assert len(listed) == len(set(listed)) == len(names())
    assert len({f.entry_name for f in FIGURES}) == len(FIGURES)


def test_a_computed_figure_has_its_path_in_the_section_of_computed_figures() -> None:
    computed = [f for f in FIGURES if f.compute is not None]
    assert computed
    assert all(f.path == f"figures.{f.key}" for f in computed)


def test_every_path_exists_in_the_result_of_a_run() -> None:
    run = judged({"ann": [7.0, 8.0, 9.0], "bea": [4.0, 5.0, 6.0]})
    result = compose(run, {"ann": 2.0, "bea": 1.0})
    missing = [f.key for f in FIGURES if not found_at(result, f.path)[0]]
    # Tournaments alone have the first two, several judges alone the others.
    several = ["effective_judges", "ensemble_gain"]
    assert sorted(missing) == sorted(["verdict_concordance", "position_mass", *several])


def test_the_result_holds_the_computed_figures() -> None:
    # Ranks 4, 5, 6 and 1, 2, 3: H = 12 / (6 x 7) x (15² / 3 + 6² / 3) - 3 x 7 = 27/7; over 5.
    result = compose(judged({"ann": [7.0, 8.0, 9.0], "bea": [4.0, 5.0, 6.0]}))
    assert result["figures"]["epsilon_squared"] == pytest.approx(27 / 7 / 5)


def test_a_new_entry_is_computed_and_shown_in_the_report() -> None:
    run = judged({"ann": [7.0, 8.0, 9.0]})
    measured = FigureInputs(run, None, None, None, 0)  # type: ignore[arg-type]
    section = computed_section(measured, Notes(), (HALF,))
    assert section == {"half_the_pieces": run.pieces / 2}
    (fact,) = figure_facts({"figures": section}, (HALF,))
    assert fact == ("Half the pieces: Half of all pieces.", printed(run.pieces / 2, Unit.POINTS))


def test_an_undefined_figure_is_absent_with_its_reason() -> None:
    run = judged({"ann": [7.0, 8.0, 9.0]})
    measured = FigureInputs(run, None, None, None, 0)  # type: ignore[arg-type]
    notes = Notes()
    failing = replace(HALF, compute=_undefined)
    assert computed_section(measured, notes, (failing,)) == {"half_the_pieces": None}
    assert notes.reasons == {"figures.half_the_pieces": f"{run.pieces} pieces are too few"}
    assert value_of(failing, {"figures": {"half_the_pieces": None}}) is None
    # The notes of the report give the reason; a row without a figure would say nothing.
    assert figure_facts({"figures": {"half_the_pieces": None}}, (failing,)) == ()


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        (Unit.POINTS, 12.345, "12.3"),
        (Unit.POINT_DIFFERENCE, 3.0, "+3.0"),
        (Unit.CORRELATION, -0.5, "−0.50"),
        (Unit.SHARE, 0.9999, "99.9%"),
        (Unit.SHARE, 1.0, "100%"),
        (Unit.SHARE_DIFFERENCE, -0.047, "−4.7"),
        (Unit.DOLLARS, 0.0, "none"),
        (Unit.SECONDS, 0.001, "< 0.01"),
        (Unit.PROBABILITY, 0.0001, "< 0.001"),
        (Unit.INDEX, None, "–"),
    ],
)
def test_units_decide_how_a_figure_is_printed(unit: Unit, value: float | None, shown: str) -> None:
    assert printed(value, unit) == shown
