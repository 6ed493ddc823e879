"""What the report says of tournaments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from judgemark.report.page import render
from judgemark.report.page_table import PagePart
from judgemark.report.page_tournament import tournament_parts
from judgemark.report.page_view import view_of
from tests.report.page_data import SCRIPT, played
from tests.report.page_words import names, numbers, said, values
from tests.report.test_page import Reader


@dataclass(frozen=True)
class Parts:
    """The parts of the section; `missing` is there only where matches have no verdict."""

    leaderboard: PagePart
    separation: PagePart
    leanings: PagePart
    rules: PagePart
    missing: PagePart | None


def _parts(section: dict[str, Any], notes: dict[str, str] | None = None) -> Parts:
    *others, rules = tournament_parts({"tournament": section, "notes": notes or {}})
    leaderboard, separation, leanings, *missing = others
    return Parts(leaderboard, separation, leanings, rules, missing[0] if missing else None)


def test_ratings_stand_beside_bradley_terry_which_is_not_comparable() -> None:
    part = _parts(played()).leaderboard
    rows = dict(zip(names(part), values(part), strict=True))
    assert rows[SCRIPT] == ("24", "1202.2", "1208.2", "1192.3 to 1224.2")
    assert rows["bea"] == ("24", "1197.8", "1191.8", "–")
    (scale,) = part.remarks
    # Verdicts, the ridge, resamples and how many of them were void.
    assert numbers(scale) == ["324", "0.1", "200", "2"]
    assert "not comparable with published Elo figures" in scale


def test_bootstraps_show_their_spread_and_that_it_is_no_interval() -> None:
    section = played() | {"option": "bootstrap", "spread": "bootstraps share verdicts"}
    for line in section["leaderboard"]:
        line["spread"] = 24.51
    found = _parts(section)
    assert values(found.leaderboard)[0][:2] == ("24", "1202.2 ± 24.5")
    assert "Bootstraps share verdicts." in found.leaderboard.remarks
    assert said(found.rules) != said(_parts(played()).rules)


def test_separation_and_leanings_are_told_with_what_they_rest_on() -> None:
    found = _parts(played())
    assert {("0.681",), ("87.9",), ("65.9",)} <= set(values(found.separation))
    leanings = dict(zip(values(found.leanings), map(numbers, names(found.leanings)), strict=True))
    assert "720" in leanings["52.3%",]  # passes, of the mass given to position 1
    assert ("54.0%",) in leanings
    assert "324" in leanings["53.4%",]  # matches of unequal length
    assert ("+5.3",) in leanings
    assert "300" in leanings["47.7%",]  # verdicts on writers with different reference scores
    assert leanings["98.1%",] == ["648", "3", "4"]  # passes, bounds, other tokens


def test_the_rules_name_every_setting_also_later_ones() -> None:
    rules = _parts(played()).rules
    facts = dict(rules.facts)
    assert facts["later"] == "1.5"
    # The protocol, rounds, K, tournaments, questions and verdicts lent by another run.
    assert {"pairwise-logprob", "5", "32", "24", "648", "48"} <= set(facts.values())
    assert "too long" not in said(rules)  # none was


def test_missing_matches_are_told_with_their_reasons() -> None:
    assert _parts(played()).missing is None
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
    part = _parts(section).missing
    assert part is not None
    assert numbers(part.lead[0])[:3] == ["30", "360", "8.3%"]
    assert names(part) == [f"storm / will not {SCRIPT}"]
    assert values(part) == [("refused", "4")]
    text = said(part)
    assert "zoe" in text and "rain, iteration 2" in text
    assert numbers(next(n for n in text.splitlines() if "storm, " in n)) == ["1", "3", "15"]
    page = Reader(render(view_of({"status": "incomplete", "tournament": section})))
    assert {"30", "360", "8.3%"} <= set(numbers(page.words))
    assert "script" not in {tag for tag, _ in page.elements}


def test_a_figure_that_could_not_be_computed_says_why() -> None:
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
    found = _parts(section, notes)
    assert "one writer alone" in said(found.separation)
    assert "no verdict" in found.leaderboard.remarks[-1]
    assert "all texts are of one length" in said(found.leanings)
    assert "no log-probabilities" in said(found.leanings)


def test_a_run_without_tournaments_has_no_section() -> None:
    assert tournament_parts({"tournament": None}) == ()
    without, with_one = (
        Reader(render(view_of(result))) for result in ({}, {"tournament": played()})
    )
    assert "tournament" not in without.words.lower()
    assert "tournament" in with_one.words.lower()
