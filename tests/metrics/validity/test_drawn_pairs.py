"""Drawing known pairs: the card's filters, the seed, and what is never paired."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import UndefinedFigure, UsageError
from judgemark.metrics.validity.drawn_pairs import (
    PairRules,
    ScoredPiece,
    draw_pairs,
    eligible_pairs,
    to_hundred,
)

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "real"


def piece(
    writer: str, score: float, length: int = 100, item: str = "7", iteration: str = "1"
) -> ScoredPiece:
    return ScoredPiece(item, writer, iteration, f"{writer}{iteration}{item}", length, score)


def test_the_filters_bound_margin_and_length_ratio_ends_included() -> None:
    pieces = [
        piece("a", 60.0),
        piece("b", 65.0, length=120),  # margin 5, ratio 1.2: eligible
        piece("c", 70.0, length=121),  # ratio 1.21 to a; margin 5 and ratio 1.008 to b: eligible
        piece("d", 64.9),  # margin 4.9 to a; 5.1 to c, but ratio 1.21
    ]
    found = [(p.better.writer, p.worse.writer) for p in eligible_pairs(pieces, PairRules())]
    assert found == [("b", "a"), ("c", "b")]


def test_a_margin_is_not_lost_to_rounding() -> None:
    assert 64.1 - 59.1 < 5.0  # in floating point
    assert len(eligible_pairs([piece("a", 59.1), piece("b", 64.1)], PairRules())) == 1


def test_pairs_are_of_different_writers_on_one_item_any_iterations() -> None:
    pieces = [
        piece("a", 60.0, iteration="1"),
        piece("a", 66.0, iteration="2"),
        piece("b", 67.0, iteration="3"),
        piece("b", 67.0, item="8"),
    ]
    found = eligible_pairs(pieces, PairRules())
    assert [(p.better.writer, p.worse.iteration, p.margin) for p in found] == [("b", "1", 7.0)]


def test_a_copy_and_an_empty_text_pair_with_nothing() -> None:
    copy = ScoredPiece("7", "b", "1", "a17", 100, 66.0)
    assert eligible_pairs([piece("a", 60.0), copy], PairRules()) == []
    assert eligible_pairs([piece("a", 60.0, 0), piece("b", 66.0, 0)], PairRules()) == []


def many() -> list[ScoredPiece]:
    return [
        piece(f"w{w}", 50.0 + (w * 7 + i * 3) % 40, item=str(i))
        for w in range(12)
        for i in range(9)
    ]


def test_the_draw_depends_on_the_seed_not_on_the_order_of_the_pieces() -> None:
    pieces = many()
    drawn = draw_pairs(pieces, PairRules(n=40))
    random.Random(3).shuffle(pieces)
    assert draw_pairs(pieces, PairRules(n=40)) == drawn
    assert len(set(drawn.pairs)) == 40 < drawn.eligible
    assert draw_pairs(pieces, PairRules(n=40, seed=43)).pairs != drawn.pairs


def test_fewer_eligible_than_wanted_are_all_taken() -> None:
    drawn = draw_pairs(many(), PairRules(n=100_000))
    assert len(drawn.pairs) == drawn.eligible


def test_no_eligible_pair_is_undefined() -> None:
    with pytest.raises(UndefinedFigure, match="margin of 5 to 10 points"):
        draw_pairs([piece("a", 60.0), piece("b", 61.0)], PairRules())


def test_a_rubrics_range_maps_to_0_100() -> None:
    assert to_hundred(7.5, 0, 10) == 75.0
    assert to_hundred(3, 1, 5) == 50.0
    with pytest.raises(UsageError, match="is empty"):
        to_hundred(1, 1, 1)


@pytest.mark.parametrize(
    "rules",
    [{"length_ratio": 0.9}, {"margin_min": 6.0, "margin_max": 5.0}, {"n": 0}, {"margin_min": -1}],
)
def test_rules_out_of_range_are_refused(rules: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        PairRules(**rules)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.floats(0, 100), st.integers(1, 500)), max_size=12
    )
)
def test_every_eligible_pair_passes_the_filters(found: list[tuple[str, float, int]]) -> None:
    pieces = [piece(w, s, n, iteration=str(k)) for k, (w, s, n) in enumerate(found)]
    for pair in eligible_pairs(pieces, PairRules()):
        assert pair.margin is not None
        assert 5.0 - 1e-8 <= pair.margin <= 10.0 + 1e-8
        lengths = sorted(found[int(text.iteration)][2] for text in (pair.better, pair.worse))
        assert lengths[1] <= 1.2 * lengths[0] + 1e-9
        assert pair.better.writer != pair.worse.writer


def test_real_pieces_give_the_cards_500_pairs() -> None:
    if not SHARED.exists():
        pytest.skip("../shared/real is absent")
    scores = json.loads((SHARED / "item_scores_0_100.json").read_text("utf-8"))
    samples = json.loads((SHARED / "samples.json").read_text("utf-8"))
    pieces = [
        ScoredPiece(i, w, t, text, len(text), scores[w][t][i])
        for w, s in samples.items()
        for t, items in s["samples"].items()
        for i, text in items.items()
        if i in scores.get(w, {}).get(t, {})
    ]
    drawn = draw_pairs(pieces, PairRules())
    assert len(drawn.pairs) == 500 < drawn.eligible
