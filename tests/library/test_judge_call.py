"""judge and load: a run from within a program."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import judgemark as jm
from tests.library.judged_data import QUALITY, SAMPLES, prefers, reads
from tests.support.fake_endpoint import Asked, FakeEndpoint, refused, said

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")

PROMPTS = {
    str(item): "Rate [TEST MODEL RESPONSE]\n[TEST MODEL RESPONSE END] with [Scores]"
    for item in (1, 2, 3, 4)
}


def answers(asked: Asked) -> Any:
    """Every criterion gets the quality that the piece in the prompt names."""
    from tests.library.judged_data import quality_of

    q = quality_of(asked.prompt)
    return said(f"[Scores]\nPlot: {q}\nVoice: {q}\nPace: {q}\nWit: {q}\nDepth: {q}")


def prompts() -> str:
    Path("p.json").write_text(json.dumps(PROMPTS), "utf-8")
    return "p.json"


def test_a_function_judges_pieces() -> None:
    run = jm.judge(reads, samples=SAMPLES)
    assert run.v4 is not None and run.v4 > 130
    assert run.scores.to_columns()["score"][0] == 8.1
    assert run.folder is not None and (run.folder / "result.json").is_file()
    assert run.result == json.loads((run.folder / "result.json").read_text("utf-8"))


def test_the_same_call_again_asks_nothing() -> None:
    judge = jm.ScriptedJudge(otherwise=6.0)
    first = jm.judge(judge, samples=SAMPLES)
    assert len(judge.asked) == 12
    again = jm.judge(judge, samples=SAMPLES)
    assert len(judge.asked) == 12
    assert again.result == first.result


def test_a_function_judges_pairs() -> None:
    run = jm.judge(prefers, samples=SAMPLES, mode="pairwise", reference_scores=QUALITY)
    assert run.result["reference"]["kendall_tau"] == 1
    assert run.result["judge"]["mode"] == "pairwise"
    assert run.v2_1 is not None and run.v2_1.raw is None


def test_a_function_is_told_what_the_writers_were_asked() -> None:
    seen: list[str] = []

    def judge(pairs: Any) -> list[float]:
        seen.extend(pair.instruction for pair in pairs)
        return [0.5] * len(pairs)

    asked = {item: f"Write on {item}." for item in PROMPTS}
    jm.judge(judge, samples=SAMPLES, mode="pairwise", writing_prompts=asked)
    assert set(seen) == set(asked.values())


def test_it_works_off_the_main_thread() -> None:
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(jm.judge, reads, samples=SAMPLES).result()
    assert run.status == "complete"
    assert threading.current_thread() is threading.main_thread()


def test_two_runs_at_once() -> None:
    others = {"zoe": SAMPLES["ann"], "yan": SAMPLES["cid"]}
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(jm.judge, reads, samples=SAMPLES)
        two = pool.submit(jm.judge, reads, samples=others)
        assert one.result().run_id != two.result().run_id


def test_a_judge_at_an_endpoint_takes_the_settings_of_the_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("s.json").write_text(json.dumps(SAMPLES), "utf-8")
    with FakeEndpoint(answers) as endpoint:
        run = jm.judge(
            "some/judge",
            samples="s.json",
            prompts_file=prompts(),
            base_url=endpoint.url,
            threads=2,
            temperature=None,
            top_p=0.5,
            extra_body={"seed": 7},
            writers=["ann", "bea"],
            run_id="mine",
        )
    body = endpoint.asked[0].body
    assert body["top_p"] == 0.5 and body["seed"] == 7 and "temperature" not in body
    assert run.run_id == "mine" and set(run.result["writers"]) == {"ann", "bea"}
    assert run.status == "limited"
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err == ""


def test_progress_is_shown_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    jm.judge(reads, samples=SAMPLES, progress=True)
    printed = capsys.readouterr()
    assert printed.out == "" and "judging" in printed.err


def test_an_endpoint_that_refuses_raises() -> None:
    with FakeEndpoint(lambda _: refused(401, "wrong key")) as endpoint, pytest.raises(jm.Refused):
        jm.judge("x", samples=SAMPLES, prompts_file=prompts(), base_url=endpoint.url)


def test_a_cap_raises_and_the_same_call_goes_on() -> None:
    with FakeEndpoint(answers) as endpoint:
        given: Any = {"samples": SAMPLES, "prompts_file": prompts(), "base_url": endpoint.url}
        with pytest.raises(jm.CapReached, match="max_requests"):
            jm.judge("x", max_requests=5, threads=1, **given)
        before = len([a for a in endpoint.asked if a.path.endswith("/chat/completions")])
        run = jm.judge("x", **given)
        after = len([a for a in endpoint.asked if a.path.endswith("/chat/completions")])
    assert run.status == "complete"
    assert (before, after) == (5, 12)


def test_an_estimate_above_the_limit_raises_and_nobody_is_prompted() -> None:
    """12 replies of up to 16,000 tokens at $1,000 for a million tokens."""
    with FakeEndpoint(answers) as endpoint:
        given: Any = {
            "samples": SAMPLES, "prompts_file": prompts(), "base_url": endpoint.url,
            "price_out": 1000,
        }  # fmt: skip
        with pytest.raises(jm.UsageError, match="confirm_above 1; give yes=True or max_cost"):
            jm.judge("x", **given)
        assert endpoint.asked == []
        assert jm.judge("x", yes=True, **given).status == "complete"


def test_load_opens_a_run_by_id_folder_and_name() -> None:
    run = jm.judge(reads, samples=SAMPLES, run_id="mine", runs_dir="kept")
    assert jm.load("mine", runs_dir="kept").result == run.result
    assert jm.load(Path("kept", "mine")).scores.to_columns() == run.scores.to_columns()


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no setting": ({"thread": 3}, 'no setting "thread"; did you mean "threads"'),
    "a number out of bounds": ({"threads": 0}, "threads"),
    "a mode that there is not": ({"mode": "both"}, "mode"),
    "a setting of the other mode": ({"rounds": 3}, "rounds "),
    "no such file": ({"samples": "missing.json"}, "missing.json"),
    "samples of another shape": ({"samples": {"ann": ["a text"]}}, 'samples: "ann": is an array'),
    "samples that are none": ({"samples": 3}, "samples: int"),
    "a writer that there is not": ({"writers": ["zoe"]}, '"zoe"'),
    "an option of another judge": ({"dtype": "auto"}, "dtype"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_used_is_told_in_one_line_by_the_keywords_name(case: str) -> None:
    settings, told = WRONG[case]
    with pytest.raises(jm.UsageError) as raised:
        jm.judge(reads, **{"samples": SAMPLES, **settings})
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not Path("runs").exists() or not any(Path("runs").iterdir())


@pytest.mark.parametrize("judge", ["basline:x", 7, None])
def test_what_is_no_judge(judge: Any) -> None:
    with pytest.raises(jm.UsageError, match="judge: "):
        jm.judge(judge, samples=SAMPLES)


def test_whole_numbers_may_name_writers_iterations_and_items() -> None:
    numbered: Any = {
        number: {"samples": {1: {int(i): text for i, text in entry["samples"]["1"].items()}}}
        for number, entry in enumerate(SAMPLES.values())
    }
    order: Any = {0: 3, 1: 2, 2: 1}
    run = jm.judge(reads, samples=numbered, reference_scores=order)
    assert set(run.scores.to_columns()["writer"]) == {"0", "1", "2"}
    assert run.result["reference"]["writers"] == 3
    twice = {"ann": {"samples": {1: {"x": "One."}, "1": {"x": "Two."}}}}
    with pytest.raises(jm.UsageError, match=r'\'1\' and "1" are one name'):
        jm.judge(reads, samples=twice)
