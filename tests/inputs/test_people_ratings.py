"""People's scores: both forms, the scale, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from judgemark.errors import InputError
from judgemark.inputs.people_ratings import PeopleRatings, read_ratings
from judgemark.inputs.samples import SampleSet
from judgemark.records import Sample

SAMPLES = SampleSet(
    "s", tuple(Sample(writer, "1", "7", f"The text of {writer}.") for writer in ("ann", "bob"))
)


def rated(folder: Path, *lines: tuple[str, str, object]) -> Path:
    """A file of rater lines: writer, rater and score of each, on iteration 1 and item 7."""
    rows = [
        {"writer": writer, "iteration": 1, "item": 7, "rater": rater, "score": score}
        for writer, rater, score in lines
    ]
    path = folder / "ratings.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def nested(folder: Path, content: Any) -> Path:
    path = folder / "ratings.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


def scores(found: PeopleRatings) -> dict[str, float]:
    return {writer: score for (writer, _, _), score in found.scores.items()}


def test_lines_are_mapped_from_their_own_range_which_is_said(tmp_path: Path) -> None:
    # Smallest 2, largest 10: ann has (10 + 6) / 2 = 8, which is (8 - 2) / 8 = 75 of 100.
    path = rated(tmp_path, ("ann", "r1", 10), ("ann", "r2", 6), ("bob", "r1", 2))
    found = read_ratings(path, SAMPLES)
    assert scores(found) == {"ann": 75, "bob": 0}
    assert (found.low, found.high, found.assumed, found.raters) == (2, 10, True, 2)


def test_the_scale_may_be_named(tmp_path: Path) -> None:
    path = rated(tmp_path, ("ann", "r1", 7), ("bob", "r1", 0))
    found = read_ratings(path, SAMPLES, 0, 14)
    assert scores(found) == {"ann": 50, "bob": 0}
    assert not found.assumed


def test_scores_of_one_rater_twice_are_averaged_before_the_raters_are(tmp_path: Path) -> None:
    # r1 means (20 + 40) / 2 = 30, and with r2's 70 the piece has 50.
    path = rated(
        tmp_path, ("ann", "r1", 20), ("ann", "r1", 40), ("ann", "r2", 70), ("bob", "r1", 1)
    )
    assert scores(read_ratings(path, SAMPLES, 0, 100))["ann"] == 50


def test_one_score_for_each_piece_lies_on_0_to_100(tmp_path: Path) -> None:
    found = read_ratings(
        nested(tmp_path, {"ann": {"1": {"7": 80}}, "bob": {"1": {"7": None}}}), SAMPLES
    )
    assert scores(found) == {"ann": 80}
    assert (found.low, found.high, found.assumed, found.raters) == (0, 100, False, 1)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (("cem", "r1", 3), "writer cem, iteration 1, item 7 is not in the samples"),
        (("ann", "r1", "high"), 'the score "high" is not a number'),
        (("ann", "r1", True), 'the score "True" is not a number'),
        (("ann", "r1", "nan"), 'the score "nan" is not a number'),
        (("ann", "r1", 10**400), 'the score "10{39}" is too large for a score'),
        (("ann", "r1", "-1e308"), 'the score "-1e308" is too large for a score'),
        (("ann", "", 3), 'has no "rater"'),
        (("ann", "r1", None), 'has no "score"'),
    ],
)
def test_a_line_that_cannot_be_used_is_named(
    tmp_path: Path, line: tuple[str, str, object], problem: str
) -> None:
    with pytest.raises(InputError, match=problem) as refused:
        read_ratings(rated(tmp_path, ("ann", "r1", 5), line), SAMPLES)
    assert refused.value.place.startswith("line 2")
    assert refused.value.fix


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"ann": 3}, "is a number, not an object"),
        ({"ann": {"1": {"7": 101}}}, "the score 101 is outside 0 to 100"),
        ({"ann": {"1": {"8": 1}}}, "item 8 is not in the samples"),
        ({}, "holds no scores"),
    ],
)
def test_a_file_of_scores_that_cannot_be_used_is_refused(
    tmp_path: Path, content: Any, problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        read_ratings(nested(tmp_path, content), SAMPLES)


def test_equal_scores_make_no_scale(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has only scores of 4"):
        read_ratings(rated(tmp_path, ("ann", "r1", 4), ("bob", "r1", 4)), SAMPLES)
