"""`judges check` asks about three pieces, says what came, and leaves nothing behind."""

from __future__ import annotations

from importlib import metadata
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from judgemark.cli import main
from judgemark.inputs.our_files import OUR_CRITERIA
from judgemark.inputs.prompts import read_criteria
from judgemark.judges import registry
from tests.support.fake_endpoint import Asked, FakeEndpoint, as_json, refused, said

pytestmark = pytest.mark.usefixtures("elsewhere")

CRITERIA = [criterion.name for criterion in read_criteria(OUR_CRITERIA)]


def check(*words: str) -> int:
    return main(["judges", "check", *words])


def own(source: str) -> str:
    Path("own.py").write_text(source, "utf-8")
    return "python:own.py:judge"


def test_three_pieces_are_asked_and_nothing_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    spec = own(
        "def judge(piece):\n    with open('asked', 'a') as file:\n        file.write('x')\n"
        "    return len(piece.text) / 1000\n"
    )
    assert check(spec) == 0
    told = capsys.readouterr().out
    assert Path("asked").read_text() == "xxx"
    assert "read as  one score, " in told and told.count("Answer ") == 3
    assert "Note       raw v2 and v2.1: the judge declares no range" in told
    assert "give --score-range" in told
    # Our samples are 144 pieces.
    assert "Whole run  144 questions, about " in told
    assert not Path("runs").exists()


def test_a_judge_at_an_endpoint_with_its_tokens_and_dollars(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """144 pieces of 1,000 and 500 tokens, at 1 and 10 dollars for a million, are $0.86."""

    def answers(asked: Asked) -> object:
        if "top_k" in asked.body:
            return as_json({"error": {"message": "top_k is not supported"}}, 400)
        usage = {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500}
        return said("[Scores]\n" + "\n".join(f"{name}: 6" for name in CRITERIA), usage=usage)

    with FakeEndpoint(answers) as endpoint:  # type: ignore[arg-type]
        prices = ("--price-in", "1", "--price-out", "10")
        assert check("some/judge", "--base-url", endpoint.url, "--top-k", "3", *prices) == 0
    told = capsys.readouterr().out
    assert f"read as  {len(CRITERIA)} criterion scores: {CRITERIA[0]} 6" in told
    assert "tokens   1000 sent, 500 received" in told
    assert "Note       the endpoint does not take top_k" in told
    assert "about 144,000 tokens sent and 72,000 received, about $0.86" in told


def test_a_judge_of_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    spec = own("def judge(pairs):\n    return [0.75 for pair in pairs]\n")
    assert check(spec, "--mode", "pairwise", "--limit", "6") == 0
    told = capsys.readouterr().out
    assert told.count("the probability 0.750 that the first piece is the better one") == 6


def test_the_run_that_lends_verdicts_is_found_and_the_judge_is_asked_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    spec = own(
        "def judge(pairs):\n    with open('asked', 'a') as file:\n"
        "        file.write('x' * len(pairs))\n    return [0.75 for pair in pairs]\n"
    )
    flags = ("--mode", "pairwise", "--items", "contest")
    assert main(["--judge-model", spec, *flags, "--run-id", "a"]) == 0
    Path("asked").unlink()
    capsys.readouterr()
    assert check(spec, *flags, "--verdicts", "a") == 0
    told = capsys.readouterr().out
    assert Path("asked").read_text() == "x" * 6
    assert told.count("Answer ") == 6
    assert "Whole run  0 questions" in told
    assert "taken over" not in told
    assert check(spec, *flags, "--verdicts", "b") == 2
    assert '--verdicts: there is no run "b": it is neither an id in the folder runs' in (
        capsys.readouterr().err
    )


def test_a_judge_that_fails_on_one_piece_exits_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    spec = own("def judge(piece):\n    return 1 / (piece.item != 'contest')\n")
    assert check(spec) == 1
    told = capsys.readouterr().out
    assert "read as  no verdict: the judge raised ZeroDivisionError" in told
    # What failed is asked again, and is listed once all the same.
    assert told.count("Answer ") == 3


def test_a_judge_that_cannot_be_used_exits_with_3_after_what_came(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check(own("def judge(piece):\n    return float('nan')\n")) == 3
    printed = capsys.readouterr()
    assert "no verdict: the judge gave nan" in printed.out
    assert "none of the 3 probe pieces could be scored" in printed.err
    with FakeEndpoint(lambda _: refused(401, "wrong key")) as endpoint:
        assert check("some/judge", "--base-url", endpoint.url) == 3
    assert "wrong key" in capsys.readouterr().err


def test_a_range_is_advised_only_where_the_kind_of_judge_takes_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = EntryPoint("theirs", "tests.judges.other_kinds:WITHOUT_RANGE", registry.GROUP)
    monkeypatch.setattr(metadata, "entry_points", lambda group: {registry.GROUP: [theirs]}[group])
    registry.judge_kinds.cache_clear()
    try:
        spec = own("def judge(piece):\n    return len(piece.text) / 1000\n")
        assert check(spec.replace("python:", "ranged:")) == 0
    finally:
        registry.judge_kinds.cache_clear()
    told = capsys.readouterr().out
    assert "Note       raw v2 and v2.1: the judge declares no range" in told
    assert "--score-range" not in told


def test_what_is_no_judge_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("basline:x") == 2
    assert 'did you mean "baseline:x"' in capsys.readouterr().err
