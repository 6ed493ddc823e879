"""What the report says of tournaments."""

from __future__ import annotations

from typing import Any

from judgemark.report.page import render
from judgemark.report.page_tournament import tournament_parts
from judgemark.report.page_view import view_of
from tests.report.page_data import SCRIPT, played
from tests.report.test_page import Reader
from tests.report.test_page_intervals import said


def _told(section: dict[str, Any], notes: dict[str, str] | None = None) -> dict[str, str]:
    parts = tournament_parts({"tournament": section, "notes": notes or {}})
    return {part.title: said(part) for part in parts}


def test_ratings_stand_beside_bradley_terry_which_is_not_comparable() -> None:
    text = _told(played())["Leaderboard"]
    assert f"{SCRIPT} | 24 | 1202.2 | 1208.2 | 1192.3 to 1224.2" in text
    assert "bea | 24 | 1197.8 | 1191.8 | –" in text
    assert (
        "Bradley-Terry: 324 verdicts, ridge 0.1, intervals from 200 resamples of the items (2 void)"
        "; not comparable with published Elo figures."
    ) in text


def test_bootstraps_show_their_spread_and_that_it_is_no_interval() -> None:
    section = played() | {"option": "bootstrap", "spread": "bootstraps share verdicts"}
    for line in section["leaderboard"]:
        line["spread"] = 24.51
    found = _told(section)
    assert f"{SCRIPT} | 24 | 1202.2 ± 24.5 |" in found["Leaderboard"]
    assert found["Leaderboard"].endswith("Bootstraps share verdicts.")
    assert "Bootstrapped: each tournament draws its items anew" in found["How it was played"]


def test_separation_and_leanings_are_told_with_what_they_rest_on() -> None:
    found = _told(played())
    separation = found["Separation of the ratings"]
    assert "Omega squared | 0.681" in separation
    assert "Their mean over 0.75, at most 133 | 87.9" in separation
    assert "Their mean, at most 100 | 65.9" in separation
    leanings = found["What else the judge follows"]
    assert "Probability given to position 1 / 720 passes; 50% is no leaning | 52.3%" in leanings
    assert "a tie counts half | 54.0%" in leanings
    assert "324 matches of unequal length; 50% is no leaning | 53.4%" in leanings
    assert "in points; 0 is no leaning | +5.3" in leanings
    assert "300 verdicts on writers that the reference sets apart | 47.7%" in leanings
    assert (
        "648 passes: 3 with a bound in the place of a probability, 4 with another token first"
        " | 98.1%"
    ) in leanings


def test_the_rules_name_every_setting_also_later_ones() -> None:
    text = _told(played())["How it was played"]
    for fact in (
        "Prompt-isolated: a Swiss tournament of its own",
        "Protocol: pairwise-logprob",
        "Rounds: 5",
        "K: 32",
        "later: 1.5",
        "Tournaments: 24",
        "Different questions: 648",
        "Verdicts lent by another run: 48",
    ):
        assert fact in text
    assert "too long" not in text  # none was


def test_missing_matches_are_told_with_their_reasons() -> None:
    assert "Missing matches" not in _told(played())
    section = played() | {
        "missing": 30,
        "missing_share": 30 / 360,
        "failures": [{"item": "storm", "class": "refused", "reason": f"will not {SCRIPT}"}] * 4,
        "incomplete": True,
        "incomplete_tournaments": [
            {"item": "storm", "iteration": "1", "matches": 15, "missing": 3}
        ],
        "skipped": [{"item": "rain", "iteration": "2"}],
        "left_out": ["zoe"],
    }
    text = _told(section)["Missing matches"]
    assert "30 of 360 matches (8.3%) have no verdict" in text
    assert f"storm / will not {SCRIPT} | refused | 4" in text
    assert "Incomplete: storm, iteration 1: 3 of 15 matches missing" in text
    assert "No tournament, fewer than two writers: rain, iteration 2" in text
    assert "Writers without a match: zoe" in text
    page = Reader(render(view_of({"status": "incomplete", "tournament": section})))
    assert "This run is incomplete: 30 of 360 matches (8.3%) have no verdict." in page.words
    assert "Not every match has a verdict: see Tournaments." in page.words
    assert "script" not in {tag for tag, _ in page.elements}


def test_what_could_not_be_found_out_says_why() -> None:
    section = played() | {
        "combined": None,
        "bradley_terry": None,
        "length_bias": None,
        "letters": None,
    }
    notes = {
        "tournament.combined": "one writer alone",
        "tournament.bradley_terry": "no verdict",
        "tournament.length_bias": "all texts are of one length",
        "tournament.letters": "no log-probabilities",
    }
    found = _told(section, notes)
    assert found["Separation of the ratings"].endswith("Not available: one writer alone.")
    assert found["Leaderboard"].endswith("Bradley-Terry, not available: no verdict.")
    leanings = found["What else the judge follows"]
    assert "Length, not available: all texts are of one length." in leanings
    assert "Letters, not available: no log-probabilities." in leanings


def test_a_run_without_tournaments_has_no_section() -> None:
    assert tournament_parts({"tournament": None}) == ()
    assert "Tournaments" not in Reader(render(view_of({}))).words
    assert "Every match has a verdict." in Reader(render(view_of({"tournament": played()}))).words
