"""The examples of the README, of docs/api.md and of the worked notebook run as they are shown."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from judgemark.inputs.our_files import OUR_CRITERIA, OUR_SETS
from judgemark.inputs.prompts import read_criteria
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, said
from tools.run_notebook import code_of, read_notebook, with_outputs

HOME = Path(__file__).resolve().parents[1]
NAMES = ("OPENAI_API_KEY", "OPENAI_API_URL", "OPENAI_BASE_URL", "MAX_RETRIES")
CRITERIA = [criterion.name for criterion in read_criteria(OUR_CRITERIA)]


def examples(page: str) -> list[str]:
    """The Python blocks of a page that use the library."""
    blocks = re.findall(r"^```python\n(.*?)^```", (HOME / page).read_text("utf-8"), re.M | re.S)
    assert blocks, page
    return blocks


def answers(asked: Asked) -> Answer:
    """Scores of 0 to 9 that depend on the prompt alone, so that some pieces differ widely."""
    score = int(hashlib.sha256(asked.prompt.encode()).hexdigest()[:4], 16) % 10
    return said("[Scores]\n" + "\n".join(f"{name}: {score}" for name in CRITERIA))


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder, and an endpoint where `openai/gpt-4o-mini` is asked.

    Runs draw no report of their own, which takes long; those that an example asks for are drawn.
    """
    monkeypatch.setattr("judgemark.jobs.finish_run.write_report", lambda *_, **__: None)
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    with FakeEndpoint(answers) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        yield tmp_path


def test_the_page_on_the_library(elsewhere: Path) -> None:
    namespace: dict[str, Any] = {"__name__": "example"}
    for block in examples("docs/api.md"):
        exec(block, namespace)
    assert (elsewhere / "report.html").is_file() and (elsewhere / "board.html").is_file()
    assert namespace["run"].status == "limited"
    assert namespace["scored"].v4 > 100


def test_the_readme(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two iterations of our own samples stand for the user's; a stand-in for pandas."""
    ours = json.loads(OUR_SETS["v1"].samples.read_text("utf-8"))
    mine = {w: {"samples": dict(list(e["samples"].items())[:1])} for w, e in ours.items()}
    (elsewhere / "s.json").write_text(json.dumps(mine), "utf-8")
    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=dict))
    namespace: dict[str, Any] = {
        "scores": [{"writer": w, "item": i, "score": w + i} for w in range(3) for i in range(4)],
        "my_judge": lambda piece: float(len(piece.text) % 10),
        "my_pair_judge": lambda pairs: [0.6] * len(pairs),
    }
    for block in examples("README.md"):
        exec(block, namespace)
    assert (elsewhere / "r.html").is_file() and (elsewhere / "board.html").is_file()


def test_the_worked_notebook(elsewhere: Path) -> None:
    """Its outputs are those that it shows; the key figure: a word counter separates nothing."""
    stored = read_notebook()
    found = with_outputs(stored)
    shown = [cell.get("outputs") for cell in stored["cells"]]
    assert [cell.get("outputs") for cell in found["cells"]] == shown
    assert "separability -0.7 of at most 133" in json.dumps(shown)
    assert (elsewhere / "report.html").is_file()
    assert all(code_of(cell) for cell in stored["cells"])
