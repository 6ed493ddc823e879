"""What a ladder says on the terminal."""

from __future__ import annotations

import copy
from typing import Any

from judgemark.cli.summary_ladder import ladder_figures
from judgemark.scoring.reading_figures import BEYOND_RANGE
from tests.report.test_page_ladder import result


def ladder() -> dict[str, Any]:
    return {
        **copy.deepcopy(result()),
        "usage": {"cost": None, "seconds_per_item": None, "requests": None},
    }


def test_an_interval_beyond_the_range_of_a_margin_is_explained() -> None:
    assert "+10 [-10, 30]" in ladder_figures(ladder())
    assert BEYOND_RANGE not in ladder_figures(ladder())
    wide = ladder()
    wide["validity"]["kinds"]["end-cut"]["margin_ci95"] = [-1.1, 1.3]
    said = ladder_figures(wide).splitlines()
    assert any("+10 [-110, 130]" in line for line in said)
    assert said[-1] == BEYOND_RANGE
