"""Contrasts of a judge that scores single pieces, by hand."""

import pytest

from judgemark.metrics.validity.probe_statistics import assess_contrasts
from judgemark.probes.measured_contrast import ArmScores, scored_contrasts
from judgemark.probes.probe_registry import probes_named
from judgemark.records import Place

PADDING = "padding.paragraph"


def scores(*values: float) -> dict[Place, float]:
    return {("w", "1", f"i{n}"): value for n, value in enumerate(values)}


def measured(plain: dict[Place, float], arm: dict[Place, float], **more: bool) -> ArmScores:
    asked = {"plain": len(plain), PADDING: 4}
    return ArmScores({"plain": plain, PADDING: arm}, asked, {}, **more)


def test_an_effect_is_the_score_of_the_arm_less_the_plain_one() -> None:
    arms = measured(scores(5.0, 6.0, 7.0, 4.0), scores(5.5, 6.5, 8.0))
    (found,) = scored_contrasts(probes_named(["padding"]), arms)
    assert found.contrast.effects == [0.5, 0.5, 1.0]
    assert found.contrast.unit == "points"
    assert (found.missing, found.left_out) == (1, 0)
    # Pearson of 5, 6, 7 and 5.5, 6.5, 8: 2.5 / sqrt(2 x 3.1667) = .9934.
    assert found.correlation == pytest.approx(0.9934, abs=1e-4)


def test_scores_on_a_scale_of_their_own_are_compared_in_deviations() -> None:
    plain = scores(100.0, 200.0, 300.0)  # standard deviation 100
    arms = measured(plain, scores(150.0, 250.0, 350.0), own_scale=True)
    (found,) = scored_contrasts(probes_named(["padding"]), arms)
    assert found.contrast.effects == [0.5, 0.5, 0.5]
    assert found.contrast.unit == "sd"


def test_one_score_for_all_on_a_scale_of_its_own_gives_no_effect() -> None:
    arms = measured(scores(5.0, 5.0), scores(5.0, 5.0), own_scale=True)
    (found,) = scored_contrasts(probes_named(["padding"]), arms)
    (finding,) = assess_contrasts([found.contrast])
    assert (finding.effect, finding.found, finding.reason) == (0.0, False, "")


def test_one_score_for_all_plain_pieces_does_not_hide_an_effect() -> None:
    arms = measured(scores(5.0, 5.0), scores(10.0, 10.0), own_scale=True)
    (found,) = scored_contrasts(probes_named(["padding"]), arms)
    # The standard deviation of 5, 5, 10, 10 is 5 / sqrt(3).
    assert found.contrast.effects == pytest.approx([3**0.5, 3**0.5])
    (finding,) = assess_contrasts([found.contrast])
    assert finding.found is True


def test_a_contrast_that_was_not_asked_has_its_reason() -> None:
    arms = ArmScores({"plain": scores(1.0)}, {"plain": 1}, {PADDING: "it is not asked"})
    (found,) = scored_contrasts(probes_named(["padding"]), arms)
    (finding,) = assess_contrasts([found.contrast])
    assert (finding.effect, finding.p, finding.reason) == (None, None, "it is not asked")
    assert (found.missing, found.left_out) == (0, 0)


def test_differences_by_rounding_count_as_none() -> None:
    arms = measured(scores(0.1 + 0.2, 0.7), scores(0.3, 0.7))
    (found,) = scored_contrasts(probes_named(["padding"]), arms)
    assert found.contrast.effects == [0.0, 0.0]
