"""The summary that the README shows is what `make demo` prints."""

import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_readme_shows_what_the_demo_prints(tmp_path: Path) -> None:
    printed = subprocess.run(
        [sys.executable, str(HOME / "judgemark.py"), "--judge-model", "baseline:lexical"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    readme = (HOME / "README.md").read_text("utf-8")
    [shown] = [b for b in readme.split("```") if b.lstrip().startswith("Judged  ")]
    assert shown.strip() in printed
