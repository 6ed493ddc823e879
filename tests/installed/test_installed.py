"""The installed program, used from a folder that is no checkout (`make test-install`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from judgemark import __version__
from tools.make_requirements import read_declared

HOME = Path(__file__).resolve().parents[2]
BUILT = HOME / os.environ.get("INSTALLED", "build/install")
BIN = BUILT / "venv" / ("Scripts" if sys.platform == "win32" else "bin")

pytestmark = [
    pytest.mark.installed,
    pytest.mark.skipif("INSTALLED" not in os.environ, reason="not installed: make test-install"),
]


def run(*command: str, cwd: Path, code: int = 0) -> str:
    """What a command of the fresh environment prints; fails where it exits otherwise."""
    names = ("OPENAI_API_KEY", "OPENAI_API_URL", "OPENAI_BASE_URL", "LOG_VERBOSITY", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    ran = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def result_of(folder: Path) -> Any:
    return json.loads((folder / "result.json").read_text("utf-8"))


@pytest.fixture
def wheel() -> Iterator[zipfile.ZipFile]:
    (path,) = (BUILT / "wheel").glob("judgemark-*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def test_the_wheel_holds_the_package_with_our_samples_and_prompts(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert {name.split("/")[0] for name in names} == {
        "judgemark",
        f"judgemark-{__version__}.dist-info",
    }
    for ours in ("data/samples.json", "data/writing_prompts.json", "prompts/judge_prompts.json"):
        assert wheel.read(f"judgemark/our_files/{ours}") == (HOME / ours).read_bytes()
    assert "judgemark/py.typed" in names


def test_the_wheel_declares_what_pyproject_declares(wheel: zipfile.ZipFile) -> None:
    text = wheel.read(f"judgemark-{__version__}.dist-info/METADATA").decode()
    said = message_from_string(text)
    assert said["Version"] == __version__
    lines = [Requirement(line) for line in said.get_all("Requires-Dist", [])]
    required = {(r.name, r.specifier) for r in lines if r.marker is None}
    declared = {Requirement(line) for line in read_declared()[None]}
    assert required == {(r.name, r.specifier) for r in declared}
    assert {"vllm", "hf", "dev", "browser"} <= set(said.get_all("Provides-Extra", []))


def test_the_package_is_the_installed_one(tmp_path: Path) -> None:
    script = "import judgemark; print(judgemark.__file__)"
    assert run("python", "-c", script, cwd=tmp_path).startswith(str(BUILT / "venv"))


@pytest.mark.parametrize("start", [("judgemark",), ("python", "-m", "judgemark")])
def test_the_command_and_the_module_are_one_program(start: tuple[str, ...], tmp_path: Path) -> None:
    assert run(*start, "--version", cwd=tmp_path).strip() == f"judgemark {__version__}"
    usage = run(*start, "score", "--help", cwd=tmp_path).splitlines()[0]
    assert usage.startswith(f"usage: {' '.join(start)} score")


def test_our_samples_are_judged_and_scored_again(tmp_path: Path) -> None:
    command = ("judgemark", "--judge-model", "baseline:lexical", "--run-id", "words")
    run(*command, cwd=tmp_path)
    folder = tmp_path / "runs" / "words"
    ours = json.loads((HOME / "data" / "samples.json").read_text("utf-8"))
    assert set(result_of(folder)["writers"]) == set(ours)
    assert (folder / "report.html").stat().st_size > 10_000
    first = result_of(folder)["scorecards"]
    run("python", "-m", "judgemark", "score", "words", cwd=tmp_path)
    assert result_of(folder)["scorecards"] == first


def test_our_rubric_prompts_are_found(tmp_path: Path) -> None:
    command = ("judgemark", "--judge-model", "j", "--base-url", "http://localhost:9/v1")
    assert "144" in run(*command, "--dry-run", cwd=tmp_path)


def test_our_writing_prompts_are_found(tmp_path: Path) -> None:
    command = ("judgemark", "--judge-model", "j", "--base-url", "http://localhost:9/v1")
    run(*command, "--mode", "pairwise", "--dry-run", cwd=tmp_path)


def test_a_missing_engine_says_how_to_install_it(tmp_path: Path) -> None:
    said = run("judgemark", "--judge-model", "hf:someone/judge", cwd=tmp_path, code=2)
    assert "pip install 'judgemark[hf]'" in said


def test_a_checkout_runs_with_the_requirements_file_alone(tmp_path: Path) -> None:
    """The fresh environment holds what requirements.txt names; the script runs the checkout."""
    script = str(HOME / "judgemark.py")
    assert run("python", script, "--version", cwd=tmp_path).strip() == f"judgemark {__version__}"
    run("python", script, "--judge-model", "baseline:length", "--limit", "12", cwd=tmp_path)
    assert len(list((tmp_path / "runs").iterdir())) >= 1
