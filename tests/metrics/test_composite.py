from __future__ import annotations

import numpy as np
import pytest

from judgemark.metrics.composite import CONSTANTS, Band, modulation, v4_score, v4_unscaled

V2, V21 = CONSTANTS["v2"], CONSTANTS["v2.1"]


def test_a_band_clamps() -> None:
    # (0.55 - 0.4) / 0.6 = 0.25
    assert Band(0.4, 1.0).share(np.array([0.3, 0.55, 1.2])) == pytest.approx([0, 0.25, 1])
    assert Band(0.4, 1.0, inverted=True).share(0.55) == pytest.approx(0.75)


def test_modulation() -> None:
    # 3.17 * 0.2 * (1 - 0.03) = 0.61498; base 3.17 * 0.3 * 0.955 = 0.908205
    # at 0.65 t = 0.5: base + (1 - base) * 0.75
    got = modulation(np.array([0.0, 0.2, 0.3, 0.65, 1.0]))
    assert got == pytest.approx([0, 0.61498, 0.908205, 0.908205 + 0.091795 * 0.75, 1])


def test_v21_is_the_weighted_mean_of_three() -> None:
    # separability: ((700 - 100) / 1200 + 1 - (.625 - .4) / .45) / 2 = (.5 + .5) / 2
    separability = V21.separability_of({"kw_stat": 700.0, "overlap_pct": 0.625})
    assert separability == pytest.approx(0.5)
    components = {"stability_tau": 0.85, "kendall_tau": 0.45, "separability": 0.5}
    # stability raw (.85 - .7) / .3 = .5, calibrated (.85 - .6) / .4 = .625; reference .5
    assert V21.score_of(components, "raw") == pytest.approx(100 * (0.5 + 0.5 + 4 * 0.5) / 6)
    assert V21.score_of(components, "calibrated") == pytest.approx(100 * (0.625 + 0.5 + 2) / 6)


def test_an_absent_component_is_not_a_zero() -> None:
    # weights 4 and 1: (0.5 + 4 * 0.8) / 5
    score = V21.score_of({"kendall_tau": 0.45, "separability": 0.8}, "raw")
    assert score == pytest.approx(100 * 3.7 / 5)


def test_v2_has_six_parts() -> None:
    parts = {
        "kw_stat": 900.0,  # .5
        "overlap_pct": 0.25,  # .75
        "std_dev": 0.08,  # 0.08 / 2.6
        "score_range": 4.0,  # .4
        "average_ci95": 0.08,  # 1, times modulation of Cohen's d (.08 / .4 = .2) = .61498
        "cohens_d": 0.08,
        "emd": 1.0,  # .25
    }
    expected = (0.5 + 0.75 + 0.08 / 2.6 + 0.4 + 0.61498 + 0.25) / 6
    assert V2.separability_of(parts) == pytest.approx(expected)


def test_v4_and_its_ceiling() -> None:
    assert v4_score(0.748, 0.658) == pytest.approx(93.7, abs=0.05)
    assert v4_unscaled(0.748, 0.658) == pytest.approx(70.3)
    assert v4_score(1.0, 1.0) == pytest.approx(100 / 0.75)


def test_arrays_are_composed_number_by_number() -> None:
    kw, overlap = np.array([100.0, 1300.0]), np.array([0.85, np.nan])
    separability = V21.separability_of({"kw_stat": kw, "overlap_pct": overlap})
    assert separability[0] == 0.0 and np.isnan(separability[1])
