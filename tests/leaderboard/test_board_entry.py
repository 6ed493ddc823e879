"""Entries: what they hold, what they leave out, and that a change shows."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.leaderboard.board_entry import Damaged, canonical, digest_of, read_line
from judgemark.leaderboard.entry_from_result import entry_of
from judgemark.leaderboard.packed_scores import CARDS, hundredths
from judgemark.leaderboard.shareable import shareable
from judgemark.redaction import WITHHELD
from tests.leaderboard.board_data import ITEMS, WRITERS, composed, entry


def line_with(**change: Any) -> str:
    """A line with some of its values replaced and its digest made to fit."""
    data = {**entry().to_json(), **change}
    return canonical({**data, "digest": digest_of(data)})


def test_an_entry_comes_back_from_its_line() -> None:
    made = entry("some/judge", 81.23456789)
    again = read_line(made.line())
    assert again == made
    card = again.card("v4")
    assert card is not None
    assert card.score == 81.234568  # six decimals
    assert len(again.replicates_of("v4")) == 200
    assert again.replicates["v4"][0] == round(100 * float(again.replicates_of("v4")[0]))


def test_the_same_run_gives_the_same_entry() -> None:
    assert entry().line() == entry().line()


def test_each_headline_has_its_replicates_and_no_other_version() -> None:
    made = composed()
    rows = {**made.replicates, ("v4", "calibrated"): np.zeros(3)}
    assert set(entry_of(made.result, rows, made.twins).replicates) == set(CARDS)


def test_twins_are_kept_where_a_shuffle_made_them_differ() -> None:
    made = composed()
    assert entry_of(made.result, made.replicates, made.twins).twins == {}
    twins = {**made.twins, ("v2.1", "calibrated"): made.twins["v2.1", "calibrated"] + 0.5}
    found = entry_of(made.result, made.replicates, twins)
    assert set(found.twins) == {"v2.1"}
    assert found.twins_of("v4").tolist() == found.replicates_of("v4").tolist()


def test_replicates_are_hundredths_and_void_ones_none() -> None:
    assert hundredths(np.array([93.714, np.nan, -0.004, 1.006])) == [9371, None, 0, 101]


def test_no_item_and_no_writer_is_named() -> None:
    line = entry().line()
    assert not [name for name in (*ITEMS, *WRITERS) if name in line]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ('"score":80.0', "was changed"),
        ('"cost":0.5', "was changed"),
        ('"run_id":"some-judge--stories"', "was changed"),
    ],
)
def test_a_changed_line_is_detected(change: str, problem: str) -> None:
    line = entry().line()
    assert change in line
    key = change.partition(":")[0]
    value = '"other"' if '"run_id"' in change else "99.0"
    with pytest.raises(Damaged, match=problem):
        read_line(line.replace(change, f"{key}:{value}", 1))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "is not JSON"),
        ("[1]", "is not an entry"),
        ("{}", "was changed"),
        ('{"a": NaN, "digest": ""}', "holds NaN"),
        (line_with(format=2), "is not an entry of this version .format"),
        (
            line_with(coverage={"status": "best"}),
            "is not an entry of this version .coverage.status",
        ),
        (line_with(replicates={"v4": ["high"]}), "is not an entry of this version .replicates"),
    ],
)
def test_a_line_that_is_no_entry_says_why(line: str, problem: str) -> None:
    with pytest.raises(Damaged, match=problem):
        read_line(line)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_figure_that_is_changed_breaks_the_digest(data: st.DataObject) -> None:
    whole = entry().to_json()
    place: Any = whole
    while isinstance(place, dict) and place:
        key = data.draw(st.sampled_from(sorted(place)))
        holder, place = place, place[key]
    holder[key] = "changed"
    with pytest.raises(Damaged):
        read_line(json.dumps(whole))


def test_keys_and_long_texts_do_not_get_into_an_entry() -> None:
    secret = "sk-or-v1-0123456789abcdef"
    change = {
        "judge/system": "a long instruction " * 20,
        "fingerprint/judge": {
            "name": "j",
            "parameters": {
                "max_tokens": 16000,
                "extra_body": {"api_key": "k3y", "route": "fast", "note": f"use {secret}"},
            },
        },
    }
    made = entry(change=change)
    line = made.line()
    assert secret not in line
    assert "k3y" not in line
    assert "long instruction" not in line
    parameters = made.judge.configuration["judge"]["parameters"]
    assert parameters["max_tokens"] == 16000
    assert parameters["extra_body"] == {
        "api_key": WITHHELD,
        "route": "fast",
        "note": f"use {WITHHELD}",
    }


@pytest.mark.parametrize(
    "name", ["api_key", "Api-Key", "authorization", "password", "auth_token", "token", "secret"]
)
def test_what_is_called_a_secret_is_withheld(name: str) -> None:
    assert shareable({name: "x"}) == {name: WITHHELD}


@pytest.mark.parametrize("name", ["max_tokens", "completion_tokens", "token_limit", "author"])
def test_what_only_sounds_like_a_secret_stays(name: str) -> None:
    assert shareable({name: 5}) == {name: 5}


def test_files_of_an_upstream_run_are_known_by_name_not_by_place() -> None:
    change = {
        "fingerprint/protocol": {"name": "upstream runs file"},
        "fingerprint/samples": {"file": "/home/ann/judgemark/data/samples.json"},
        "fingerprint/prompts": {"file": r"C:\work\prompts.json"},
    }
    made = entry(change=change)
    assert made.fingerprint["samples"] == {"file": "samples.json"}
    assert made.fingerprint["prompts"] == {"file": "prompts.json"}
    assert made.judge.source == "upstream file"


def test_a_run_without_a_score_keeps_the_reason() -> None:
    made = entry("flat", None)
    card = made.card("v4")
    assert card is not None
    assert card.score is None
    assert made.reasons["v4.score"] == "all scores are equal"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("scorecards/v4/raw/score", 133.4),
        ("scorecards/v4/raw/score", -1e9),
        ("scorecards/v2.1/calibrated/score", 1e6),
        ("scorecards/v4/raw/ci95", [90.0, 10.0]),
        ("scorecards/v4/raw/ci95_other_writers", [90.0, 10.0]),
        ("usage/cost", -3.0),
        ("usage/seconds_per_item", -1.0),
    ],
)
def test_figures_that_no_verdicts_give_are_refused(path: str, value: Any) -> None:
    """One of them would stretch the axis of a whole section, or stand first in it."""
    data = entry().to_json()
    *parts, last = path.split("/")
    place = data
    for part in parts:
        place = place[part]
    place[last] = value
    with pytest.raises(Damaged) as refused:
        read_line(canonical({**data, "digest": digest_of(data)}))
    assert "Value error" not in str(refused.value)


def test_the_highest_scores_are_possible() -> None:
    data = entry().to_json()
    for version in ("raw", "calibrated"):
        data["scorecards"]["v4"][version]["score"] = 133.333333
        data["scorecards"]["v2.1"][version]["score"] = 100.0
    assert read_line(canonical({**data, "digest": digest_of(data)})).card("v4") is not None


def test_a_clock_that_went_back_is_no_reason_to_lose_a_run() -> None:
    made = composed()
    made.result["usage"] |= {"seconds_per_item": -0.5, "cost": -1.0}
    found = entry_of(made.result, made.replicates, made.twins).usage
    assert (found.seconds_per_item, found.cost) == (None, None)
