"""Several judges through the real command, each at its own endpoint with its own key."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from tests.cli.test_book_club import CRITERIA, files
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, refused, said

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


def scores(asked: Asked) -> Answer:
    quality = int(re.findall(r"quality (\d+)", asked.prompt)[0])
    lines = "\n".join(f"{name}: {quality}" for name in CRITERIA)
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    return said(f"[Scores]\n{lines}", usage=usage)


def result() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("runs/r/result.json").read_text("utf-8"))
    return found


def keys_of(endpoint: FakeEndpoint) -> set[str]:
    return {asked.headers["authorization"] for asked in endpoint.asked}


def test_each_member_has_its_own_address_key_and_cost(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-first")
    monkeypatch.setenv("OTHER_KEY", "key-of-the-second")
    with FakeEndpoint(scores) as one, FakeEndpoint(scores) as other:
        judges = f"a,b@{other.url}#OTHER_KEY,baseline:lexical"
        command = ["--judge-models", judges, "--base-url", one.url, "--run-id", "r", *files()]
        priced = ["--price-in", "1", "--price-out", "2"]
        assert main([*command, *priced, "--runs-file", "up.json"]) == 0
        assert keys_of(one) == {"Bearer key-of-the-first"}
        assert keys_of(other) == {"Bearer key-of-the-second"}
        assert {a.body["model"] for a in other.asked} == {"b"}
        out = capsys.readouterr().out
        assert "Ensemble   3 judges, their scores joined by average" in out
        assert f"judge 2  b, {other.url}: 12 questions, about $" in out
        assert "judge 3  baseline:lexical, embedded" in out
    members = result()["ensemble"]["members"]
    # 12 x (100 x $1 + 10 x $2) / 1e6.
    assert [m["cost"] for m in members] == [pytest.approx(0.00144)] * 2 + [None]
    assert [m["endpoint"] for m in members] == [one.url, other.url, None]
    text = "".join(p.read_text("utf-8", "replace") for p in Path("runs/r").glob("*.json*"))
    assert "key-of-the" not in text
    (run,) = json.loads(Path("up.json").read_text("utf-8")).values()
    assert run["judge_models"] == ["a", "b", "baseline:lexical"]
    outputs = run["results"]["ann"]["1"]["1"]["judge_outputs"]
    assert [o["judge_model"] for o in outputs] == run["judge_models"]
    assert outputs[0]["parsed_scores"] == dict.fromkeys(CRITERIA, 8.0)
    # The file is read back as the ensemble that it is.
    assert main(["score", "up.json", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["scorecards"]["v4"] == result()["scorecards"]["v4"]


def test_a_wrong_key_of_one_member_loses_nothing_of_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def wrong(asked: Asked) -> Answer:
        return refused(401, "Incorrect API key") if asked.body["model"] == "b" else scores(asked)

    with FakeEndpoint(wrong) as endpoint:
        command = ["--judge-models", "a,b,a", "--base-url", endpoint.url, "--run-id", "r", *files()]
        assert main(command) == 3
    assert "judge 2 (b)" in capsys.readouterr().err
    lines = Path("runs/r/verdicts.jsonl").read_text("utf-8").splitlines()
    kept = [json.loads(line)["slot"]["member"] for line in lines if '"class": "ok"' in line]
    assert {m: kept.count(m) for m in set(kept)} == {0: 12, 2: 12}
    assert main(["score", "r"]) == 1
    assert "12 questions still to be asked" in capsys.readouterr().out
    with FakeEndpoint(scores) as endpoint:
        command[3] = endpoint.url
        assert main(command) == 0
        assert {asked.body["model"] for asked in endpoint.asked} == {"b"}
    assert result()["status"] == "complete"


def test_the_cost_cap_needs_the_price_of_every_member(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["--judge-models", "a,b", "--base-url", "http://127.0.0.1:9/v1", *files()]
    assert main([*command, "--max-cost", "1"]) == 2
    assert "no price is known for a, b" in capsys.readouterr().err
    assert main([*command, "--dry-run"]) == 0
    assert "24 questions to ask" in capsys.readouterr().out


def test_one_name_alone_is_the_judge_to_measure(capsys: pytest.CaptureFixture[str]) -> None:
    with FakeEndpoint(scores) as one:
        command = ["--judge-models", "a", "--base-url", one.url, "--run-id", "r", *files()]
        assert main(command) == 0
        assert main(["--judge-model", "a", *command[2:]]) == 0
        assert len(one.asked) == 12
    assert "ensemble" not in result()
    assert "Ensemble" not in capsys.readouterr().out


OWN = """
def one(piece):
    quality = float(piece.text.split()[4][:-1])
    return dict.fromkeys(("Wit", "Flow", "Depth", "Pace", "Voice"), quality)


def other(piece):
    quality = float(piece.text.split()[4][:-1])
    score = quality if "item 1" in piece.text else 10.0 - quality
    return "\\n".join(f"{name}: {score}" for name in ("Heart", "Form", "Sound", "Sense", "Plot"))


one.version = other.version = "1"
"""


@pytest.mark.parametrize("named", [True, False])
def test_functions_with_criteria_of_their_own_beside_a_judge_with_those_of_the_prompts(
    named: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("own.py").write_text(OWN, "utf-8")
    listed = [{"name": name, "negative": False} for name in CRITERIA]
    Path("c.json").write_text(json.dumps({"criteria": listed}), "utf-8")
    given = ["--criteria-file", "c.json"] if named else []
    with FakeEndpoint(scores) as endpoint:
        judges = f"a@{endpoint.url},python:own.py:one,python:own.py:other"
        asked = ["--judge-models", judges, "--run-id", "r", "--runs-file", "up.json"]
        assert main([*asked, *files(), *given]) == 0
        alone = ["--judge-model", "a", "--base-url", endpoint.url, "--run-id", "j0"]
        assert main([*alone, *files(), *given]) == 0
    for number, name in ((1, "one"), (2, "other")):
        alone = ["--judge-model", f"python:own.py:{name}", "--run-id", f"j{number}"]
        assert main([*alone, *files()]) == 0
    together = result()
    assert together["status"] == "complete"
    assert [m["v4"] for m in together["ensemble"]["members"]] == [v4_of(f"j{n}") for n in range(3)]
    assert main(["ensemble", "j0", "j1", "j2", "--run-id", "joined"]) == 0
    assert v4_of("joined") == v4_of("r")
    capsys.readouterr()
    assert main(["score", "up.json", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["scorecards"]["v4"]["raw"]["score"] == pytest.approx(v4_of("r"))


def v4_of(run: str) -> float:
    found = json.loads(Path(f"runs/{run}/result.json").read_text("utf-8"))
    score: float = found["scorecards"]["v4"]["raw"]["score"]
    return score
