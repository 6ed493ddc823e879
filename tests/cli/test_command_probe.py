"""`probe`: what is asked, what is found, and that it resumes; judges whose sways are planted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import judgemark as jm
from judgemark.cli import main
from judgemark.inputs.our_files import OUR_CRITERIA, OUR_PROMPTS
from tests.support.fake_endpoint import Asked, FakeEndpoint
from tests.support.pairwise import letters
from tests.support.swayed_judges import SwayedPairs, SwayedScores

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn_page")

OURS = ("--prompts-file", str(OUR_PROMPTS), "--criteria-file", str(OUR_CRITERIA))


@pytest.fixture
def undrawn_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without chart and page, which take longer than all the rest."""
    monkeypatch.setattr("judgemark.report.page_probe.draw_probe", lambda _: ((), ("",)))


def result_of(run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("runs", run_id, "result.json").read_text("utf-8"))
    return found


def probe(*flags: str, judge: str = "baseline:length", run_id: str = "r") -> int:
    return main(["probe", "--judge-model", judge, "--run-id", run_id, *flags])


def test_what_sways_a_scorer_is_found_at_its_size_and_nothing_else() -> None:
    planted = {
        "padding.paragraph": 0.6,
        "attribution.famous": 0.8,
        "scale.0-20": -0.5,
        "injection.note": 1.0,
    }
    run = jm.probe(
        SwayedScores(planted), limit=3, prompts_file=OUR_PROMPTS, criteria_file=OUR_CRITERIA
    )
    effects = {key: block["effect"] for key, block in run.probes.items() if block["found"]}
    assert effects == pytest.approx(planted, abs=1e-3)
    cleared = {key for key, block in run.probes.items() if block["found"] is False}
    assert cleared == {
        "attribution.person", "attribution.ai", "scale.1-5", "criteria.reversed",
        "criteria.shuffled", "format.markup", "injection.order", "injection.markup",
        "injection.plea", "repeat.drift",
    }  # fmt: skip
    assert run.most_swayed_by == "a false note (+1.0 points)"
    assert run.kind == "probe" and run.status == "complete" and run.reads is None


def test_what_sways_a_comparer_is_found_at_its_size() -> None:
    # All texts are alike: P = 1 / (1 + exp(-1)) = .7311 for the text with the order.
    run = jm.probe(SwayedPairs({"injection.order": 1.0}), mode="pairwise", limit=12)
    assert run.probes["injection.order"]["effect"] == pytest.approx(0.2311, abs=1e-4)
    assert run.probes["injection.order"]["found"] is True
    assert run.probes["padding.paragraph"]["found"] is False
    assert run.probes["position.first"]["effect"] == 0.0
    assert run.probes["scale.0-20"]["found"] is None
    assert "only a judge in mode rubric" in run.result["notes"]["validity.probes.scale.0-20"]


def test_a_judge_that_prefers_the_first_text_is_reported() -> None:
    run = jm.probe(SwayedPairs(first=0.4), mode="pairwise", limit=8, probes=["position", "repeat"])
    # 1 / (1 + exp(-.4)) = .5987 for the first place in either order, so every favourite changes.
    assert run.probes["position.first"]["effect"] == pytest.approx(0.0987, abs=1e-4)
    assert run.probes["position.flips"]["effect"] == 1.0
    assert run.probes["position.flips"]["found"] is True
    assert run.most_swayed_by == "the order of the texts (100%)"


def test_without_repeats_changes_of_favourites_are_shown_and_not_tested() -> None:
    run = jm.probe(SwayedPairs(first=0.4), mode="pairwise", limit=8, probes=["position"])
    flips = run.probes["position.flips"]
    assert (flips["effect"], flips["p"], flips["found"]) == (1.0, None, None)
    assert "probe `repeat` as well" in run.result["notes"]["validity.probes.position.flips"]


def test_every_piece_and_pair_is_asked_as_often_as_the_registry_says() -> None:
    # 4 pieces: plain, 6 arms of the text and the repeat. 2 pairs: 2 + 4 x 6 + 2 questions each.
    assert probe("--limit", "4") == 0
    assert result_of("r")["coverage"]["questions"] == 4 * 8
    assert probe("--limit", "4", "--mode", "pairwise", run_id="p") == 0
    assert result_of("p")["coverage"]["questions"] == 2 * (2 + 4 * 6 + 2)


def test_an_endpoint_is_asked_for_other_scales_and_shown_other_orders() -> None:
    judge = SwayedScores({"scale.1-5": 0.4})
    with FakeEndpoint(judge.script) as endpoint:
        code = probe("--probes", "scale,criteria", "paraphrase", "repeat", "--limit", "3",
                     "--base-url", endpoint.url, judge="fake")  # fmt: skip
        prompts = [asked.prompt for asked in endpoint.asked]
    assert code == 0
    assert len(prompts) == 3 * 7
    assert sum("from 0 to 20" in prompt for prompt in prompts) == 3
    first = [prompt.split("\n- ")[1].split(" (")[0] for prompt in prompts]
    assert first.count("Wish to Read On") >= 3
    assert sum("You read short fiction with care" in prompt for prompt in prompts) == 3
    # The repeats come last, and each is a question that was asked before.
    assert set(prompts[-3:]) <= set(prompts[:-3])
    found = result_of("r")["validity"]["probes"]
    assert found["scale.1-5"]["effect"] == pytest.approx(0.4, abs=1e-3)
    assert found["repeat.drift"]["effect"] == 0.0
    assert result_of("r")["probe"]["served"] == {"first": ["fake-2026"], "repeats": ["fake-2026"]}


def test_an_interrupted_run_asks_only_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    flags = ("--probes", "injection", "repeat", "--limit", "3", "--threads", "1")
    with FakeEndpoint(SwayedScores({"injection.plea": 1.0}).script) as endpoint:
        at = ("--base-url", endpoint.url)
        assert probe(*flags, *at, "--max-requests", "7", judge="fake") == 3
        assert probe(*flags, *at, "--dry-run", judge="fake") == 0
        assert "11 questions to ask, 7 answered already" in capsys.readouterr().out
        assert probe(*flags, *at, judge="fake") == 0
        assert len(endpoint.asked) == 3 * 6
        assert probe(*flags, *at, judge="fake") == 0
        assert len(endpoint.asked) == 3 * 6
    assert result_of("r")["validity"]["probes"]["injection.plea"]["effect"] == pytest.approx(
        1.0, abs=1e-3
    )
    assert "swayed" in capsys.readouterr().out


def test_a_pairwise_endpoint_is_probed_with_its_log_probabilities(
    capsys: pytest.CaptureFixture[str],
) -> None:
    samples = {
        w: {"samples": {"1": {"x": f"A piece of quality 5 by {w}, and it was there."}}}
        for w in "abcd"
    }
    Path("samples.json").write_text(json.dumps(samples), "utf-8")
    Path("asked.json").write_text(json.dumps({"x": {"writing_prompt": "Write."}}), "utf-8")
    given = ("--samples-file", "samples.json", "--writing-prompts", "asked.json")
    asked = ("--mode", "pairwise", "--probes", "position", "repeat")
    with FakeEndpoint(letters) as endpoint:
        code = probe(*given, *asked, "--base-url", endpoint.url, judge="fake")
    assert code == 0
    found = result_of("r")["validity"]["probes"]
    # The script gives the first text .4 more of log-odds: 1 / (1 + exp(-.4)) = .5987.
    assert found["position.first"]["effect"] == pytest.approx(0.0987, abs=1e-4)
    assert "Probability of the first place" in capsys.readouterr().out


def test_a_question_without_a_verdict_is_missing_and_the_run_incomplete(
    capsys: pytest.CaptureFixture[str],
) -> None:
    judge = SwayedScores()

    def script(asked: Asked) -> Any:
        from tests.support.fake_endpoint import said

        return said("I cannot.") if "Nobel Prize" in asked.prompt else judge.script(asked)

    with FakeEndpoint(script) as endpoint:
        code = probe(
            "--probes", "attribution", "--limit", "3", "--base-url", endpoint.url, judge="fake"
        )
    assert code == 1
    out = capsys.readouterr().out
    assert "Not known: attribution.famous (too few answers)" in out and "Not asked" not in out
    assert "most often (3 of 3)" in out and "asks only about those" in out
    result = result_of("r")
    assert result["status"] == "incomplete"
    assert result["validity"]["probes"]["attribution.famous"]["effect"] is None
    assert (
        "0 pieces have a verdict in both arms"
        in result["notes"]["validity.probes.attribution.famous"]
    )
    assert result["probe"]["contrasts"]["attribution.famous"]["missing"] == 3
    assert result["validity"]["probes"]["attribution.ai"]["effect"] == 0.0


def test_score_prints_the_result_of_a_copied_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert probe("--limit", "4", "--mode", "pairwise") == 0
    shutil.copytree("runs/r", "elsewhere/r")
    for name in ("result.json", "report.html"):
        Path("elsewhere/r", name).unlink()
    capsys.readouterr()
    assert main(["score", "elsewhere/r", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == result_of("r")
    assert main(["score", "r"]) == 0
    assert "Not asked here: attribution.person" in capsys.readouterr().out
    assert main(["runs"]) == 0
    assert "probe  complete  not shown to be swayed" in capsys.readouterr().out
    assert isinstance(jm.load("r"), jm.Run)


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--probes", "postion"), '"postion" is not a probe; did you mean "position"?'),
        (("--probes", "scale"), "--probes scale: this judge is shown no judge prompt"),
        (("--probes", "position"), "--probes position: only a judge in --mode pairwise is asked"),
        (("--probes", "self"), "--probes self: not asked here: it needs runs of other judges"),
        (("--budget", "5", "--probes", "padding"), None),
        (("--budget", "3", "--probes", "padding"), "--budget 3: these probes ask 2 questions"),
        (("--samples-file", "damaged.json"), "the samples hold no undamaged piece"),
        (("--mode", "pairwise", "--writers", "Dunmore", "--iterations", "1"), "no item has two"),
    ],
)
def test_what_cannot_be_asked_is_one_line(
    flags: tuple[str, ...], told: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    origin = {"derived_from": "b", "kind": "end-cut", "severity": 0.5, "seed": 1}
    damaged = {"a": {"samples": {"1": {"x": "A text."}}, "provenance": {"1": {"x": origin}}}}
    Path("damaged.json").write_text(json.dumps(damaged), "utf-8")
    assert probe(*flags) == (0 if told is None else 2)
    errors = capsys.readouterr().err.strip()
    assert errors == "" if told is None else told in errors
    assert "\n" not in errors


def test_a_scale_is_not_asked_where_the_prompts_name_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    prompt = "Score it from 0 to 10.\n[TEST MODEL RESPONSE]\n[TEST MODEL RESPONSE END]\n"
    Path("samples.json").write_text(
        json.dumps({"a": {"samples": {"1": {"x": "A", "y": "B"}}}}), "utf-8"
    )
    Path("prompts.json").write_text(json.dumps({"x": prompt, "y": prompt}), "utf-8")
    own = ("--samples-file", "samples.json", "--prompts-file", "prompts.json", "--probes", "scale")
    at = ("--base-url", "http://127.0.0.1:9/v1")
    assert probe(*own, *at, "--dry-run", judge="fake", run_id="s") == 2
    assert "no other scale can be asked for" in capsys.readouterr().err


def test_a_damaged_draw_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert probe("--limit", "4") == 0
    Path("runs/r/drawn.json.gz").write_bytes(b"not packed")
    capsys.readouterr()
    assert main(["score", "r"]) == 2
    assert "drawn.json.gz: is damaged" in capsys.readouterr().err
    assert main(["export", "r"]) == 2
    assert "asked about the same pieces in several arms" in capsys.readouterr().err


def judge_that_favours(favour: float, version: str) -> Any:
    """A judge that scores by a piece's length and adds `favour` for texts that say `mine`."""

    def score(piece: Any) -> dict[str, float]:
        value = 3 + len(piece.text) % 3 + favour * ("mine" in piece.text)
        return {f"criterion {n}": value for n in "abcdef"}

    score.version = version  # type: ignore[attr-defined]
    score.__name__ = version
    return score


def test_runs_of_other_judges_give_self_and_family(capsys: pytest.CaptureFixture[str]) -> None:
    family_of = {"gpt-5": "mine", "gpt-4o": "mine", "claude-4": "other"}
    samples = {
        writer: {
            "samples": {"1": {f"i{n}": f"A {word} text of {writer}, {'x' * n}" for n in range(5)}}
        }
        for writer, word in family_of.items()
    }
    for favour, name in ((0.5, "gpt-5"), (0.0, "grok-3")):
        jm.judge(judge_that_favours(favour, name), samples=samples, run_id=name)
    run = jm.probe(judge_that_favours(0.5, "gpt-5"), samples=samples, probes=["self", "family"],
                   beside=["gpt-5", "grok-3"])  # fmt: skip
    # Half a point on 0..10 is .45 on v2.1's 1..10, for its own pieces and those of its family.
    assert run.result["judge"]["spec"] == "python:gpt-5"
    assert run.probes["self.excess"]["effect"] == pytest.approx(0.45, abs=0.006)
    assert run.probes["family.excess"]["effect"] == pytest.approx(0.45, abs=0.006)
    assert run.probes["self.excess"]["found"] is True
    assert run.result["coverage"]["questions"] == 2
    with pytest.raises(jm.UsageError, match="beside: no run is by gpt-5; these are by grok-3"):
        jm.probe(
            judge_that_favours(0.5, "gpt-5"), samples=samples, probes=["self"], beside=["grok-3"]
        )
    with pytest.raises(jm.UsageError, match="beside: two runs are by gpt-5"):
        jm.probe(judge_that_favours(0.5, "gpt-5"), samples=samples, beside=["gpt-5", "gpt-5"])
    capsys.readouterr()
