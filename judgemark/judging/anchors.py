"""The anchored item: which two pieces a judge is shown beside each, and what that needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgemark.errors import UsageError
from judgemark.inputs.anchored_prompts import GREATEST, LEAST, AnchoredPrompts
from judgemark.inputs.our_files import OUR_ANCHORED_TEMPLATE
from judgemark.inputs.prompt_template import (
    STRONG_ANCHOR,
    WEAK_ANCHOR,
    WRITING_PROMPT,
    read_template,
)
from judgemark.inputs.prompts import Fills
from judgemark.inputs.samples import SampleSet
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.rubric_prompts import known_writing_prompts
from judgemark.protocols.anchored_protocol import AnchorPair
from judgemark.records import PLAIN, Place, Sample, text_hash

_FEWEST_WRITERS = 3


@dataclass(frozen=True)
class AnchoredAsking:
    """The prompts of the anchored item, and the anchors of each piece by its place."""

    prompts: AnchoredPrompts
    anchors: Mapping[Place, AnchorPair]

    @property
    def sha256(self) -> str:
        """Return the digest of the choice, by which runs with other anchors are kept apart."""
        return text_hash(json.dumps(self.choices()))

    def choices(self) -> list[dict[str, Any]]:
        """Return which anchors each piece has, without their texts, for the run's folder."""
        return [
            {
                "writer": place[0],
                "iteration": place[1],
                "item": place[2],
                "weak": {"writer": pair.weak.writer, "iteration": pair.weak.iteration},
                "strong": {"writer": pair.strong.writer, "iteration": pair.strong.iteration},
            }
            for place, pair in sorted(self.anchors.items())
        ]


def anchored_asking(
    settings: JobSettings,
    samples: SampleSet,
    selected: Sequence[Sample],
    references: Mapping[str, float] | None,
) -> AnchoredAsking:
    """Read and check everything that the anchored item needs.

    Raises UsageError or InputError where settings do not go with it, where the template lacks an
    anchor, and where a piece has no two anchors.
    """
    _refuse_settings(settings)
    template = read_template(
        settings.files.template or OUR_ANCHORED_TEMPLATE, also=(WEAK_ANCHOR, STRONG_ANCHOR)
    )
    for placeholder in (WEAK_ANCHOR, STRONG_ANCHOR):
        if not template.asks_for(placeholder):
            raise UsageError(
                f"‹template›: {template.path.name} has no <{placeholder}>, where the anchor goes; "
                "‹protocol› anchored needs both anchors"
            )
    prompted: Mapping[str, str] = {}
    if template.asks_for(WRITING_PROMPT):
        prompted = known_writing_prompts(settings, samples.items)
        if not prompted:
            raise UsageError(
                "‹protocol› anchored shows what the writers were asked; name the writing prompts "
                "of these samples with ‹writing_prompts›"
            )
    prompts = AnchoredPrompts(template, prompted, Fills(LEAST, GREATEST))
    return AnchoredAsking(prompts, choose_anchors(samples.samples, selected, references))


def _refuse_settings(settings: JobSettings) -> None:
    if (settings.scoring_min, settings.scoring_max) != (LEAST, GREATEST):
        raise UsageError(
            f"‹protocol› anchored has the scale {LEAST:g} to {GREATEST:g}, on which its anchors "
            "have the scores 2 and 9; leave ‹scoring_min› and ‹scoring_max› out"
        )
    for name in ("prompts_file", "criteria_file", "rubric_criteria_file", "score_anchoring_file"):
        if getattr(settings.files, name) is not None:
            raise UsageError(
                f"‹{name}› does not go with ‹protocol› anchored, which asks for one score by a "
                "prompt of its own; another one can be given as ‹template›"
            )
    if settings.sampling.structured != "off":
        raise UsageError("‹structured› does not go with ‹protocol› anchored: it has no criteria")
    if settings.sampling.score_method != PLAIN:
        raise UsageError("‹score_method› does not go with ‹protocol› anchored: it has no criteria")


def choose_anchors(
    samples: Sequence[Sample],
    selected: Iterable[Sample],
    references: Mapping[str, float] | None,
) -> dict[Place, AnchorPair]:
    """Return the anchors of each piece: the weakest and the strongest others on its item.

    Anchors are ranked by their writers' reference scores. Neither is by the piece's own writer, and
    neither was made from the same original as the piece, where the samples say what was made from
    what. Of several iterations the first counts, and of writers with the same score the first by
    name, so that the choice is the same whenever it is made.

    Raises UsageError where fewer than three writers have reference scores, and for a piece without
    two anchors whose reference scores differ; one that is not selected is left out instead.
    """
    known = references or {}
    writers = {s.writer for s in samples if s.writer in known}
    if len(writers) < _FEWEST_WRITERS:
        raise UsageError(
            f"‹protocol› anchored needs reference scores of at least {_FEWEST_WRITERS} writers to "
            f"choose its anchors by, and {len(writers)} have one; give ‹reference_scores›"
        )
    by_item: dict[str, list[Sample]] = {}
    for sample in samples:
        if sample.writer in known:
            by_item.setdefault(sample.item, []).append(sample)
    for listed in by_item.values():
        listed.sort(key=lambda s: (known[s.writer], s.writer, s.iteration))
    found = {
        _place(piece): _pair_for(piece, by_item.get(piece.item, ()), known) for piece in samples
    }
    for piece in selected:
        if found[_place(piece)] is None:
            raise UsageError(
                f'‹protocol› anchored: item "{piece.item}" has no two anchors for the piece by '
                f"{piece.writer}; it takes pieces on that item by two other writers with "
                "different reference scores"
            )
    return {place: pair for place, pair in found.items() if pair is not None}


def _place(sample: Sample) -> Place:
    return (sample.writer, sample.iteration, sample.item)


def _pair_for(
    piece: Sample, ranked: Sequence[Sample], known: Mapping[str, float]
) -> AnchorPair | None:
    others = [
        s
        for s in ranked
        if s.writer != piece.writer and _origin(s) != _origin(piece) and s.text != piece.text
    ]
    if others and known[others[0].writer] < known[others[-1].writer]:
        most = known[others[-1].writer]
        strong = next(s for s in others if known[s.writer] == most)
        return AnchorPair(others[0], strong)
    return None


def _origin(sample: Sample) -> tuple[str, str]:
    """Return the writer and iteration of the piece that a sample was made from, or its own."""
    return (sample.derived_from or sample.writer, sample.iteration)
