"""A plan of damage: the versions of one piece in order of rising damage, and which to use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.damage.passage import Passage, count_words

# A text of fewer words changes by more than the bound with a single word.
WORDS_TO_BOUND = 40
LENGTH_BOUND = 0.05


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """Why a kind of damage cannot be done to a piece; the reason is shown to the reader."""

    reason: str


@dataclass(frozen=True, slots=True)
class DamageSource:
    """What a kind of damage works on.

    `others` are other pieces by the same writer, `most` is the share (0..1) of the piece beyond
    which no plan needs to go, and `rng` is the random stream of this piece and kind alone.
    """

    passage: Passage
    others: Sequence[Passage]
    most: float
    rng: np.random.Generator


@dataclass(frozen=True, slots=True)
class DamagePlan:
    """The versions of one piece in order of rising damage.

    `shares` holds, for the version after n + 1 steps, the share (0..1) of the piece's characters
    that stand in damaged places; it never falls. `text_after(n)` is the text after n steps, n
    counted from 1.
    """

    shares: tuple[float, ...]
    text_after: Callable[[int], str]


def steps_for_levels(plan: DamagePlan, targets: Sequence[float]) -> list[int | None]:
    """Return, for each target share in rising order, how many steps of the plan to take.

    A plan that cannot reach the last target spreads its levels over the range that it reaches. Each
    level takes at least one step more than the one before; the answer is None for levels for which
    no step is left.
    """
    reach = plan.shares[-1]
    scale = min(1.0, reach / targets[-1])
    taken: list[int | None] = []
    least = 1
    for left, target in zip(range(len(targets) - 1, -1, -1), targets, strict=True):
        most = max(least, len(plan.shares) - left)
        if most > len(plan.shares):
            taken.append(None)
            continue
        wanted = target * scale
        near = min(range(least, most + 1), key=lambda n: abs(plan.shares[n - 1] - wanted))
        taken.append(near)
        least = near + 1
    return taken


def shuffled(rng: np.random.Generator, places: Sequence[int]) -> list[int]:
    """Return the places in random order."""
    # Sorts raw draws because numpy may change what `permutation` makes of a seed.
    keys = rng.random(len(places))
    return [places[n] for n in sorted(range(len(places)), key=lambda n: float(keys[n]))]


def keeps_length(source: str, text: str) -> bool:
    """Return whether a text is as long as its source to within 5%, in characters and in words.

    Words count only where the source has at least WORDS_TO_BOUND of them.
    """
    words = count_words(source)
    return within_bound(len(source), len(text)) and (
        words < WORDS_TO_BOUND or within_bound(words, count_words(text))
    )


def within_bound(size: int, other: int) -> bool:
    """Return whether two sizes differ by at most 5% of the first."""
    return abs(size - other) <= LENGTH_BOUND * size


def sentence_plan(
    source: DamageSource, steps: Iterable[Mapping[int, str]], nothing: str
) -> DamagePlan | NotApplicable:
    """Return a plan whose steps each replace some sentences, no sentence twice, in the order given.

    A step that changes nothing, or after which the piece would be more than 5% longer or shorter
    than its source, is left out. So each version contains the damage of those before it.
    `nothing` is the reason where no step is left.
    """
    passage = source.passage
    kept: list[Mapping[int, str]] = []
    shares: list[float] = []
    for changes, share in _kept_steps(source, steps):
        kept.append(changes)
        shares.append(share)
    if not kept:
        return NotApplicable(nothing)

    def text_after(n: int) -> str:
        merged = {place: text for changes in kept[:n] for place, text in changes.items()}
        return passage.with_changes(merged).text

    return DamagePlan(tuple(shares), text_after)


def _kept_steps(
    source: DamageSource, steps: Iterable[Mapping[int, str]]
) -> Iterator[tuple[Mapping[int, str], float]]:
    passage = source.passage
    sentences, size = passage.sentences, passage.size
    letters, words = len(passage.text), count_words(passage.text)
    more_letters = more_words = touched = 0
    for changes in steps:
        if touched >= source.most * size:
            return
        before = [sentences[n] for n in changes]
        if before == list(changes.values()):
            continue
        in_letters = more_letters + sum(map(len, changes.values())) - sum(map(len, before))
        in_words = (
            more_words + sum(map(count_words, changes.values())) - sum(map(count_words, before))
        )
        if not within_bound(letters, letters + in_letters):
            continue
        if words >= WORDS_TO_BOUND and not within_bound(words, words + in_words):
            continue
        more_letters, more_words = in_letters, in_words
        touched += sum(map(len, before))
        yield changes, touched / size


def version_plan(
    versions: Sequence[tuple[float, Callable[[], str]]], nothing: str
) -> DamagePlan | NotApplicable:
    """Return a plan of versions given as (share, how to make the text), the smallest share first.

    `nothing` is the reason where there are none.
    """
    if not versions:
        return NotApplicable(nothing)
    return DamagePlan(tuple(share for share, _ in versions), lambda n: versions[n - 1][1]())
