"""A run of probes that is killed at any moment goes on from what it had."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from tests.fixtures.kept_runs import rubric, write_inputs
from tests.reliability.processes import run, said_in
from tests.reliability.run_kinds import RunKind
from tests.reliability.test_kills import kill_after, whole_lines
from tests.support.fake_endpoint import FakeEndpoint
from tests.support.pairwise import letters

GIVEN = ("--samples-file", "samples.json", "--limit", "8", "--threads", "4")
RUBRIC = ("--prompts-file", "prompts.json", "--criteria-file", "criteria.json")
PAIRWISE = ("--writing-prompts", "writing_prompts.json", "--mode", "pairwise")
PROBED = {"rubric": ((*GIVEN, *RUBRIC), rubric), "pairwise": ((*GIVEN, *PAIRWISE), letters)}


def effects(folder: Path) -> Any:
    path = folder / "runs" / "r" / "result.json"
    return json.loads(path.read_text("utf-8"))["validity"]["probes"]


@pytest.mark.reliability
@pytest.mark.parametrize("mode", PROBED)
def test_probes_killed_at_five_random_moments_lose_nothing(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags, script = PROBED[mode]
    command = ("probe", "--judge-model", "fake", *flags)
    kind = RunKind(mode, command, script, "result.json", tmp_path / "never")
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    for folder in (undisturbed, killed):
        folder.mkdir()
        write_inputs(folder)
    with FakeEndpoint(script) as endpoint:
        monkeypatch.chdir(undisturbed)
        assert main(kind.arguments(endpoint.url)) == 0
    chance = random.Random(11)
    with FakeEndpoint(kind.slowly) as endpoint:
        for _ in range(5):
            before = whole_lines(killed)
            pause = chance.uniform(0.0, 0.03)
            kill_after(kind, endpoint.url, killed, chance.randrange(0, 25), pause)
            assert whole_lines(killed)[: len(before)] == before
        assert run(kind.arguments(endpoint.url), killed) == 0, said_in(killed)
    lines = [json.loads(line) for line in whole_lines(killed)]
    asked = Counter((line["question"], *line["slot"].values()) for line in lines)
    assert max(asked.values()) == 1
    assert len(lines) == len(whole_lines(undisturbed))
    assert effects(killed) == effects(undisturbed)
    assert "Traceback" not in said_in(killed)
