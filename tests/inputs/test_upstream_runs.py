"""Runs files of the upstream project: every shape that users have is read as a judged run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from judgemark.errors import InputError, UsageError
from judgemark.inputs.upstream_runs import is_runs_file, read_runs_file
from judgemark.judged import JudgedRun
from judgemark.records import Class

SCORES = {"Wit": 7.0, "Clarity": 6.5, "Pace": 5.0, "Voice": 8.0, "Plot": 4.0}


def written(folder: Path, content: object) -> Path:
    path = folder / "runs.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def run_of(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    run = {
        "judge_model": "some/judge",
        "status": "completed",
        "samples_file": "data/old samples.json",
        "prompts_file": "prompts.json",
        "scoring_range": {"min": 0, "max": 20},
        "results": {"ann": {"1": items}},
    }
    return run | more


def read(folder: Path, items: dict[str, Any], **more: Any) -> JudgedRun:
    return read_runs_file(written(folder, {"k": run_of(items, **more)}))["k"]


def test_the_old_shape_of_one_judge(tmp_path: Path) -> None:
    run = read(
        tmp_path,
        {
            "7": {
                "parsed_scores": SCORES,
                "aggregated_score_raw": 6.75,
                "aggregated_score_calibrated": 7.0,
                "text_length": 1234,
                "timestamp": "2025-01-01T00:00:00",
                "judge_response": "Wit: 7\nClarity: 6.5",
            }
        },
    )
    (found,) = run.judged
    assert (found.writer, found.iteration, found.item) == ("ann", "1", "7")
    assert (found.scores, found.value, found.text_length) == (SCORES, None, 1234)
    assert (run.rubric.scoring_min, run.rubric.scoring_max, run.rubric.criteria) == (0, 20, None)
    assert run.judge["spec"] == "some/judge"
    assert run.dataset["name"] == "old samples"
    assert run.replies == {("ann", "1", "7"): "Wit: 7\nClarity: 6.5"}
    assert (run.pieces, run.classes[Class.OK]) == (1, 1)


def test_the_criteria_that_our_own_export_names_decide_the_polarity(tmp_path: Path) -> None:
    listed = [{"name": n, "negative": n in ("Pace", "Plot")} for n in SCORES]
    run = read(tmp_path, {"7": {"parsed_scores": SCORES}}, criteria=listed)
    assert run.rubric.criteria is not None
    assert [c.name for c in run.rubric.criteria if c.negative] == ["Pace", "Plot"]
    assert run.fingerprint["scoring"] == {"min": 0.0, "max": 20.0, "criteria": listed}
    with pytest.raises(InputError, match='"k" > "criteria"') as raised:
        read(tmp_path, {"7": {"parsed_scores": SCORES}}, criteria=[{"name": "Pace"}])
    assert "negative" in raised.value.message


def test_raw_replies_may_be_absent(tmp_path: Path) -> None:
    run = read(tmp_path, {"7": {"parsed_scores": SCORES}})
    assert run.replies == {}
    assert run.judged[0].scores == SCORES


def test_an_item_score_counts_where_no_criterion_scores_were_kept(tmp_path: Path) -> None:
    run = read(
        tmp_path,
        {
            "7": {"aggregated_score_raw": 6.75},
            "8": {"parsed_scores": {}, "aggregated_score_raw": 5},
            "9": {"parsed_scores": SCORES, "aggregated_score_raw": 1.0},
        },
    )
    assert [(j.scores, j.value) for j in run.judged] == [(None, 6.75), (None, 5.0), (SCORES, None)]


@pytest.mark.parametrize(
    ("method", "joined"), [(None, "average"), ("average", "average"), ("median", "median")]
)
def test_an_ensemble_gives_one_row_for_each_member(
    tmp_path: Path, method: str | None, joined: str
) -> None:
    outputs = [
        {"judge_model": "a", "parsed_scores": SCORES, "text_length": 9},
        {"judge_model": "b", "parsed_scores": {**SCORES, "Wit": 2.0, "Tone": None}},
        None,
        {"judge_model": "c", "parsed_scores": {}, "error": "no scores"},
    ]
    item = {"judge_outputs": outputs, "aggregated_score_raw": 5.0, "text_length": 10}
    more = {"judge_models": ["a", "b", "c"]} | ({"ensemble_method": method} if method else {})
    run = read(tmp_path, {"7": item}, **more)
    assert [(j.member, j.scores, j.text_length) for j in run.judged] == [
        (0, SCORES, 9),
        (1, SCORES | {"Wit": 2.0}, 10),
    ]
    assert run.method == joined
    assert [(m.number, m.spec) for m in run.members] == [(0, "a"), (1, "b"), (2, "c")]
    assert run.judge["spec"] == "a,b,c"
    assert run.pieces == 1


def test_members_that_kept_item_scores_only(tmp_path: Path) -> None:
    outputs = [{"aggregated_score_raw": 4.0}, {"aggregated_score_raw": 6.0}]
    run = read(tmp_path, {"7": {"judge_outputs": outputs, "aggregated_score_raw": 5.0}})
    assert [(j.member, j.value) for j in run.judged] == [(0, 4.0), (1, 6.0)]


@pytest.mark.parametrize("outputs", [[], [None], [{"judge_model": "a"}]])
def test_without_scores_of_members_their_common_score_counts(
    tmp_path: Path, outputs: list[Any]
) -> None:
    run = read(tmp_path, {"7": {"judge_outputs": outputs, "aggregated_score_raw": 5.0}})
    assert [(j.member, j.value) for j in run.judged] == [(0, 5.0)]


@pytest.mark.parametrize(
    "item",
    [
        {"error": "HTTP 500"},
        {"error": "HTTP 500", "parsed_scores": {}, "aggregated_score_raw": 0.0},
        {"error": "HTTP 500", "judge_outputs": [{"error": "HTTP 500"}]},
    ],
)
def test_an_item_that_failed_is_unjudged_never_zero(tmp_path: Path, item: dict[str, Any]) -> None:
    run = read(tmp_path, {"7": item, "8": {"parsed_scores": SCORES}})
    (failed,) = run.unjudged
    assert (failed.item, failed.cls, failed.reason) == ("7", Class.ERROR, "HTTP 500")
    assert [j.item for j in run.judged] == ["8"]
    assert run.pieces == 2


@pytest.mark.parametrize("fifth", [{}, {"Plot": None}, {"Plot": "N/A"}, {"Plot": 21.0}])
def test_fewer_than_five_valid_scores_are_no_verdict(tmp_path: Path, fifth: dict[str, Any]) -> None:
    few = {name: score for name, score in SCORES.items() if name != "Plot"} | fifth
    outputs = [{"parsed_scores": few}, {"parsed_scores": SCORES}]
    run = read(
        tmp_path,
        {
            "7": {"parsed_scores": few, "aggregated_score_raw": 6.0, "judge_response": "said"},
            "8": {"judge_outputs": outputs},
        },
    )
    (failed,) = run.unjudged
    assert (failed.item, failed.cls) == ("7", Class.UNPARSEABLE)
    assert failed.reason == "fewer than 5 criterion scores within the scoring range"
    assert run.replies["ann", "1", "7"] == "said"
    # Of an ensemble the member that gave enough stands alone.
    assert [(j.item, j.member) for j in run.judged] == [("8", 1)]
    assert run.classes == {Class.OK: 1, Class.UNPARSEABLE: 1}


def test_one_run_is_picked_by_its_key(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {"a": run_of({"7": {"parsed_scores": SCORES}}), "b": run_of({}), "broken": {"results": 3}},
    )
    assert list(read_runs_file(path, "a")) == ["a"]
    with pytest.raises(UsageError, match='no run "c"; there are a, b, broken'):
        read_runs_file(path, "c")


def test_nan_and_statistics_of_the_programs_that_wrote_the_file_are_passed_over(
    tmp_path: Path,
) -> None:
    scores = SCORES | {"Tone": float("nan")}
    text = json.dumps({"k": run_of({"7": {"parsed_scores": scores}})})
    run = read_runs_file(written(tmp_path, text.replace('"status"', '"tau": NaN, "status"')))["k"]
    assert run.judged[0].scores == SCORES


@pytest.mark.parametrize("content", [[], {}, {"k": []}, {"k": {"judge_model": "x"}}, {"ann": {}}])
def test_other_json_is_no_runs_file(tmp_path: Path, content: object) -> None:
    assert not is_runs_file(content)
    with pytest.raises(InputError, match="is not a runs file; such a file holds"):
        read_runs_file(written(tmp_path, content))


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        ({"results": []}, '"k" > "results"'),
        (
            {"results": {"ann": {"1": {"7": {"parsed_scores": {"Wit": "good"}}}}}},
            '"k" > "results" > "ann" > "1" > "7" > "parsed_scores" > "Wit"',
        ),
        ({"scoring_range": {"min": 5, "max": 5}}, '"k" > "scoring_range"'),
        ({"scoring_range": {"min": False, "max": 5}}, '"k" > "scoring_range" > "min"'),
        ({"ensemble_method": "mode"}, '"k" > "ensemble_method"'),
        *(
            (
                {"results": {"ann": {"1": {"7": {"aggregated_score_raw": score}}}}},
                '"k" > "results" > "ann" > "1" > "7" > "aggregated_score_raw"',
            )
            for score in (True, "7", 1e300)
        ),
    ],
)
def test_a_wrong_shape_is_reported_with_its_place(
    tmp_path: Path, broken: dict[str, Any], place: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, {}, **broken)
    assert caught.value.place == place
    assert caught.value.fix


@pytest.mark.parametrize("length", [10**400, -1, 1.5])
def test_a_length_that_no_text_has_is_named(tmp_path: Path, length: float) -> None:
    item = {"parsed_scores": {"Wit": 7.0}, "text_length": length}
    path = tmp_path / "runs.json"
    results = {"ann": {"1": {"7": item}}}
    path.write_text(json.dumps({"one": {"judge_model": "j", "results": results}}), "utf-8")
    with pytest.raises(InputError, match=r"text_length"):
        read_runs_file(path, None)


@pytest.mark.parametrize(
    ("scores", "own"),
    [([7.5, 10.0, 0.0], False), ([7.5, 10.4, 9.0], False), ([1203.5, 1190.0, 1200.0], True)],
)
def test_item_scores_mostly_beyond_the_rubrics_range_are_on_a_scale_of_their_own(
    tmp_path: Path, scores: list[float], own: bool
) -> None:
    """So that no constants of a scorecard are applied to them."""
    items = {f"i{n}": {"aggregated_score_raw": score} for n, score in enumerate(scores)}
    path = tmp_path / "runs.json"
    path.write_text(json.dumps({"r": {"results": {"w": {"1": items}}}}), "utf-8")
    assert read_runs_file(path)["r"].own_scale is own
