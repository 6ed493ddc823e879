"""The prices that the cost of a run is reckoned by."""

from __future__ import annotations

import pytest

from judgemark.jobs import known_prices as prices_module
from judgemark.jobs.known_prices import known_prices
from judgemark.judges.judge_spec import parse_spec
from judgemark.judging.job_settings import Limits
from judgemark.run.budget import Prices


@pytest.mark.parametrize(
    ("given", "published", "known"),
    [
        ((1.0, 2.0), (3.0, 4.0), (1.0, 2.0)),
        ((1.0, None), (3.0, 4.0), (1.0, 4.0)),
        ((None, 2.0), (3.0, 4.0), (3.0, 2.0)),
        ((1.0, None), None, (1.0, 0.0)),
        ((None, None), (3.0, 4.0), (3.0, 4.0)),
        ((None, None), None, None),
    ],
)
def test_a_price_that_is_not_given_is_the_endpoints_own(
    given: tuple[float | None, float | None],
    published: tuple[float, float] | None,
    known: tuple[float, float] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = None if published is None else Prices(*published)
    monkeypatch.setattr(prices_module, "_published_prices", lambda *_: listed)

    def unopened(_: frozenset[str]) -> None:
        raise AssertionError

    limits = Limits(price_in=given[0], price_out=given[1])
    found = known_prices(parse_spec("some/judge"), None, limits, unopened)  # type: ignore[arg-type]
    assert found == (None if known is None else Prices(*known))
