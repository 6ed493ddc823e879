from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics.composite import v4_score
from judgemark.metrics.separability import cliffs_delta, omega_squared
from judgemark.scoring.floors_section import (
    BegunFigures,
    FiguresOfTexts,
    difference_over_items,
    figures_of_texts,
    texts_beside,
)
from judgemark.scoring.result_json import compose
from judgemark.scoring.run_tables import judged_samples
from judgemark.scoring.second_process import ComputedBeside
from judgemark.table.score_table import ScoreTable
from tests.metrics.tables import table_of
from tests.report import page_data


def v4(table: ScoreTable) -> float:
    return float(v4_score(omega_squared(table), cliffs_delta(table)))


def drawn(spread: float, items: int = 8, seed: int = 0) -> ScoreTable:
    rng = np.random.default_rng(seed)
    quality = spread * np.arange(4.0)[:, None, None]
    return table_of((quality + rng.normal(size=(4, 2, items))).round(2))


def test_the_interval_of_a_difference_leaves_the_same_item_out_of_both() -> None:
    ours, theirs = drawn(1.0), drawn(0.3, seed=1)
    without = np.array(
        [
            v4(table_of(np.delete(ours.values, n, 2)))
            - v4(table_of(np.delete(theirs.values, n, 2)))
            for n in range(8)
        ]
    )
    difference = v4(ours) - v4(theirs)
    # t(7) at 97.5% is 2.364624; se^2 = 7/8 sum (d_i - mean)^2; bias = 7 (mean - d)
    half = 2.364624 * np.sqrt(7 / 8 * ((without - without.mean()) ** 2).sum())
    centre = difference - 7 * (without.mean() - difference)
    found = difference_over_items(difference, ours, theirs)
    assert found.ends() == pytest.approx([centre - half, centre + half], rel=1e-6)


def test_a_judge_is_no_further_than_itself() -> None:
    assert difference_over_items(0.0, drawn(1.0), drawn(1.0)).ends() == [0.0, 0.0]


def test_tables_of_other_items_have_no_interval() -> None:
    with pytest.raises(UndefinedFigure, match="no score on some items"):
        difference_over_items(1.0, drawn(1.0, items=7), drawn(1.0))


def test_the_distance_to_the_lexical_floor_has_its_interval_in_the_result() -> None:
    floors = compose(page_data.whole_run())["floors"]
    low, high = floors["s_minus_lexical_ci95"]
    assert low < high
    assert floors["s_minus_lexical"] is not None


def test_figures_begun_before_the_verdicts_are_used_for_the_same_texts_alone() -> None:
    run = page_data.whole_run()
    run = replace(run, samples=tuple(judged_samples(run)))
    asked = run.references, run.seed
    begun = BegunFigures.of(run.samples, *asked)
    assert begun.fit(run, *asked)
    assert begun.found() == figures_of_texts(run, *asked)
    assert not begun.fit(run, run.references, run.seed + 1)
    assert not begun.fit(run, {"nobody": 1.0}, run.seed)
    last = run.judged[-1]
    fewer = replace(run, judged=tuple(j for j in run.judged if j.item != last.item))
    assert not begun.fit(fewer, *asked)
    assert not begun.fit(replace(run, samples=()), *asked)


def test_figures_begun_for_other_texts_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    run = page_data.whole_run()
    run = replace(run, samples=tuple(judged_samples(run)))
    asked = run.references, run.seed
    dropped: list[ComputedBeside[FiguresOfTexts]] = []

    def drop(found: ComputedBeside[FiguresOfTexts]) -> None:
        dropped.append(found)

    monkeypatch.setattr(ComputedBeside, "drop", drop)
    begun = BegunFigures.of(run.samples, *asked)
    assert texts_beside(run, *asked, begun) is begun.found
    assert dropped == []
    others = texts_beside(run, run.references, run.seed + 1, begun)
    assert dropped == [begun.found]
    assert others() == figures_of_texts(run, run.references, run.seed + 1)
