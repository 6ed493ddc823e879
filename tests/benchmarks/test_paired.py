from __future__ import annotations

import pytest

from benchmarks.paired import Paired, paired
from benchmarks.small_judge import our_pairs


def test_both_ways_take_turns_at_being_first() -> None:
    calls: list[str] = []
    found = paired(
        lambda: calls.append("ours"),
        lambda: calls.append("theirs"),
        2,
        before=lambda: calls.append("before"),
    )
    round_one, round_two = calls[1:8:2], calls[9::2]
    assert round_one == ["ours", "theirs", "theirs", "ours"]
    assert round_two == ["theirs", "ours", "ours", "theirs"]
    assert calls[::2] == ["before"] * 8
    assert len(found.ours) == len(found.theirs) == 2


def test_the_ratio_is_the_median_of_the_rounds() -> None:
    found = Paired((1.0, 2.0, 4.0), (2.0, 2.0, 2.0))
    # 2, 1 and 0.5.
    assert found.ratio == 1.0
    assert found.spread == "0.500 to 2.000"
    assert found.seconds == pytest.approx(2.0)


def test_pairs_are_spread_over_items_and_have_as_many_words_as_are_wanted() -> None:
    asked = our_pairs(48, 500)
    assert len(asked.pairs) == 24
    assert {pair.item for pair in asked.pairs} == set(asked.instructions)
    assert {len(p.one.text.split(" ")) for p in asked.pairs} == {500}
    assert not any(pair.tied for pair in asked.pairs)
