"""The logistic rule: its optimum, its scaling, and what tuning looks at."""

from __future__ import annotations

import numpy as np
import pytest

from judgemark.metrics.validity.fitted_rule import PENALTIES, fit_rule, tune
from judgemark.table.score_table import Floats


def differences(seed: int, pairs: int, weights: list[float], noise: float) -> Floats:
    """Feature differences of the better text by a noisy weighted sum."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(pairs, len(weights)))
    sums = x @ np.array(weights) + noise * rng.normal(size=pairs)
    signed: Floats = x * np.sign(sums)[:, np.newaxis]
    return signed


def test_the_rule_stands_at_the_optimum_of_the_penalised_loss() -> None:
    x = differences(1, 200, [1.0, -2.0, 0.0], noise=1.0)
    scale = np.sqrt((x**2).mean(axis=0))
    weights = fit_rule(x, 0.1).weights * scale

    def loss(w: Floats) -> float:
        return float(np.logaddexp(0, -(x / scale @ w)).mean() + 0.05 * w @ w)

    for n in range(3):
        step = np.zeros(3)
        step[n] = 1e-4
        assert loss(weights) <= min(loss(weights + step), loss(weights - step)) + 1e-12


def test_the_unit_of_a_feature_does_not_matter() -> None:
    x = differences(2, 100, [1.0, 1.0], noise=0.5)
    answers = fit_rule(x, 0.03).answers(x)
    scaled = x * np.array([1000.0, 0.001])
    assert fit_rule(scaled, 0.03).answers(scaled).tolist() == answers.tolist()


def test_separable_pairs_still_have_an_optimum() -> None:
    x = np.array([[1.0], [2.0], [3.0]])
    assert fit_rule(x, 0.003).answers(x).tolist() == [1.0, 1.0, 1.0]


def test_equal_texts_are_half_right() -> None:
    rule = fit_rule(np.array([[1.0, 0.0], [2.0, 0.0]]), 0.1)
    assert rule.answers(np.zeros((2, 2))).tolist() == [0.5, 0.5]


def test_noise_gets_a_large_penalty_and_a_clear_rule_a_small_one() -> None:
    folds = np.arange(200) % 4
    noise = tune(np.random.default_rng(3).normal(size=(200, 12)), folds)
    clear = tune(differences(3, 200, [1.0, 1.0, 1.0], noise=0.05), folds)
    assert noise is not None
    assert clear is not None
    assert noise.penalty == PENALTIES[0]
    assert clear.penalty == PENALTIES[-1]
    assert noise.accuracy == pytest.approx(0.5, abs=0.12)
    assert clear.accuracy > 0.95


def test_one_fold_cannot_be_tuned_on() -> None:
    assert tune(np.ones((4, 2)), np.zeros(4, dtype=np.int64)) is None
