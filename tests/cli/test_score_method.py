"""--score-method through the whole command: asked once, stored, scored again, compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from judgemark.inputs.prompts import END, START
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, Script, refused, said
from tests.support.token_logprobs import choice_logprobs, tokens_of

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")

NAMES = ("Wit", "Pace", "Voice", "Clarity", "Warmth")
ITEMS = ("rain", "sea", "rye")
WRITERS = {"ann": 0.1, "bea": 0.4, "cid": 0.8}
"""How likely the judge was to give one point more than the score that it wrote for each writer."""


def samples() -> dict[str, Any]:
    return {
        writer: {"samples": {"0": {item: f"{writer} on {item}." for item in ITEMS}}}
        for writer in WRITERS
    }


def written(asked: Asked) -> int:
    """The score in the reply: 6 on the sea, else 7."""
    return 6 if "on sea" in asked.prompt else 7


def with_probabilities(asked: Asked) -> Answer:
    """Every score on an item is the same; the probability of a point more tells writers apart."""
    more = next(p for writer, p in WRITERS.items() if f"{writer} on" in asked.prompt)
    score = written(asked)
    text = "\n".join(f"{name}: {score}" for name in NAMES)
    tokens = tokens_of(text)
    chances = {
        n: {str(score): 1 - more, str(score + 1): more}
        for n, token in enumerate(tokens)
        if token.isdigit()
    }
    answer = json.loads(said(text).body)
    answer["choices"][0]["logprobs"] = choice_logprobs(tokens, chances)
    return Answer(body=json.dumps(answer).encode())


def without(asked: Asked) -> Answer:
    return said("\n".join(f"{name}: {written(asked)}" for name in NAMES))


def not_taken(asked: Asked) -> Answer:
    if "logprobs" in asked.body:
        return refused(400, "Unsupported parameter: 'logprobs'", param="logprobs")
    if "top_logprobs" in asked.body:
        return refused(400, "Unsupported parameter: 'top_logprobs'", param="top_logprobs")
    return without(asked)


def judged(script: Script, *flags: str) -> tuple[int, list[Asked]]:
    Path("s.json").write_text(json.dumps(samples()), "utf-8")
    Path("t.txt").write_text(f"Score.\n{START}\n{END}", "utf-8")
    criteria = {"criteria": [{"name": name, "negative": False} for name in NAMES]}
    Path("c.json").write_text(json.dumps(criteria), "utf-8")
    with FakeEndpoint(script) as endpoint:
        code = main([
            "--judge-model", "fake", "--base-url", endpoint.url, "--samples-file", "s.json",
            "--template", "t.txt", "--criteria-file", "c.json", *flags,
        ])  # fmt: skip
        return code, endpoint.asked


def result_of(run: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("runs", run, "result.json").read_text("utf-8"))
    return found


def means(result: dict[str, Any]) -> dict[str, float]:
    return {name: w["raw"]["mean"] for name, w in result["writers"].items()}


def test_expected_scores_come_from_the_same_calls_and_tell_apart_what_the_replies_do_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Ann's expected criterion score for a 7 is 0.9 x 7 + 0.1 x 8 = 7.1, on v2.1's scale
    1 + 7.1 x 0.9 = 7.39, and 6.49 for a 6: (2 x 7.39 + 6.49) / 3 = 7.09. Bea's 7.66 and 6.76 are
    7.36, cid's 8.02 and 7.12 are 7.72. As written, all are (2 x 7.3 + 6.4) / 3 = 7.0."""
    code, asked = judged(with_probabilities, "--score-method", "expected", "--run-id", "r")
    assert code == 0
    assert len(asked) == 9
    assert all(a.body["logprobs"] is True and a.body["top_logprobs"] == 20 for a in asked)
    result = result_of("r")
    assert means(result) == pytest.approx({"ann": 7.09, "bea": 7.36, "cid": 7.72})
    assert result["fingerprint"]["scoring"]["method"] == "expected"
    found = result["score_methods"]
    assert (found["method"], found["scores"], found["expected"]) == ("expected", 45, 45)
    assert found["gain"]["expected"]["v4"]["raw"]["difference"] > 0
    capsys.readouterr()
    assert main(["score", "r", "--json", "--score-method", "plain"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert means(plain) == pytest.approx(dict.fromkeys(WRITERS, 7.0))
    assert "method" not in plain["fingerprint"]["scoring"]
    assert main(["score", "r", "--json"]) == 0
    assert means(json.loads(capsys.readouterr().out)) == means(result)
    assert main(["score", "r", "--json", "--score-method", "ranked"]) == 0
    assert json.loads(capsys.readouterr().out)["fingerprint"]["scoring"]["method"] == "ranked"


def test_the_journal_holds_what_is_needed_and_the_same_command_asks_nothing() -> None:
    flags = ("--score-method", "expected", "--run-id", "r")
    judged(with_probabilities, *flags)
    lines = Path("runs/r/verdicts.jsonl").read_text("utf-8").splitlines()
    line = next(x for x in map(json.loads, lines) if x["item"] == "rain")
    assert len(line["numbers"]) == len(NAMES)
    assert line["numbers"][0]["steps"][0][0][0] == "7"
    assert judged(with_probabilities, *flags) == (0, [])


def test_another_method_of_the_same_run_is_refused_with_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    judged(with_probabilities, "--score-method", "expected", "--run-id", "r")
    capsys.readouterr()
    code, asked = judged(with_probabilities, "--score-method", "ranked", "--run-id", "r")
    assert (code, asked) == (2, [])
    assert "score r --score-method ranked" in capsys.readouterr().err


def test_compare_says_what_the_method_gains(capsys: pytest.CaptureFixture[str]) -> None:
    judged(with_probabilities, "--score-method", "expected", "--run-id", "r")
    judged(with_probabilities, "--run-id", "plain")
    capsys.readouterr()
    assert main(["compare", "r", "plain", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [run.get("score_method") for run in found["runs"]] == ["expected", None]
    assert found["differences"]["v4"]["raw"]["difference"] > 0
    assert main(["compare", "r", "r", "--score-method", "plain"]) == 0
    assert "B  fake  (r, scores expected)" in capsys.readouterr().out


@pytest.mark.parametrize("script", [without, not_taken])
def test_where_the_endpoint_gives_none_the_plain_scores_stand_and_it_is_said(
    script: Script, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judged(script, "--score-method", "expected", "--run-id", "r")[0] == 0
    result = result_of("r")
    assert means(result) == pytest.approx(dict.fromkeys(WRITERS, 7.0))
    assert result["score_methods"]["reason"]
    assert "no_probabilities" in [w["kind"] for w in result["warnings"]]
    capsys.readouterr()
    assert main(["score", "r", "--score-method", "ranked"]) == 2
    assert 'run "r" holds no log-probabilities' in capsys.readouterr().err


def test_questions_change_their_key_only_where_log_probabilities_are_asked_for() -> None:
    def keys(run: str, *flags: str) -> set[str]:
        judged(with_probabilities, "--run-id", run, *flags)
        lines = Path("runs", run, "verdicts.jsonl").read_text("utf-8").splitlines()
        return {json.loads(line)["question"] for line in lines}

    plain = keys("a")
    assert plain == keys("b", "--score-method", "plain")
    expected = keys("c", "--score-method", "expected")
    assert not plain & expected
    assert expected == keys("d", "--score-method", "ranked")


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["--structured", "auto"], "needs replies in free text; leave --structured out"),
        (["--mode", "pairwise"], "--score-method works only with --mode rubric"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    flags: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, asked = judged(with_probabilities, "--score-method", "expected", *flags)
    assert (code, asked) == (2, [])
    assert expected in capsys.readouterr().err


def test_the_library_scores_a_run_by_another_method() -> None:
    import judgemark as jm

    judged(with_probabilities, "--score-method", "expected", "--run-id", "r")
    run = jm.load("r")
    assert means(dict(run.with_score_method("plain").result)) == pytest.approx(
        dict.fromkeys(WRITERS, 7.0)
    )
    assert run.with_score_method("expected").v4 == run.v4


def test_details_name_the_method_and_its_gain(capsys: pytest.CaptureFixture[str]) -> None:
    judged(with_probabilities, "--score-method", "expected", "--run-id", "r", "--details")
    said = capsys.readouterr().out
    assert "expected: 45 of 45 criterion scores have an expected value" in said
    assert "Gain, expected" in said


def at_most_five(asked: Asked) -> Answer:
    """An endpoint in vLLM's words."""
    most = asked.body.get("top_logprobs") or 0
    if most > 5:
        told = f"Requested sample logprobs of {most}, which is greater than max allowed: 5"
        return refused(400, told)
    return with_probabilities(asked)


def test_fewer_alternatives_are_asked_for_where_the_endpoint_allows_fewer() -> None:
    code, asked = judged(at_most_five, "--score-method", "expected", "--run-id", "r")
    assert code == 0
    assert asked[-1].body["top_logprobs"] == 5
    assert result_of("r")["score_methods"]["expected"] == 45
    assert judged(at_most_five, "--score-method", "expected", "--run-id", "r") == (0, [])


def test_a_judge_that_gives_no_log_probabilities_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--judge-model", "baseline:length", "--score-method", "expected"]) == 2
    assert "baseline:length gives none" in capsys.readouterr().err
