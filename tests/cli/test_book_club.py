"""A book club through the real command: asked, interrupted, resumed, scored and shown."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from judgemark.run.folder import RunFolder
from judgemark.run.stored_run import read_run
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, refused, said

pytestmark = pytest.mark.usefixtures("elsewhere")
quick = pytest.mark.usefixtures("undrawn")

CRITERIA = ("Plot", "Voice", "Pace", "Wit", "Depth")
QUALITY = {"ann": 8, "bea": 5, "cid": 2}
ITEMS = ("1", "2", "3", "4")


def stage_of(asked: Asked) -> str:
    """Which stage a request belongs to, by the words of our own prompts."""
    prompt = asked.prompt
    for words, stage in (
        ("talk about its merits", "merit"),
        ("Propose a score", "proposal"),
        ("is over", "final"),
    ):
        if words in prompt:
            return stage
    return "score"


def scores(asked: Asked) -> Answer:
    """Alone, judge b is off by two; the discussion brings it to the truth."""
    first = asked.body["messages"][0]["content"]
    quality = int(re.findall(r"quality (\d+)", first)[0])
    stage = stage_of(asked)
    if stage in ("merit", "proposal"):
        return said(f"I am {asked.body['model']} and say {quality} for {stage}.")
    off = -2 if asked.body["model"] == "b" and stage == "score" and quality == 8 else 0
    lines = "\n".join(f"{name}: {quality + off}" for name in CRITERIA)
    return said(f"[Scores]\n{lines}")


def files() -> list[str]:
    samples = {
        w: {"samples": {"1": {i: f"A piece of quality {q}, on item {i}." for i in ITEMS}}}
        for w, q in QUALITY.items()
    }
    prompt = "Rate [TEST MODEL RESPONSE]\n[TEST MODEL RESPONSE END] with [Scores]"
    prompts = dict.fromkeys(ITEMS, prompt)
    Path("s.json").write_text(json.dumps(samples), "utf-8")
    Path("p.json").write_text(json.dumps(prompts), "utf-8")
    return ["--samples-file", "s.json", "--prompts-file", "p.json"]


def run(endpoint: FakeEndpoint, *more: str, judges: str = "a,b") -> int:
    return main(
        ["--judge-models", judges, "--book-club", "--base-url", endpoint.url, "--run-id", "club",
         *files(), *more]
    )  # fmt: skip


def entries() -> list[dict[str, Any]]:
    lines = Path("runs/club/verdicts.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def result() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("runs/club/result.json").read_text("utf-8"))
    return found


def test_a_club_discusses_scores_and_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with FakeEndpoint(scores) as endpoint:
        assert run(endpoint, "--save-raw-judge-output") == 0
    out = capsys.readouterr().out
    # 12 pieces, 2 judges, 4 stages.
    assert "at most 96 questions to ask" in out
    assert Counter(e["slot"]["stage"] for e in entries()) == dict.fromkeys(
        ("score", "merit-1", "proposal-1", "final"), 24
    )
    # All replies count as answers; those of scores tell how many could be read.
    assert result()["coverage"]["classes"] == {"ok": 96}
    assert "96 requests, 0 of them repeats" in out
    club = result()["ensemble"]["club"]
    assert (club["discussions"], club["turns"], club["turns_failed"]) == (12, 48, 0)
    # Judge b was off by 2 on four of twelve pieces, which is 1.8 on v2.1's scale of 1 to 10. Two
    # scores that differ by d have the standard deviation d / sqrt(2).
    assert club["spread"] == [pytest.approx(4 * 1.8 / 2**0.5 / 12), 0.0]
    assert club["moved"] == [0.0, pytest.approx(4 * 1.8 / 12)]
    assert club["against_plain"]["first"] >= club["against_plain"]["second"]
    assert club["against_best"]["best_member"] == 1
    assert "Book club" in out and "12 pieces were discussed in 48 turns" in out
    page = Path("runs/club/report.html").read_text("utf-8")
    assert "One discussion" in page and "I am a and say 8 for merit." in page
    assert "first impression, judge 1: a" in page


@quick
def test_a_finished_club_asks_nothing_and_scores_from_its_folder_alone() -> None:
    with FakeEndpoint(scores) as endpoint:
        assert run(endpoint) == 0
        before = len(endpoint.asked)
        assert run(endpoint) == 0
        assert len(endpoint.asked) == before == 96
    judged = read_run(RunFolder(Path("runs/club")))
    assert {j.scores["Plot"] for j in judged.judged if j.writer == "ann" and j.scores} == {8.0}
    assert judged.club is not None and len(judged.club.impressions) == 24


@quick
@pytest.mark.parametrize("after", [5, 24, 30, 50, 75, 90])
def test_a_club_is_resumed_where_it_stopped(after: int) -> None:
    def gives_up(asked: Asked) -> Answer:
        return scores(asked) if asked.number < after else refused(401, "Incorrect API key")

    with FakeEndpoint(gives_up) as endpoint:
        assert run(endpoint, "--threads", "1") == 3
    kept = {(e["question"], *e["slot"].values()) for e in entries()}
    assert main(["score", "club"]) == 1
    with FakeEndpoint(scores) as endpoint:
        assert run(endpoint) == 0
        assert len(endpoint.asked) == 96 - len(kept)
    assert len(entries()) == 96
    assert result()["status"] == "complete"


@quick
def test_a_failed_turn_does_not_stop_the_discussion_and_stays_settled() -> None:
    def silent(asked: Asked) -> Answer:
        speaks = asked.body["model"] == "a" or stage_of(asked) != "merit"
        return scores(asked) if speaks else said("")

    with FakeEndpoint(silent) as endpoint:
        assert run(endpoint) == 0
    club = result()["ensemble"]["club"]
    assert club["turns_failed"] == 12 and club["failed_by_judge"] == {"2": 12}
    assert result()["status"] == "complete"
    with FakeEndpoint(scores) as endpoint:
        assert run(endpoint) == 0
        assert not endpoint.asked


@quick
def test_a_final_score_that_failed_is_asked_for_again() -> None:
    def vague(asked: Asked) -> Answer:
        bad = asked.body["model"] == "b" and stage_of(asked) == "final"
        return said("Lovely.") if bad and "item 2" in asked.body["messages"][0]["content"] else (
            scores(asked)
        )  # fmt: skip

    with FakeEndpoint(vague) as endpoint:
        assert run(endpoint) == 1
    assert result()["coverage"]["failures_total"] == 3
    with FakeEndpoint(scores) as endpoint:
        assert run(endpoint) == 0
        assert len(endpoint.asked) == 3
    assert result()["status"] == "complete"


BAD: list[tuple[list[str], str]] = [
    (["--judge-models", "a", "--book-club"], "one judge alone is not an ensemble"),
    (["--judge-model", "a", "--book-club"], "--book-club is for several judges"),
    (
        ["--judge-models", "a,baseline:lexical", "--book-club"],
        '"baseline:lexical" cannot discuss',
    ),
    (["--judge-models", "a,b", "--merit-rounds", "2"], "--merit-rounds is for --book-club"),
    (["--judge-models", "a,b", "--book-club", "--structured", "auto"], "leave --structured out"),
    (["--judge-models", "a,b", "--book-club", "--merit-rounds", "11"], "from 0 to 10"),
    (["--judge-models", "a,b", "--ensemble-method", "best"], "invalid choice"),
    (["--judge-models", "a,b", "--mode", "pairwise"], "an ensemble judges single pieces"),
    (["--judge-models", "a,,b"], "judge 2 of 3 has no name"),
    ([], "name the judge to measure"),
]


@pytest.mark.parametrize(("flags", "told"), BAD)
def test_bad_input_gets_one_line(
    flags: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["--base-url", "http://127.0.0.1:9/v1", *files()]
    criteria = [{"name": name, "negative": False} for name in CRITERIA]
    Path("c.json").write_text(json.dumps({"criteria": criteria}), "utf-8")
    assert main([*flags, *base, "--criteria-file", "c.json"] if flags else ["--limit", "1"]) == 2
    err = capsys.readouterr().err
    assert told in err and err.count("\n") == 1 and "Traceback" not in err
    assert not Path("runs").exists()


@quick
def test_a_club_is_no_part_of_an_ensemble(capsys: pytest.CaptureFixture[str]) -> None:
    with FakeEndpoint(scores) as endpoint:
        assert run(endpoint) == 0
    capsys.readouterr()
    assert main(["ensemble", "club", "club"]) == 2
    assert 'run "club" is a book club' in capsys.readouterr().err
