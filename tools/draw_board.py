"""Draws the picture of a leaderboard for the README: simulated judges on our own samples.

`python -m tools.draw_board [FOLDER]` writes leaderboard.html and, where Chromium is at hand,
leaderboard.png into FOLDER (docs/images by default). Judges and prices are made up and say so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from judgemark.inputs.our_files import NEWEST_SET, OUR_SETS
from judgemark.inputs.references import read_references
from judgemark.inputs.samples import SampleSet, read_samples
from judgemark.judged import Judged, JudgedRun, Spent
from judgemark.leaderboard.assembly import leaderboard
from judgemark.leaderboard.board_entry import Entry
from judgemark.leaderboard.entry_from_result import entry_of
from judgemark.records import Class, Rubric, text_hash
from judgemark.report.board_page import render
from judgemark.scoring.result_json import compose_with_replicates

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "images"
NOISE_AND_PRICE = (
    (0.4, 3.1), (0.45, 0.9), (0.6, 1.4), (0.65, 0.16), (0.9, 0.4), (1.3, 0.05), (1.4, 0.3),
    (3.5, 0.02),
)  # fmt: skip
"""Each judge's noise in points, and what it is made to cost in dollars."""

SIZE = (1400, 1560)
COLOURS = 128


def simulated(
    samples: SampleSet, references: Mapping[str, float], noise: float, cost: float
) -> Entry:
    """A judge that gives every piece its writer's reference score on 0..10, and noise."""
    low, high = min(references.values()), max(references.values())
    draw = np.random.default_rng(round(1000 * noise))
    name = f"simulated/noise-{noise}"
    judged = tuple(
        Judged(
            s.writer,
            s.iteration,
            s.item,
            0,
            0,
            None,
            3 + 4 * (references[s.writer] - low) / (high - low) + float(draw.normal(0, noise)),
            text_sha256=s.sha256,
            text_length=len(s.text),
        )
        for s in samples.samples
    )
    run = JudgedRun(
        run_id=name.replace("/", "-"),
        judge={"spec": name, "kind": "endpoint", "mode": "rubric"},
        protocol={"name": "rubric", "version": 1},
        dataset={"name": "our own samples", "sha256": samples.sha256},
        fingerprint={
            "judge": {"name": name},
            "protocol": {"name": "rubric", "version": 1},
            "samples": {"sha256": samples.sha256},
            "scoring": {"min": 0.0, "max": 10.0, "criteria": None},
        },
        rubric=Rubric(0, 10),
        judged=judged,
        unjudged=(),
        pieces=len(judged),
        classes={Class.OK: len(judged)},
        spent=Spent(cost=cost, seconds=len(judged) * (0.5 + cost), requests=len(judged)),
        samples=samples.samples,
        verdicts_sha256=text_hash(name),
        references=references,
    )
    made = compose_with_replicates(run)
    return entry_of(made.result, made.replicates, made.twins)


def photograph(page: Path, picture: Path, size: tuple[int, int] = SIZE) -> bool:
    """Draw the page's upper part; False where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return False
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                f"--user-data-dir={profile}", f"--window-size={size[0]},{size[1]}",
                f"--screenshot={picture}", page.as_uri(),
            ],
            check=True, capture_output=True,
        )  # fmt: skip
    # A fifth of the size, without a visible difference.
    Image.open(picture).convert("RGB").quantize(COLOURS).save(picture, optimize=True)
    return True


def main(arguments: list[str]) -> int:
    """Write the page and its picture."""
    folder = Path(arguments[0]) if arguments else PICTURES
    ours = OUR_SETS[NEWEST_SET]
    samples = read_samples(ours.samples)
    references = read_references(ours.references, samples.writers) or {}
    entries = [simulated(samples, references, *pair) for pair in NOISE_AND_PRICE]
    with tempfile.TemporaryDirectory() as name:
        page = Path(name) / "leaderboard.html"
        page.write_text(render(leaderboard(entries)), "utf-8")
        if arguments:
            shutil.copy(page, folder / page.name)
        if not photograph(page, (folder / "leaderboard.png").resolve()):
            print("no Chromium here: no picture")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
