"""A judge for a cluster: it answers with the number that the piece ends with."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from judgemark.errors import AskFault
from judgemark.judges.base import Json
from judgemark.records import Question, Reply, Usage


class SlowBatches:
    """Takes `delay` seconds for a batch; each batch leaves a line in the folder `log`."""

    def __init__(self, log: Path, *, batch: int = 4, delay: float = 0.0) -> None:
        self.log = log
        self.batch = batch
        self.delay = delay

    @property
    def configuration(self) -> Mapping[str, Json]:
        """The same wherever it runs."""
        return {"kind": "test"}

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        """Answer each piece by its last word; "poison" ends this process."""
        texts = [q.pieces["piece"].text for q in questions]
        with (self.log / f"{os.getpid()}").open("a") as log:
            log.write(" ".join(q.item for q in questions) + "\n")
        if any("poison" in text for text in texts):
            os._exit(1)
        time.sleep(self.delay)
        return [Reply(text.split()[-1], "stop", usage=Usage(1, 1)) for text in texts]

    def close(self) -> None:
        """Nothing to let go of."""


def batches_of(log: Path) -> list[list[str]]:
    """The items of every batch that any copy was asked, from all processes."""
    lines = [line for path in log.iterdir() for line in path.read_text().splitlines()]
    return [line.split() for line in lines]


def processes_of(log: Path) -> list[int]:
    """The processes that were asked."""
    return sorted(int(path.name) for path in log.iterdir())
