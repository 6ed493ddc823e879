from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.metrics import interval_choice
from judgemark.metrics.calibration import calibrated
from judgemark.metrics.composite import CONSTANTS, VERSIONS
from judgemark.metrics.kendall import mean_tau_between, pair_signs
from judgemark.metrics.resampling import Resampled, ResampledTable, resampled_scores
from judgemark.metrics.scorecard import FIGURES
from judgemark.metrics.scorecards import (
    RATINGS_HAVE_NO_RAW,
    SCORECARDS,
    Scorecards,
    scorecards,
)
from judgemark.metrics.stability import shuffled_means
from judgemark.table.score_table import Floats, ScoreTable, build_table
from tests.metrics.golden import RUNS, golden, golden_table, needs_golden
from tests.metrics.tables import judged, one_iteration, table_of

KEYS = {*FIGURES, "separability", "score", "ci95", "ci95_other_writers", "missing"}


@needs_golden
@pytest.mark.parametrize("run", RUNS)
def test_every_figure_of_the_golden_runs(run: str) -> None:
    found = scorecards(golden_table(run, "v2"), golden_table(run, "v2.1"), golden(run)["reference"])
    for name in ("v2", "v2.1"):
        for version in VERSIONS:
            expected = golden(run)["expected"][name][version]
            card = found.card(name, version)
            assert card.score is not None and card.missing == ()
            assert card.score / 100 == pytest.approx(expected["final"], abs=0.015)
            for figure in FIGURES:
                margin = 0.015 if figure == "stability_tau" else 1e-9
                assert getattr(card, figure) == pytest.approx(expected[figure], abs=margin)
    for version in VERSIONS:
        card = found.card("v4", version)
        assert card.score is not None
        expected_v4 = golden(run)["expected"]["v2.1"][version]["v4"]
        assert card.score / 100 == pytest.approx(expected_v4, abs=1e-9)


@needs_golden
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("name", ["v2", "v2.1"])
@pytest.mark.parametrize("version", VERSIONS)
def test_golden_scores_follow_from_their_own_components(run: str, name: str, version: str) -> None:
    # Their stability is the mean of 20,000 shuffles, that in their score the mean of 1,000: two
    # standard errors of the latter are all that may lie between.
    expected, constants = golden(run)["expected"][name][version], CONSTANTS[name]
    components = {
        "stability_tau": expected["stability_tau"],
        "kendall_tau": expected["kendall_tau"],
        "separability": float(constants.separability_of(expected)),
    }
    score = float(constants.score_of(components, version)) / 100
    table = golden_table(run, name)
    scaled = table if version == "raw" else calibrated(table)
    taus = mean_tau_between(pair_signs(shuffled_means(scaled, shuffles=1000)))
    band = constants.stability[version]
    error = taus.std() / 1000**0.5 / (band.high - band.low) / 6
    assert score == pytest.approx(expected["final"], abs=2 * error)
    if expected["stability_tau"] < band.low - 0.02:  # cut off at 0, shuffles and all
        assert score == pytest.approx(expected["final"], abs=1e-9)


def test_the_keys_are_those_of_the_result_file() -> None:
    table = judged(4, 2, 5)
    plain = scorecards(table, table, shuffles=20).to_json()
    cards = plain["scorecards"]
    assert isinstance(cards, dict) and tuple(cards) == SCORECARDS
    for versions in cards.values():
        assert tuple(versions) == VERSIONS
        for card in versions.values():
            assert set(card) == KEYS
    assert set(plain) >= {"scorecards", "landmarks", "reach", "notes"}


def test_v4_takes_its_figures_from_v21_and_its_headline_from_two() -> None:
    found = scorecards(judged(seed=1), judged(seed=2), shuffles=20)
    v4, v21 = found.card("v4", "raw"), found.card("v2.1", "raw")
    assert v4.omega_squared == v21.omega_squared and v4.overlap_pct == v21.overlap_pct
    assert v4.omega_squared is not None and v4.cliffs_delta is not None
    assert v4.score == pytest.approx(100 * (v4.omega_squared + v4.cliffs_delta) / 2 / 0.75)
    unscaled = found.card("v4-unscaled", "raw")
    assert unscaled.score == pytest.approx(50 * (v4.omega_squared + v4.cliffs_delta))
    assert v4.separability is None and "scorecards.v4.raw.separability" in found.notes


def test_a_table_that_serves_v2_and_v21_is_drawn_once_and_gives_what_two_tables_give() -> None:
    table, reference = judged(seed=1), {"w00": 1.0, "w01": 3.0, "w02": 2.0}
    both = scorecards(table, table, reference, shuffles=20, resamples=40)
    apart = [
        scorecards(*two, reference, shuffles=20, resamples=40)
        for two in ((table, judged(seed=2)), (judged(seed=2), table))
    ]
    for name in SCORECARDS:
        alone = apart[0] if name == "v2" else apart[1]
        assert both.cards[name] == alone.cards[name]
        for version in VERSIONS if name != "v4-unscaled" else ():
            for drawn in ("replicates", "twins", "nested"):
                one, other = (getattr(c, drawn).get((name, version)) for c in (both, alone))
                assert np.array_equal(one, other) if one is not None else other is None


def test_one_table_is_resampled_once_for_v2_and_v21(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[str, ...]] = []

    def counted(source: ResampledTable, *drawn_by: Any) -> Resampled:
        drawn.append(tuple(source.composites))
        return resampled_scores(source, *drawn_by)

    monkeypatch.setattr(interval_choice, "resampled_scores", counted)
    table = judged(seed=1)
    scorecards(table, table, shuffles=20, resamples=10)
    assert drawn == [("v2", "v2.1")]
    scorecards(table, judged(seed=2), shuffles=20, resamples=10)
    assert drawn[1:] == [("v2",), ("v2.1",)]


def test_no_reference_leaves_two_of_three_components() -> None:
    table = judged(17, 3, 32)
    card = scorecards(table, table).card("v2.1", "calibrated")
    assert card.missing == ("kendall_tau",)
    assert card.score is not None and card.stability_tau is not None
    assert card.separability is not None
    # (1 * (tau - .6) / .4 clamped + 4 * separability) / 5
    share = min(1.0, max(0.0, (card.stability_tau - 0.6) / 0.4))
    assert card.score == pytest.approx(100 * (share + 4 * card.separability) / 5)


def test_one_iteration() -> None:
    table = judged(5, 1, 12)
    found = scorecards(table, table, {"w00": 1.0, "w04": 2.0, "w02": 1.5})
    card = found.card("v2", "raw")
    assert card.missing == ("stability_tau",) and card.score is not None
    assert found.notes["scorecards.v2.raw.stability_tau"] == "fewer than two iterations"


def test_one_writer() -> None:
    table = judged(1, 3, 12)
    found = scorecards(table, table)
    card = found.card("v2", "calibrated")
    assert card.score is None and card.std_dev is None
    assert card.missing == ("stability_tau", "kendall_tau", "separability")
    assert found.notes["scorecards.v2.calibrated.kw_stat"] == "one writer alone"
    assert found.notes["scorecards.v4.raw.score"] == "without omega_squared: one writer alone"


def test_equal_scores() -> None:
    table = table_of(np.full((4, 2, 6), 5.0))
    found = scorecards(table, table, {"w00": 1.0, "w01": 2.0})
    for name in SCORECARDS:
        for version in VERSIONS:
            assert found.card(name, version).score is None
    assert found.card("v2", "raw").cliffs_delta == 0.0
    assert found.notes["scorecards.v2.1.raw.separability"] == (
        "without kw_stat: all scores are equal"
    )


def test_nothing_scored() -> None:
    found = scorecards(build_table([]), table_of(np.full((2, 2, 2), np.nan)))
    assert found.landmarks == {"v2": None, "v2.1": None}
    assert found.notes["landmarks.v2"] == "no scores"
    assert found.reach == {"v2": None, "v2.1": None}
    assert found.card("v2", "raw").std_dev is None


def test_writers_with_one_score() -> None:
    table = one_iteration([5.0], [4.0, 6.5], [1.0, 3.0, 2.0])
    found = scorecards(table, table)
    card = found.card("v2.1", "raw")
    assert card.kw_stat is not None and card.overlap_pct is None and card.separability is None
    assert found.card("v4", "raw").score is not None


def test_items_missing_for_some_writers() -> None:
    table = judged(6, 3, 8, gaps=0.2)
    card = scorecards(table, table, {w: float(n) for n, w in enumerate(table.writers)})
    assert card.card("v2", "calibrated").score is not None


def test_ratings_have_no_raw_v2() -> None:
    table = judged(6, 2, 8)
    ratings = table.with_values(1200 + 30 * table.values)
    found = scorecards(ratings, ratings, no_raw=RATINGS_HAVE_NO_RAW, shuffles=20)
    assert found.cards["v2"]["raw"] is None and found.cards["v2.1"]["raw"] is None
    assert "no raw scale" in found.notes["scorecards.v2.raw"]
    assert found.card("v2", "calibrated").score is not None
    assert found.card("v4", "raw").score is not None


DEGENERATE = {
    "empty": build_table([]),
    "gaps only": table_of(np.full((2, 2, 2), np.nan)),
    "one score": one_iteration([3.0]),
    "one writer": judged(1, 2, 3),
    "one score each": one_iteration([1.0], [2.0], [3.0]),
    "two writers, two iterations, one item": table_of([[[1], [2]], [[3], [4]]]),
    "equal": table_of(np.full((3, 2, 4), 7.0)),
    "equal within writers": table_of([[[1, 1]], [[2, 2]], [[3, 3]]]),
    "half empty": judged(4, 2, 4, gaps=0.7, seed=5),
}


@pytest.mark.parametrize("table", DEGENERATE.values(), ids=DEGENERATE)
def test_every_unavailable_figure_has_its_reason_and_none_is_nan(table: ScoreTable) -> None:
    reference = {"w00": 1.0, "w01": 3.0, "w02": 2.0}
    check_reasons(scorecards(table, table, reference, shuffles=20, resamples=20))


def check_reasons(found: Scorecards) -> None:
    json.dumps(found.to_json(), allow_nan=False)
    for name, versions in found.cards.items():
        for version, card in versions.items():
            assert card is not None
            for figure in (*FIGURES, "separability", "score", "ci95", "ci95_other_writers"):
                path = f"scorecards.{name}.{version}.{figure}"
                assert (getattr(card, figure) is None) == (path in found.notes), path


@settings(max_examples=60, deadline=None)
@given(
    shape=st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 4)),
    seed=st.integers(0, 10_000),
    values=st.sampled_from([2, 5, 1000]),
    gaps=st.sampled_from([0.0, 0.2, 0.7]),
    unit=st.sampled_from([1.0, 1e-6, 1e6 / 7]),
)
def test_any_table_gives_figures_or_reasons(
    shape: tuple[int, int, int], seed: int, values: int, gaps: float, unit: float
) -> None:
    rng = np.random.default_rng(seed)
    scores: Floats = rng.integers(0, values, shape).astype(np.float64) * unit
    scores[rng.random(shape) < gaps] = np.nan
    table = table_of(scores)
    reference = {w: float(rng.integers(0, 3)) for w in table.writers}
    check_reasons(scorecards(table, table, reference, shuffles=10, resamples=10))


EXACT = [f for f in (*FIGURES, "separability") if f != "stability_tau"]


def test_names_and_order_change_no_exact_figure() -> None:
    table = judged(7, 3, 9, gaps=0.05, seed=3)
    order = np.random.default_rng(1)
    writers, items = order.permutation(7), order.permutation(9)
    renamed = table.with_values(table.values[writers][:, :, items])
    reference = {w: float(n % 4) for n, w in enumerate(table.writers)}
    moved = {table.writers[n]: reference[table.writers[w]] for n, w in enumerate(writers)}
    before = scorecards(table, table, reference, shuffles=20, resamples=0)
    after = scorecards(renamed, renamed, moved, shuffles=20, resamples=0)
    for name in SCORECARDS:
        for version in VERSIONS:
            a, b = before.card(name, version), after.card(name, version)
            for figure in EXACT:
                assert getattr(a, figure) == pytest.approx(getattr(b, figure), abs=1e-9), figure
            if name == "v4":
                assert a.ci95 is not None and b.ci95 is not None
                assert a.score == pytest.approx(b.score, abs=1e-9)
                assert a.ci95.ends() == pytest.approx(b.ci95.ends(), abs=1e-9)


def test_scores_depend_on_seed_and_table_alone() -> None:
    table = judged(5, 3, 6)
    first, again = (scorecards(table, table, seed=7).to_json() for _ in range(2))
    assert first == again
