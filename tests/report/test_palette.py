"""Pages in 256 colours: exact while colours are few, near while they are many."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from judgemark.report.palette import in_few_colours


def _page(colours: list[tuple[int, int, int]], height: int = 150) -> NDArray[np.uint8]:
    """A page whose pixels go through the colours one after the other; alpha differs."""
    rgb = np.resize(np.array(colours, dtype=np.uint8), (height, 97, 3))
    alpha = np.full((height, 97, 1), 7, dtype=np.uint8)
    return np.concatenate([rgb, alpha], axis=-1)


def _rgb(image: Image.Image) -> NDArray[np.int64]:
    return np.asarray(image.convert("RGB")).astype(np.int64)


def test_up_to_256_colours_are_kept_exactly() -> None:
    page = _page([(n, 255 - n, n // 2) for n in range(256)])
    drawn = in_few_colours(page)
    assert drawn.mode == "P"
    assert np.array_equal(_rgb(drawn), page[..., :3])


def test_of_more_colours_the_nearest_stand_for_the_rest_and_paper_stays_white() -> None:
    page = _page([(r, g, 128) for r in range(0, 256, 8) for g in range(0, 256, 8)])  # 32 x 32
    page[:100] = 255
    drawn = _rgb(in_few_colours(page))
    assert (drawn[:100] == 255).all()
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) <= 256
    # Four colours share one: 8 apart in red and green, so about 4 off in each on average.
    assert np.abs(drawn - page[..., :3]).mean() < 4
    assert np.abs(drawn - page[..., :3]).max() <= 24


def test_the_same_page_gives_the_same_image() -> None:
    page = _page([(r, 0, b) for r in range(0, 256, 5) for b in range(0, 256, 5)])
    assert in_few_colours(page).tobytes() == in_few_colours(page.copy()).tobytes()
