"""`--base-url` several times, or a file of addresses, and `--threads auto`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.cli import main
from judgemark.cli.flags import parser
from judgemark.cli.flags_to_settings import job_settings
from judgemark.cli.ladder_hint import ladder_like
from judgemark.errors import UsageError
from judgemark.judging.judge_request import addresses_of
from judgemark.library.setting_keywords import JudgeSettings, parsed_settings

ONE, TWO = "http://localhost:8000/v1", "http://localhost:8001/v1"


def settings_of(*words: str) -> object:
    return job_settings(parser("judge").parse_args(["--judge-model", "x", *words]), {}).base_url


def test_one_address_stays_one_and_several_are_listed() -> None:
    assert settings_of() is None
    assert settings_of("--base-url", ONE) == ONE
    assert settings_of("--base-url", ONE, "--base-url", TWO) == (ONE, TWO)
    listed = parsed_settings("judge", {"base_url": [ONE, TWO]}, JudgeSettings, {"judge_model": "x"})
    assert job_settings(listed, {}).base_url == (ONE, TWO)


def test_a_hint_gives_each_address_its_own_flag() -> None:
    words = ["--judge-model", "x", "--base-url", ONE, "--base-url", TWO]
    hint = ladder_like(parser("judge").parse_args(words))
    assert f"--base-url {ONE} --base-url {TWO}" in hint


def test_a_file_has_an_address_a_line(tmp_path: Path) -> None:
    file = tmp_path / "urls.txt"
    file.write_text(f"# our two\n{ONE}\n\n{TWO}  # the new one\n", "utf-8")
    assert addresses_of(str(file)) == [ONE, TWO]
    file.write_text("# none\n", "utf-8")
    with pytest.raises(UsageError, match="the file has no address"):
        addresses_of([str(file)])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("sk-no-such-file.txt", "nor the name of a file that exists"),
        ("localhost:8000/v1", "begins with http:// or https://"),
        (".", "nor a file;"),
    ],
)
def test_what_is_neither_an_address_nor_a_file_is_refused_without_being_shown(
    given: str, said: str
) -> None:
    with pytest.raises(UsageError, match="an address like http://") as caught:
        addresses_of([ONE, given])
    assert said in str(caught.value) and "sk-" not in str(caught.value)


@pytest.mark.parametrize(
    "given", [["--base-url", ""], ["--base-url", "http://h/v1", "--base-url", " "]]
)
def test_a_variable_that_was_not_set_does_not_send_the_questions_elsewhere(
    given: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789abcdef")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert main(["--judge-model", "x", *given, "--dry-run"]) == 2
    assert "--base-url: is empty; give an address" in capsys.readouterr().err


def test_a_run_that_looks_for_its_width_begins_with_eight_requests() -> None:
    limits = job_settings(
        parser("judge").parse_args(["--judge-model", "x", "--threads", "auto"]), {}
    ).limits
    assert (limits.first_threads, limits.most_threads) == (8, 256)
    fixed = job_settings(parser("judge").parse_args(["--judge-model", "x", "--threads", "3"]), {})
    assert (fixed.limits.first_threads, fixed.limits.most_threads) == (None, 3)


def test_a_dry_run_names_all_endpoints_and_a_batch_takes_one(
    elsewhere: Path,  # noqa: ARG001
    capsys: pytest.CaptureFixture[str],
) -> None:
    samples = {"ann": {"samples": {"1": {"1": "text"}}}, "bob": {"samples": {"1": {"1": "more"}}}}
    Path("s.json").write_text(json.dumps(samples), "utf-8")
    Path("p.json").write_text(json.dumps({"1": "Score.\n[TEST MODEL RESPONSE]\n"
        "[TEST MODEL RESPONSE END]\nThank you."}), "utf-8")  # fmt: skip
    words = ["--judge-model", "x", "--samples-file", "s.json", "--prompts-file", "p.json"]
    words += ["--base-url", ONE, "--base-url", TWO]
    assert main([*words, "--dry-run"]) == 0
    assert f"Endpoint   {ONE}, {TWO}, judge x" in capsys.readouterr().out
    assert main([*words, "--batch"]) == 2
    assert "--batch goes to one endpoint; give one --base-url" in capsys.readouterr().err
