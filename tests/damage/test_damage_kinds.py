"""What every kind of damage promises, checked on random texts."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.damage.damage_kinds import DAMAGE_KINDS, DamageKind, Keeps, kinds_named
from judgemark.damage.ladder_versions import DamageLadder, build_ladder
from judgemark.damage.passage import split_passage
from judgemark.errors import UsageError
from judgemark.records import Sample
from tests.damage.pieces import ENGLISH, LANGUAGES, OTHER, english_set, piece

ALL = pytest.mark.parametrize("kind", DAMAGE_KINDS, ids=lambda kind: kind.key)
SENTENCES = [*split_passage(ENGLISH).sentences, *split_passage(OTHER).sentences]
PARAGRAPHS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map(" ".join)
TEXTS = st.lists(PARAGRAPHS, min_size=1, max_size=7).map("\n\n".join)
SEEDS = st.integers(0, 2**32 - 1)
QUICK = settings(deadline=None, max_examples=12)


def built(kind: DamageKind, samples: list[Sample], seed: int = 0) -> DamageLadder:
    return build_ladder(samples, [kind], seed=seed)


def letters(text: str) -> Counter[str]:
    """Return how often each word occurs, without the marks around it."""
    return Counter("".join(c if c.isalnum() or c in "'-" else " " for c in text).split())


@ALL
@QUICK
@given(one=TEXTS, two=TEXTS, seed=SEEDS)
def test_each_kind_keeps_its_promises(kind: DamageKind, one: str, two: str, seed: int) -> None:
    samples = [piece(one), piece(two, "ship")]
    ladder = built(kind, samples, seed)
    assert ladder == built(kind, samples[::-1], seed)
    assert len(ladder.versions) + len(ladder.missing) == 2 * 3
    assert all(missing.reason for missing in ladder.missing)
    for version in ladder.versions:
        source, text = version.source.text, version.text
        assert text != source
        assert 0 < version.severity <= 1
        if not kind.changes_length:
            assert abs(len(text) - len(source)) <= 0.05 * len(source)
        if kind.keeps is Keeps.EVERY_WORD and kind.key != "names-exchanged":
            assert letters(text) == letters(source)
    for source in {v.source.item for v in ladder.versions}:
        levels = [v for v in ladder.versions if v.source.item == source]
        assert len({v.text for v in levels}) == len(levels)
        assert [v.severity for v in levels] == sorted({v.severity for v in levels})


@ALL
def test_every_kind_damages_an_english_story_at_three_levels(kind: DamageKind) -> None:
    versions = built(kind, english_set()).versions
    assert {v.level for v in versions if v.source.item == "mill"} >= {1, 2}


@ALL
def test_another_seed_gives_other_damage_where_the_kind_is_random(kind: DamageKind) -> None:
    texts = {built(kind, english_set(), seed).versions for seed in range(6)}
    assert len(texts) > 1 or kind.key in ("ending-moved", "names-exchanged", "end-cut")


@pytest.mark.parametrize("language", LANGUAGES)
@ALL
def test_where_the_rules_do_not_fit_a_language_the_kind_says_so(
    kind: DamageKind, language: str
) -> None:
    text = LANGUAGES[language]
    ladder = built(kind, [piece(text), piece(text[::-1], "other")])
    made = [v for v in ladder.versions if v.source.text == text]
    english = {"sense-flipped", "stock-phrases", "adverbs-added", "tense-drift"}
    if kind.key in english | {"names-exchanged"}:
        assert not made
    elif kind.key in ("sentences-shuffled", "paragraphs-shuffled", "ending-moved", "end-cut"):
        assert made


@pytest.mark.parametrize("text", ["Short.", "One two three", "", "   \n\n ", "***", "。"])
@ALL
def test_a_piece_with_nothing_to_damage_gives_a_reason_instead_of_a_copy(
    kind: DamageKind, text: str
) -> None:
    ladder = built(kind, [piece(text)])
    assert not ladder.versions
    assert [m.reason != "" for m in ladder.missing] == [True] * 3


@ALL
def test_every_kind_says_what_a_good_judge_should_do(kind: DamageKind) -> None:
    assert kind.expects.startswith("A good judge should")
    assert kind.expects.endswith(".")


def test_levels_are_evenly_spaced_shares() -> None:
    kind = kinds_named(["words-shuffled"])[0]
    assert kind.shares(3) == pytest.approx((0.15, 0.4, 0.65))
    assert kind.shares(1) == (0.65,)


def test_keys_and_labels_are_unique_and_all_kinds_of_the_ladder_are_there() -> None:
    assert len({k.key for k in DAMAGE_KINDS}) == len({k.label for k in DAMAGE_KINDS}) == 14
    assert Counter(k.keeps for k in DAMAGE_KINDS) == {
        Keeps.EVERY_WORD: 6, Keeps.LENGTH_AND_STYLE: 3, Keeps.CHANGES_WORDS: 5,
    }  # fmt: skip


def test_kinds_are_named_in_the_order_of_the_registry() -> None:
    assert [k.key for k in kinds_named(["end-cut", "ending-moved"])] == ["ending-moved", "end-cut"]
    assert kinds_named() == kinds_named(["all"]) == DAMAGE_KINDS


def test_an_unknown_kind_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="end-cut"):
        kinds_named(["endcut"])
