"""A published score as a number that carries its interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

Ends = tuple[float, float]
"""The lower and the upper end of an interval."""


class HeadlineScore(float):
    """The score of one scorecard: a float that carries its interval and its other version.

    Attributes:
        ci95: the 95% interval for these writers on other items; None where it is undefined.
        ci95_other_writers: the 95% interval for other writers; None where it is undefined.
        raw: the score of the item scores as they are; None where it is undefined.
        calibrated: the score after calibration to the published landmarks; None likewise.
    """

    ci95: Ends | None
    ci95_other_writers: Ends | None
    raw: float | None
    calibrated: float | None

    def __new__(
        cls,
        value: float,
        *,
        ci95: Ends | None = None,
        ci95_other_writers: Ends | None = None,
        raw: float | None = None,
        calibrated: float | None = None,
    ) -> Self:
        made = super().__new__(cls, value)
        made.ci95, made.ci95_other_writers = ci95, ci95_other_writers
        made.raw, made.calibrated = raw, calibrated
        return made


class ScoreDifference(float):
    """The first judge's score less the second's: a float that carries its interval.

    Attributes:
        ci95: the 95% interval of the difference over paired items; None where it is undefined.
        p_value: two-sided, 0..1; None where it is undefined.
        first: the first judge's score.
        second: the second judge's score.
    """

    ci95: Ends | None
    p_value: float | None
    first: float
    second: float

    def __new__(
        cls,
        value: float,
        *,
        ci95: Ends | None,
        p_value: float | None,
        first: float,
        second: float,
    ) -> Self:
        made = super().__new__(cls, value)
        made.ci95, made.p_value = ci95, p_value
        made.first, made.second = first, second
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[float], dict[str, Any]]:
        """Return what copies and pickles are made with."""
        return (float(self),), dict(vars(self))


def headline_score(cards: Mapping[str, Any], version: str) -> HeadlineScore | None:
    """Return one scorecard of result.json as a number; None where its headline is undefined.

    `cards` has the versions `raw` and `calibrated`, of which `version` is the headline.
    """
    card = cards[version]
    if card is None or card["score"] is None:
        return None
    versions = {name: found["score"] if (found := cards[name]) else None for name in cards}
    return HeadlineScore(
        card["score"],
        ci95=as_ends(card.get("ci95")),
        ci95_other_writers=as_ends(card.get("ci95_other_writers")),
        raw=versions.get("raw"),
        calibrated=versions.get("calibrated"),
    )


def as_ends(ends: Any) -> Ends | None:
    """Return an interval of result.json, [low, high], as a pair."""
    return None if ends is None else (float(ends[0]), float(ends[1]))
