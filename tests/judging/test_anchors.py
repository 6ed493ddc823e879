"""Which two pieces a judge is shown beside each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from judgemark.errors import UsageError
from judgemark.judging.anchors import choose_anchors
from judgemark.records import Sample

ORDER = {"ann": 8.0, "bea": 5.0, "cid": 5.0, "dee": 1.0}


def piece(writer: str, item: str = "sea", iteration: str = "1") -> Sample:
    return Sample(writer, iteration, item, f"{writer} {iteration} on {item}")


def chosen(*samples: Sample, order: dict[str, float] | None = None) -> dict[str, tuple[str, str]]:
    found = choose_anchors(samples, samples, ORDER if order is None else order)
    return {place[0]: (pair.weak.writer, pair.strong.writer) for place, pair in found.items()}


def test_the_weakest_and_the_strongest_others_on_the_item_are_shown() -> None:
    assert chosen(*map(piece, ORDER)) == {
        "ann": ("dee", "bea"),
        "bea": ("dee", "ann"),
        "cid": ("dee", "ann"),
        "dee": ("bea", "ann"),
    }


def test_of_writers_with_the_same_score_the_first_by_name_counts_whatever_the_order() -> None:
    pieces = [piece(writer) for writer in ORDER]
    assert chosen(*pieces) == chosen(*reversed(pieces))


def test_of_several_iterations_the_first_counts() -> None:
    pieces = [piece(writer, iteration=t) for t in ("2", "1") for writer in ORDER]
    found = choose_anchors(pieces, pieces, ORDER)
    assert {(pair.weak.iteration, pair.strong.iteration) for pair in found.values()} == {("1", "1")}


def test_versions_of_the_same_original_are_no_anchors() -> None:
    """Bea's and dee's first pieces were made from ann's, so that ann's has anchors of its second
    iteration alone."""
    made = [
        replace(piece(writer, iteration=t), derived_from="ann", kind="x", severity=0.5, seed=1)
        for writer in ("bea", "dee")
        for t in ("1", "2")
    ]
    originals = [piece("ann", iteration=t) for t in ("1", "2")]
    found = choose_anchors([*made, *originals], originals, ORDER)
    first = found["ann", "1", "sea"]
    assert (first.weak.writer, first.weak.iteration) == ("dee", "2")
    assert (first.strong.writer, first.strong.iteration) == ("bea", "2")


@pytest.mark.parametrize(
    ("samples", "order", "said"),
    [
        ([piece("ann"), piece("bea"), piece("cid")], {}, "of at least 3 writers"),
        ([piece("ann"), piece("dee")], ORDER, "and 2 have one; give reference_scores"),
        (
            [piece("ann"), piece("bea"), piece("cid"), piece("dee", "rain")],
            ORDER,
            'item "sea" has no two anchors for the piece by ann',
        ),
    ],
)
def test_where_no_anchors_can_be_chosen_one_line_says_why(
    samples: list[Sample], order: dict[str, float], said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        choose_anchors(samples, samples, order)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_piece_that_is_not_judged_needs_no_anchors() -> None:
    pieces = [piece(writer) for writer in ORDER]
    alone = piece("ann", "rain")
    assert ("ann", "1", "rain") not in choose_anchors([*pieces, alone], pieces, ORDER)
