"""A batch that does not fit into memory goes in halves; none of it is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from judgemark.judges.device_memory import within_memory

ON_CPU = SimpleNamespace(device="cpu")


@dataclass
class Device:
    """Has memory for `most` rows."""

    most: int
    says: str = "CUDA out of memory. Tried to allocate 2 GiB"
    asked: list[int] = field(default_factory=list)

    def forward(self, rows: Sequence[int]) -> list[int]:
        self.asked.append(len(rows))
        if len(rows) > self.most:
            raise RuntimeError(self.says)
        return [10 * row for row in rows]


def test_halves_come_back_in_order() -> None:
    device = Device(2)
    assert within_memory([1, 2, 3, 4, 5], device.forward, ON_CPU) == [10, 20, 30, 40, 50]
    assert device.asked == [5, 2, 3, 1, 2]


def test_a_row_that_never_fits_and_other_faults_are_raised() -> None:
    with pytest.raises(RuntimeError, match="out of memory"):
        within_memory([1, 2], Device(0).forward, ON_CPU)
    broken = Device(0, "shapes cannot be multiplied")
    with pytest.raises(RuntimeError, match="shapes"):
        within_memory([1, 2], broken.forward, ON_CPU)
    assert broken.asked == [2]
