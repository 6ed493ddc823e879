from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import validate
from benchmarks.coverage import CARDS, Coverage, Effort
from benchmarks.other_writers import OtherWriters
from benchmarks.probe_rates import ProbeRates
from benchmarks.probe_simulations import SwayedScorer
from benchmarks.reading_simulations import COIN, PairWorld, ReaderCoverage, ReadingRate
from benchmarks.simulated import World
from benchmarks.truths import PairedCoverage
from benchmarks.validation_findings import (
    FalseReaders,
    Findings,
    Made,
    Noise,
    Rising,
    Unmoved,
    at_least,
    at_most,
    checks,
)
from benchmarks.validation_page import page
from benchmarks.validation_settings import NOISES, SETTINGS, TASTES

WORLD = World(6, 12, 2, 0.4)
PAIRS = PairWorld(24, 3)
MADE = Made(1000, 1, "2026-01-02", "100 shuffles", "1,000 shuffles")
NAN = float("nan")


def findings(
    covered: float = 0.95,
    others: float = 0.95,
    differ: float = 0.05,
    chance: float = 0.95,
    tastes: float = 0.95,
    read: int = 1,
    accused: float = 0.04,
    rising: bool = True,
    moved: float = 1e-12,
) -> Findings:
    n = len(CARDS)
    coverage = Coverage(WORLD, 1000, (covered,) * n, (1.0,) * n, (50.0,) * n, (51.0,) * n, (0,) * n)
    return Findings(
        coverage=(coverage,) * 12,
        settled=(coverage,),
        others=(OtherWriters(WORLD, 1000, (others,) * n, (0.85, 0.85, *[NAN] * 4), (50.0,) * n),),
        paired=(PairedCoverage(WORLD, WORLD, 1000, (0.94,) * n, (differ,) * n, (0.0,) * n),),
        noise=(
            Noise(WORLD, 1000, (chance, 0.95), False),
            Noise(WORLD, 1000, (0.95, tastes), True),
        ),
        readers=(ReaderCoverage(PAIRS, 0.8, 1000, 0.9, 0.95, 0.94),),
        countable=(FalseReaders(PAIRS, 100, {COIN: ReadingRate(read, 100)}),),
        probes=(
            ProbeRates("a fair judge", 1000, accused, NAN, NAN),
            ProbeRates("a swayed judge", 1000, 0.5, 0.9, 0.95),
        ),
        rising=(Rising(WORLD, (2.0, 1.0), (np.ones(6), np.ones(6) * 2), 10, rising),),
        unmoved=Unmoved(moved, 0.0, 5),
    )


def missed(found: Findings) -> list[str]:
    return [check.claim for check in checks(found) if not check.kept]


def test_the_settings_are_those_that_were_asked_for() -> None:
    assert len(SETTINGS) >= 12
    for world in SETTINGS:
        assert 6 <= world.writers <= 31 and 12 <= world.items <= 32
        assert world.iterations in (2, 3) and world.omega_squared >= 0.08
    assert {6, 31} <= {w.writers for w in SETTINGS} and {12, 32} <= {w.items for w in SETTINGS}
    assert all(world.omega_squared == 0 and world.shares[1] == 0 for world in NOISES)
    assert all(world.omega_squared == 0 and world.shares[1] > 0 for world in TASTES)


def test_claims_hold_within_the_99_percent_allowance() -> None:
    # 2.5758 standard errors of .9 in 1,000 runs are 2.5758 x .00949 = .0244: .876 is allowed.
    assert at_least(0.876, 0.9, 1000) and not at_least(0.875, 0.9, 1000)
    # Of .05 in 100 runs: 2.5758 x .0218 = .056, up to .106.
    assert at_most(0.106, 0.05, 100) and not at_most(0.107, 0.05, 100)


@pytest.mark.parametrize(
    ("found", "words", "claims"),
    [
        (findings(), "", 0),
        (findings(covered=0.87), "these writers", 6),
        (findings(covered=0.995), "these writers", 6),
        (findings(others=0.87), "other writers", 6),
        (findings(differ=0.07), "equal judges differ", 6),
        (findings(chance=0.90), "pure noise", 1),
        (findings(chance=0.999), "pure noise", 1),
        (findings(tastes=0.82), "steady tastes", 1),
        (findings(read=7), "do not read (coin)", 1),
        (findings(accused=0.07), "a fair judge is accused", 1),
        (findings(rising=False), "every score rises", 1),
        (findings(moved=1e-8), "renaming writers", 1),
    ],
)
def test_each_claim_fails_where_its_share_contradicts_it(
    found: Findings, words: str, claims: int
) -> None:
    failed = missed(found)
    assert len(failed) == claims
    assert all(words in claim for claim in failed)


def test_the_page_shows_runs_and_marks_what_lies_outside() -> None:
    text = page(findings(covered=0.87, tastes=0.82, differ=0.07), MADE)
    assert "`python -m benchmarks.validate --runs 1000 --seed 1` on 2026-01-02 (" in text
    assert "0 of 12 settings; 87.0 to 87.0%; 1000 runs each" in text
    assert "| 6 x 12 x 2, 0.40 | 1000 | **87.0** | **87.0** |" in text
    assert "| 95.0 (85.0) | 95.0 (85.0) | 95.0 |" in text
    assert "| 95.0 | **82.0** |" in text
    assert "| 6 x 12 x 2, 0.40, equal judges: called different | 1000 | **7.0** |" in text
    assert "| 24 x 3, counting tells nothing | 0.80 | 1000 | 95.0 | 94.0 | 90.0 |" in text
    assert "| coin | 1 of 100 | 1.0 |" in text
    assert "| a fair judge | 1000 | 4.0 | – | – |" in text


def test_the_page_that_is_shipped_explains_itself_as_its_maker_does() -> None:
    usual = Made(
        1000,
        1,
        "2026-01-02",
        validate.QUICK_DRAWS,
        validate.USUAL_DRAWS,
    )
    shipped = explanations(validate.PAGE.read_text(encoding="utf-8"))
    assert shipped == explanations(page(findings(), usual))


def explanations(text: str) -> list[str]:
    """Return the parts of a page that depend on nothing that was measured."""
    parts = text.split("\n\n")
    return [p for p in parts if p and not p.startswith(("|", "Written by"))]


@pytest.mark.slow
def test_names_and_units_change_no_figure_in_a_small_validation() -> None:
    found = validate.unmoved(Effort(1, 10, 20), 1)
    assert found.tables == 5
    assert found.by_names < 1e-9 and found.by_units < 1e-9


@pytest.mark.slow
def test_the_whole_command_in_a_small_form_can_be_stopped_and_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small = World(6, 12, 2, 0.4)
    few = {
        "SETTINGS": (small,) * 6, "SETTLED": (), "OTHER_WRITERS": (small,),
        "PAIRS": ((small, 1.0),), "NOISES": (World(6, 12, 2, 0.0, (0.2, 0.0, 0.8)),),
        "TASTES": (World(6, 12, 2, 0.0),), "READERS": ((PAIRS, 0.8),), "COUNTABLE": (),
        "PROBED": (("fair", SwayedScorer(), "", 0.0),), "RISING": (),
    }  # fmt: skip
    for name, value in few.items():
        monkeypatch.setattr(validate, name, value)
    monkeypatch.setattr(validate, "QUICK", {"shuffles": 20, "resamples": 40})
    monkeypatch.setattr(validate, "USUAL", {"shuffles": 20, "resamples": 40})
    told = tmp_path / "validation.md"
    begin = ["--runs", "20", "--jobs", "2", "--page", str(told), "--kept", str(tmp_path / "kept")]
    assert validate.main([*begin, "--minutes", "0.000001"]) == 1
    assert "not run" in told.read_text("utf-8")
    capsys.readouterr()
    validate.main(begin)
    first = capsys.readouterr().out
    # Intervals that cover at their level are not contradicted by 20 runs.
    assert "MISSED: v4" not in first and "MISSED: v2" not in first
    assert "MISSED: a judge" not in first and "MISSED: a fair judge" not in first
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "kept").rglob("*.npy")}
    assert len(kept) == 14  # two chunks of ten runs for each of seven simulations
    validate.main(begin)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert "| 6 x 12 x 2, 0.40 | 20 |" in told.read_text("utf-8")
