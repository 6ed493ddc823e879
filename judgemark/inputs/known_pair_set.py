"""The known pairs of a run: the two texts, which is better, and other facts about each pair."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from judgemark.errors import InputError
from judgemark.inputs.people_ratings import PeopleRatings
from judgemark.inputs.preference_pairs import PreferencePair, PreferenceSet
from judgemark.inputs.samples import SampleSet
from judgemark.metrics.validity.drawn_pairs import PairRules, ScoredPiece, eligible_pairs
from judgemark.metrics.validity.known_pair import KnownPair, PairedText, PairSource, clustered
from judgemark.metrics.validity.rater_ceiling import Rating, ceiling_pairs
from judgemark.records import Sample, text_hash

ALL_PAIRS = 10_000_000
"""A number of pairs to draw that means all of them."""

FILTERED = "outside the margins or the length ratio"
NOT_DRAWN = "not among the pairs drawn"
_WRITER = "text"
_Drawable = TypeVar("_Drawable", KnownPair, PreferencePair)


@dataclass(frozen=True, slots=True)
class PairFacts:
    """What a file says of a pair besides its texts: its id, where it is from, and how old it is.

    `year` is the year of publication and `age` the age of the texts; None where not told.
    """

    pair_id: str = ""
    origin: str = ""
    year: float | None = None
    age: float | None = None


@dataclass(frozen=True)
class KnownPairSet:
    """Known pairs of one source, in a fixed order, with their pieces and writing prompts.

    `facts` has an entry for each pair. `prompts` are the writing prompts by item, empty where none
    are known. `ratings` are those of single people on 0..100, for the ceiling. `rules` says how the
    pairs were chosen and `left_out` counts the others by the reason.
    """

    name: str
    source: PairSource
    pairs: tuple[KnownPair, ...]
    facts: tuple[PairFacts, ...]
    samples: SampleSet
    prompts: Mapping[str, str] = field(default_factory=dict)
    ratings: tuple[Rating, ...] = ()
    rules: Mapping[str, Any] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        """The hash of the pairs and their texts, whatever the layout of the file they came from."""
        rows = [
            [p.item, p.better.text_sha256, p.worse.text_sha256, p.margin, f.origin, f.year, f.age]
            for p, f in zip(self.pairs, self.facts, strict=True)
        ]
        told = [[r.item, r.text.writer, r.text.iteration, r.rater, r.score] for r in self.ratings]
        return hashlib.sha256(json.dumps([rows, told]).encode()).hexdigest()

    @cached_property
    def for_ceiling(self) -> tuple[KnownPair, ...]:
        """The pairs that people and judge both answer for the ceiling; empty without raters.

        The mean of the other raters says which text is better, so that these are not all among
        `pairs`. Where not all pairs are asked about, only those that are count.
        """
        rules = self.rules
        found = ceiling_pairs(self.ratings, rules.get("margin_min") or 0.0, rules.get("margin_max"))
        if rules.get("n") is None:
            return found
        asked = {_unordered(pair) for pair in self.pairs}
        return tuple(pair for pair in found if _unordered(pair) in asked)

    @property
    def to_compare(self) -> tuple[KnownPair, ...]:
        """All pairs that a judge that compares is asked about, each two texts once."""
        listed = {_unordered(pair): pair for pair in (*self.for_ceiling, *self.pairs)}
        return tuple(
            listed[key] for key in sorted(listed, key=lambda key: (key[0], sorted(key[1])))
        )

    def to_json(self) -> dict[str, Any]:
        """Return all but the pieces as plain JSON, for the run's folder."""
        return {
            "name": self.name,
            "source": str(self.source),
            "pairs": [
                [p.item, astuple(p.better), astuple(p.worse), p.cluster, p.margin, astuple(f)]
                for p, f in zip(self.pairs, self.facts, strict=True)
            ],
            "prompts": dict(self.prompts),
            "ratings": [[r.item, astuple(r.text), r.rater, r.score] for r in self.ratings],
            "rules": dict(self.rules),
            "left_out": dict(self.left_out),
        }


def _unordered(pair: KnownPair) -> tuple[str, frozenset[str]]:
    return pair.item, frozenset((pair.better.text_sha256, pair.worse.text_sha256))


def pairs_from_json(stored: Mapping[str, Any], samples: SampleSet) -> KnownPairSet:
    """Return the pairs that `KnownPairSet.to_json` made plain; `samples` are their pieces."""
    source = PairSource(stored["source"])
    return KnownPairSet(
        name=stored["name"],
        source=source,
        pairs=tuple(
            KnownPair(source, item, PairedText(*better), PairedText(*worse), cluster, margin=margin)
            for item, better, worse, cluster, margin, _ in stored["pairs"]
        ),
        facts=tuple(PairFacts(*facts) for *_, facts in stored["pairs"]),
        samples=samples,
        prompts=stored["prompts"],
        ratings=tuple(
            Rating(item, PairedText(*text), rater, score)
            for item, text, rater, score in stored["ratings"]
        ),
        rules=stored["rules"],
        left_out=stored["left_out"],
    )


def rules_to_json(rules: PairRules) -> dict[str, float | None]:
    """Return the rules as JSON holds them: an end that is open, and "all pairs", are null."""
    given = {
        "length_ratio": rules.length_ratio,
        "margin_min": rules.margin_min,
        "margin_max": rules.margin_max,
    }
    values: dict[str, float | None] = {k: v if math.isfinite(v) else None for k, v in given.items()}
    return {**values, "n": None if rules.n >= ALL_PAIRS else rules.n, "seed": rules.seed}


def pairs_of_preferences(given: PreferenceSet, rules: PairRules, path: Path | str) -> KnownPairSet:
    """Return the pairs of a preference file that pass the rules.

    The file's own margins count; a pair without one passes only where no margin is asked for.
    Raises InputError where no pair is left.
    """
    passing = [pair for pair in given.pairs if _passes(pair, rules)]
    if not passing:
        raise _none_left(path, len(given.pairs), rules)
    drawn = _drawn(passing, rules)
    pieces = _pieces(drawn)
    known = clustered(_known(pair, pieces) for pair in drawn)
    facts = tuple(PairFacts(p.pair_id, p.source, p.year, p.age) for p in drawn)
    left_out = Counter(given.left_out)
    left_out[FILTERED] += len(given.pairs) - len(passing)
    left_out[NOT_DRAWN] += len(passing) - len(drawn)
    return KnownPairSet(
        name=given.name,
        source=PairSource.PEOPLE,
        pairs=known,
        facts=facts,
        samples=SampleSet(given.name, tuple(sorted(pieces.values(), key=_place))),
        prompts={_item(pair.prompt): pair.prompt for pair in drawn},
        rules=rules_to_json(rules),
        left_out={reason: n for reason, n in left_out.items() if n},
    )


def pairs_of_ratings(
    given: PeopleRatings,
    samples: SampleSet,
    rules: PairRules,
    path: Path,
    prompts: Mapping[str, str] | None = None,
) -> KnownPairSet:
    """Return the pairs of rated pieces of different writers on one item that pass the rules.

    The margin is the difference of the mean ratings, 0..100. Raises InputError where no pair is
    left.
    """
    pieces = {(s.writer, s.iteration, s.item): s for s in samples.samples}
    scored = [
        ScoredPiece(s.item, s.writer, s.iteration, s.sha256, len(s.text), score)
        for place, score in sorted(given.scores.items())
        if (s := pieces[place])
    ]
    eligible = eligible_pairs(scored, rules, PairSource.PEOPLE)
    if not eligible:
        unfiltered = eligible_pairs(scored, PairRules(math.inf, 0, math.inf), PairSource.PEOPLE)
        raise _none_left(path, len(unfiltered), rules)
    drawn = clustered(_drawn(eligible, rules))
    found = KnownPairSet(
        name=f"{samples.name}-{Path(given.name).stem}",
        source=PairSource.PEOPLE,
        pairs=drawn,
        facts=(PairFacts(),) * len(drawn),
        samples=samples,
        prompts=prompts or {},
        ratings=given.ratings if given.raters > 1 else (),
        rules={**rules_to_json(rules), "ratings_min": given.low, "ratings_max": given.high},
        left_out={NOT_DRAWN: left} if (left := len(eligible) - len(drawn)) else {},
    )
    used = {(t.writer, t.iteration, p.item) for p in found.to_compare for t in (p.better, p.worse)}
    asked = SampleSet(samples.name, tuple(pieces[place] for place in sorted(used)))
    return replace(found, samples=asked)


def _drawn(eligible: Sequence[_Drawable], rules: PairRules) -> list[_Drawable]:
    """Return `rules.n` of the pairs, in their order, or all where there are no more."""
    if rules.n >= len(eligible):
        return list(eligible)
    rng = np.random.default_rng(rules.seed)
    chosen = np.sort(rng.choice(len(eligible), size=rules.n, replace=False))
    return [eligible[n] for n in chosen]


def _passes(pair: PreferencePair, rules: PairRules) -> bool:
    lengths = sorted((len(pair.chosen), len(pair.rejected)))
    if lengths[1] > rules.length_ratio * lengths[0]:
        return False
    if pair.margin is None:
        return rules.margin_min == 0 and math.isinf(rules.margin_max)
    return rules.margin_min <= pair.margin <= rules.margin_max


def _none_left(path: Path | str, there: int, rules: PairRules) -> InputError:
    ends = f"{rules.margin_min:g} to {rules.margin_max:g}"
    if math.isinf(rules.margin_max):
        ends = f"at least {rules.margin_min:g}"
    problem = f"none of its {there} pairs has a margin of {ends} points"
    if there == 0:
        problem = "has no two writers whose pieces on one item have different scores"
        return InputError(path, problem, fix="give scores of more pieces on the same items")
    if math.isfinite(rules.length_ratio):
        problem += f" and a length ratio up to {rules.length_ratio:g}"
    fix = "give other ‹margin_min›, ‹margin_max› or ‹length_ratio›, or the scale of the scores"
    return InputError(path, problem, fix=fix)


def _item(prompt: str) -> str:
    """Return an item's name from its prompt alone, so that it does not depend on the rest of the
    file."""
    return f"prompt-{text_hash(prompt)[:12]}"


def _pieces(pairs: Sequence[PreferencePair]) -> dict[tuple[str, str], Sample]:
    """Return each distinct text of each prompt as a piece, numbered by its hash.

    The numbers say nothing of which text was preferred.
    """
    texts: dict[str, dict[str, str]] = {}
    for pair in pairs:
        here = texts.setdefault(_item(pair.prompt), {})
        here |= {text_hash(text): text for text in (pair.chosen, pair.rejected)}
    return {
        (item, digest): Sample(_WRITER, f"{n:04d}", item, here[digest])
        for item, here in texts.items()
        for n, digest in enumerate(sorted(here), start=1)
    }


def _known(pair: PreferencePair, pieces: Mapping[tuple[str, str], Sample]) -> KnownPair:
    item = _item(pair.prompt)
    better, worse = (
        PairedText(piece.sha256, piece.writer, piece.iteration)
        for text in (pair.chosen, pair.rejected)
        if (piece := pieces[item, text_hash(text)])
    )
    return KnownPair(PairSource.PEOPLE, item, better, worse, margin=pair.margin)


def _place(sample: Sample) -> tuple[str, str, str]:
    return sample.writer, sample.iteration, sample.item
