"""How fast a board of 200 runs of 3,000 items is built from the runs' stored files, and opens.

`python -m benchmarks.bench_board [--judges N]`; exits 1 where a bound is missed. Opening is
measured where selenium and Chromium are installed (requirements-browser.txt).
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.as_installed import environment
from judgemark.judged import Judged, JudgedRun, Spent
from judgemark.leaderboard.result_cache import keep, stamp
from judgemark.records import Class, Rubric, text_hash
from judgemark.run.folder import RunFolder
from judgemark.scoring.result_json import Composed, compose_with_replicates
from judgemark.table.score_table import ScoreTable

JUDGES = 200
WRITERS, ITERATIONS, ITEMS = 10, 3, 100
BUILT, OPENED = 10.0, 1.0
ROUNDS = 5
LOADED = "return performance.getEntriesByType('navigation')[0].domComplete"
REPLY = "A thoughtful piece. " * 150
"""About what a judge says of a piece: the journals have their real size."""


def judged_run() -> JudgedRun:
    """One run of 3,000 pieces with item scores."""
    noise = np.random.default_rng(0).normal(0, 1, (WRITERS, ITERATIONS, ITEMS))
    values = (6 + np.linspace(-1, 1, WRITERS)[:, None, None] + noise).round(2)
    table = ScoreTable(
        tuple(f"writer-{n:02}" for n in range(WRITERS)),
        tuple(str(n) for n in range(ITERATIONS)),
        tuple(f"item-{n:03}" for n in range(ITEMS)),
        values,
    )
    judged = tuple(
        Judged(writer, iteration, item, 0, 0, None, float(table.values[w, t, i]))
        for w, writer in enumerate(table.writers)
        for t, iteration in enumerate(table.iterations)
        for i, item in enumerate(table.items)
    )
    return JudgedRun(
        run_id="run",
        judge={"spec": "judge", "kind": "endpoint", "mode": "rubric"},
        protocol={"name": "rubric", "version": 1},
        dataset={"name": "stories", "sha256": "ab" * 32},
        fingerprint={
            "judge": {"name": "judge"},
            "protocol": {"name": "rubric", "version": 1},
            "samples": {"sha256": "ab" * 32},
            "prompts": {"sha256": "cd" * 32},
            "scoring": {"min": 0.0, "max": 10.0, "criteria": None},
        },
        rubric=Rubric(0, 10),
        judged=judged,
        unjudged=(),
        pieces=len(judged),
        classes={Class.OK: len(judged)},
        spent=Spent(3_000_000, 2_000_000, 1.0, 6_000.0, len(judged)),
        verdicts_sha256="00" * 32,
        references={writer: float(n) for n, writer in enumerate(table.writers)},
    )


def like_another(composed: Composed, number: int) -> Composed:
    """Return the same run as if another judge had made it, with another name and shifted scores."""
    draw = np.random.default_rng(number)
    move = float(draw.normal(0, 15))
    text = json.dumps(composed.result)
    result: dict[str, Any] = json.loads(text)
    name = f"lab-{number % 17}/judge-{number}"
    result["judge"]["spec"] = result["fingerprint"]["judge"]["name"] = name
    result["verdicts_sha256"] = text_hash(name)
    result["usage"]["cost"] = float(np.exp(draw.normal()))
    for versions in result["scorecards"].values():
        for card in versions.values():
            card["score"] += move
            card["ci95"] = [end + move for end in card["ci95"]]
    own = {key: row + move + draw.normal(size=len(row)) for key, row in composed.replicates.items()}
    twins = {
        key: own[key] + draw.normal(0, 0.3, len(row))
        for key, row in composed.twins.items()
        if not np.array_equal(row, composed.replicates[key])
    }
    return Composed(result, own, twins)


def write_runs(home: Path, judges: int) -> int:
    """Fill a runs folder; the size of one journal in bytes."""
    run = judged_run()
    composed = compose_with_replicates(run)
    description = json.dumps({"judge": run.judge, "fingerprint": run.fingerprint})
    journal = home / "journal"
    line = json.dumps({"question": "0" * 64, "reply": REPLY}) + "\n"
    journal.write_text(line * (WRITERS * ITERATIONS * ITEMS), "utf-8")
    for number in range(judges):
        folder = RunFolder(home / "runs" / f"run-{number:05}")
        folder.path.mkdir(parents=True)
        (folder.path / "run.json").write_text(description, "utf-8")
        # One file under many names: only its size and time are looked at.
        os.link(journal, folder.journal)
        keep(folder, like_another(composed, number), stamp(folder) if number == 0 else None)
        if number:
            shutil.copyfile(home / "runs/run-00000/replicates.json", folder.path / "stamp")
            _stamp_like_the_first(folder)
    return journal.stat().st_size


def _stamp_like_the_first(folder: RunFolder) -> None:
    """Put the first run's stamp of the shared journal in: hashing it once is enough."""
    first = json.loads((folder.path / "stamp").read_bytes())
    path = folder.path / "replicates.json"
    kept = json.loads(path.read_bytes()) | {"journal": first["journal"]}
    path.write_text(json.dumps(kept, separators=(",", ":")), "utf-8")
    (folder.path / "stamp").unlink()


def build(home: Path) -> float:
    """Seconds that the command takes, its start included."""
    program = Path(__file__).resolve().parents[1] / "judgemark.py"
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(program), "leaderboard", "-o", "board.html"],
        cwd=home, check=True, capture_output=True, text=True, env=environment(),
    )  # fmt: skip
    taken = time.perf_counter() - started
    if done.stderr:
        raise RuntimeError(f"not all came from what the runs keep: {done.stderr}")
    return taken


def opened(page: Path, profile: Path) -> float | None:
    """Seconds until Chromium has loaded the page, the median of five; None without a browser."""
    found = shutil.which("chromium"), shutil.which("chromedriver")
    if importlib.util.find_spec("selenium") is None or None in found:
        return None
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(found[0])
    for flag in ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(str(found[1])))
    try:
        spent: list[float] = []
        for _ in range(ROUNDS):
            driver.get("about:blank")
            driver.get(page.as_uri())
            spent.append(driver.execute_script(LOADED) / 1000)
    finally:
        driver.quit()
    return statistics.median(spent)


def main(arguments: list[str]) -> int:
    """Measure; 1 where a bound is missed."""
    judges = int(arguments[1]) if arguments[:1] == ["--judges"] else JUDGES
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        size = write_runs(home, judges)
        taken = build(home)
        page = home / "board.html"
        print(
            f"{judges} runs of {WRITERS * ITERATIONS * ITEMS:,} items, journals of "
            f"{size / 1e6:.0f} MB: built in {taken:.1f} s (at most {BUILT:.0f}), "
            f"page {page.stat().st_size / 1e6:.1f} MB"
        )
        spent = opened(page, home / "profile")
        if spent is None:
            print("opening: not measured, selenium or Chromium is not here")
        else:
            print(f"opened in {spent:.2f} s (at most {OPENED:.0f})")
    return int(taken > BUILT or (spent or 0.0) > OPENED)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
