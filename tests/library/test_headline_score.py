"""A score is a number and more."""

from __future__ import annotations

import copy
import json
import pickle

from judgemark.library.headline_score import HeadlineScore, ScoreDifference

SCORE = HeadlineScore(80.5, ci95=(70.0, 90.0), raw=80.5, calibrated=79.0)


def test_it_computes_and_prints_like_a_number() -> None:
    assert SCORE + 0.5 == 81 and f"{SCORE:.1f}" == "80.5"
    assert json.dumps({"v4": SCORE}) == '{"v4": 80.5}'


def test_copies_keep_what_it_carries() -> None:
    difference = ScoreDifference(-1.5, ci95=(-2.0, -1.0), p_value=0.01, first=1.0, second=2.5)
    for made in (copy.copy(difference), pickle.loads(pickle.dumps(difference))):
        assert made == -1.5 and made.ci95 == (-2.0, -1.0) and made.second == 2.5
    assert pickle.loads(pickle.dumps(SCORE)).ci95 == (70.0, 90.0)
