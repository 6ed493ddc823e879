"""The accuracy that counting reaches on known pairs: the best rule, cross-fitted, and the twin.

The twin of a judge is the counting rule that agrees most with its answers.
"""

from __future__ import annotations

import hashlib
from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.errors import NotConverged, UndefinedFigure
from judgemark.metrics.validity.fitted_rule import fit_without, tune_without
from judgemark.metrics.validity.known_pair import KnownPair
from judgemark.metrics.validity.surface_features import FAMILY, feature_matrix
from judgemark.table.score_table import Floats, Ints

FOLDS = 5
FITTED = "fitted combination of all features"
"""The name of the logistic rule."""

RULES = tuple(name for feature in FAMILY for name in (feature.more, feature.less))
"""The single rules: every feature in both directions."""


@dataclass(frozen=True, slots=True, eq=False)
class CrossFitted:
    """The best counting rule on pairs that it was not chosen on.

    `answers` (pairs,) are its answers on the held-out pairs: 1 right, 0 wrong, 0.5 where it
    prefers neither text. `chosen` names the rule of each fold.
    """

    answers: Floats
    chosen: tuple[str, ...]

    @property
    def name(self) -> str:
        """The rule chosen in most folds; of equally frequent ones the one declared first."""
        tally = Tally(self.chosen)
        return max(tally, key=lambda name: (tally[name], -_rank(name)))

    @property
    def folds(self) -> int:
        """In how many folds `name` was chosen."""
        return Tally(self.chosen)[self.name]


@dataclass(frozen=True, slots=True, eq=False)
class Twin:
    """The single rule that agrees most with a judge; its answers have shape (pairs,)."""

    name: str
    agreement: float
    answers: Floats


def features_of(texts: Mapping[str, str]) -> dict[str, Floats]:
    """Return the surface features of texts by sha256, each text counted once; rows (features,)."""
    return dict(zip(texts, feature_matrix(list(texts.values())), strict=True))


def pair_differences(pairs: Sequence[KnownPair], features: Mapping[str, Floats]) -> Floats:
    """Return the features of the better text less those of the worse one; shape (pairs, features).

    Raises KeyError for a text that has no features.
    """
    better = np.array([features[p.better.text_sha256] for p in pairs])
    worse = np.array([features[p.worse.text_sha256] for p in pairs])
    differences: Floats = (better - worse).reshape(len(pairs), len(FAMILY))
    return differences


def rule_answers(differences: Floats) -> Floats:
    """Return the answers of every single rule; shape (pairs, rules), in the order of RULES."""
    signs = np.sign(differences)
    both = np.stack([signs, -signs], axis=-1).reshape(len(differences), len(RULES))
    answers: Floats = 0.5 + 0.5 * both
    return answers


def fold_of(clusters: Sequence[str], seed: int, folds: int = FOLDS) -> dict[str, int]:
    """Return a fold 0..folds-1 for each cluster, from the clusters' ids and the seed alone.

    Clusters are sorted by a hash of seed and id and assigned to folds in turn, so that folds have
    equally many clusters.
    """

    def order(cluster: str) -> str:
        return hashlib.sha256(f"{seed}:{cluster}".encode("utf-8", "surrogatepass")).hexdigest()

    return {c: n % folds for n, c in enumerate(sorted(set(clusters), key=order))}


def cross_fit(differences: Floats, clusters: Sequence[str], seed: int) -> CrossFitted:
    """Choose the best counting rule on four fifths of the clusters and test it on the rest.

    `differences` (pairs, features) belong to `clusters` (pairs,). In each fold the best single rule
    and the fitted rule compete on the other folds, by their accuracy on pairs that are held out in
    turn, because a rule's accuracy on the pairs that it was chosen or fitted on is too high. Raises
    UndefinedFigure for fewer than two clusters, because no pairs are left to choose on then.
    """
    places = fold_of(clusters, seed)
    if len(places) < 2:
        raise UndefinedFigure("one cluster only: no other pairs to choose a counting rule on")
    folds: Ints = np.array([places[c] for c in clusters], dtype=np.int64)
    singles = rule_answers(differences)
    labels = range(min(FOLDS, len(places)))
    tuned = tune_without(differences, folds, labels)
    better = {
        fold: found.penalty
        for fold, found in tuned.items()
        if found is not None
        and found.accuracy > _single_elsewhere(singles[folds != fold], folds[folds != fold])
    }
    rules = fit_without(differences, folds, better)
    answers = np.zeros(len(differences))
    chosen = []
    for fold in labels:
        held = folds == fold
        if fold in rules:
            answers[held] = rules[fold].answers(differences[held])
            chosen.append(FITTED)
        else:
            best = _best_single(singles[~held])
            answers[held] = singles[held, best]
            chosen.append(RULES[best])
    return CrossFitted(answers, tuple(chosen))


def _best_single(singles: Floats) -> int:
    return int(np.argmax(singles.mean(axis=0).round(12)))


def _single_elsewhere(singles: Floats, folds: Ints) -> float:
    """Return the accuracy in each fold, 0..1, of the single rule that is best on the other
    folds."""
    right = 0.0
    for fold in np.unique(folds):
        held = folds == fold
        right += float(singles[held, _best_single(singles[~held])].sum())
    return right / len(singles)


def twin_of(judged: Floats, differences: Floats, clusters: Sequence[str], seed: int = 0) -> Twin:
    """Return the rule of the family that agrees most with a judge's answers.

    It is chosen without knowing which text is better. `judged` (pairs,) is 1 where the judge
    preferred the better text, 0.5 where it preferred neither, else 0. Agreement on a pair is 1
    minus the difference of the two answers, which is the same whichever text is better; of equal
    rules the one declared first is taken. The fitted rule is fitted to the judge's own preferences
    and answers the pairs of each fold from the other folds, so it is the twin only of a judge that
    combines features in the same way everywhere. Raises UndefinedFigure without pairs.
    """
    if not len(judged):
        raise UndefinedFigure("no pair has a verdict")
    singles = rule_answers(differences)
    agreement = (1.0 - np.abs(singles - judged[:, np.newaxis])).mean(axis=0).round(12)
    best = int(np.argmax(agreement))
    fitted = _fitted_to(judged, differences, clusters, seed) if agreement[best] < 1 else None
    if fitted is not None:
        agrees = float((1.0 - np.abs(fitted - judged)).mean())
        if agrees > agreement[best]:
            return Twin(FITTED, agrees, fitted)
    return Twin(RULES[best], float(agreement[best]), singles[:, best])


def _fitted_to(
    judged: Floats, differences: Floats, clusters: Sequence[str], seed: int
) -> Floats | None:
    """Return the answers (pairs,) of the fitted rule to a judge's preferences, each fold from the
    others.

    None where there are too few clusters or preferences to tune on, or a fit does not converge.
    """
    places = fold_of(clusters, seed)
    folds: Ints = np.array([places[c] for c in clusters], dtype=np.int64)
    said = judged != 0.5
    preferred = (differences * np.sign(judged - 0.5)[:, np.newaxis])[said]
    labels = range(min(FOLDS, len(places)))
    try:
        tuned = tune_without(preferred, folds[said], labels)
        penalties = {fold: found.penalty for fold, found in tuned.items() if found is not None}
        if len(penalties) < len(labels):
            return None
        rules = fit_without(preferred, folds[said], penalties)
    except NotConverged:
        return None
    answers = np.full(len(judged), 0.5)
    for fold in labels:
        answers[folds == fold] = rules[fold].answers(differences[folds == fold])
    return answers


def _rank(name: str) -> int:
    return RULES.index(name) if name in RULES else len(RULES)
