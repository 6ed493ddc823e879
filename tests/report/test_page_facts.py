"""Every figure of a result has its place on the page, and none is there twice by accident."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from judgemark.cli import main
from judgemark.report.page import render
from judgemark.report.page_facts import (
    coverage_facts,
    flat,
    judge_words,
    note_facts,
    other_facts,
    usage_facts,
)
from judgemark.report.page_view import view_of
from judgemark.scoring.result_json import compose
from tests.report import page_data
from tests.support.pairwise import field

Place = tuple[str | int, ...]

UNSHOWN = (
    r"format",  # of the file
    r"dataset item_ids .*",  # long, and no figure
    r"reach \S+ caveat",  # shown from `caveats`
    r"variance components \d+ clipped",  # named in the remarks
    r"scorecards (v2\.1|v4-unscaled) \w+ (?!score$|ci95|separability|stability|omega|cliffs).*",
    r"intervals (v4 \w+ items|\S+ \w+ writers) overstated",  # 1: nothing was drawn
    r"intervals \S+ \w+ \w+ level",  # 0.95 throughout
    r"intervals v4-unscaled .*",  # the same as v4's, its ends stand in the table of scorecards
    r"intervals \S+ calibrated \w+ (method|n|seed|resamples)",  # as of the raw table
    r"scorecards \S+ \w+ missing .*",  # only beside a score
    r"tournament (incomplete|missing_share)",  # told by what is missing
    r"tournament settings option",  # `option` itself is shown
    r"floors \w+ null_(mean|p95)",  # as `chance`
    r"null (calibrated )?p",  # as `p_value`
    r"coverage (failures_total|first_try_parse_rate)",  # of tournaments; the former where above
)
"""What the page need not show, as patterns of the parts of a path, and where it is instead."""


@pytest.fixture(scope="module")
def rubric() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(compose(page_data.whole_run())))
    return found


@pytest.fixture(scope="module", params=["isolated", "bootstrap"])
def ratings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """The result of real tournaments among three writers."""
    folder = tmp_path_factory.mktemp("tournament")
    samples, prompts = field({"ann": 9, "bea": 5, "cid": 1}, items=3)
    writes = {"s.json": samples, "p.json": prompts, "r.json": {"ann": 3, "bea": 2, "cid": 1}}
    for name, value in writes.items():
        (folder / name).write_text(json.dumps(value), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("judgemark.jobs.finish_run.write_report", lambda *_, **__: None)
        flags = [
            "--judge-model", "baseline:length", "--mode", "pairwise", "--run-id", "t",
            "--samples-file", str(folder / "s.json"), "--writing-prompts", str(folder / "p.json"),
            "--reference-scores", str(folder / "r.json"), "--runs-dir", str(folder),
            "--tournament", request.param,
        ]  # fmt: skip
        assert main(flags) == 0
    found: dict[str, Any] = json.loads((folder / "t" / "result.json").read_text("utf-8"))
    return found


def _leaves(value: Any, path: Place = ()) -> Iterator[Place]:
    """The paths of all leaves; of a long list its first two entries stand for all."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value[:2]):
            yield from _leaves(inner, (*path, n))
    elif value is not None:
        yield path


def _changed(result: dict[str, Any], path: Place) -> dict[str, Any]:
    """The result with another value at one place."""
    other = copy.deepcopy(result)
    place: Any = other
    for key in path[:-1]:
        place = place[key]
    value = place[path[-1]]
    if isinstance(value, bool):
        place[path[-1]] = not value
    else:
        place[path[-1]] = f"{value}~" if isinstance(value, str) else 2 * value + 3
    return other


def _unseen(result: dict[str, Any]) -> list[str]:
    """Leaves that can change without the page changing."""
    page = render(view_of(result))
    found = []
    for path in _leaves(result):
        name = " ".join(map(str, path))
        if any(re.fullmatch(pattern, name) for pattern in UNSHOWN):
            continue
        if render(view_of(_changed(result, path))) == page:
            found.append(name)
    return found


def test_several_judges_are_called_an_ensemble_below_the_title() -> None:
    stored = {"kind": "company", "mode": "rubric", "endpoint": None}
    assert list(judge_words(stored)) == ["ensemble", "rubric"]
    assert list(judge_words({"kind": "endpoint", "endpoint": "http://x"})) == [
        "endpoint",
        "http://x",
    ]


def test_every_figure_of_a_rubric_run_can_be_seen(rubric: dict[str, Any]) -> None:
    assert rubric["retest"]["icc"] is not None and rubric["reference"] and rubric["criteria"]
    assert _unseen(rubric) == []


def test_every_figure_of_tournaments_can_be_seen(ratings: dict[str, Any]) -> None:
    assert ratings["tournament"]["matches"]
    assert _unseen(ratings) == []


def test_nothing_of_todays_results_is_without_a_place(
    rubric: dict[str, Any], ratings: dict[str, Any]
) -> None:
    assert other_facts(rubric) == ()
    assert other_facts(ratings) == ()


def test_figures_of_later_versions_are_shown_by_their_paths() -> None:
    later = {
        "bias": {"length": None, "position": {"share": 0.51234}},
        "probes": [{"name": "a"}, {"name": "b"}],
        "metric_version": "2",
    }
    assert other_facts(later) == (("bias.position.share", "0.512"), ("probes", "2 entries"))


def test_short_lists_are_leaves_and_long_ones_are_counted() -> None:
    found = dict(
        flat({"landmarks": [1, 2.5], "long": list(range(9)), "deep": {"a.b": {"c": None}}})
    )
    assert found == {"landmarks": [1, 2.5], "long": "9 entries", "deep.a.b.c": None}


def test_reasons_stand_once_with_all_they_explain() -> None:
    notes = {
        "scorecards.v2.raw.kendall_tau": "no reference scores",
        "scorecards.v2.1.raw.kendall_tau": "no reference scores",
        "scorecards.v4.raw.pearson_r": "no reference scores",
        "reference": "no reference scores",
        "usage.cost": "not reported",
    }
    assert note_facts({"notes": notes}) == (
        (
            "no reference scores",
            "scorecards.*.kendall_tau (2), scorecards.v4.raw.pearson_r, reference",
        ),
        ("not reported", "usage.cost"),
    )


def test_coverage_and_usage_are_rounded_for_a_reader() -> None:
    coverage = {
        "pieces": 1960,
        "asked": 1960,
        "scored": 1862,
        "share": 0.95,
        "repeats": 2,
        "first_try_parse_rate": 0.96875,
        "classes": {"ok": 1862, "refused": 98},
        "too_few_criteria": {"v2": 7, "v2.1": 0},
    }
    # Pieces, asked about, repeats, scored, first try, two classes, too few criteria for v2.
    assert [value for _, value in coverage_facts({"coverage": coverage})] == [
        "1\u202f960",
        "1\u202f960",
        "2",
        "1\u202f862 (95.0%)",
        "96.9%",
        "1\u202f862",
        "98",
        "7",
    ]
    usage = {"cost": 4.5612, "prompt_tokens": 12, "seconds": 123.4, "seconds_per_item": 0.123}
    assert [value for _, value in usage_facts({"usage": usage})] == ["$4.56", "12", "123.4", "0.12"]
    # No cost is told apart from a cost that is not known.
    ((_, embedded),) = usage_facts({"judge": {"kind": "baseline"}, "usage": {"cost": None}})
    ((_, unknown),) = usage_facts({"usage": {"cost": None}})
    assert embedded != unknown and "$" not in embedded + unknown
