"""Draws the pictures of the README: `python -m tools.make_pictures`, which needs Chromium.

scores.png and report.png show the run that `make demo` makes, leaderboard.png the simulated judges
of tools/draw_board.py. A picture of another page is one more line in `main`.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from judgemark.cli import main as judgemark
from tools import draw_board
from tools.draw_board import PICTURES, photograph

RUN = "demo"
REPORT_SIZE = (1280, 1094)


def demo(runs: Path) -> Path:
    """The folder of a run over our own samples, judged by the word counter of `make demo`."""
    code = judgemark(
        ["--judge-model", "baseline:lexical", "--runs-dir", str(runs), "--run-id", RUN]
    )
    if code:
        raise RuntimeError(f"the demonstration ended with exit code {code}")
    return runs / RUN


def main(folder: Path = PICTURES) -> int:
    """Draw them all; 1 where there is no Chromium to draw pages with."""
    with tempfile.TemporaryDirectory() as runs:
        run = demo(Path(runs))
        judgemark(["export", str(run), "--to", "charts", "--output", runs])
        shutil.copy(Path(runs) / "scores.png", folder / "scores.png")
        drawn = photograph(run / "report.html", folder / "report.png", REPORT_SIZE)
    draw_board.main([])
    return int(not drawn)


if __name__ == "__main__":
    raise SystemExit(main())
