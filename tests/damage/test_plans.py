import numpy as np
import pytest

from judgemark.damage.passage import split_passage
from judgemark.damage.plans import (
    DamagePlan,
    DamageSource,
    NotApplicable,
    keeps_length,
    sentence_plan,
    shuffled,
    steps_for_levels,
    version_plan,
)

TEXT = "Aaaa. Bbbb. Cccc. Dddd."


def plan(*shares: float) -> DamagePlan:
    return DamagePlan(shares, str)


def source(text: str = TEXT, most: float = 1.0) -> DamageSource:
    return DamageSource(split_passage(text), (), most, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("shares", "taken"),
    [
        ((0.1, 0.2, 0.3, 0.4, 0.5, 0.6), [2, 4, 6]),  # .2, .4 and .6 themselves
        ((0.1, 0.2, 0.3), [1, 2, 3]),  # reaches half of .6: .1, .2 and .3 are wanted
        ((0.6, 0.7, 0.8), [1, 2, 3]),  # each level takes a step more than the one before
        ((0.3, 0.6), [1, 2, None]),
        ((0.6,), [1, None, None]),
    ],
)
def test_levels_take_the_nearest_share_and_always_more(
    shares: tuple[float, ...], taken: list[int | None]
) -> None:
    assert steps_for_levels(plan(*shares), (0.2, 0.4, 0.6)) == taken


def test_steps_are_kept_until_the_share_is_reached() -> None:
    steps = [{0: "Xxxx."}, {1: "Bbbb."}, {2: "Yyyy."}, {3: "Zzzz."}]
    made = sentence_plan(source(most=0.5), steps, "nothing")
    assert isinstance(made, DamagePlan)
    # The second step changes nothing; 5 and 10 of 20 characters are damaged after the others.
    assert made.shares == (0.25, 0.5)
    assert made.text_after(1) == "Xxxx. Bbbb. Cccc. Dddd."
    assert made.text_after(2) == "Xxxx. Bbbb. Yyyy. Dddd."


def test_a_step_that_changes_the_length_by_more_than_5_percent_is_left_out() -> None:
    # The text has 23 characters: one more is 4.3%, two are 8.7%.
    made = sentence_plan(source(), [{0: "Aaaaaa."}, {1: "Bbbbb."}, {2: "Ccccc."}], "nothing")
    assert isinstance(made, DamagePlan)
    assert made.text_after(1) == "Aaaa. Bbbbb. Cccc. Dddd."
    assert len(made.shares) == 1


def test_a_plan_without_steps_becomes_a_reason() -> None:
    assert sentence_plan(source(), [{0: "Aaaa."}], "nothing to do") == NotApplicable(
        "nothing to do"
    )
    assert version_plan([], "nothing to do") == NotApplicable("nothing to do")


def test_length_is_bounded_in_words_too_from_forty_words_on() -> None:
    # 40 words of 3 letters: 3 more words are 7.5%, 12 of 159 letters 7.5%; as one word 0 words.
    long = " ".join(["abc"] * 40)
    assert keeps_length(long, long.replace("abc abc", "abcdabc", 2))  # 38 words: exactly 5%
    assert not keeps_length(long, long.replace("abc abc", "abcdabc", 3))
    assert keeps_length("abc abc abc", "abcdabc abc")


def test_an_order_depends_on_the_stream_alone() -> None:
    one, two = (shuffled(np.random.default_rng(3), range(9)) for _ in range(2))
    assert one == two != list(range(9))
    assert sorted(one) == list(range(9))
