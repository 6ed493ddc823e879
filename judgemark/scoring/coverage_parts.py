"""The parts that the `coverage` section of every kind of run has in common."""

from __future__ import annotations

from judgemark.judged import JudgedRun
from judgemark.records import Class

MOST_FAILURES = 200
"""How many failures a result lists; `failures_total` counts all of them."""


def class_counts(run: JudgedRun) -> dict[str, int]:
    """Return how many questions ended in each class, without those that none ended in."""
    return {cls.value: run.classes[cls] for cls in Class if run.classes.get(cls)}


def listed_failures(run: JudgedRun) -> list[dict[str, str]]:
    """Return the first `MOST_FAILURES` pieces without a verdict, each with the reason."""
    return [
        {
            "writer": one.writer,
            "iteration": one.iteration,
            "item": one.item,
            "class": one.cls.value,
            "reason": one.reason,
        }
        for one in run.unjudged[:MOST_FAILURES]
    ]
