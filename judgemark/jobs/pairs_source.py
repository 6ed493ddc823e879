"""The known pairs that a user names: a preference file, people's scores, or a reference."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judgemark.errors import UsageError
from judgemark.inputs.known_pair_set import (
    ALL_PAIRS,
    KnownPairSet,
    pairs_of_preferences,
    pairs_of_ratings,
)
from judgemark.inputs.people_ratings import read_ratings
from judgemark.inputs.preference_pairs import read_preferences
from judgemark.inputs.writing_prompts import read_writing_prompts
from judgemark.jobs.prepare_run import read_given_samples
from judgemark.judges.judge_kind import Say
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.rubric_prompts import known_writing_prompts
from judgemark.metrics.validity.drawn_pairs import PairRules

PreferenceRows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class PairsSource:
    """Where known pairs come from, and which of them are asked about.

    Exactly one of `pairs_file` (a file, the name of a dataset, or rows), `ratings` and `reference`
    is given. A bound that is None has the default of its source.
    """

    pairs_file: Path | str | PreferenceRows | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    ratings: Path | None = None
    ratings_min: float | None = None
    ratings_max: float | None = None
    reference: str | None = None
    length_ratio: float | None = None
    margin_min: float | None = None
    margin_max: float | None = None
    pairs: int | None = None
    seed: int = 42

    def check(self) -> None:
        """Raise UsageError unless exactly one source is given, and for what it does not use."""
        given = [n for n in ("pairs_file", "ratings", "reference") if getattr(self, n) is not None]
        if len(given) != 1:
            named = " and ".join(f"‹{name}›" for name in given) or "none of them"
            raise UsageError(
                "pairs come from one of ‹pairs_file›, ‹ratings› and ‹reference›, and "
                f"{named} {'is' if not given else 'are'} given"
            )
        if self.columns and self.pairs_file is None:
            raise UsageError("‹columns› is for ‹pairs_file›")
        for name in ("ratings_min", "ratings_max"):
            if getattr(self, name) is not None and self.ratings is None:
                raise UsageError(f"‹{name}› is for ‹ratings›")

    @property
    def rules(self) -> PairRules:
        """The rules of the draw, with the defaults of the source.

        A reference has those of the card; people's scores have a margin of at least 5 points, and a
        preference file has no bounds at all. All pairs of people are asked about.
        """
        if self.reference is not None:
            usual = PairRules()
        else:
            least = 0.0 if self.pairs_file is not None else 5.0
            usual = PairRules(math.inf, least, math.inf, ALL_PAIRS)
        return PairRules(
            usual.length_ratio if self.length_ratio is None else self.length_ratio,
            usual.margin_min if self.margin_min is None else self.margin_min,
            usual.margin_max if self.margin_max is None else self.margin_max,
            usual.n if self.pairs is None else self.pairs,
            self.seed,
        )


@dataclass(frozen=True)
class FoundPairs:
    """The known pairs of a run; `ours` says that their pieces are our own samples."""

    known: KnownPairSet
    ours: bool


def people_pairs(source: PairsSource, settings: JobSettings, say: Say) -> FoundPairs:
    """Return the pairs of a preference file or of people's scores.

    Raises UsageError or InputError.
    """
    if source.pairs_file is not None:
        return _preferred(source, settings, say)
    if source.ratings is None:
        raise UsageError("‹ratings›: no file is given")
    samples = read_given_samples(settings)
    ratings = read_ratings(source.ratings, samples, source.ratings_min, source.ratings_max)
    if ratings.assumed:
        say(
            f"Scale      {ratings.low:g} to {ratings.high:g}, the smallest and the largest score "
            f"of {ratings.name}; name the real ends with ‹ratings_min› and ‹ratings_max›"
        )
    prompts = known_writing_prompts(settings, samples.items)
    known = pairs_of_ratings(ratings, samples, source.rules, source.ratings, prompts)
    return FoundPairs(known, ours=settings.files.samples_file is None)


def _preferred(source: PairsSource, settings: JobSettings, say: Say) -> FoundPairs:
    given = source.pairs_file or ()
    if settings.files.samples_file is not None or settings.files.samples is not None:
        raise UsageError(
            "‹pairs_file› brings its own texts; leave out ‹samples_file› and ‹samples›"
        )
    if settings.files.writing_prompts is not None:
        raise UsageError("‹pairs_file› brings its own prompts; leave out ‹writing_prompts›")
    path = given if isinstance(given, Path | str) else "‹pairs_file›"
    preferences = read_preferences(given, source.columns)
    known = pairs_of_preferences(preferences, source.rules, path)
    read_writing_prompts(
        {item: {"writing_prompt": text} for item, text in known.prompts.items()}, known.prompts
    )
    for reason, n in known.left_out.items():
        say(f"Left out   {n} of the pairs of {known.name}: {reason}")
    return FoundPairs(known, ours=False)
