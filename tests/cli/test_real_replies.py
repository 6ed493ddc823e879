"""960 real pieces and a real judge's replies, served as an endpoint, kind and unkind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.ports import free_port

HOME = Path(__file__).resolve().parents[2]
SHARED = HOME.parent / "shared"

pytestmark = [
    pytest.mark.replay,
    pytest.mark.skipif(
        not (SHARED / "real" / "replies.json").exists(),
        reason="the real pieces of ../shared are not here",
    ),
]


@contextmanager
def replay(*flags: str) -> Iterator[str]:
    """The address of a server that answers as the recorded judge did."""
    port = free_port()
    server = subprocess.Popen(
        [
            sys.executable,
            str(SHARED / "tools" / "replay_judge.py"),
            str(SHARED / "real" / "replies.json"),
            "--port",
            str(port),
            "--latency",
            "0.005",
            *flags,
        ]
    )
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/stats", timeout=1).close()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(10)


def stats(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(address.removesuffix("/v1") + "/stats", timeout=5) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def judge(address: str, folder: Path, *flags: str, **environment: str) -> dict[str, Any]:
    """Judge all pieces with the real command; the result."""
    prompts = folder / "prompts.json"
    writing = json.loads((SHARED / "real" / "writing_prompts.json").read_text("utf-8"))
    prompts.write_text(
        json.dumps(
            {
                item: f"Score this.\n{entry['writing_prompt']}\n[TEST MODEL RESPONSE]\n"
                "[TEST MODEL RESPONSE END]\nOne line per criterion."
                for item, entry in writing.items()
            }
        )
    )
    done = subprocess.run(
        [
            sys.executable,
            str(HOME / "judgemark.py"),
            "--judge-model",
            "recorded",
            "--base-url",
            address,
            "--samples-file",
            str(SHARED / "real" / "samples.json"),
            "--prompts-file",
            str(prompts),
            "--scoring-max",
            "20",
            "--run-id",
            "r",
            "--runs-dir",
            str(folder / "runs"),
            "--threads",
            "32",
            *flags,
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
        env={**os.environ, "RETRY_DELAY": "0.01", **environment},
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads((folder / "runs" / "r" / "result.json").read_text("utf-8"))
    return result


def test_all_pieces_and_again_with_every_kind_of_fault(tmp_path: Path) -> None:
    (tmp_path / "kind").mkdir()
    (tmp_path / "unkind").mkdir()
    with replay() as address:
        kind = judge(address, tmp_path / "kind")
        assert stats(address)["requests"] == 960
    faults = ["--fault-rate", "0.3", "--hang", "0.3"]
    faults += ["--faults", "429,500,reset,hang,empty,garbage,truncate"]
    with replay(*faults) as address:
        unkind = judge(address, tmp_path / "unkind")
        assert stats(address)["faults"] > 200
        assert stats(address)["unknown"] == 0
    assert unkind["scorecards"] == kind["scorecards"]
    assert unkind["writers"] == kind["writers"]
    assert kind["status"] == unkind["status"] == "complete"
    # 844 replies give all 22 criteria, 116 leave some out; no criteria file names them.
    assert kind["coverage"]["classes"] == {"ok": 844, "partial": 116}
    assert kind["coverage"]["first_try_parse_rate"] == 1.0
    # A reply can first come back empty or cut off: 0.3 x 2/7 = 8.6% of replies that came, about.
    assert 0.85 < unkind["coverage"]["first_try_parse_rate"] < 0.95
    # The judge reads: it clears the floor that counting distinct words sets.
    assert kind["floors"]["s_minus_lexical"] > 5
