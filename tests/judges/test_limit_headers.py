"""What an endpoint says of its own limits."""

from __future__ import annotations

import pytest

from judgemark.judges.limit_headers import AnnouncedLimit, seconds_until_more

NONE_LEFT = {"x-ratelimit-remaining-requests": "0"}


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [("1s", 1.0), ("6m0s", 360.0), ("120ms", 0.12), ("2.5", 2.5), ("1h2m3s", 3723.0),
     ("", 0.0), ("soon", 0.0), ("1s or so", 0.0), ("2026-11-27T00:00:00Z", 0.0)],
)  # fmt: skip
def test_the_wait_is_read_in_every_form(reset: str, seconds: float) -> None:
    headers = NONE_LEFT | {"x-ratelimit-reset-requests": reset}
    assert seconds_until_more(headers) == pytest.approx(seconds)


def test_an_endpoint_that_takes_more_is_not_waited_for() -> None:
    later = {"x-ratelimit-reset-requests": "9s", "x-ratelimit-reset-tokens": "7s"}
    assert seconds_until_more({}) == 0
    assert seconds_until_more(later | {"x-ratelimit-remaining-requests": "12"}) == 0
    assert seconds_until_more(later | {"x-ratelimit-remaining-requests": "many"}) == 0
    assert seconds_until_more(later | {"x-ratelimit-remaining-tokens": "0"}) == 7
    assert seconds_until_more(later | NONE_LEFT | {"x-ratelimit-remaining-tokens": "0"}) == 9


def test_a_limit_that_was_announced_passes_and_a_day_is_not_waited() -> None:
    time = [100.0]
    limit = AnnouncedLimit(lambda: time[0])
    limit.note(NONE_LEFT | {"x-ratelimit-reset-requests": "5s"})
    assert limit.wait == 5
    limit.note(NONE_LEFT | {"x-ratelimit-reset-requests": "24h"})
    time[0] += 3
    assert limit.wait == 2
    time[0] += 3
    assert limit.wait == 0
