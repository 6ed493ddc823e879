"""Pieces with the change of an arm."""

from __future__ import annotations

from collections.abc import Sequence

from judgemark.probes.probe_arm import FrameArm, NotAsked, TextArm
from judgemark.records import Place, Sample
from judgemark.tournaments.tournament_settings import stream

UNCHANGED = "the change leaves the piece as it is"


def changed_piece(
    key: str, arm: TextArm | FrameArm, sample: Sample, seed: int
) -> Sample | NotAsked:
    """Return the piece with the arm's change, under a writer's name of its own, or why not.

    The change depends on the seed, the arm and the place of the piece alone.
    """
    place = (sample.writer, sample.iteration, sample.item)
    if isinstance(arm, FrameArm):
        text: str | NotAsked = arm.above(sample.text)
    else:
        text = arm.change(sample.text, stream(seed, key, *place))
    if isinstance(text, NotAsked):
        return text
    if text == sample.text:
        return NotAsked(UNCHANGED)
    return Sample(
        f"{sample.writer} [{key}]",
        sample.iteration,
        sample.item,
        text,
        derived_from=sample.writer,
        kind=key,
        seed=seed,
    )


def changed_pieces(
    key: str, arm: TextArm | FrameArm, samples: Sequence[Sample], seed: int
) -> dict[Place, Sample] | NotAsked:
    """Return the changed pieces by the place of the piece that each was made from.

    Pieces that the arm cannot change are left out; where it can change none, why it cannot.
    """
    found: dict[Place, Sample] = {}
    reason = UNCHANGED
    for sample in samples:
        made = changed_piece(key, arm, sample, seed)
        if isinstance(made, NotAsked):
            reason = made.reason
        else:
            found[sample.writer, sample.iteration, sample.item] = made
    return found or NotAsked(reason)
