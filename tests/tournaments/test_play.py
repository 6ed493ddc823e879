"""Whole tournaments: waves, hand-worked ratings, gaps, and what must never change a rating."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import UsageError
from judgemark.records import Place
from judgemark.tournaments.play import play, tournament
from judgemark.tournaments.tournament_settings import Match, Option, Settings
from tests.tournaments.judges import by_strength, even, places

ALL_OPTIONS = st.sampled_from(list(Option))


def whimsical(wave: Sequence[Match]) -> list[float | None]:
    """A judge with a random preference for every pair of pieces, and sometimes none."""
    outcomes: list[float | None] = []
    for m in wave:
        digest = sha256(f"{m.item}/{m.iteration}/{m.first}/{m.second}".encode()).digest()
        outcomes.append(None if digest[0] < 16 else digest[1] / 255)
    return outcomes


@st.composite
def pieces(draw: st.DrawFn) -> list[Place]:
    """Pieces of 2 to 7 writers, some of them lost, at least two left to compare."""
    names = [f"w{n}" for n in range(draw(st.integers(2, 7)))]
    whole = places(names, items=draw(st.integers(1, 3)), iterations=draw(st.integers(1, 2)))
    pair = [("w0", "1", "00"), ("w1", "1", "00")]
    lost = draw(st.sets(st.sampled_from(whole), max_size=len(whole) // 2))
    return pair + [place for place in whole if place not in lost and place not in pair]


def test_three_writers_and_two_rounds_by_hand() -> None:
    rounds = tournament(places(["a", "b", "c"]), Settings(rounds=2))
    (one,) = next(rounds)
    x, y = one.first, one.second
    (z,) = {"a", "b", "c"} - {x, y}
    # Round 1: the shuffle pairs x and y, both at 1200, so E = 1/2; z sits out. P(x) = 0.75:
    #   dR = 32 (0.75 - 0.5) = 8     x 1208, y 1192, z 1200
    (two,) = rounds.send([0.75])
    # Round 2: x, y and z stand at 1208, 1192, 1200. x and y have no bye yet, y is the lower:
    # it sits out. x meets z: E_x = 1 / (1 + 10^((1200 - 1208) / 400)) = 1 / (1 + 10^-0.02)
    #   10^-0.02 = 0.954993, E_x = 0.511511; P(x) = 0.25:
    #   dR = 32 (0.25 - 0.511511) = -8.368348     x 1199.631652, z 1208.368348
    assert {two.first, two.second} == {x, z}
    with pytest.raises(StopIteration) as end:
        rounds.send([0.25 if two.first == x else 0.75])
    (standing,) = end.value.value.standings
    assert standing.ratings[x] == pytest.approx(1199.631652, abs=1e-6)
    assert standing.ratings[y] == 1192.0
    assert standing.ratings[z] == pytest.approx(1208.368348, abs=1e-6)
    assert [line.writer for line in end.value.value.leaderboard] == [z, x, y]


def test_all_tournaments_of_an_option_advance_in_one_wave() -> None:
    # 8 writers, 3 items, 2 iterations: 6 tournaments of 4 matches a round.
    names = [f"w{n}" for n in range(8)]
    waves: list[Sequence[Match]] = []

    def judge(wave: Sequence[Match]) -> list[float | None]:
        waves.append(wave)
        return even(wave)

    result = play(tournament(places(names, items=3, iterations=2), Settings()), judge)
    assert [len(wave) for wave in waves] == [24] * 5
    assert [{m.round for m in wave} for wave in waves] == [{1}, {2}, {3}, {4}, {5}]
    assert result.match_count == len(result.matches) == 120
    assert result.table.values.shape == (8, 2, 3)


def test_in_a_full_round_robin_every_pair_meets_once_on_every_item() -> None:
    waves: list[int] = []

    def judge(wave: Sequence[Match]) -> list[float | None]:
        waves.append(len(wave))
        return even(wave)

    # 5 writers: 10 pairs on each of 2 items, in 5 rounds of 2 pairs with one writer resting.
    full = Settings(option=Option.FULL)
    result = play(tournament(places(list("abcde"), items=2), full), judge)
    assert waves == [4] * 5
    met = Counter((m.item, m.first, m.second) for m in result.matches)
    assert len(met) == 20
    assert set(met.values()) == {1}


def test_bootstraps_stand_on_the_item_axis_and_play_on_the_prompts_drawn() -> None:
    chosen = Settings(option=Option.BOOTSTRAP, bootstraps=3, rounds=4)
    judge = by_strength({"a": 3.0, "b": 1.0, "c": -1.0, "d": -3.0})
    result = play(tournament(places(list("abcd"), items=9, iterations=2), chosen), judge)
    assert result.table.iterations == ("all",)
    assert result.table.items == ("bootstrap-1", "bootstrap-2", "bootstrap-3")
    assert result.match_count == 3 * 4 * 2
    assert {m.iteration for m in result.matches} == {"1", "2"}
    # Some of 9 items are never drawn in 9 draws with replacement, for one bootstrap or another.
    drawn = [{m.item for m in result.matches if m.tournament == k} for k in range(3)]
    assert all(len(items) > 1 for items in drawn)
    best = result.leaderboard[0]
    assert best.writer == "a"
    ratings = result.table.values[0, 0]
    assert best.rating == pytest.approx(ratings.mean())
    assert best.spread == pytest.approx(ratings.std())  # the population's: divided by 3, not 2


def test_matches_of_a_bootstrap_are_drawn_uniformly_from_prompts_drawn_with_replacement() -> None:
    # 2 writers, 4 items, 2,000 rounds: each of the 4 copies in a pool comes up in 1/4 of the
    # matches, give or take sqrt(2000 * 1/4 * 3/4) = 19; five times that is 97.
    chosen = Settings(option=Option.BOOTSTRAP, bootstraps=4, rounds=2000)
    result = play(tournament(places(["a", "b"], items=4, iterations=2), chosen), even)
    pools = []
    for bootstrap in range(4):
        per_item = Counter(m.item for m in result.matches if m.tournament == bootstrap)
        copies = {item: round(count / 500) for item, count in per_item.items()}
        assert sum(copies.values()) == 4
        assert all(abs(per_item[item] - 500 * copies[item]) < 97 for item in per_item)
        pools.append(tuple(sorted(copies.items())))
    assert len(set(pools)) > 1
    assert max(number for pool in pools for _, number in pool) > 1
    # 8,000 matches over two iterations: half each, give or take sqrt(8000 / 4) = 45.
    per_iteration = Counter(m.iteration for m in result.matches)
    assert abs(per_iteration["1"] - 4000) < 5 * 45


def test_round_one_is_a_shuffle_of_its_own_for_every_tournament() -> None:
    # 20 writers pair up in 19!! = 654,729,075 ways: two alike by chance are out of the question.
    names = [f"w{n}" for n in range(20)]
    wave = next(tournament(places(names, items=6), Settings()))
    pairs = {frozenset((m.first, m.second) for m in wave if m.tournament == k) for k in range(6)}
    assert len(pairs) == 6
    other = next(tournament(places(names, items=6), Settings(seed=43)))
    assert wave != other


def test_a_missing_verdict_changes_no_rating_and_is_counted() -> None:
    result = play(
        tournament(places(["a", "b"], items=2), Settings(rounds=1)),
        lambda wave: [None if m.item == "00" else 1.0 for m in wave],
    )
    # Item 01: dR = 32 (1 - 0.5) = 16.
    assert result.standings[0].ratings == {"a": 1200.0, "b": 1200.0}
    assert result.standings[1].ratings == {"a": 1216.0, "b": 1184.0}
    assert (result.missing, result.match_count) == (1, 2)
    assert [standing.item for standing in result.incomplete] == ["00"]


@pytest.mark.parametrize(("lost", "incomplete"), [(1, False), (2, True)])
def test_more_than_one_in_twenty_missing_marks_a_tournament_incomplete(
    lost: int, incomplete: bool
) -> None:
    # 2 writers, 20 rounds: 20 matches; 1 of 20 is 5%, 2 are 10%.
    result = play(
        tournament(places(["a", "b"]), Settings(rounds=20)),
        lambda wave: [None if m.round <= lost else 0.5 for m in wave],
    )
    assert bool(result.incomplete) is incomplete


def test_a_writer_without_a_piece_sits_that_item_out() -> None:
    held = [place for place in places(["a", "b", "c"], items=2) if place != ("c", "1", "01")]
    result = play(tournament(held, Settings()), by_strength({"a": 1.0, "b": 0.0, "c": -1.0}))
    assert sorted(result.standings[1].ratings) == ["a", "b"]
    assert np.isnan(result.table.values[2, 0, 1])


def test_an_item_with_a_single_writer_is_skipped_and_listed() -> None:
    held = [*places(["a", "b"]), ("a", "1", "99"), ("hermit", "1", "98")]
    for option in Option:
        result = play(tournament(held, Settings(option=option)), even)
        assert result.skipped == (("98", "1"), ("99", "1"))
        assert result.left_out == ("hermit",)
        assert result.table.writers == ("a", "b")


def test_a_bootstrap_draws_only_pieces_that_both_have() -> None:
    # a and b share item 00 alone, b and c item 01, a and c nothing: they cannot be compared.
    held = [("a", "1", "00"), ("b", "1", "00"), ("b", "1", "01"), ("c", "1", "01")]
    chosen = Settings(option=Option.BOOTSTRAP, bootstraps=5)
    result = play(tournament(held, chosen), even)
    assert {(m.first, m.second, m.item) for m in result.matches} <= {
        ("a", "b", "00"),
        ("b", "c", "01"),
    }
    assert result.match_count == 5 * 20
    assert result.missing == 5 * 20 - len(result.matches) > 0


@pytest.mark.parametrize("option", list(Option))
def test_fields_that_cannot_play_are_refused_at_once_in_one_line(option: Option) -> None:
    with pytest.raises(UsageError, match="at least two writers"):
        tournament(places(["alone"], items=3), Settings(option=option))
    with pytest.raises(UsageError, match="at least two writers"):
        tournament([], Settings(option=option))
    with pytest.raises(UsageError, match="nothing to compare"):
        tournament([("a", "1", "00"), ("b", "2", "00")], Settings(option=option))


def test_outcomes_must_answer_the_wave() -> None:
    rounds = tournament(places(["a", "b"]), Settings())
    next(rounds)
    with pytest.raises(UsageError, match="1 matches were asked, 0 outcomes sent"):
        rounds.send([])


@given(pieces(), ALL_OPTIONS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_pieces_changes_nothing(
    held: list[Place], option: Option, rnd: object
) -> None:
    chosen = Settings(option=option, bootstraps=3)
    shuffled = list(held)
    rnd.shuffle(shuffled)  # type: ignore[attr-defined]
    one = play(tournament(held, chosen), whimsical)
    other = play(tournament(shuffled, chosen), whimsical)
    assert one.standings == other.standings
    assert one.matches == other.matches


@given(pieces(), ALL_OPTIONS)
@settings(max_examples=40, deadline=None)
def test_ratings_keep_their_sum_and_each_writer_plays_once_in_a_round(
    held: list[Place], option: Option
) -> None:
    result = play(tournament(held, Settings(option=option, bootstraps=3)), whimsical)
    for standing in result.standings:
        total = 1200 * len(standing.ratings)
        assert sum(standing.ratings.values()) == pytest.approx(total, abs=1e-6)
    seats = Counter((m.tournament, m.round, w) for m in result.matches for w in (m.first, m.second))
    assert max(seats.values(), default=1) == 1
    assert all(m.first < m.second for m in result.matches)


@given(pieces())
@settings(max_examples=25, deadline=None)
def test_an_item_is_rated_alike_whatever_other_items_there_are(held: list[Place]) -> None:
    alone = [place for place in held if place[2] == "00"]
    whole = play(tournament(held, Settings()), whimsical)
    part = play(tournament(alone, Settings()), whimsical)
    assert part.standings == tuple(s for s in whole.standings if s.item == "00")


def test_a_resumed_tournament_ends_with_the_same_ratings_to_the_last_digit() -> None:
    # All verdicts of the first attempt are looked up, whichever of them came first.
    held = places([f"w{n}" for n in range(9)], items=4)
    chosen = Settings(option=Option.BOOTSTRAP, bootstraps=3)
    first = play(tournament(held, chosen), whimsical)
    journal = dict(zip(reversed(first.matches), reversed(first.preferences), strict=True))
    again = play(tournament(held, chosen), lambda wave: [journal[m] for m in wave])
    assert again.standings == first.standings
