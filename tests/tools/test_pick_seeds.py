import numpy as np
import pytest

from judgemark.metrics.validity.surface_features import FAMILY
from judgemark.table.score_table import Floats
from tools.pick_seeds import Countable, countable, improve

PLACES = [(str(t), f"item {n}") for n in range(12) for t in (1, 2)]


def features(rng: np.random.Generator, telling: float) -> Floats:
    """Six versions of a piece, best first; one feature falls with damage, by `telling` a step."""
    drawn = rng.normal(size=(6, len(FAMILY)))
    drawn[:, 3] -= telling * np.arange(6)
    return drawn


@pytest.mark.parametrize("pieces", [8, pytest.param(len(PLACES), marks=pytest.mark.slow)])
def test_a_feature_that_falls_with_damage_is_outside_the_bounds(pieces: int) -> None:
    rng = np.random.default_rng(1)
    found = countable({place: features(rng, 3.0) for place in PLACES[:pieces]})
    assert min(found.accuracies) > 0.9
    assert found.taus[3] == pytest.approx(1.0)
    assert not found.within_bounds


def test_bounds_are_eight_hundredths_and_a_tau_of_45() -> None:
    taus = np.array([0.44, -0.45])
    assert Countable((0.42, 0.58), taus).within_bounds
    assert not Countable((0.41, 0.58), taus).within_bounds
    assert not Countable((0.5, 0.5), np.array([-0.46])).within_bounds


def test_a_plan_whose_damage_can_be_counted_is_not_picked() -> None:
    rng = np.random.default_rng(2)
    plans = {place: np.zeros((3, 6, len(FAMILY))) for place in PLACES}
    for offered in plans.values():
        offered[0, :, 3] = -np.arange(6)
        offered[1:, :, 3] = rng.normal(size=(2, 6))
    chosen = dict.fromkeys(PLACES, 0)
    # The telling plans would cost 30 x 0.47^2 for the pairs and 10 x 0.66^2 for the order.
    assert improve(plans, dict(chosen)) < 0.1
    improve(plans, chosen)
    assert sum(n == 0 for n in chosen.values()) <= 4
