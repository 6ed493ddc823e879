"""The requirements files repeat pyproject.toml, and the lock pins what it declares."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.make_requirements import FILES, LOCK, complaints, read_declared, render, unlocked

PROJECT = """
[project]
name = "judgemark"
dependencies = ["numpy>=2,<3"]
[project.optional-dependencies]
vllm = []
hf = ["torch>=2"]
browser = ["selenium"]
test = ["pytest>=8"]
dev = ["judgemark[test]", "ruff"]
[dependency-groups]
engines-cpu = ["judgemark[test]"]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A project whose files fit."""
    (tmp_path / "pyproject.toml").write_text(PROJECT, "utf-8")
    for file in FILES:
        (tmp_path / file.name).write_text(render(file, read_declared(tmp_path)), "utf-8")
    lock = "numpy==2.4 \\\n    --hash=sha256:0\npytest==9.2\nruff==0.17\nselenium==4.51\n"
    (tmp_path / LOCK).write_text(lock, "utf-8")
    return tmp_path


def test_an_extra_may_take_in_another(home: Path) -> None:
    assert read_declared(home)["dev"] == ("pytest>=8", "ruff")


def test_files_that_say_the_same_are_left_alone(home: Path) -> None:
    assert complaints(home) == []


def test_an_edited_file_is_named(home: Path) -> None:
    path = home / "requirements.txt"
    path.write_text(path.read_text("utf-8").replace("numpy>=2", "numpy>=1"), "utf-8")
    (line,) = complaints(home)
    assert line.startswith("requirements.txt")


def test_a_missing_file_is_named(home: Path) -> None:
    (home / "requirements-hf.txt").unlink()
    (line,) = complaints(home)
    assert line.startswith("requirements-hf.txt")


@pytest.mark.parametrize(
    ("lock", "missing"),
    [
        ("numpy==2.4\npytest==9.2\nruff==0.17\nselenium==4.51\n", []),
        ("numpy==3.0\npytest==9.2\nruff==0.17\nselenium==4.51\n", ["numpy>=2,<3"]),
        ("numpy==2.4\npytest==9.2\nselenium==4.51\n", ["ruff"]),
        # Of two versions for two Pythons, both have to fit.
        ("numpy==2.4 ; x\nnumpy==1.9 ; y\npytest==9\nruff==1\nselenium==4\n", ["numpy>=2,<3"]),
    ],
)
def test_the_lock_pins_a_version_within_each_range(
    home: Path, lock: str, missing: list[str]
) -> None:
    assert unlocked(lock, read_declared(home)) == missing
