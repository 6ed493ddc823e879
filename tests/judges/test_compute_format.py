"""Which number format "auto" means, and how many cores torch may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from judgemark.judges import compute_format
from judgemark.judges.compute_format import CLEARLY, allowed_cores, settled_dtype


def on(monkeypatch: pytest.MonkeyPatch, device: str, gain: float) -> None:
    monkeypatch.setattr(compute_format, "device", lambda: device)
    monkeypatch.setattr(compute_format, "bfloat16_gain", lambda: gain)


@pytest.mark.parametrize(
    ("stored", "gain", "taken"),
    [
        ("bfloat16", 2.4, "bfloat16"),
        ("bfloat16", CLEARLY - 0.1, "float32"),
        # Bits that are stored are not thrown away for speed.
        ("float32", 2.4, "float32"),
        ("float16", 2.4, "float32"),
        (None, 2.4, "float32"),
    ],
)
def test_a_cpu_takes_bfloat16_where_it_is_stored_and_faster(
    monkeypatch: pytest.MonkeyPatch, stored: str | None, gain: float, taken: str
) -> None:
    on(monkeypatch, "cpu", gain)
    assert settled_dtype("auto", stored) == taken
    assert settled_dtype("float16", stored) == "float16"


def test_a_gpu_and_other_machines_take_the_stored_format(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, "cuda", 0.0)
    assert settled_dtype("auto", "bfloat16") == "bfloat16"
    assert settled_dtype("auto", None) == "auto"
    on(monkeypatch, "cpu", 0.0)
    assert settled_dtype("auto", "bfloat16", elsewhere=True) == "bfloat16"


def test_a_container_has_as_many_cores_as_its_quota_gives(tmp_path: Path) -> None:
    mine = len(os.sched_getaffinity(0))
    quota = tmp_path / "cpu.max"
    assert allowed_cores(quota) == mine
    quota.write_text("max 100000\n")
    assert allowed_cores(quota) == mine
    quota.write_text("50000 100000\n")
    assert allowed_cores(quota) == 1
    quota.write_text("9900000 100000\n")
    assert allowed_cores(quota) == mine
