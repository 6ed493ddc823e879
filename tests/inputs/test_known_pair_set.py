"""Pairs of a run, from a preference file and from people's scores."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from judgemark.errors import InputError
from judgemark.inputs.known_pair_set import (
    ALL_PAIRS,
    FILTERED,
    NOT_DRAWN,
    KnownPairSet,
    pairs_of_preferences,
    pairs_of_ratings,
)
from judgemark.inputs.people_ratings import read_ratings
from judgemark.inputs.preference_pairs import PreferencePair, PreferenceSet, read_preferences
from judgemark.inputs.samples import SampleSet, read_samples
from judgemark.metrics.validity.drawn_pairs import PairRules
from judgemark.metrics.validity.known_pair import PairSource
from judgemark.records import Sample

HUMAN = Path(__file__).resolve().parents[2].parent / "shared" / "human"
EVERY = PairRules(math.inf, 0, math.inf, ALL_PAIRS)


def chosen(*pairs: PreferencePair, rules: PairRules = EVERY) -> KnownPairSet:
    return pairs_of_preferences(PreferenceSet("f", pairs), rules, "f.jsonl")


def pair(n: int, *, margin: float | None = None, chosen: str = "") -> PreferencePair:
    return PreferencePair(
        f"p{n}", "A dog.", chosen or f"good {n}", f"bad {n} and longer", "x", margin
    )


def test_the_numbers_of_pieces_do_not_say_which_was_preferred() -> None:
    found = chosen(*(pair(n) for n in range(40)))
    firsts = [p.better.iteration < p.worse.iteration for p in found.pairs]
    assert 8 < sum(firsts) < 32
    assert {sample.writer for sample in found.samples.samples} == {"text"}


def test_a_text_in_several_pairs_is_one_piece_and_joins_them_to_a_cluster() -> None:
    found = chosen(pair(1, chosen="same"), pair(2, chosen="same"), pair(3))
    assert len(found.samples.samples) == 5
    first, second, third = (p.cluster for p in found.pairs)
    assert first == second != third


def test_the_order_of_the_file_does_not_change_pieces_and_items() -> None:
    pairs = [pair(n) for n in range(5)]
    assert chosen(*pairs).samples == chosen(*reversed(pairs)).samples


def test_facts_stand_beside_the_pairs_and_the_prompt_by_its_item() -> None:
    found = chosen(pair(1, margin=3))
    assert (found.facts[0].pair_id, found.facts[0].origin) == ("p1", "x")
    assert found.prompts == {found.pairs[0].item: "A dog."}
    assert (found.pairs[0].margin, found.source) == (3, PairSource.PEOPLE)


def test_rules_filter_and_draw_and_the_others_are_counted() -> None:
    # Margins 0.5 to 9.5: six lie in 3..9, and four of them are drawn.
    pairs = [pair(n, margin=n + 0.5) for n in range(10)]
    found = chosen(*pairs, rules=PairRules(math.inf, 3, 9, 4, seed=1))
    assert len(found.pairs) == 4
    assert found.left_out == {FILTERED: 4, NOT_DRAWN: 2}
    assert found.rules == {
        "length_ratio": None, "margin_min": 3, "margin_max": 9, "n": 4, "seed": 1,
    }  # fmt: skip


def test_no_pair_left_is_said_with_the_rules() -> None:
    with pytest.raises(InputError, match="none of its 1 pairs has a margin of at least 5 points;"):
        chosen(pair(1, margin=3), rules=PairRules(math.inf, 5, math.inf))
    with pytest.raises(InputError, match=r"and a length ratio up to 1\.2;"):
        chosen(pair(1), rules=PairRules(1.2, 0, math.inf))


def test_ratings_without_any_pair_are_said_to_have_none(tmp_path: Path) -> None:
    samples = SampleSet("s", tuple(Sample(w, "1", i, w + i) for w in "ab" for i in "78"))
    path = tmp_path / "r.json"
    for scores in (
        '{"a": {"1": {"7": 90, "8": 50}}}',
        '{"a": {"1": {"7": 9}}, "b": {"1": {"7": 9}}}',
    ):
        path.write_text(scores, "utf-8")
        with pytest.raises(InputError, match="has no two writers whose pieces on one item have"):
            pairs_of_ratings(read_ratings(path, samples), samples, PairRules(), path)


def test_the_hash_tells_pairs_apart_by_their_better_text() -> None:
    one = PreferencePair("", "p", "x", "y")
    other = PreferencePair("", "p", "y", "x")
    assert chosen(one).sha256 == chosen(one).sha256 != chosen(other).sha256


@pytest.mark.skipif(not HUMAN.exists(), reason="../shared/human is not there")
def test_real_preferences_have_the_clusters_that_their_readme_names() -> None:
    found = pairs_of_preferences(read_preferences(HUMAN / "preference_pairs.jsonl"), EVERY, "f")
    assert len(found.pairs) == 87
    assert len({p.cluster for p in found.pairs}) == 29


@pytest.mark.skipif(not HUMAN.exists(), reason="../shared/human is not there")
def test_real_ratings_give_the_same_pairs_as_the_scores_made_from_them() -> None:
    samples = read_samples(HUMAN / "ttcw_samples.json")
    rules = PairRules(math.inf, 5, math.inf, ALL_PAIRS)
    lines, scores = HUMAN / "ttcw_ratings.jsonl", HUMAN / "ttcw_item_scores_0_100.json"
    one = pairs_of_ratings(read_ratings(lines, samples, 0, 14), samples, rules, lines)
    two = pairs_of_ratings(read_ratings(scores, samples), samples, rules, scores)
    assert [(p.better, p.worse) for p in one.pairs] == [(p.better, p.worse) for p in two.pairs]
    assert len(one.ratings) == 108
    assert two.ratings == ()


def test_pieces_without_a_pair_are_not_asked_about(tmp_path: Path) -> None:
    samples = SampleSet("s", tuple(Sample(w, "1", i, w + i) for w in "ab" for i in "78"))
    path = tmp_path / "r.json"
    path.write_text('{"a": {"1": {"7": 90, "8": 50}}, "b": {"1": {"7": 10, "8": 52}}}')
    rules = PairRules(math.inf, 5, math.inf, ALL_PAIRS)
    found = pairs_of_ratings(read_ratings(path, samples), samples, rules, path)
    assert {s.item for s in found.samples.samples} == {"7"}
    assert [p.margin for p in found.pairs] == [80]
    with pytest.raises(InputError, match="none of its 2 pairs"):
        pairs_of_ratings(
            read_ratings(path, samples), samples, PairRules(math.inf, 95, math.inf), path
        )
