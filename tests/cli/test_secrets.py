"""A key is in nothing that a command writes or prints, wherever it was put.

`tests/reliability/test_keys_everywhere.py` runs every command with keys in every place.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.cli import main
from tests.cli.pairwise_runs import write
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, as_json
from tests.support.marked_keys import (
    MARK,
    PLAIN,
    SHAPED,
    WRITERS,
    echoing,
    everything_written,
    leaks,
    rubric_files,
)
from tests.support.pairwise import field, words

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.mark.usefixtures("undrawn")
def test_a_pairwise_run_keeps_no_key_either(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", PLAIN)
    samples, prompts = field({"ann": 9, "bea": 1}, 2)

    def script(asked: Asked) -> Answer:
        answer = words(asked)
        back = f"{asked.headers['authorization']} {asked.body.get('access_token')}"
        told = json.loads(answer.body)
        told["choices"][0]["message"]["content"] += f"\n{back}"
        told["provider"] = back
        return as_json(told)

    with FakeEndpoint(script) as endpoint:
        flags = [
            "--judge-model", "some-judge", "--base-url", endpoint.url,
            "--extra-body", json.dumps({"access_token": f"{MARK}-token-1"}),
            "--samples-file", write("s.json", samples),
            "--writing-prompts", write("p.json", prompts),
        ]  # fmt: skip
        assert main([*flags, "--mode", "pairwise", "--run-id", "one"]) in (0, 1)
        lent = main([*flags, "--mode", "pairwise", "--run-id", "two", "--verdicts", "one"])
        assert lent in (0, 1)
        scores = {w: {"1": dict.fromkeys(("0", "1"), s)} for w, s in (("ann", 80), ("bea", 74))}
        main(["pairs", *flags, "--reference", write("ref.json", scores), "--run-id", "three"])
    assert len(endpoint.asked) > 0
    for command in (["runs"], ["score", "one", "--json"], ["leaderboard", "-o", "b.html"]):
        assert main(command) in (0, 1)
    assert leaks(capsys, elsewhere) == []


@pytest.mark.usefixtures("undrawn")
def test_another_key_in_the_extra_body_asks_nothing_again() -> None:
    with FakeEndpoint(echoing) as endpoint:
        flags = ["--judge-model", "some-judge", "--base-url", endpoint.url, *rubric_files()]
        for key in ("first-key-1", "second-key-2"):
            assert main([*flags, "--extra-body", json.dumps({"api_key": key})]) == 0
    assert len([a for a in endpoint.asked if a.number != 1]) == 6
    assert len(list(Path("runs").glob("some-judge*"))) == 1


@pytest.mark.parametrize(
    "flags",
    [
        ["--base-url", SHAPED],
        ["--base-url", PLAIN],
        ["--base-url", f"http://user:{PLAIN}@127.0.0.1:9/v1"],
        ["--base-url", f"http://{SHAPED}@127.0.0.1:9/v1"],
        ["--base-url", f"http://127.0.0.1:99999/v1?key={PLAIN}"],
        ["--api-key-env", SHAPED],
        ["--api-key-env", PLAIN],
        ["--judge-model", SHAPED],
        ["--judge-model", f"baseline:{SHAPED}"],
        ["--run-id", SHAPED],
        ["--writers", SHAPED],
        ["--items", SHAPED],
        ["--threads", SHAPED],
        ["--mode", SHAPED],
        ["--verbosity", SHAPED],
        ["--samples-file", SHAPED],
        ["--extra-body", SHAPED],
        ["--extra-body", f'{{"api_key": "{SHAPED}"'],
        ["--extra-body", f'{{"api_key": "{PLAIN}", "model": "{SHAPED}"}}'],
        ["--extra-body", f'{{"{SHAPED}": NaN}}'],
        ["--api-key", PLAIN],
        [f"--api-key={PLAIN}"],
        ["--token", PLAIN],
        [SHAPED],
    ],
)
def test_a_key_in_a_wrong_place_is_not_said_back(
    flags: list[str], elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asking = ["--judge-model", "some-judge", "--base-url", "http://127.0.0.1:9/v1", "--dry-run"]
    assert main([*asking, "--verbosity", "DEBUG", *rubric_files(), *flags]) == 2
    assert leaks(capsys, elsewhere) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_BASE_URL", SHAPED),
        ("OPENAI_BASE_URL", f"http://user:{PLAIN}@127.0.0.1:9/v1"),
        ("OPENAI_API_URL", PLAIN),
        ("OPENAI_API_KEY", f"{PLAIN} with spaces"),
        ("REQUEST_TIMEOUT", SHAPED),
        ("LOG_VERBOSITY", SHAPED),
        ("ALL_PROXY", f"gopher://user:{PLAIN}@127.0.0.1:9"),
    ],
)
@pytest.mark.parametrize("in_file", [False, True])
def test_a_key_in_a_wrong_variable_is_not_said_back(
    name: str,
    value: str,
    in_file: bool,
    elsewhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if in_file:
        Path(".env").write_text(f"{name}='{value}'\n", "utf-8")
    else:
        monkeypatch.setenv(name, value)
    # A proxy in .env is not used; that command ends because no key is set.
    assert main(["--judge-model", "some-judge", *rubric_files()]) == 2
    assert leaks(capsys, elsewhere, given=[".env"]) == []


def test_a_broken_env_file_is_not_quoted(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(".env").write_text(f"OPENAI_API_KEY {SHAPED}\n", "utf-8")
    assert main(["--judge-model", "some-judge", "--dry-run", *rubric_files()]) == 2
    assert leaks(capsys, elsewhere, given=[".env"]) == []


@pytest.mark.usefixtures("undrawn")
def test_samples_keep_every_word(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"She wrote the key on the wall: {SHAPED}. Bearer of bad news, he read it."
    samples = {w: {"samples": {"1": {"0": f"{w}: {text}"}}} for w in WRITERS}
    main(["--judge-model", "baseline:length", "--run-id", "r", "--samples-file",
          write("s.json", samples)])  # fmt: skip
    stored = json.loads(everything_written(elsewhere)["runs/r/samples.json.gz"])
    assert text in json.dumps(stored)
    assert MARK not in capsys.readouterr().out
