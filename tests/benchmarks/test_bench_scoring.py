from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kendalltau

from benchmarks.bench_scoring import judged, plain_stability, plain_tau_b
from judgemark.metrics.stability import stability_tau


def test_the_plain_tau_is_kendalls() -> None:
    first, second = np.random.default_rng(0).integers(0, 5, (2, 20)).astype(float)
    assert plain_tau_b(first.tolist(), second.tolist()) == pytest.approx(
        float(kendalltau(first, second)[0])
    )


def test_both_versions_compute_the_same_figure() -> None:
    table = judged(digits=2)
    # the shuffles differ: their taus spread by .026, and .026 sqrt(1/60 + 1/200) = .0038
    fast, plain = stability_tau(table, shuffles=200), plain_stability(table, 60, seed=1)
    assert plain == pytest.approx(fast, abs=0.02)
