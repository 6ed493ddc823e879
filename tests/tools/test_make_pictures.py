"""The pictures of the README: there, small, and drawn from our own samples."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tools import make_pictures
from tools.draw_board import PICTURES

MOST_BYTES = 400_000


@pytest.mark.parametrize("name", ["scores.png", "report.png", "leaderboard.png"])
def test_each_picture_is_there_and_small(name: str) -> None:
    assert (PICTURES / name).stat().st_size <= MOST_BYTES
    with Image.open(PICTURES / name) as picture:
        assert picture.width >= 1200


def test_without_a_browser_the_chart_is_drawn_and_the_pages_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tools.draw_board.shutil.which", lambda _: None)
    monkeypatch.setattr("tools.draw_board.main", lambda _: 0)
    assert make_pictures.main(tmp_path) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scores.png"]
    assert "144 of 144 pieces scored" in capsys.readouterr().out
