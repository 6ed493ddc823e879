"""Damaged files: a command uses them or names them in one line; it never crashes or loses data."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from judgemark.cli import main
from judgemark.leaderboard.board_entry import canonical, digest_of
from tests.fixtures.kept_runs import INPUTS, RUNS
from tests.reliability.mutations import mutated

CODES = (0, 1, 2)
INTERNAL = "this input cannot be processed"


@dataclass(frozen=True)
class Target:
    """A file, and a command that reads it; `packed` and `signed` say how it is stored."""

    file: str
    command: tuple[str, ...]
    packed: bool = False
    signed: bool = False

    @property
    def id(self) -> str:
        return f"{self.command[0]} {self.file}"


_SAMPLES = ("--samples-file", "samples.json")
_RUBRIC = ("judge", "--judge-model", "fake", "--base-url", "http://127.0.0.1:9/v1", "--dry-run",
           *_SAMPLES, "--prompts-file", "prompts.json", "--criteria-file", "criteria.json",
           "--reference-scores", "references.json", "--run-id", "rubric-endpoint")  # fmt: skip
_PAIRS = ("pairs", "--judge-model", "fake", "--base-url", "http://127.0.0.1:9/v1", "--dry-run",
          *_SAMPLES, "--writing-prompts", "writing_prompts.json", "--reference", "scores.json",
          "--worded", "--margin-min", "5", "--margin-max", "100")  # fmt: skip
_PEOPLE = ("--judge-model", "baseline:length", "--dry-run")
_BOARD = ("leaderboard", "--board", "board.jsonl")
_SCORE = ("score", "baseline-lexical", "--json")

TARGETS = (
    Target("runs/baseline-lexical/verdicts.jsonl", _SCORE),
    Target("runs/rubric-endpoint/verdicts.jsonl", _RUBRIC),
    Target("runs/pairwise-isolated/verdicts.jsonl", ("score", "pairwise-isolated", "--json")),
    Target("runs/rubric-endpoint/verdicts.jsonl", ("repair", "rubric-endpoint")),
    Target("runs/rubric-endpoint/asked.jsonl", ("score", "rubric-endpoint", "--json")),
    Target("runs/rubric-endpoint/asked.jsonl", ("repair", "rubric-endpoint")),
    Target("runs/baseline-lexical/run.json", _SCORE),
    Target("runs/pairwise-isolated/run.json", ("score", "pairwise-isolated", "--json")),
    Target("runs/rubric-endpoint/run.json", _RUBRIC),
    Target("runs/baseline-lexical/run.json", ("runs",)),
    Target("runs/baseline-lexical/result.json", ("runs",)),
    Target("runs/pairs-letters/pairs.json", ("runs",)),
    Target("runs/baseline-lexical/result.json", ("card", "baseline-lexical")),
    Target("runs/baseline-lexical/replicates.json", ("card", "baseline-lexical")),
    Target("runs/baseline-lexical/result.json", ("leaderboard", "--format", "md")),
    Target("runs/baseline-lexical/samples.json.gz", _SCORE, packed=True),
    Target("runs/baseline-lexical/samples.json.gz", _SCORE),
    Target("runs/pairwise-isolated/writing_prompts.json", ("score", "pairwise-isolated")),
    Target("runs/pairwise-isolated/reference_scores.json", ("score", "pairwise-isolated")),
    Target("runs/ladder/run.json", ("score", "ladder", "--json")),
    Target("runs/ladder/drawn.json.gz", ("score", "ladder", "--json"), packed=True),
    Target("runs/ladder/drawn.json.gz", ("score", "ladder", "--json")),
    Target("runs/ladder/samples.json.gz", ("score", "ladder", "--json"), packed=True),
    Target("runs/ladder/result.json", ("runs",)),
    Target("runs/ladder/result.json", ("gate", "ladder", "--min", "reads=0")),
    Target("runs/people/run.json", ("score", "people", "--json")),
    Target("runs/people/drawn.json.gz", ("score", "people", "--json"), packed=True),
    Target("runs/people/drawn.json.gz", ("export", "people", "--to", "wrong-pairs")),
    Target("preferences.jsonl", ("pairs", *_PEOPLE, "--pairs-file", "preferences.jsonl")),
    Target("preferences.csv", ("pairs", *_PEOPLE, "--pairs-file", "preferences.csv")),
    Target("ratings.jsonl", ("pairs", *_PEOPLE, *_SAMPLES, "--ratings", "ratings.jsonl")),
    Target("samples.json", _RUBRIC),
    Target("prompts.json", _RUBRIC),
    Target("criteria.json", _RUBRIC),
    Target("references.json", _RUBRIC),
    Target("samples.json", _PAIRS),
    Target("writing_prompts.json", _PAIRS),
    Target("scores.json", _PAIRS),
    Target("past.json", ("score", "past.json", "--json")),
    Target("board.jsonl", (*_BOARD, "--format", "md")),
    Target("board.jsonl", (*_BOARD, "-o", "b.html"), signed=True),
    Target("board.jsonl", (*_BOARD, "--format", "csv"), signed=True),
    Target("board.jsonl", ("leaderboard", "verify", "baseline-lexical", *_BOARD[1:]), signed=True),
    Target("board.jsonl", ("leaderboard", "verify", "ladder", *_BOARD[1:]), signed=True),
    Target("runs/people/drawn.json.gz", ("leaderboard", "verify", "people", *_BOARD[1:])),
    Target(".env", _RUBRIC),
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with runs of each kind, their inputs, a runs file, a board and a `.env`."""
    home = tmp_path_factory.mktemp("whole")
    names = ("baseline-lexical", "rubric-endpoint", "pairwise-isolated", "pairs-letters")
    for name in names:
        shutil.copytree(RUNS / name, home / "runs" / name)
    for given in INPUTS.iterdir():
        shutil.copy(given, home / given.name)
    (home / ".env").write_text("OPENAI_API_KEY=key\nMAX_RETRIES=3\nRETRY_DELAY=0.5\n", "utf-8")
    (home / "runs" / "rubric-endpoint" / "asked.jsonl").write_text(_asked_list(), "utf-8")
    (home / "past.json").write_text(json.dumps(_past_run()), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        ladder = ["ladder", "--judge-model", "baseline:length", "--samples-file", "samples.json"]
        small = ["--kinds", "words-shuffled", "--limit", "6", "--levels", "2", "--run-id", "ladder"]
        assert main([*ladder, *small]) == 0
        _people_files()
        people = ["pairs", "--judge-model", "baseline:length", "--pairs-file", "preferences.jsonl"]
        assert main([*people, "--run-id", "people"]) == 0
        added = ["leaderboard", "add", *names[:3], "ladder", "people", "--board", "board.jsonl"]
        assert main(added) == 0
    return home


def _asked_list() -> str:
    """What the commands of a run over two slots set out to ask."""
    slots: list[dict[str, object]] = [
        {"member": 0, "repeat": repeat, "stage": "", "pass": 0} for repeat in range(2)
    ]
    lines = [{"time": "t", "slot": slot, "questions": ["ab" * 32] * 3} for slot in slots]
    return "".join(json.dumps(line) + "\n" for line in lines)


def _people_files() -> None:
    """A preference file in two forms, and rater lines for the kept samples."""
    pairs = [{"prompt": f"Write {n}.", "chosen": f"Good {n}.", "rejected": f"Bad, {n}."}
             for n in range(8)]  # fmt: skip
    Path("preferences.jsonl").write_text("".join(json.dumps(p) + "\n" for p in pairs), "utf-8")
    rows = ["prompt,chosen,rejected", *(",".join(f'"{v}"' for v in p.values()) for p in pairs)]
    Path("preferences.csv").write_text("\n".join(rows) + "\n", "utf-8")
    lines = [{"writer": w, "iteration": "0", "item": "1", "rater": r, "score": n + k}
             for n, w in enumerate(("ann", "bea", "cid")) for k, r in enumerate("xy")]  # fmt: skip
    Path("ratings.jsonl").write_text("".join(json.dumps(v) + "\n" for v in lines), "utf-8")


def _past_run() -> object:
    scores = {f"Criterion {n}": n for n in range(6)}
    item = {"parsed_scores": scores, "aggregated_score_raw": 5.0, "text_length": 100}
    results = {w: {"1": {str(i): item for i in range(3)}} for w in ("ann", "bea")}
    return {"one": {"judge_model": "j", "results": results}}


@pytest.fixture
def home(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the folder, in which the command runs without the machine's own settings."""
    copy = tmp_path / "home"
    shutil.copytree(whole, copy)
    monkeypatch.chdir(copy)
    for name in ("OPENAI_API_KEY", "OPENAI_API_URL", "OPENAI_BASE_URL", "LOG_VERBOSITY"):
        monkeypatch.delenv(name, raising=False)
    yield copy


def damaged(target: Target, data: bytes, chance: random.Random) -> bytes:
    """The file's bytes after one damage, packed and signed as a forger would."""
    if target.packed:
        return gzip.compress(mutated(gzip.decompress(data), chance), 1)
    changed = mutated(data, chance)
    return b"\n".join(map(_signed, changed.split(b"\n"))) if target.signed else changed


def _signed(line: bytes) -> bytes:
    """A board's line with a digest that fits it."""
    try:
        entry = json.loads(line)
        return canonical(entry | {"digest": digest_of(entry)}).encode()
    except (ValueError, TypeError, RecursionError):
        return line


def tree(folder: Path) -> dict[str, bytes]:
    """All that a user would not want to lose."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.suffix in (".jsonl", ".json", ".gz") and not p.name.startswith(".")
    }


def try_out(
    target: Target,
    home: Path,
    whole: Path,
    seeds: Sequence[int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = home / target.file
    original = path.read_bytes()
    for seed in seeds:
        data = damaged(target, original, random.Random(f"{target.id} {seed}"))
        path.write_bytes(data)
        before = tree(home)
        code = main(list(target.command))
        said = capsys.readouterr()
        where = f"{target.id}, seed {seed}: exit {code}\n{said.err[-2000:]}"
        assert code in CODES, where
        assert "Traceback" not in said.err, where
        assert INTERNAL not in said.err, where
        if code == 2:
            assert said.err.strip(), where
        if target.command[0] != "repair":
            after = tree(home)
            lost = [name for name, held in before.items() if after.get(name) != held]
            assert lost == [], where
        else:
            shutil.rmtree(path.parent)
            shutil.copytree(whole / "runs" / path.parent.name, path.parent)
    path.write_bytes(original)


@pytest.mark.reliability
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.id)
def test_a_damaged_file_is_used_or_named(
    target: Target, home: Path, whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count = int(os.environ.get("MUTATIONS", "1000")) // len(TARGETS) + 1
    try_out(target, home, whole, range(count), capsys)


@pytest.mark.soak
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.id)
def test_twenty_thousand_damaged_files_are_used_or_named(
    target: Target, home: Path, whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try_out(target, home, whole, range(1000, 1000 + 20_000 // len(TARGETS) + 1), capsys)
