"""Numbers as a reader sees them."""

from __future__ import annotations

import pytest

from judgemark.scoring import number_format as numbers


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (numbers.figure(0.12345), "0.12"),
        (numbers.figure(-0.001), "0.00"),
        (numbers.figure(-7.25, 1), "−7.2"),
        (numbers.figure(None), "–"),
        (numbers.signed(0.5), "+0.50"),
        (numbers.signed(-0.5), "−0.50"),
        (numbers.signed(0.0), "0.00"),
        (numbers.mean_figure(8.456), "8.46"),
        (numbers.mean_figure(123.45), "123.5"),
        (numbers.mean_figure(-12345.6), "−12346"),
        (numbers.interval((1.25, 2.0)), "1.2 to 2.0"),
        (numbers.mean_interval(None), "–"),
        (numbers.percent(0.875), "87.5%"),
        (numbers.count(1234567), "1\u202f234\u202f567"),
        (numbers.dollars(0), "$0.00"),
        (numbers.dollars(0.0123), "$0.0123"),
        (numbers.dollars(12.345), "$12.35"),
        (numbers.dollars(None), "not reported"),
        (numbers.p_value(0.0004), "< 0.001"),
        (numbers.p_value(0.0512), "0.051"),
        (numbers.plain_number(7.0), "7"),
        (numbers.plain_number(-7.5), "−7.5"),
    ],
)
def test_rounded_for_a_reader(shown: str, expected: str) -> None:
    assert shown == expected
