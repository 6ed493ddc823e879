"""Local judges through the real command, with an engine that needs no weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from judgemark.cli import main
from judgemark.errors import AskFault
from judgemark.judges.base import Json
from judgemark.judges.engine import EngineSettings
from judgemark.judges.rendering import TooLong
from judgemark.records import LetterLogprobs, Question, Reply, Usage
from tests.cli.pairwise_runs import (
    judge,
    lines_of,
    ratings_of,
    result_of,
    spec_of,
    write,
    written,
)
from tests.support.pairwise import field as pieces

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")

LIMIT = 4_000


@dataclass
class FakeEngine:
    """An engine of batches of 16 whose judge prefers what comes first in the alphabet."""

    name: str
    settings: EngineSettings
    say: Callable[[str], None]
    batches: list[int] = field(default_factory=list)
    batch: int = 16
    closed: int = 0

    @property
    def local(self) -> SimpleNamespace:
        return SimpleNamespace(limit=LIMIT)

    @property
    def configuration(self) -> Mapping[str, Json]:
        return {"kind": "vllm", "name": self.name, "settings": self.settings.shaping}

    @property
    def details(self) -> Mapping[str, Json]:
        return {"vllm": "0", "settings": self.settings.changed()}

    def too_long(self, questions: Iterable[Question]) -> tuple[TooLong, ...]:
        counted = [(q, sum(len(m.content) for m in q.messages)) for q in questions]
        return tuple(TooLong(q, n, LIMIT) for q, n in counted if n > LIMIT)

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        self.batches.append(len(questions))
        assert not self.too_long(questions)
        return [self._reply(q) for q in questions]

    def _reply(self, q: Question) -> Reply:
        ahead = q.pieces["A"].writer < q.pieces["B"].writer
        letters = LetterLogprobs(-0.1 if ahead else -2.0, -2.0 if ahead else -0.1, "A")
        return Reply("A", "length", self.name, usage=Usage(10, 1), logprobs=letters)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[FakeEngine]]:
    """Every engine that the command opens, in order."""
    opened: list[FakeEngine] = []

    def open_it(name: str, settings: EngineSettings, say: Callable[[str], None]) -> FakeEngine:
        opened.append(FakeEngine(name, settings, say))
        return opened[-1]

    monkeypatch.setattr("judgemark.judges.vllm.VllmJudge", open_it)
    yield opened


def test_a_local_judge_plays_without_being_told_to(
    engines: list[FakeEngine], capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--dtype", "float32", "--tensor-parallel-size", "2", "--enforce-eager"]
    assert main(["--judge-model", "vllm:some/judge", "--run-id", "r", *written(), *flags]) == 0
    assert "vllm:some/judge, in this process: no endpoint, no key" in capsys.readouterr().out
    (engine,) = engines
    assert engine.settings == EngineSettings(
        dtype="float32", tensor_parallel_size=2, enforce_eager=True
    )
    # 3 items x 2 matches x 2 passes: the rounds of all items go to the engine together, after
    # three questions that go ahead to see whether it answers at all.
    assert engine.batches[:3] == [3, 9, 12]
    spec = spec_of("r")
    assert spec["judge"]["mode"] == "pairwise"
    assert spec["judge"]["engine"]["settings"]["tensor_parallel_size"] == 2
    assert spec["fingerprint"]["judge"]["settings"]["dtype"] == "float32"
    leaders = [line["writer"] for line in result_of("r")["tournament"]["leaderboard"]]
    assert leaders == sorted(leaders)


def test_large_waves_come_in_the_engines_own_batches(engines: list[FakeEngine]) -> None:
    assert judge("r", *written(items=12), judge_model="vllm:j") == 0
    # 12 items x 2 matches x 2 passes are 48 questions: 3 first, then 16, 16 and 13.
    assert engines[0].batches[:4] == [3, 16, 16, 13]


def test_caps_hold_for_engines_and_the_rest_is_asked_later(engines: list[FakeEngine]) -> None:
    flags = [*written(items=6), "--tournament", "full"]
    assert judge("r", *flags, "--max-requests", "20", judge_model="vllm:j") == 3
    assert len(lines_of("r")) == 20
    assert judge("r", *flags, judge_model="vllm:j") == 0
    assert sum(engines[1].batches) == len(lines_of("r")) - 20
    assert judge("whole", *flags, judge_model="vllm:j") == 0
    assert ratings_of("r") == ratings_of("whole")
    # Shown again, a finished run asks nothing.
    assert judge("r", *flags, judge_model="vllm:j") == 0
    assert engines[-1].batches == []


def test_copies_of_a_local_judge_are_announced(
    engines: list[FakeEngine],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # A cluster of one copy, in this process.
    copies = "judgemark.judges.ray_replicas.RayReplicas"
    monkeypatch.setattr(copies, lambda judge, *_: judge)
    flags = ["--ray", "head:6379", "--replicas", "2"]
    assert main(["--judge-model", "vllm:some/judge", "--run-id", "r", *written(), *flags]) == 0
    assert "vllm:some/judge, 2 copies with Ray (head:6379): no" in capsys.readouterr().out
    assert len(engines) == 1


def test_a_pair_too_long_is_refused_before_the_engine_is_asked(
    engines: list[FakeEngine], capsys: pytest.CaptureFixture[str]
) -> None:
    flags = written(items=2)
    samples, _ = pieces({"ann": 9, "bea": 7, "cid": 5}, items=2)
    for writer in ("ann", "cid"):
        samples[writer]["samples"]["0"]["1"] += "!" * 2_000
    flags[1] = write("long.json", samples)
    flags[5] = write("r.json", {"ann": 3, "bea": 2, "cid": 1})
    assert judge("r", *flags, "--dry-run", judge_model="vllm:j") == 2
    said = capsys.readouterr().err
    assert "item 1, cid (iteration 0) against ann (iteration 0): 4,485 tokens" in said
    assert engines[0].batches == []
    assert judge("r", *flags, "--on-too-long", "skip", judge_model="vllm:j") == 1
    assert result_of("r")["tournament"]["too_long"] == 2


def test_a_reward_judge_compares_no_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--judge-model", "hf-reward:j", "--mode", "pairwise", *written()[:2]]) == 2
    assert "--mode pairwise does not work with hf-reward: judges" in capsys.readouterr().err


def test_an_engine_setting_out_of_range_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert judge("r", *written(), "--gpu-memory-utilization", "2", judge_model="vllm:j") == 2
    said = capsys.readouterr().err
    assert "--gpu-memory-utilization" in said
    assert "from 0 to 1" in said
