"""Settings: their defaults, their limits, and random streams that depend on names alone."""

from __future__ import annotations

import pytest

from judgemark.errors import UsageError
from judgemark.tournaments.tournament_settings import Option, Settings, stream


def test_the_published_rules_are_the_defaults() -> None:
    assert Settings().fingerprint == {
        "option": "isolated",
        "rounds": 5,
        "k_factor": 32.0,
        "initial_rating": 1200.0,
        "scale": 400.0,
        "seed": 42,
    }
    bootstrap = Settings(option=Option.BOOTSTRAP).fingerprint
    assert (bootstrap["rounds"], bootstrap["bootstraps"]) == (20, 10)
    assert "rounds" not in Settings(option=Option.FULL).fingerprint


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"rounds": 0}, "round"),
        ({"bootstraps": 0}, "bootstrap"),
        ({"k_factor": 0.0}, "K-factor"),
        ({"k_factor": float("nan")}, "K-factor"),
        ({"scale": -400.0}, "scale"),
        ({"initial_rating": float("inf")}, "initial rating"),
        ({"option": Option.FULL, "rounds": 5}, "round robin"),
    ],
)
def test_settings_outside_their_range_are_refused_in_one_line(
    wrong: dict[str, float], named: str
) -> None:
    with pytest.raises(UsageError, match=named) as refusal:
        Settings(**wrong)  # type: ignore[arg-type]
    assert "\n" not in str(refusal.value)


def test_a_stream_is_the_same_every_time_and_different_for_every_name() -> None:
    def start(*names: str, seed: int = 1) -> int:
        return int(stream(seed, *names).bit_generator.random_raw())

    # A fixed number: a stream that depended on the process (Python's hash) would miss it.
    assert start("isolated", "07", "1") == 2979002973937695413
    others = {start("isolated", "07", "1"), start("isolated", "07", "2"), start("full", "07", "1")}
    others |= {start("isolated", "071", ""), start("isolated", "07", "1", seed=2)}
    assert len(others) == 5
