"""Tournaments with a judge at an endpoint: letters, words, resume, lent verdicts, long pairs."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from judgemark.cli import main
from tests.cli.pairwise_runs import (
    FIVE,
    judge,
    lines_of,
    ratings_of,
    result_of,
    spec_of,
    write,
    written,
)
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, Script, said
from tests.support.pairwise import (
    fewer_than,
    field,
    letters,
    sides,
    vllm_server,
    with_logprobs,
    words,
)

HOME = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


def chats(endpoint: FakeEndpoint) -> list[Asked]:
    return [asked for asked in endpoint.asked if asked.path.endswith("/chat/completions")]


def played_by(script: Script, run_id: str, *flags: str) -> tuple[int, list[Asked]]:
    """The exit code, and what the endpoint was asked."""
    with FakeEndpoint(script) as endpoint:
        code = judge(run_id, "--base-url", endpoint.url, *flags, judge_model="fake")
        return code, chats(endpoint)


def test_the_letters_log_probabilities_decide(capsys: pytest.CaptureFixture[str]) -> None:
    code, asked = played_by(letters, "r", *written())
    assert code == 0
    assert "Letters    log-probabilities of A and B: letters among the top 20" in (
        capsys.readouterr().out
    )
    result = result_of("r")
    played = result["tournament"]
    assert played["protocol"] == "pairwise-logprob"
    assert [line["writer"] for line in played["leaderboard"]] == list(FIVE)
    assert played["letters"]["captured_mass"] == pytest.approx(0.9)
    # The judge gives position 1 another 0.4 of log-odds, alike in both passes.
    assert 0.5 < played["position_bias"]["mass"] < 0.6
    assert result["reference"]["pair_concordance"] == 1.0
    assert result["reference"]["item_concordance"] == 1.0
    # One question more than there are: the probe.
    assert len(asked) == played["calls"] + 1
    assert {a.body["max_tokens"] for a in asked} == {1}
    assert {a.body["temperature"] for a in asked} == {0}
    assert spec_of("r")["judge"]["letters"] == {"top": 20, "ids": None, "thinking_off": True}
    assert result["usage"]["prompt_tokens"] == 50 * played["calls"]


def test_a_finished_run_asks_nothing_at_all() -> None:
    files = written()
    assert played_by(letters, "r", *files)[0] == 0
    with FakeEndpoint(letters) as endpoint:
        assert judge("r", "--base-url", endpoint.url, *files, judge_model="fake") == 0
        assert endpoint.asked == []


def test_an_endpoint_that_gives_few_log_probabilities_is_asked_for_few() -> None:
    code, asked = played_by(fewer_than(5), "r", *written())
    assert code == 0
    assert [a.body["top_logprobs"] for a in asked[:4]] == [20, 10, 5, 5]
    assert spec_of("r")["judge"]["letters"]["top"] == 5


def test_without_log_probabilities_the_verdict_comes_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, asked = played_by(words, "r", *written())
    assert code == 0
    assert "no log-probabilities come back: asked for A, B or tie in words" in (
        capsys.readouterr().out
    )
    played = result_of("r")["tournament"]
    assert played["protocol"] == "pairwise-worded"
    assert played["letters"] is None
    assert {line["preference"] for line in lines_of("r")} == {0.0, 1.0}
    assert "Answer with one word" in asked[-1].body["messages"][0]["content"]
    assert "logprobs" not in asked[-1].body
    assert asked[-1].body["max_tokens"] == 16_000


def test_a_run_goes_on_in_the_way_it_began() -> None:
    files = written()
    assert played_by(words, "r", *files, "--max-requests", "10")[0] == 3
    code, asked = played_by(letters, "r", *files)
    assert code == 0
    assert all("logprobs" not in a.body for a in asked)
    assert result_of("r")["tournament"]["protocol"] == "pairwise-worded"
    # Where nothing was begun, words can be wished for.
    assert played_by(letters, "w", *files, "--worded")[0] == 0
    assert result_of("w")["tournament"]["protocol"] == "pairwise-worded"


def test_neither_threads_nor_the_order_of_arrival_matter() -> None:
    def late(asked: Asked) -> Answer:
        time.sleep(0.004 * (asked.number * 7 % 5))
        return letters(asked)

    files = written(items=4)
    assert played_by(letters, "one", *files, "--threads", "1")[0] == 0
    assert played_by(late, "many", *files, "--threads", "9")[0] == 0
    assert ratings_of("one") == ratings_of("many")
    assert result_of("one")["tournament"] == result_of("many")["tournament"]


def test_killed_and_resumed_it_ends_with_the_same_ratings_to_the_last_digit() -> None:
    def slow(asked: Asked) -> Answer:
        time.sleep(0.01)
        return letters(asked)

    files = written(items=4)
    assert played_by(letters, "whole", *files)[0] == 0
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENAI_")}
    with FakeEndpoint(slow) as endpoint:
        command = [
            sys.executable, str(HOME / "judgemark.py"), "--judge-model", "fake", "--mode",
            "pairwise", "--base-url", endpoint.url, "--run-id", "r", "--threads", "2", *files,
        ]  # fmt: skip
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        journal = Path("runs/r/verdicts.jsonl")
        deadline = time.monotonic() + 60
        while not (journal.exists() and journal.read_bytes().count(b"\n") >= 25):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    # What a kill in the middle of a write may leave behind.
    with journal.open("ab") as torn:
        torn.write(b'{"question": "half a li')
    kept = journal.read_bytes().count(b"\n")
    code, asked = played_by(letters, "r", *files)
    assert code == 0
    assert len(lines_of("r")) == len(lines_of("whole"))
    assert len(asked) == len(lines_of("whole")) - kept
    assert ratings_of("r") == ratings_of("whole")
    assert result_of("r")["tournament"] == result_of("whole")["tournament"]


def test_another_runs_verdicts_are_lent_and_copied() -> None:
    files = written(items=4)
    assert played_by(letters, "a", *files)[0] == 0
    assert played_by(letters, "alone", *files, "--tournament", "full")[0] == 0
    code, asked = played_by(letters, "b", *files, "--tournament", "full", "--verdicts", "a")
    assert code == 0
    played = result_of("b")["tournament"]
    # 4 items x 10 pairs x 2 passes; what A asked about is not asked again, the probe neither.
    assert played["calls"] == 80
    assert played["lent"] == len(lines_of("a"))
    assert played["asked"] == len(asked) == 80 - played["lent"]
    assert {line["lent"] for line in lines_of("b") if "lent" in line} == {"a"}
    assert result_of("b")["usage"]["prompt_tokens"] == 50 * played["asked"]
    assert ratings_of("b") == ratings_of("alone")
    shutil.rmtree("runs/a")
    assert main(["score", "b"]) == 0


def test_only_the_same_judge_asked_in_the_same_way_can_lend(
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = written()
    assert played_by(letters, "a", *files)[0] == 0
    _, prompts = field(FIVE)
    prompts["0"]["writing_prompt"] = "Something else."
    other = [*files[:2], "--writing-prompts", write("other.json", prompts), *files[4:]]
    capsys.readouterr()
    for flags, told in (
        ([*files, "--escape-non-ascii"], "protocol (escape_non_ascii: false then, true now)"),
        ([*files, "--temperature", "1"], "judge (parameters ("),
        ([*files, "--worded"], "protocol (card_fallback: false then"),
        (other, 'writing prompts (0: "Write – about 0." then, "Something else." now)'),
    ):
        code, asked = played_by(letters, "b", *flags, "--verdicts", "a")
        assert (code, asked) == (2, [])
        said_of_it = capsys.readouterr().err
        assert '--verdicts: run "a" asked different questions' in said_of_it
        assert told in said_of_it
    assert main(["--judge-model", "baseline:length", "--run-id", "rubric", *files[:2]]) == 0
    assert played_by(letters, "b", *files, "--verdicts", "rubric")[0] == 2
    assert 'run "rubric" is not a pairwise run; name one' in capsys.readouterr().err


def long_field() -> list[str]:
    """Five writers; two of them wrote at length on item 1, a word being a token there."""
    samples, prompts = field(FIVE)
    for writer in ("bea", "dot"):
        samples[writer]["samples"]["0"]["1"] += " and" * 400
    return ["--samples-file", write("s.json", samples), "--writing-prompts",
            write("p.json", prompts)]  # fmt: skip


def test_a_pair_too_long_for_the_context_is_refused_before_any_is_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, asked = played_by(vllm_server(700), "r", *long_field())
    assert code == 2
    told = capsys.readouterr().err
    assert "a pair is too long for the judge: item 1, " in told
    assert "bea (iteration 0)" in told
    assert "dot (iteration 0)" in told
    assert "the context takes 699; leave such pairs out with --on-too-long skip" in told
    assert len(asked) == 1  # the probe
    assert not Path("runs/r").exists()


def test_pairs_too_long_can_be_left_out_and_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    flags = [*long_field(), "--tournament", "full", "--on-too-long", "skip"]
    code, asked = played_by(vllm_server(700), "r", *flags)
    # 1 of the 10 matches of item 1 is more than 5% of that tournament.
    assert code == 1
    played = result_of("r")["tournament"]
    assert (played["matches"], played["missing"], played["too_long"]) == (30, 1, 2)
    assert played["incomplete_tournaments"] == [
        {"iteration": "0", "item": "1", "matches": 10, "missing": 1}
    ]
    assert played["failures"][0]["reason"].startswith("too long: item 1, ")
    assert result_of("r")["status"] == "incomplete"
    assert re.search("Incomplete +1 of 30 matches have no verdict", capsys.readouterr().out)
    assert len(asked) == 1 + 2 * 29
    # Asked again, they are left out again, and the journal does not grow.
    before = lines_of("r")
    code, asked = played_by(vllm_server(700), "r", *flags)
    assert (code, asked) == (1, [])
    assert lines_of("r") == before


def test_a_pass_that_fails_makes_its_match_missing_and_is_asked_again() -> None:
    def refusing(asked: Asked) -> Answer:
        answer = letters(asked)
        if answer.status == 200 and sides(asked)[0] >= 10:
            return with_logprobs({"content": []}, "I")
        return answer

    files = [*written(), "--tournament", "full"]
    code, _ = played_by(refusing, "r", *files)
    assert code == 1
    played = result_of("r")["tournament"]
    # ann alone is that good, on 2 items, and stands as A in one pass of each of her 4 matches.
    assert (played["missing"], played["incomplete"]) == (2 * 4, True)
    assert {f["class"] for f in played["failures"]} == {"unparseable"}
    code, asked = played_by(letters, "r", *files)
    assert (code, len(asked)) == (0, 8)
    assert result_of("r")["status"] == "complete"
    assert played_by(letters, "whole", *files)[0] == 0
    assert ratings_of("r") == ratings_of("whole")


def test_a_judge_that_names_neither_letter_is_asked_in_words_and_reported_at_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def musing(asked: Asked) -> Answer:
        del asked
        top = [{"token": "<think>", "logprob": -0.01}, {"token": "Hm", "logprob": -5.0}]
        return with_logprobs({"content": [{**top[0], "top_logprobs": top}]}, "<think>")

    code, asked = played_by(musing, "r", *written())
    assert code == 3
    told = capsys.readouterr()
    assert "neither A nor B is among the most likely first tokens" in told.out
    assert "none of the 3 probe pieces could be scored" in told.err
    # Two pairs decide that letters are of no use; then three are asked about in words.
    assert len(asked) == 2 + 3


def test_a_lone_token_is_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    def lone(asked: Asked) -> Answer:
        if "logprobs" not in asked.body:
            return words(asked)
        first = {"token": "A", "logprob": -0.05, "top_logprobs": []}
        return with_logprobs({"content": [first]}, "A")

    assert played_by(lone, "r", *written())[0] == 0
    assert "only the produced token comes back" in capsys.readouterr().out
    assert result_of("r")["tournament"]["protocol"] == "pairwise-worded"


def test_replies_in_words_are_read_again_by_a_better_reader() -> None:
    def muttering(asked: Asked) -> Answer:
        return said("hm") if asked.number == 3 else words(asked)

    files = [*written(), "--tournament", "full", "--worded"]
    with FakeEndpoint(muttering) as endpoint:
        flags = ["--base-url", endpoint.url, "--threads", "1", *files]
        assert judge("r", *flags, judge_model="fake") == 0
    # As if an older reader had made nothing of a plain reply.
    lines = lines_of("r")
    lines[5] |= {"class": "unparseable", "reason": "?", "preference": None}
    Path("runs/r/verdicts.jsonl").write_text(
        "".join(json.dumps(line) + "\n" for line in lines), "utf-8"
    )
    code, asked = played_by(muttering, "r", *files)
    assert (code, asked) == (0, [])
    assert result_of("r")["tournament"]["missing"] == 0


def test_a_judge_that_answers_something_else_is_said_not_to_answer_everywhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def elsewhere(asked: Asked) -> Answer:
        if not asked.path.endswith("/chat/completions"):
            return letters(asked)
        # 12% of the probability on A and B, and always more on A.
        top = [
            {"token": token, "logprob": math.log(p)}
            for token, p in (("The", 0.8), ("A", 0.08), ("B", 0.04))
        ]
        return with_logprobs({"content": [{**top[0], "top_logprobs": top}]}, "The")

    assert played_by(elsewhere, "r", *written())[0] == 0
    warnings = result_of("r")["warnings"]
    assert {w["kind"] for w in warnings} == {"question_not_answered"}
    low, always = (w["text"] for w in warnings)
    assert "only 12% of its probability on A and B" in low
    assert "position 1 wins 100% of the comparisons" in always
    assert re.search(f"Warning +{re.escape(low)}", capsys.readouterr().out)
    assert main(["card", "r"]) == 0
    assert "does not answer the question" in capsys.readouterr().out
    assert main(["leaderboard", "r", "--format", "json"]) == 0
    (section,) = json.loads(capsys.readouterr().out)["sections"]
    (row,) = [row for row in section["scorecards"]["v4"] if not row["floor"]]
    assert row["warnings"] == [low, always]
