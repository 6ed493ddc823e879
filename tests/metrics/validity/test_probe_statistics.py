"""Contrasts of probes: by hand, planted, and how often a fair judge has a false finding."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from judgemark.metrics.validity.probe_statistics import (
    Contrast,
    assess_contrasts,
    intransitive_share,
    probes_block,
    smallest_detectable,
)


def contrast(effects: list[float], key: str = "padding.filler", threshold: float = 0.5) -> Contrast:
    return Contrast(key, effects, "points", threshold)


def test_an_effect_its_interval_and_p_by_hand() -> None:
    # Mean 1, deviation sqrt(2 / 2) = 1, error 1 / sqrt(3), t(2) at 97.5% 4.3027.
    (found,) = assess_contrasts([contrast([0.0, 1.0, 2.0])])
    assert found.effect == 1.0
    half = 4.302652729696142 / math.sqrt(3)
    assert found.ci95 == pytest.approx((1 - half, 1 + half))
    assert found.p == pytest.approx(ttest_1samp([0.0, 1.0, 2.0], 0).pvalue)
    assert found.p_adjusted == found.p
    assert found.found is None
    assert "too few pieces" in found.reason


def test_all_contrasts_of_a_run_are_corrected_together() -> None:
    rng = np.random.default_rng(1)
    effects = [list(rng.normal(mean, 1.0, 30)) for mean in (0.0, 0.0, 0.45, 0.9)]
    alone = [assess_contrasts([contrast(e)])[0] for e in effects]
    together = assess_contrasts([contrast(e, f"p.{n}") for n, e in enumerate(effects)])
    for one, other in zip(alone, together, strict=True):
        assert one.p == other.p
        assert one.p_adjusted is not None and other.p_adjusted is not None
        assert other.p_adjusted >= one.p_adjusted
        assert one.mde is not None and other.mde is not None
        assert other.mde > one.mde  # at level .05 / 4


def test_no_effect_is_said_only_where_the_narrow_interval_lies_within_the_threshold() -> None:
    # Error .1 with 99 degrees of freedom: the 90% interval is 0 +- .166.
    effects = [1.0, -1.0] * 50
    assert assess_contrasts([contrast(effects, threshold=0.17)])[0].found is False
    assert assess_contrasts([contrast(effects, threshold=0.16)])[0].found is None


def test_a_planted_effect_is_found_at_its_size() -> None:
    rng = np.random.default_rng(2)
    found = assess_contrasts([contrast(list(rng.normal(0.8, 0.6, 24)))])[0]
    assert found.found is True
    assert found.ci95 is not None and found.ci95[0] < 0.8 < found.ci95[1]


def test_a_fair_judge_has_a_false_finding_in_at_most_five_percent() -> None:
    # 100 runs of 6 contrasts without any effect: at most 5%, 11 with 99% (binomial).
    rng = np.random.default_rng(3)
    accused = 0
    for _ in range(100):
        run = [contrast(list(rng.normal(size=20)), f"p.{n}") for n in range(6)]
        accused += any(f.found is True for f in assess_contrasts(run))
    assert accused <= 11


def test_the_smallest_detectable_effect_is_found_in_four_of_five_runs() -> None:
    rng = np.random.default_rng(4)
    size = smallest_detectable(1 / math.sqrt(24), 23, 0.05)
    samples = rng.normal(size, 1.0, (500, 24))
    found = np.count_nonzero(ttest_1samp(samples, 0, axis=1).pvalue < 0.05)
    assert 377 <= found <= 422  # 99% of the binomial with 500 runs and .8
    # By the normal approximation (1.96 + .84) / sqrt(24) = .572, and a little more for t.
    assert size == pytest.approx(0.60, abs=0.02)


def test_equal_effects_and_too_few_pieces() -> None:
    still, moved, single, empty = assess_contrasts(
        [contrast([0.0] * 5), contrast([0.1] * 5), contrast([0.3]), contrast([])]
    )
    assert (still.p, still.found, still.mde, still.ci95) == (1.0, False, 0.0, (0.0, 0.0))
    assert (moved.p, moved.found) == (0.0, True)
    assert (single.effect, single.p, single.found) == (0.3, None, None)
    assert "at least 2" in single.reason
    assert empty.effect is None


def test_the_block_is_json_with_reasons() -> None:
    findings = assess_contrasts([contrast([0.0] * 5, "format.lists"), contrast([], "format.bold")])
    block, notes = probes_block(findings)
    assert json.loads(json.dumps(block, allow_nan=False)) == block
    lists = block["format.lists"]
    assert isinstance(lists, dict)
    assert set(lists) == {*("effect", "unit", "ci95", "mde", "p", "p_adjusted", "found")}
    assert list(notes) == ["format.bold"]


def test_intransitive_triples_are_counted() -> None:
    # a > b > c > a goes in a circle; a, b, d and the rest do not; c = d is an exact half.
    preferences = {
        ("a", "b"): 0.9,
        ("b", "c"): 0.8,
        ("a", "c"): 0.2,
        ("a", "d"): 0.7,
        ("d", "b"): 0.4,
        ("c", "d"): 0.5,
    }
    # Triples without a half: abc and abd (acd and bcd hold c = d).
    assert intransitive_share(preferences) == pytest.approx(1 / 2)
    assert intransitive_share({("a", "b"): 0.9}) is None


def test_random_preferences_are_intransitive_in_a_quarter_of_triples() -> None:
    rng = np.random.default_rng(5)
    names = [str(n) for n in range(60)]
    preferences = {(a, b): rng.random() for n, a in enumerate(names) for b in names[:n]}
    assert intransitive_share(preferences) == pytest.approx(0.25, abs=0.03)
