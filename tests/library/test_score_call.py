"""score: a judge measured by the scores that it gave, in whichever form they come."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import judgemark as jm
from tests.library.judged_data import QUALITY, long_table

TABLE = long_table()
COLUMNS = {name: [row[name] for row in TABLE] for name in TABLE[0]}
ARRAY = [[[q + item / 10 for item in (1, 2, 3, 4)]] for q in QUALITY.values()]


class Frame:
    """A data frame as pandas and polars have it: `columns` are names, `frame[name]` a column."""

    def __init__(self, columns: Mapping[str, list[Any]]) -> None:
        self._columns = columns
        self.columns = list(columns)

    def __getitem__(self, name: str) -> Column:
        return Column(self._columns[name])


class ArrowTable:
    """A table as pyarrow has it: `columns` are the columns themselves."""

    def __init__(self, columns: Mapping[str, list[Any]]) -> None:
        self._columns = columns
        self.column_names = list(columns)
        self.columns = [Column(values) for values in columns.values()]

    def __getitem__(self, name: str) -> Column:
        return Column(self._columns[name])


class Column:
    """One column; what it holds comes out as a list."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values

    def to_list(self) -> list[Any]:
        return list(self._values)


@pytest.fixture(scope="module")
def run() -> jm.Run:
    return jm.score(TABLE, QUALITY)


def records() -> Iterator[Mapping[str, Any]]:
    yield from TABLE


FORMS = {
    "an iterator of records": records(),
    "columns": COLUMNS,
    "a frame": Frame(COLUMNS),
    "an arrow table": ArrowTable(COLUMNS),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_long_table_gives_the_same_figures(form: str, run: jm.Run) -> None:
    assert jm.score(FORMS[form], QUALITY).result == run.result


@pytest.mark.parametrize("package", ["pandas", "polars", "pyarrow"])
def test_frames_of_the_packages_that_are_installed(package: str, run: jm.Run) -> None:
    library = pytest.importorskip(package)
    frame = library.table(COLUMNS) if package == "pyarrow" else library.DataFrame(COLUMNS)
    assert jm.score(frame, QUALITY).result == run.result


def test_an_array_has_one_number_for_each_writer_iteration_and_item(run: jm.Run) -> None:
    for array in (ARRAY, np.array(ARRAY)):
        found = jm.score(
            array, QUALITY, writers=list(QUALITY), iterations=["1"], items=[1, 2, 3, 4]
        )
        assert found.result == run.result
    assert jm.score(ARRAY).table.writers == ("writer 1", "writer 2", "writer 3")


def test_the_score_is_a_number_that_carries_its_interval(run: jm.Run) -> None:
    """Every writer keeps its distance on every item, so that omega squared is nearly 1."""
    card = run.result["scorecards"]["v4"]
    assert run.v4 is not None
    assert run.v4 == card["raw"]["score"] == run.v4.raw
    assert run.v4.ci95 == tuple(card["raw"]["ci95"])
    assert run.v4.calibrated == card["calibrated"]["score"]
    assert 130 < run.v4 < 133.4
    assert run.v2_1 is not None and run.v2_1 == run.v2_1.calibrated
    assert run.v2 == run.result["scorecards"]["v2"]["calibrated"]["score"]
    assert run.table.values.shape == (3, 1, 4)


def test_the_result_is_what_json_can_hold(run: jm.Run) -> None:
    assert json.loads(json.dumps(run.result, allow_nan=False))["status"] == "complete"


def test_the_reference_may_be_a_file(tmp_path: Path, run: jm.Run) -> None:
    path = tmp_path / "reference.json"
    path.write_text(json.dumps(QUALITY), "utf-8")
    assert jm.score(TABLE, path).result == run.result
    assert run.result["reference"]["kendall_tau"] == 1


def test_a_missing_figure_comes_with_its_reason() -> None:
    equal = jm.score([{**row, "score": 7} for row in TABLE])
    assert equal.v4 is None
    assert "equal" in equal.reason("v4")
    assert jm.score(TABLE).reason("v4") == ""


def test_another_scale_than_0_to_10_has_no_raw_v2(run: jm.Run) -> None:
    """v4 does not depend on the scale; 0..100 mapped to 0..10 is the same table again."""
    hundred = [{**row, "score": 10 * row["score"]} for row in TABLE]
    found = jm.score(hundred, QUALITY)
    assert found.v4 == pytest.approx(run.v4)
    assert found.v2 == pytest.approx(run.v2)
    assert found.v2 is not None and found.v2.raw is None
    assert "0..10" in found.reason("scorecards.v2.raw")
    mapped = jm.score(hundred, QUALITY, scale=(0, 100)).v2
    assert mapped is not None and run.v2 is not None
    assert mapped.raw == pytest.approx(run.v2.raw)


def test_repeats_are_averaged_and_measured() -> None:
    """One repeat is 1 point higher than the other: the mean lies half a point above the first."""
    twice = [{**row, "repeat": n, "score": row["score"] + n} for row in TABLE for n in (0, 1)]
    found = jm.score(twice)
    assert found.table.values[0, 0, 0] == pytest.approx(8.1 + 0.5)
    assert found.result["retest"]["mean_absolute_difference"] == pytest.approx(1)


def test_pieces_without_a_score_can_be_counted_as_failures() -> None:
    table = [{**TABLE[0], "score": math.nan}, *TABLE[1:]]
    found = jm.score(table, missing="skip")
    assert found.status == "incomplete"
    assert found.result["coverage"]["scored"] == len(TABLE) - 1
    gap = np.array(ARRAY)
    gap[0, 0, 0] = math.nan
    assert jm.score(gap, missing="skip").v4 == found.v4


FIRST = TABLE[0]
WRONG: dict[str, tuple[Any, str]] = {
    "a missing column": ({"writer": ["a"], "score": [1]}, 'no column "item"'),
    "records without a column": ([FIRST, {"writer": "a", "item": "1"}], 'row 1 has no "score"'),
    "columns of different length": (
        {"writer": ["a"], "item": ["1", "2"], "score": [1, 2]}, "differ in length",
    ),
    "NaN": ([{**FIRST, "score": math.nan}], "row 0: the score is nan"),
    "None": ([{**FIRST, "score": None}], "row 0: the score is None"),
    "infinity": ([{**FIRST, "score": math.inf}], "not a finite number"),
    "a score beyond all bounds": ([{**FIRST, "score": 1e16}], "does not lie within -1e+15"),
    "a text for a score": ([{**FIRST, "score": "7"}], "'7' is not a finite number"),
    "true for a score": ([{**FIRST, "score": True}], "True is not a finite number"),
    "no writer": ([{**FIRST, "writer": None}], "row 0: writer is empty"),
    "a writer that is no name": ([{**FIRST, "writer": 1.5}], "neither a text nor"),
    "a repeat that is not a number": ([{**FIRST, "repeat": -1}], "not a whole number"),
    "the same piece twice": ([FIRST, FIRST], "row 0 and row 1 score the same piece"),
    "no rows": ([], "empty"),
    "rows that are no mapping": ([1, 2], "row 0 is int"),
    "a table of writers and items": ([[1, 2], [3, 4]], "2 axes (2 x 2)"),
    "a ragged array": ([[[1, 2], [3]]], "not an array of numbers"),
    "an array of texts": ([[["a"]]], "not an array of numbers"),
    "an array with NaN": ([[[1, math.nan]]], "scores[0, 0, 1]"),
    "a text": ("runs/x", "load()"),
    "a number": (7, "int is not a score table"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_score_table_is_told_in_one_line(case: str) -> None:
    scores, told = WRONG[case]
    with pytest.raises(jm.UsageError) as raised:
        jm.score(scores)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


SETTINGS: dict[str, tuple[dict[str, Any], str]] = {
    "a seed below 0": ({"seed": -1}, "seed"),
    "a word for missing scores": ({"missing": "drop"}, '"skip"'),
    "a scale of one number": ({"scale": (1, 1)}, "scale"),
    "a score outside the scale": ({"scale": (0, 5)}, "row 0: 8.1 lies outside the scale 0..5"),
    "names for the axes of a table": ({"writers": ["a", "b", "c"]}, "array"),
    "a reference of texts": ({"reference": {"ann": "high"}}, "reference"),
    "a reference for other writers": ({"reference": {"zoe": 1}}, "scores 0 of the 3 writers"),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_settings_that_cannot_be_used(case: str) -> None:
    settings, told = SETTINGS[case]
    with pytest.raises(jm.UsageError, match=None) as raised:
        jm.score(TABLE, **settings)
    assert told in str(raised.value)
