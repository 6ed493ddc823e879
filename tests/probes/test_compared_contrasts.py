"""Contrasts of a judge that compares two pieces, by hand."""

import pytest

from judgemark.metrics.validity.probe_statistics import assess_contrasts
from judgemark.probes.compared_contrasts import (
    NO_REPEATS,
    ArmPreferences,
    Passes,
    compared_contrasts,
    flipped,
    flips_contrast,
)
from judgemark.probes.probe_registry import probes_named


def arms(
    plain: dict[str, Passes],
    repeated: dict[str, Passes] | None = None,
    changed: dict[str, dict[str, tuple[float, float]]] | None = None,
) -> ArmPreferences:
    asked = dict.fromkeys(("position.first", "position.flips", "repeat.drift"), len(plain))
    asked |= dict.fromkeys(changed or {}, len(plain))
    return ArmPreferences(plain, repeated or {}, changed or {}, asked, {})


def test_the_first_place_has_what_both_orders_give_it_beyond_a_half() -> None:
    # As A .9 and .3: the first place has .6 on average. As A .7 and .7: .7.
    found = compared_contrasts(probes_named(["position"]), arms({"x": (0.9, 0.3), "y": (0.7, 0.7)}))
    first, flips = (one.contrast for one in found)
    assert first.effects == [0.1, 0.2]
    # x: .9 for one, and .3 as A of the other means one again. y: .7 for one, then .7 for the other.
    assert flips.shown == [0.0, 1.0]
    assert flips.untested == NO_REPEATS


@pytest.mark.parametrize(
    ("passes", "share"),
    [((0.9, 0.1), 0), ((0.9, 0.9), 1), ((0.2, 0.4), 1), ((0.5, 0.5), 0), ((0.5, 0.9), 0.5)],
)
def test_a_favourite_changes_a_tie_counts_half(passes: Passes, share: float) -> None:
    assert flipped(passes) == share


def test_changes_by_order_are_tested_against_changes_by_noise() -> None:
    # The first pair changes with the order both times and never between the times: 1 - 0.
    # The second one changes between the times in both orders and never with the order: 0 - 1.
    plain = {"x": (0.9, 0.9), "y": (0.9, 0.1)}
    later = {"x": (0.8, 0.8), "y": (0.1, 0.9)}
    found = flips_contrast(plain, later, 0.05)
    assert found.shown == [1.0, 0.0]
    assert found.effects == [1.0, -1.0]
    (finding,) = assess_contrasts([found])
    assert finding.effect == 0.5
    assert finding.p == 0.5  # only more changes than by noise count, and there are as many


def test_each_piece_of_a_pair_is_changed_in_turn_and_the_plain_answer_cancels() -> None:
    # One better by .8 to .2; padding adds .1 to whichever has it: .9 and .3, (.9 + .3 - 1) / 2.
    gains = {"padding.paragraph": {"x": (0.9, 0.3)}}
    found = compared_contrasts(probes_named(["padding"]), arms({"x": (0.8, 0.2)}, changed=gains))
    assert found[0].contrast.effects == [0.1]


def test_drift_is_the_change_of_the_first_place_between_the_times() -> None:
    found = compared_contrasts(
        probes_named(["repeat"]), arms({"x": (0.6, 0.4), "y": (0.5, 0.5)}, {"x": (0.8, 0.6)})
    )
    assert found[0].contrast.effects == [0.2]
    assert found[0].missing == 1


def test_a_probe_that_is_not_asked_says_why() -> None:
    none = ArmPreferences({}, {}, {}, {}, {"scale.0-20": "no", "scale.1-5": "no"})
    found = assess_contrasts(
        [o.contrast for o in compared_contrasts(probes_named(["scale"]), none)]
    )
    assert [f.reason for f in found] == ["no", "no"]
