"""Computes the item score of a piece from the criterion scores of one reply."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from judgemark.errors import UndefinedFigure
from judgemark.records import Criterion, Rubric

FEWEST = 5
"""Valid criterion scores that make a reply good although it leaves criteria out."""

# Unicode calls these letters, yet U+02BC and its neighbours are typed as apostrophes.
_MODIFIER_LETTERS = range(0x02B0, 0x0300)
_ASCII_SIGNS = re.compile(r"[^0-9A-Za-z]+")


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """Return a criterion's name without case, punctuation, quotes, hyphens and spaces.

    `Tell-Don’t-Show`, `tell-don't show` and `**Tell Dont Show**` are one name. Letters, digits and
    combining marks stay, in compatibility form; a name of punctuation alone becomes "".
    """
    if name.isascii():
        return _ASCII_SIGNS.sub("", name).lower()
    kept = "".join(c for c in name if _stays(c))
    return "".join(c for c in unicodedata.normalize("NFKC", kept).casefold() if _stays(c))


def _stays(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LNM" and ord(character) not in _MODIFIER_LETTERS


@dataclass(frozen=True, slots=True)
class ItemRule:
    """How one scorecard computes an item score from criterion scores.

    `markers` are folded names of negative criteria. Where `inside` is true, a criterion is negative
    as soon as its name contains a marker; otherwise its name must be one. The mean of the criterion
    scores, in scoring_min..scoring_max, is mapped linearly to `low`..`high`.
    """

    name: str
    fewest: int
    inside: bool
    markers: frozenset[str]
    low: float
    high: float

    def is_negative(self, name: str) -> bool:
        """Return whether a criterion of this name is better the lower its score, by the marker
        list."""
        folded = fold_name(name)
        if self.inside:
            return any(marker in folded for marker in self.markers)
        return folded in self.markers

    def scale(self, mean: float, rubric: Rubric) -> float:
        """Return the item score for a mean criterion score, rounded to two digits.

        The score lies in `low`..`high`, and higher is better. The order of operations is the
        published one; any other order is off by 0.01 on some items. Source: ITEM_RULES.
        """
        low, high = rubric.scoring_min, rubric.scoring_max
        if (low, high) == (self.low, self.high):
            return round(mean, 2)
        if self.low == 0:
            return round((mean - low) * (self.high / (high - low)), 2)
        return round(self.low + (mean - low) * ((self.high - self.low) / (high - low)), 2)

    def place(self, value: float, low: float, high: float) -> float:
        """Return a judge's single score in `low`..`high` on this rule's scale, not rounded.

        A judge that gives one score for a piece gives its item score itself; higher is better.
        """
        return self.low + (value - low) / (high - low) * (self.high - self.low)


def _load_rules() -> Mapping[str, ItemRule]:
    text = resources.files("judgemark.table").joinpath("markers.json").read_text("utf-8")
    markers = json.loads(text)
    exact = frozenset(fold_name(m) for m in markers["v2.1"])
    wide = exact | {fold_name(m) for m in markers["v2_adds"]}
    rules = (
        ItemRule("v2", fewest=10, inside=True, markers=wide, low=0.0, high=10.0),
        ItemRule("v2.1", fewest=5, inside=False, markers=exact, low=1.0, high=10.0),
    )
    return MappingProxyType({rule.name: rule for rule in rules})


ITEM_RULES: Mapping[str, ItemRule] = _load_rules()
"""The item rules by scorecard: `v2` (scores 0..10) and `v2.1` (1..10), higher is better.

Source: the two published states of Judgemark v2 (2 Feb 2025, and its latest). v4 uses v2.1's.
"""


def are_other_criteria(names: Iterable[str], criteria: Collection[Criterion]) -> bool:
    """Return whether names are those of other criteria: too few of them are among these."""
    known = {fold_name(criterion.name) for criterion in criteria}
    shared = known & {fold_name(name) for name in names}
    return len(shared) < min(FEWEST, len(known))


def scores_other_criteria(scores: Mapping[str, float], rubric: Rubric) -> bool:
    """Return whether a verdict has criteria of the judge's own, where the rubric allows them."""
    return (
        rubric.own_criteria
        and rubric.criteria is not None
        and are_other_criteria(scores, rubric.criteria)
    )


def valid_scores(scores: Mapping[str, float], rubric: Rubric, rule: ItemRule) -> list[float]:
    """Return the scores that `_valid_named_scores` gives, without their names."""
    return [score for _, score in _valid_named_scores(scores, rubric, rule)]


def _valid_named_scores(
    scores: Mapping[str, float], rubric: Rubric, rule: ItemRule
) -> list[tuple[str, float]]:
    """Return the criterion scores that count, by folded name.

    The negative ones are inverted (min + max - score).

    A score outside scoring_min..scoring_max is left out. Where the rubric has criteria, a name that
    is not among them is left out too, the last of two names that fold to the same criterion counts,
    and the polarity is the criterion's. Where it has none, or the judge scored criteria of its own,
    every name counts and the polarity is that of the marker list. The scores are on the judge's
    scale, and higher is better; the list is empty where no score counts. Source: ITEM_RULES.
    """
    low, high = rubric.scoring_min, rubric.scoring_max
    if rubric.criteria is None or scores_other_criteria(scores, rubric):
        judged = [
            (fold_name(name), score, rule.is_negative(name)) for name, score in scores.items()
        ]
    else:
        polarity = {fold_name(c.name): c.negative for c in rubric.criteria}
        named = {fold_name(name): score for name, score in scores.items()}
        judged = [(n, score, polarity[n]) for n, score in named.items() if n in polarity]
    return [
        (name, low + high - s if negative else s)
        for name, s, negative in judged
        if low <= s <= high
    ]


def item_score(
    scores: Mapping[str, float],
    rubric: Rubric,
    rule: ItemRule,
    weights: Mapping[str, float] | None = None,
) -> float:
    """Return the item score of one reply, on the scale of `rule`; higher is better.

    `scores` maps names as the judge spelt them to scores as given (not inverted), in the order in
    which they are to be added up. `weights`, by folded name, make a weighted mean of them; where
    all are 0 the mean is plain. Raises UndefinedFigure where fewer than `rule.fewest` valid
    criterion scores are left. Source: ITEM_RULES.
    """
    return _item_score(_valid_named_scores(scores, rubric, rule), rubric, rule, weights)


def item_scores(
    scores: Mapping[str, float], rubric: Rubric, weights: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return the item score of one reply under each of ITEM_RULES that its scores are enough for.

    Each is that of `item_score`. Where the rubric says which criteria are negative, the scores that
    count are the same under all rules, and are looked up once.
    """
    found: dict[str, float] = {}
    named: list[tuple[str, float]] | None = None
    by_the_rubric = rubric.criteria is not None and not scores_other_criteria(scores, rubric)
    for name, rule in ITEM_RULES.items():
        if named is None or not by_the_rubric:
            named = _valid_named_scores(scores, rubric, rule)
        with suppress(UndefinedFigure):
            found[name] = _item_score(named, rubric, rule, weights)
    return found


def _item_score(
    named: Sequence[tuple[str, float]],
    rubric: Rubric,
    rule: ItemRule,
    weights: Mapping[str, float] | None,
) -> float:
    """Return the item score of the scores that count, by folded name, as `item_score` does."""
    valid = [score for _, score in named]
    if len(valid) < rule.fewest:
        raise UndefinedFigure(
            f"{len(valid)} valid criterion scores; {rule.name} needs at least {rule.fewest}"
        )
    if weights is not None:
        shares = [weights.get(name, 0.0) for name, _ in named]
        if any(shares):
            weighted = sum(w * s for w, s in zip(shares, valid, strict=True))
            return rule.scale(weighted / sum(shares), rubric)
    return rule.scale(sum(valid) / len(valid), rubric)
