"""A judge's ladder, pairs and probes stand in its row of a board."""

from __future__ import annotations

from typing import Any

from judgemark.leaderboard.joined_runs import joined


def result(run_id: str, answered: int, **more: Any) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "judge": {"spec": "a/b", "kind": "endpoint", "mode": "rubric", "endpoint": "http://h/v1"},
        "fingerprint": {"judge": {"name": "a/b"}, "protocol": {"name": "rubric"}},
        "coverage": {"answered": answered},
        "figures": {},
        **more,
    }


def known(**sources: Any) -> dict[str, Any]:
    return {"sources": sources, "kinds": {}, "probes": {}}


PEOPLE = {"margin": 0.12, "margin_ci95": [0.04, 0.2]}


def test_a_ladder_goes_before_pairs_and_the_fuller_one_before_others() -> None:
    few = result("few", 10, validity=known(damage={}), figures={"reads": 0.1})
    full = result("full", 99, validity=known(damage={}), figures={"reads": 0.3, "x": None})
    pairs = result("pairs", 500, validity=known(people=PEOPLE), figures={"reads": 0.5})
    (found,) = joined([full, few, pairs]).values()
    assert found.figures == {"reads": 0.3}
    assert found.told == ("agrees with people, +12 points over counting (+4 to +20)",)
    (alone,) = joined([pairs]).values()
    assert alone.figures == {"reads": 0.5}


def test_what_sways_the_judge_most_is_told() -> None:
    probes = {
        "position.first": {"found": True, "p_adjusted": 0.001},
        "padding.added": {"found": True, "p_adjusted": 0.02},
        "scale.1-5": {"found": None, "p_adjusted": 0.0001},
    }
    validity = {"sources": {}, "kinds": {}, "probes": probes}
    (found,) = joined([result("p", 5, validity=validity)]).values()
    assert found.told == ("most swayed by position.first",)
    fair = {**validity, "probes": {"scale.1-5": probes["scale.1-5"]}}
    (calm,) = joined([result("p", 5, validity=fair)]).values()
    assert calm.told == ("not shown to be swayed",)


def test_judges_that_were_asked_in_another_way_are_others() -> None:
    one = result("a", 1, validity=known(damage={}))
    judge = {**one["judge"], "mode": "pairwise"}
    assert len(joined([one, {**one, "judge": judge}])) == 2
