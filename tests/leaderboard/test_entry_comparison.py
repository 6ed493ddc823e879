"""What verifying an entry compares: nothing that one of two entries has is passed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from judgemark.leaderboard.entry_comparison import compared, differences
from judgemark.leaderboard.validity_entry import ValidityEntry
from tests.leaderboard.board_data import entry
from tests.leaderboard.test_joined_figures import READS, measured

OTHER: dict[str, Any] = {"program": {"name": "judgemark", "version": "0.0.9"}}


def ladder(figures: Mapping[str, float] = READS, **changes: Any) -> ValidityEntry:
    return measured("a", "ladder", figures, **changes)


def test_entries_of_the_same_run_by_another_program_and_name_are_equal() -> None:
    assert compared(ladder(), ladder()).equal
    assert compared(ladder(run_id="copied", **OTHER), ladder()).equal
    assert compared(entry("a"), entry("a")).equal


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"figures": READS | {"reads": 0.5}}, "figures.reads: 0.5 stated, 0.08 found"),
        ({"figures": READS | {"people_accuracy": 0.5}},
         "figures.people_accuracy: 0.5 stated, none found"),
        ({"figures": {k: v for k, v in READS.items() if k != "reads"}},
         "figures.reads: none stated, 0.08 found"),
        ({"coverage": {"answered": 101}}, "answered: 101 stated, 100 found"),
        ({"status": "incomplete"}, "status: incomplete stated, complete found"),
    ],
)  # fmt: skip
def test_each_figure_that_differs_is_one_line(changes: dict[str, Any], told: str) -> None:
    found = compared(ladder(**changes), ladder())
    assert (found.differs, found.unchecked) == ((told,), ())


def test_what_another_version_may_not_have_had_cannot_be_checked() -> None:
    found = compared(ladder(figures={}, **OTHER), ladder())
    assert found.differs == ()
    assert len(found.unchecked) == len(READS)
    assert found.unchecked[-1] == (
        "figures.reads: none stated, 0.08 found: judgemark 0.0.9, which made the entry, may not "
        "have had it"
    )


def test_a_figure_that_is_not_known_here_cannot_be_checked() -> None:
    stated = ladder()
    stated = stated.model_copy(update={"figures": {**stated.figures, "taste": 0.9}})
    found = compared(stated, ladder())
    assert found.differs == ()
    assert found.unchecked == (
        "figures.taste: 0.9 stated, none found: this version does not compute it",
    )
    # On boards, where versions meet, such figures do not put entries of one run in dispute.
    whole = entry("a")
    wider = whole.model_copy(update={"validity": {**whole.validity, "taste": 0.9}})
    assert differences(wider, whole) == ()
    assert compared(wider, whole).unchecked == (
        "validity.taste: 0.9 stated, none found: this version does not compute it",
    )


def test_a_warning_or_a_figure_that_was_taken_out_of_a_main_entry_is_told() -> None:
    warned = entry("a", change={"warnings": [{"kind": "adapted", "text": "temperature"}]})
    without = warned.model_copy(
        update={
            "warnings": None,
            "validity": {k: v for k, v in warned.validity.items() if k != "reads"},
        }
    )
    assert compared(without, warned).differs == (
        "warnings: none stated, 1 found",
        "validity.reads: none stated, 0.17 found",
    )


def test_an_entry_of_another_kind_is_told() -> None:
    assert compared(entry("a"), ladder()).differs == ("kind: judge stated, ladder found",)
    assert compared(ladder(), entry("a")).differs == ("kind: ladder stated, judge found",)
