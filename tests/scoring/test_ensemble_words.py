"""What is said of an ensemble: how its joined scores compare with those of its best member."""

from __future__ import annotations

from typing import Any

import pytest

from judgemark.scoring.ensemble_words import gain_words

MEMBERS = [{"member": 1, "spec": "a"}, {"member": 2, "spec": "b"}]
SAID = "the joined scores have v4 60.0, the best member alone (judge 2, b) 55.0: difference +5.0"


def gain(**found: Any) -> dict[str, Any]:
    return {"best_member": 2, "ensemble": 60.0, "best": 55.0, "difference": 5.0, **found}


@pytest.mark.parametrize(
    ("ends", "verdict"),
    [
        ([1.0, 9.0], "(1.0 to 9.0), better"),
        ([-2.0, 12.0], "(−2.0 to 12.0), not shown to differ"),
        ([-9.0, -1.0], "(−9.0 to −1.0), worse"),
    ],
)
def test_the_gain_names_the_best_member_and_what_its_interval_shows(
    ends: list[float], verdict: str
) -> None:
    section = {"members": MEMBERS, "gain": gain(ci95=ends)}
    assert gain_words(section, {}) == f"{SAID} {verdict}"


def test_a_gain_without_an_interval_says_why() -> None:
    section = {"members": MEMBERS, "gain": gain(ci95=None, reason="fewer than two items")}
    assert gain_words(section, {}) == f"{SAID}, without an interval (fewer than two items)"
    assert gain_words({"gain": None}, {"ensemble.gain": "no scores"}) == "no comparison: no scores"
