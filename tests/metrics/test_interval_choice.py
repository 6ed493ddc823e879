"""The intervals as they stand on the scorecards."""

from __future__ import annotations

import numpy as np
import pytest

from judgemark.metrics.scorecards import scorecards
from tests.metrics.tables import judged, table_of

TABLE = judged(8, 3, 12, seed=6)
REFERENCE = {w: float(n) for n, w in enumerate(TABLE.writers)}
FOUND = scorecards(TABLE, TABLE, REFERENCE, shuffles=100, resamples=200, seed=9)


@pytest.mark.parametrize("version", ["raw", "calibrated"])
def test_each_interval_says_what_it_is_about(version: str) -> None:
    v4, v2 = FOUND.card("v4", version), FOUND.card("v2", version)
    assert v4.ci95 is not None and v4.ci95_other_writers is not None
    assert v2.ci95 is not None and v2.ci95_other_writers is not None
    scale = "" if version == "raw" else ", on the calibration fitted to this run"
    assert v4.ci95.estimand == f"the score of these writers with unlimited items{scale}"
    assert v4.ci95.method == "jackknife-t over items, bias-corrected"
    assert "other writers" in v4.ci95_other_writers.estimand
    assert (v2.ci95.method, v2.ci95.resamples, v2.ci95.seed) == ("resampled t over items", 200, 9)
    assert v2.ci95.estimand.endswith("on item sets of this size")
    assert "of as many writers" in v2.ci95_other_writers.estimand
    assert (v4.ci95.n, v4.ci95_other_writers.n) == (12, 8)
    assert 0.5 <= v2.ci95.overstated <= 2 and v2.ci95.overstated != 1
    assert v4.ci95.overstated == v2.ci95_other_writers.overstated == 1


def test_other_writers_are_less_sure_than_other_items() -> None:
    card = FOUND.card("v4", "raw")
    assert card.ci95 is not None and card.ci95_other_writers is not None
    items, writers = (np.ptp(i.ends()) for i in (card.ci95, card.ci95_other_writers))
    assert writers > 1.5 * items


def test_v2_and_v21_intervals_lie_about_the_score() -> None:
    for name in ("v2", "v2.1"):
        card = FOUND.card(name, "calibrated")
        assert card.ci95 is not None and card.score is not None
        assert sum(card.ci95.ends()) / 2 == pytest.approx(card.score)


def test_unscaled_v4_has_three_quarters_of_the_interval() -> None:
    scaled, plain = FOUND.card("v4", "raw").ci95, FOUND.card("v4-unscaled", "raw").ci95
    assert scaled is not None and plain is not None
    assert plain.ends() == pytest.approx([0.75 * end for end in scaled.ends()])


def test_replicates_of_two_judges_of_the_same_items_are_paired() -> None:
    # the other judge says the same on another scale: its calibrated scores are the same
    other = TABLE.with_values(10 + 2 * TABLE.values)
    found = scorecards(other, other, REFERENCE, shuffles=100, resamples=200, seed=9)
    for name in ("v2", "v2.1", "v4"):
        ours, theirs = FOUND.replicates[name, "calibrated"], found.replicates[name, "calibrated"]
        assert ours.shape == (200,)
        assert ours == pytest.approx(theirs, abs=1e-6)


def test_without_resamples() -> None:
    found = scorecards(TABLE, TABLE, shuffles=20, resamples=0)
    assert found.replicates == {} and found.card("v4", "raw").ci95 is not None
    assert found.card("v2", "raw").ci95 is None
    assert found.notes["scorecards.v2.raw.ci95"] == "no item resamples were asked for"


def test_a_missing_interval_has_a_reason() -> None:
    two = judged(2, 2, 6)
    notes = scorecards(two, two, shuffles=20, resamples=50).notes
    assert notes["scorecards.v4.raw.ci95_other_writers"] == "fewer than three writers"
    single = judged(5, 2, 1)
    notes = scorecards(single, single, shuffles=20, resamples=50).notes
    assert notes["scorecards.v4.raw.ci95"] == "fewer than two items"
    values = judged(4, 2, 5).values
    values[0, :, 1:] = np.nan
    sparse = table_of(values)
    notes = scorecards(sparse, sparse, shuffles=20, resamples=50).notes
    assert notes["scorecards.v4.raw.ci95"] == "without one of the items the score is undefined"


def test_the_result_file_has_both_ends_and_their_meaning() -> None:
    plain = FOUND.to_json()
    cards, meaning = plain["scorecards"], plain["intervals"]
    assert isinstance(cards, dict) and isinstance(meaning, dict)
    for name, versions in meaning.items():
        for version, clusters in versions.items():
            ends = [clusters["items"]["low"], clusters["items"]["high"]]
            assert cards[name][version]["ci95"] == ends
            assert clusters["writers"]["method"].startswith("jackknife-t over writers")
