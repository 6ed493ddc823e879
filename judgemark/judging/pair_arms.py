"""The arms of the probes of a judge that compares two pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judgemark.judging.probed_pairs import ArmPair, ProbedPairs
from judgemark.probes.changed_pieces import changed_piece
from judgemark.probes.probe_arm import PLAIN, FrameArm, NotAsked, RepeatArm, TextArm
from judgemark.probes.probe_registry import Probe, ProbeContrast, contrasts_of
from judgemark.protocols.pairwise_protocol import Pair
from judgemark.records import Sample

NOT_READ = "the judge does not read, so that a line about the writer is only more text to it"


@dataclass(frozen=True)
class PairArms:
    """The pairs of all arms that can be asked, and the reasons of the others by key."""

    schedule: ProbedPairs
    pieces: tuple[Sample, ...]
    absent: Mapping[str, str]


def pair_arms(
    drawn: Sequence[tuple[Sample, Sample]],
    probes: Sequence[Probe],
    absent: Mapping[str, str],
    seed: int,
    *,
    reads: bool,
) -> PairArms:
    """Return the arms of these probes about the drawn pairs.

    In an arm each piece of a pair is changed in turn; a pair of which one piece cannot be changed
    is left out of the arm. `reads` says whether the judge reads. `absent` has contrasts that are
    not asked anyway, with the reason.
    """
    pairs = [
        ArmPair(PLAIN, n, None, Pair.of(one, two), one.sha256) for n, (one, two) in enumerate(drawn)
    ]
    pieces = [sample for both in drawn for sample in both]
    reasons = dict(absent)
    repeat = False
    for probe, contrast in contrasts_of(probes):
        key = probe.key_of(contrast)
        if key in reasons:
            continue
        repeat = repeat or isinstance(contrast.arm, RepeatArm)
        if isinstance(contrast.arm, FrameArm) and not reads:
            reasons[key] = NOT_READ
            continue
        made = _changed(key, contrast, drawn, seed)
        if isinstance(made, NotAsked):
            reasons[key] = made.reason
            continue
        for n, changed in made.items():
            pairs += _in_turn(key, n, drawn[n], changed)
            pieces += changed
    ordered = sorted(pieces, key=lambda s: (s.writer, s.iteration, s.item))
    return PairArms(ProbedPairs(tuple(pairs), repeat, seed), tuple(ordered), reasons)


def _changed(
    key: str, contrast: ProbeContrast, drawn: Sequence[tuple[Sample, Sample]], seed: int
) -> dict[int, tuple[Sample, Sample]] | NotAsked:
    """Return the changed pieces by pair; none for a contrast that the plain answers give."""
    arm = contrast.arm
    found: dict[int, tuple[Sample, Sample]] = {}
    if not isinstance(arm, TextArm | FrameArm):
        return found
    reason = ""
    for n, (one, two) in enumerate(drawn):
        made = [changed_piece(key, arm, sample, seed) for sample in (one, two)]
        kept = [sample for sample in made if isinstance(sample, Sample)]
        if len(kept) == len(made):
            found[n] = (kept[0], kept[1])
        else:
            reason = next(one.reason for one in made if isinstance(one, NotAsked))
    return found or NotAsked(reason)


def _in_turn(
    key: str, number: int, plain: tuple[Sample, Sample], changed: tuple[Sample, Sample]
) -> list[ArmPair]:
    (one, two), (one_changed, two_changed) = plain, changed
    return [
        ArmPair(key, number, 0, Pair.of(one_changed, two), one_changed.sha256),
        ArmPair(key, number, 1, Pair.of(one, two_changed), one.sha256),
    ]
