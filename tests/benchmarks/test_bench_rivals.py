"""The comparison with other programs: the endpoint, their scores, and one that is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import rival_threads
from benchmarks.bench_rivals import IDEAL, Timing, missing_inspect, row, slow_endpoint
from benchmarks.rival_scores import scores_in

REPLY = "A thoughtful piece: 9 of 10.\nQuality A: 6\nQuality B: 7.5"


def test_the_rivals_read_one_number_a_criterion() -> None:
    assert scores_in(REPLY) == {"Quality A": 6.0, "Quality B": 7.5}


def test_plain_threads_ask_the_slow_endpoint_about_every_piece(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions, out = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    questions.write_text("\n".join(json.dumps({"id": str(n), "prompt": "?"}) for n in range(5)))
    with slow_endpoint(REPLY, latency=0.01) as (address, last):
        rival_threads.main(address, 3, questions, out)
    assert json.loads(capsys.readouterr().out) == {"scored": 5}
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == list("01234")
    assert last.at > 0


def test_a_rival_that_cannot_be_installed_is_missing_for_a_reason(tmp_path: Path) -> None:
    reason = missing_inspect(tmp_path / "inspect", ("--no-index", "inspect-ai"))
    assert "inspect-ai" in reason
    assert "\n" not in reason
    assert not (tmp_path / "inspect" / "made").exists()


def test_a_row_gives_medians_and_ratios_to_the_ideal() -> None:
    timings = [Timing(seconds, seconds - 1, 100.0) for seconds in (3 * IDEAL, IDEAL, 2 * IDEAL)]
    assert row("ours", timings, "scores parsed") == (
        f"ours: {2 * IDEAL:.2f} s [{IDEAL:.2f}, {3 * IDEAL:.2f}], 2.00 x the ideal; last reply "
        f"after {2 * IDEAL - 1:.2f} s ({2 - 1 / IDEAL:.2f} x); peak 100 MB; scores parsed"
    )
