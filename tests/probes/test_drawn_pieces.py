"""Which pieces are probed: undamaged ones, spread, by seed."""

from collections import Counter

import pytest

from judgemark.errors import UsageError
from judgemark.probes.drawn_pieces import drawn_pairs, drawn_pieces
from judgemark.records import Sample


def pieces(writers: int, items: int, iterations: int = 1) -> list[Sample]:
    return [
        Sample(f"w{w}", f"{t}", f"i{i}", f"text {w} {t} {i}")
        for w in range(writers)
        for t in range(iterations)
        for i in range(items)
    ]


def test_a_draw_covers_items_and_writers_evenly() -> None:
    drawn = drawn_pieces(pieces(4, 6), 12, seed=1)
    assert len(set(drawn)) == 12
    assert set(Counter(s.item for s in drawn).values()) == {2}
    assert set(Counter(s.writer for s in drawn).values()) == {3}


def test_a_draw_depends_on_the_seed_and_not_on_the_order_of_the_file() -> None:
    samples = pieces(5, 5)
    assert drawn_pieces(samples, 8, 1) == drawn_pieces(samples[::-1], 8, 1)
    assert drawn_pieces(samples, 8, 1) != drawn_pieces(samples, 8, 2)
    assert drawn_pairs(samples, 8, 1) == drawn_pairs(samples[::-1], 8, 1)


def test_damaged_pieces_and_second_copies_are_not_drawn() -> None:
    damaged = Sample("x", "0", "i0", "text x", derived_from="w0", kind="end-cut", severity=0.5)
    copy = Sample("y", "0", "i0", "text 0 0 0")
    assert {s.writer for s in drawn_pieces([*pieces(1, 2), damaged, copy], 9, 0)} <= {"w0", "y"}
    assert len(drawn_pieces([*pieces(1, 2), damaged, copy], 9, 0)) == 2


def test_no_piece_is_in_two_pairs_and_both_are_on_one_item() -> None:
    pairs = drawn_pairs(pieces(5, 3, iterations=2), 100, 0)
    assert len(pairs) == 15  # 10 pieces on each of 3 items
    assert all(a.item == b.item for a, b in pairs)
    assert len({s for pair in pairs for s in pair}) == 30


def test_a_few_pairs_come_from_different_items() -> None:
    assert len({a.item for a, _ in drawn_pairs(pieces(4, 6), 12, 0)}) == 6


def test_nothing_to_draw_is_said_in_one_line() -> None:
    damaged = Sample("x", "0", "i0", "text x", derived_from="w0", kind="end-cut", severity=0.5)
    with pytest.raises(UsageError, match="hold no undamaged piece"):
        drawn_pieces([damaged], 3, 0)
    with pytest.raises(UsageError, match="no item has two undamaged pieces"):
        drawn_pairs(pieces(1, 3), 4, 0)
