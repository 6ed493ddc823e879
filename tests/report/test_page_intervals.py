"""What the report says of intervals, chance, reach and the parts of a score."""

from __future__ import annotations

from typing import Any

from judgemark.report.page_intervals import chance_part, components_part, intervals_part
from judgemark.report.page_scores import attainable_part, cards_of, in_words, rivals_of, rivals_part
from tests.report.page_words import heads, names, numbers, said, values


def _interval(low: float, high: float, **more: Any) -> dict[str, Any]:
    return {
        "low": low,
        "high": high,
        "estimand": "the score of these writers",
        "method": "resampled t over items",
        "level": 0.95,
        "n": 32,
        "seed": None,
        "resamples": 0,
        "void": 0,
    } | more


def test_an_interval_names_what_it_speaks_of_and_what_it_rests_on() -> None:
    drawn = {"seed": 7, "resamples": 1000}
    result = {
        "intervals": {
            "v2.1": {
                "raw": {"items": _interval(61.96, 69.4, **drawn)},
                "calibrated": {"items": _interval(65.8, 72.7, void=3, **drawn), "writers": None},
            },
        }
    }
    part = intervals_part(result)
    assert values(part)[0] == ("62.0 to 69.4", "65.8 to 72.7")
    name = names(part)[0]
    assert name.startswith("v2.1: the score of these writers / resampled t over items")
    # Items, resamples, the seed and how many resamples of the calibrated table were void.
    assert numbers(name) == ["32", "1\u202f000", "7", "3"]


def test_an_interval_says_what_was_taken_off_and_what_calibration_adds() -> None:
    result = {
        "intervals": {
            "v2": {
                "raw": {"items": _interval(1, 2, overstated=1.0)},
                "calibrated": {"items": _interval(1, 2, overstated=1.254)},
            },
            "v4": {
                "raw": {"items": _interval(1, 2)},
                "calibrated": {
                    "items": _interval(1, 2, estimand="the score of these writers, on x")
                },
            },
        }
    }
    v4, v2 = names(intervals_part(result))
    assert numbers(v2) == ["32", "1.25"] and "calibrated" in v2
    assert "on x" in v4 and "on x" not in v2


def test_an_interval_that_one_version_lacks_has_its_reason_beside_it() -> None:
    result = {
        "intervals": {"v2": {"raw": {"items": None}, "calibrated": {"items": _interval(1, 2)}}},
        "notes": {"scorecards.v2.raw.ci95": "every resample is void"},
    }
    part = intervals_part(result)
    assert names(part)[-1].endswith(" / every resample is void")
    assert values(part)[-1] == ("–", "1.0 to 2.0")


def test_without_any_interval_there_is_a_reason_or_nothing() -> None:
    reason = {"scorecards.v4.raw.ci95": "bootstraps share verdicts"}
    assert "bootstraps share verdicts" in said(intervals_part({"notes": reason}))
    assert intervals_part({}) is None


def test_each_judge_is_compared_with_its_own_chance() -> None:
    result: dict[str, Any] = {
        "scorecards": {"v4": {"raw": {"score": 0.62, "omega_squared": -0.03}}},
        "null": {"mean": 0.31, "p95": 1.84, "p_value": 0.383},
        "floors": {
            "lexical": {"score": 0.62, "null_mean": 0.31, "null_p95": 1.8},
            "random": {"score": 13.5, "null_mean": 9.34, "null_p95": 17.06},
        },
    }
    headline = next(cards_of(result))
    part = rivals_part(rivals_of(result, headline))
    rows = dict(zip(names(part), values(part), strict=True))
    assert rows["random"] == ("13.5", "9.3", "17.1", "–", "–", "–")
    assert rows["this judge"] == ("0.6", "0.3", "1.8", "−0.030", "–", "–")
    assert "chance" in said(part)
    for floor in result["floors"].values():
        floor.pop("null_mean")
    del result["null"]
    without = rivals_part(rivals_of(result, headline))
    assert heads(without)[:3] == ["Who", "v4 score", "Omega squared"]
    assert "chance" not in said(without)


def test_rivals_without_any_score_are_not_shown() -> None:
    result = {"floors": {"lexical": {"score": None}}}
    assert rivals_of(result, next(cards_of(result))) == ()


def test_chance_is_told_for_the_raw_and_the_calibrated_table() -> None:
    null = {
        "observed": 103.02,
        "mean": 4.64,
        "p95": 6.98,
        "p_value": 0.000999,
        "permutations": 1000,
        "seed": 5,
        "calibrated": {"observed": 101.4, "mean": 4.6, "p95": 7.0, "p_value": 0.0004},
    }
    part = chance_part({"null": null})
    assert part is not None
    assert numbers(" ".join(part.lead))[:2] == ["1\u202f000", "5"]  # permutations, seed
    assert names(part) == ["raw", "calibrated"]
    assert values(part) == [
        ("103.0", "4.6", "7.0", "0.001"),
        ("101.4", "4.6", "7.0", "< 0.001"),
    ]
    assert chance_part({"null": None}) is None


def test_reach_says_what_a_perfect_judge_would_get_here() -> None:
    reach = {"writers": 6, "scores": 144, "kw_max": 139.03, "kw_share": 0.0331, "score_max": 67.79}
    part = attainable_part({"reach": {"v2.1": reach, "v2": {**reach, "score_max": None}}})
    assert names(part) == ["v2.1"]  # without a score there is nothing to reach
    assert values(part) == [("6", "144", "139", "0.033", "67.8")]
    assert attainable_part({}) is None


def test_all_components_stand_side_by_side() -> None:
    card = {"kw_stat": 743.54, "overlap_pct": 0.1305, "kendall_tau": None, "omega_squared": 0.8089}
    part = components_part(
        {
            "scorecards": {
                "v4": {"raw": card, "calibrated": {**card, "omega_squared": 0.7856}},
                "v2.1": {"raw": {"separability": 0.7681}},
                "v2": {"raw": {**card, "kw_stat": 743.51}, "calibrated": None},
            }
        }
    )
    assert part is not None and part.folded
    assert heads(part) == ["Component", "v4, v2.1 raw", "v4, v2.1 calibrated", "v2 raw"]
    for row in (
        ("743.5", "743.5", "743.5"),
        ("13.1%", "13.1%", "13.1%"),
        ("0.809", "0.786", "0.809"),
        ("0.768", "–", "–"),
    ):
        assert values(part).count(row) == 1, row
    assert components_part({}) is None


def test_reasons_name_figures_in_words() -> None:
    assert in_words("without omega_squared: one writer") == "without omega squared: one writer"
    assert in_words("the writer Some_Name of a_2 stays") == "the writer Some_Name of a_2 stays"
