"""Absurd values of flags: a command uses them or names them in one line; it never crashes."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from judgemark.cli import main
from judgemark.cli.flags import parser
from tests.fixtures.kept_runs import INPUTS, RUNS
from tests.reliability.mutations import NUMBERS, WORDS
from tests.reliability.test_mutated_files import CODES, INTERNAL

_ASKING = ("--judge-model", "fake", "--base-url", "http://127.0.0.1:9/v1", "--dry-run",
           "--samples-file", "samples.json")  # fmt: skip
COMMANDS = {
    "judge": (*_ASKING, "--prompts-file", "prompts.json", "--criteria-file", "criteria.json"),
    "pairs": (*_ASKING, "--writing-prompts", "writing_prompts.json", "--reference", "scores.json",
              "--worded", "--margin-min", "5", "--margin-max", "100"),
    "score": ("baseline-lexical",),
    "compare": ("baseline-lexical", "rubric-endpoint"),
    "export": ("baseline-lexical",),
    "runs": (),
    "judges": (),
    "leaderboard": ("baseline-lexical", "--format", "md"),
    "leaderboard add": ("baseline-lexical", "--board", "board.jsonl"),
    "leaderboard verify": ("baseline-lexical", "--board", "board.jsonl"),
    "card": ("baseline-lexical",),
    "gate": ("baseline-lexical", "--min", "v4=1"),
    "repair": ("baseline-lexical",),
}  # fmt: skip
STRANGE = (
    "", " ", "\t\n", "\udc80", "\x00", "\x1b[2J\u202e", "x" * 10_000, "[" * 3_000, '{"a":' * 3_000,
    '{"a": 1e999}', '{"a": NaN}', '{"a": 1, "a": 2}', "..", "../..", "/dev/null/x", "=1", "v4=nan",
    "v4=1e400", "=", "none", "１２", "0x10", "1_000", "+-1", "🙂", "~", "samples.json",
    "no/such/file", "http://", "http://[", "https://u:p@h:99999/", ",", ",,", "a,,b",
)  # fmt: skip


def flags_of(command: str) -> list[str]:
    """The flags of a command that take a value, as its help names them."""
    found = re.findall(r"(--[a-z][a-z0-9-]*) (?=[A-Z{])", parser(command).format_help())
    return sorted(set(found))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("baseline-lexical", "rubric-endpoint"):
        shutil.copytree(RUNS / name, tmp_path / "runs" / name)
    for given in INPUTS.iterdir():
        shutil.copy(given, tmp_path / given.name)
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_API_URL", "OPENAI_BASE_URL", "LOG_VERBOSITY"):
        monkeypatch.delenv(name, raising=False)
    assert main(["leaderboard", "add", "baseline-lexical", "--board", "board.jsonl"]) == 0
    yield tmp_path


def arguments(command: str, flags: Sequence[str], chance: random.Random) -> list[str]:
    """The command with one to three of its flags set to something absurd."""
    given = [*command.split(), *COMMANDS[command]]
    for flag in chance.sample(flags, min(len(flags), chance.randrange(1, 4))):
        kind = chance.choice((NUMBERS, WORDS, STRANGE, STRANGE))
        given.append(f"{flag}={chance.choice(kind)}")
    return given


def try_out(command: str, seeds: Sequence[int], capsys: pytest.CaptureFixture[str]) -> None:
    flags = flags_of(command)
    assert flags
    kept = {p: p.read_bytes() for p in Path("runs").rglob("*") if p.is_file()}
    for seed in seeds:
        given = arguments(command, flags, random.Random(f"{command} {seed}"))
        code = main(given)
        said = capsys.readouterr()
        where = f"{given}, seed {seed}: exit {code}\n{said.err[-2000:]}"
        assert code in CODES, where
        assert "Traceback" not in said.err, where
        assert INTERNAL not in said.err, where
        if code == 2:
            assert said.err.startswith("judgemark: "), where
            assert len(said.err) < 2_000, where
            assert said.err.count("\n") == 1, where
        assert all(path.read_bytes() == held for path, held in kept.items()), where


@pytest.mark.reliability
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.usefixtures("home")
def test_an_absurd_flag_is_used_or_named(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    try_out(command, range(20), capsys)


@pytest.mark.soak
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.usefixtures("home")
def test_two_thousand_absurd_flags_are_used_or_named(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try_out(command, range(1000, 1000 + 2_000 // len(COMMANDS) + 1), capsys)
