"""A reference's item scores: how they are read, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.errors import InputError
from judgemark.inputs.piece_scores import read_item_scores

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "real"


def written(folder: Path, content: object) -> Path:
    path = folder / "scores.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_scores_come_by_place_and_a_null_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, {"ann": {"1": {"7": 83.5, "8": None}, "2": {"7": 60}}})
    assert read_item_scores(path) == {("ann", "1", "7"): 83.5, ("ann", "2", "7"): 60.0}


@pytest.mark.parametrize(
    ("content", "place", "problem"),
    [
        ([], "", "is an array, not an object"),
        ({}, "", "holds no scores"),
        ({"ann": 5}, '"ann"', "is a number, not an object"),
        ({"ann": {"1": [5]}}, '"ann" > "1"', "is an array, not an object"),
        ({"ann": {"1": {"7": "5"}}}, '"ann" > "1" > "7"', "the score is .*, not a number"),
        ({"ann": {"1": {"7": True}}}, '"ann" > "1" > "7"', "the score is .*, not a number"),
        ({"ann": {"1": {"7": 100.5}}}, '"ann" > "1" > "7"', "outside 0 to 100"),
    ],
)
def test_a_refusal_names_file_place_and_problem(
    tmp_path: Path, content: object, place: str, problem: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(InputError, match=problem) as caught:
        read_item_scores(path)
    assert caught.value.place == place


def test_the_real_item_scores_are_read() -> None:
    if not SHARED.exists():
        pytest.skip("../shared/real is absent")
    assert len(read_item_scores(SHARED / "item_scores_0_100.json")) == 960
