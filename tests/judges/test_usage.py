"""What an endpoint reports of tokens and dollars, and what it cannot mean."""

from __future__ import annotations

import math

import pytest

from judgemark.judges.usage import read_usage
from judgemark.records import Usage


def test_tokens_and_cost_are_kept_as_reported() -> None:
    reported = {"prompt_tokens": 1200, "completion_tokens": 34, "cost": 0.0021}
    assert read_usage(reported) == Usage(1200, 34, 0.0021)
    assert read_usage({"prompt_tokens": 10.0}) == Usage(10)
    assert read_usage({"prompt_tokens": 0, "completion_tokens": 0, "cost": 0}) == Usage(0, 0, 0.0)


@pytest.mark.parametrize("reported", [None, [], "12", 12, True, {}])
def test_no_usage_is_unknown_usage(reported: object) -> None:
    assert read_usage(reported) == Usage()


@pytest.mark.parametrize(
    "absurd",
    [
        None, "10", True, False, -1, -0.5, 1e308, 10**400, -(10**400), math.nan, math.inf,
        -math.inf, [], {}, 12.5e9,
    ],
)  # fmt: skip
def test_figures_that_cannot_be_true_are_not_reported(absurd: object) -> None:
    reported = {"prompt_tokens": absurd, "completion_tokens": absurd, "cost": absurd}
    assert read_usage(reported) == Usage()


def test_half_a_token_is_no_count_and_half_a_dollar_is_a_cost() -> None:
    assert read_usage({"prompt_tokens": 0.5, "cost": 0.5}) == Usage(cost=0.5)


@pytest.mark.parametrize(
    ("reported", "cost"),
    [
        # With an own key: the router's fee and the provider's price.
        ({"cost": 0, "cost_details": {"upstream_inference_cost": 0.004}}, 0.004),
        ({"cost": 0, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.004}}, 0.004),
        (
            {"cost": 0.001, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.02}},
            0.021,
        ),
        # Without one the second figure is the first told twice.
        ({"cost": 0.02, "cost_details": {"upstream_inference_cost": 0.02}}, 0.02),
        ({"cost": 0.02, "is_byok": False, "cost_details": {"upstream_inference_cost": 0.02}}, 0.02),
        ({"cost": 0, "is_byok": False, "cost_details": {"upstream_inference_cost": 0.02}}, 0.0),
        ({"cost": 0, "cost_details": {"upstream_inference_cost": None}}, 0.0),
        ({"cost": 0, "cost_details": {"upstream_inference_cost": -3}}, 0.0),
        ({"cost": 0, "cost_details": "none"}, 0.0),
        ({"cost_details": {"upstream_inference_cost": 0.02}}, None),
    ],
)
def test_an_own_key_at_a_router_costs_what_the_provider_charges(
    reported: dict[str, object], cost: float | None
) -> None:
    assert read_usage(reported).cost == (None if cost is None else pytest.approx(cost))
