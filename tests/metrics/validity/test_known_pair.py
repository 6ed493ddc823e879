"""Known pairs, a judge's answers on them, and which of them are independent of each other."""

from __future__ import annotations

import random

import pytest

from judgemark.errors import UsageError
from judgemark.metrics.validity.known_pair import (
    AnsweredPair,
    KnownPair,
    PairedText,
    PairSource,
    clustered,
)


def pair(
    better: str, worse: str, item: str = "", source: PairSource = PairSource.PEOPLE
) -> KnownPair:
    return KnownPair(source, item, PairedText(better), PairedText(worse))


def groups(pairs: list[KnownPair]) -> list[list[int]]:
    """Which pairs share a cluster, by their number in the list."""
    found: dict[str, list[int]] = {}
    for n, one in enumerate(clustered(pairs)):
        found.setdefault(one.cluster, []).append(n)
    return list(found.values())


def test_a_pair_of_one_text_is_refused() -> None:
    with pytest.raises(UsageError, match="same text twice"):
        pair("a", "a", item="7")


def test_an_answer_is_right_wrong_or_half() -> None:
    answers = [AnsweredPair(pair("a", "b"), p).right for p in (0.51, 0.5, 0.49, None)]
    assert answers == [1.0, 0.5, 0.0, None]


def test_pairs_that_share_a_text_are_one_cluster_through_others_too() -> None:
    # a-b and b-c share b, c-d shares c with them; x-y stands alone.
    pairs = [pair("a", "b"), pair("c", "d"), pair("x", "y"), pair("b", "c")]
    assert groups(pairs) == [[0, 1, 3], [2]]


def test_a_shared_prompt_joins_pairs_only_where_there_are_ten_prompts() -> None:
    nine = [pair(f"a{n}", f"b{n}", item=str(n % 9)) for n in range(18)]
    assert len(groups(nine)) == 18
    ten = [pair(f"a{n}", f"b{n}", item=str(n % 10)) for n in range(20)]
    assert groups(ten) == [[n, n + 10] for n in range(10)]


def test_pairs_without_a_prompt_are_not_joined_by_its_absence() -> None:
    some = [pair(f"a{n}", f"b{n}", item=str(n)) for n in range(10)]
    assert len(groups([*some, pair("x", "y"), pair("v", "w")])) == 12


def test_clusters_do_not_depend_on_the_order_of_the_pairs() -> None:
    pairs = [pair(f"t{n % 7}", f"u{n % 11}") for n in range(30)]
    before = {(p.better, p.worse): p.cluster for p in clustered(pairs)}
    random.Random(1).shuffle(pairs)
    assert {(p.better, p.worse): p.cluster for p in clustered(pairs)} == before


def test_damage_pairs_bring_their_source_piece_as_cluster() -> None:
    with pytest.raises(UsageError, match="source piece"):
        clustered([pair("a", "b", source=PairSource.DAMAGE)])
    brought = KnownPair(PairSource.DAMAGE, "7", PairedText("a"), PairedText("b"), cluster="piece")
    assert clustered([brought]) == (brought,)
