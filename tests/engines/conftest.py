"""One tiny judge, the same pairs for every engine, and vLLM's own server on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from judgemark.judges.engine import EngineSettings
from judgemark.protocols.pairwise_protocol import Pair
from judgemark.records import Sample
from tests.engines.tiny import make_tiny

CONTEXT = 1024
SETTINGS = EngineSettings(max_model_len=CONTEXT, enforce_eager=True, kv_cache_gib=0.25)
INSTRUCTIONS = {"7": "Write the first page of a story about rain – été.", "8": "Write a letter."}
_TEXTS = (
    "The rain had stopped at last, and the street was bright with lamps.",
    'She said, "Nobody comes here now," and shut the door.\nThe lamp went out.',
    "It was a dark and stormy night; nobody said what everybody knew.",
    "L’été – that summer – never ended. " * 4,
)


def needs(*packages: str) -> pytest.MarkDecorator:
    """Skip, with the reason, where a package of the engines is not installed."""
    missing = [package for package in packages if find_spec(package) is None]
    reason = f"{', '.join(missing)} not installed here: make test-engines"
    return pytest.mark.skipif(bool(missing), reason=reason)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny judge."""
    return make_tiny(tmp_path_factory.mktemp("judges") / "tiny")


@pytest.fixture(scope="session")
def pairs() -> tuple[Pair, ...]:
    """All pairs of four pieces, for two items."""
    samples = [
        Sample(f"writer-{n}", "1", item, text)
        for item in INSTRUCTIONS
        for n, text in enumerate(_TEXTS)
    ]
    return tuple(
        Pair.of(x, y)
        for n, x in enumerate(samples)
        for y in samples[n + 1 :]
        if x.item == y.item
    )  # fmt: skip


@pytest.fixture(scope="session")
def server(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of vLLM's OpenAI server with the tiny judge, named `tiny`."""
    port = _free_port()
    log = tmp_path_factory.mktemp("server") / "log"
    command = [
        sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", str(tiny),
        "--served-model-name", "tiny", "--host", "127.0.0.1", "--port", str(port),
        "--max-model-len", str(CONTEXT), "--dtype", "float32", "--enforce-eager",
        "--kv-cache-memory-bytes", str(2**28),
    ]  # fmt: skip
    environment = os.environ | {
        "TORCHDYNAMO_DISABLE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_LOGGING_LEVEL": "ERROR",
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, env=environment, start_new_session=True
        )
        try:
            _wait_until_up(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_up(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/v1/models", timeout=2) as answer:
                json.load(answer)
                return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"vLLM's server did not come up:\n{log.read_text()[-3000:]}")
