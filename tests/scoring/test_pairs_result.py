"""The pairs command's result: every figure with its interval, reasons for what is absent."""

from __future__ import annotations

import json

from judgemark.metrics.classification import JudgedPair, Pass, classify
from judgemark.metrics.validity.drawn_pairs import (
    DrawnPairs,
    PairRules,
    ScoredPiece,
    pair_of_scored,
)
from judgemark.metrics.validity.known_pair import PairSource
from judgemark.metrics.validity.shares import PairEstimate
from judgemark.scoring.pairs_result import classification_rows, classification_section


def judged(item: str, p: float, mass: float | None = 0.9) -> JudgedPair:
    worse = ScoredPiece(item, "a", "1", "wa", 100, 60.0)
    better = ScoredPiece(item, "b", "1", "wb", 100, 66.5)
    pair = pair_of_scored(better, worse, PairSource.REFERENCE)
    return JudgedPair(pair, Pass(p, "A", mass), Pass(1 - p, "B", mass))


def section(mass: float | None, repeat: PairEstimate | str) -> dict[str, object]:
    pairs = [judged(str(n % 4), 0.6 + n / 100, mass) for n in range(20)]
    drawn = DrawnPairs(tuple(j.pair for j in pairs), 31, PairRules())
    return classification_section(classify(pairs, 0, PairRules()), drawn, repeat)


def test_every_figure_is_json_with_its_interval() -> None:
    found = section(0.9, PairEstimate(0.9, 40))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    for name in ("strict_accuracy", "positional_consistency", "target_mass", "accuracy", "ece"):
        figure = found[name]
        assert isinstance(figure, dict)
        low, high = figure["ci95"]
        assert 0 <= low <= figure["value"] <= high <= 1
    assert found["notes"] == {}
    assert "not the truth" in str(found["caveat"])


def test_what_is_absent_is_null_with_its_reason() -> None:
    found = section(None, "the reference scored each piece once")
    assert found["captured_mass"] is None
    assert found["reference_repeat_agreement"] is None
    assert found["notes"] == {
        "reference_repeat_agreement": "the reference scored each piece once",
        "captured_mass": "verdicts in words have no probability mass",
    }


def test_the_terminal_shows_percent_and_filled_margins_only() -> None:
    rows = dict(classification_rows(section(0.9, "none")))
    assert rows["Pairs"] == "20 of 20 drawn, 31 eligible"
    assert rows["Strict accuracy"].startswith("100.0% (")
    assert rows["Reference agreement with itself"] == "not available: none"
    assert [name for name in rows if name.startswith("Margin")] == ["Margin 6 to 7"]
