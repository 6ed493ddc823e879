"""A ridge-penalised logistic rule on the feature differences of pairs.

A cross-fit needs rules for many subsets of the same pairs: they are fitted at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judgemark.errors import NotConverged
from judgemark.table.score_table import Floats, Ints

PENALTIES = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003)
"""The ridge penalties that are tried, per pair, from the most cautious rule to the freest."""

_STEPS = 60
_CLOSE = 1e-7
_PAIRS_AT_ONCE = 4096

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class FittedRule:
    """Weights (features,) on feature differences; the text with the higher sum is preferred."""

    weights: Floats

    def answers(self, differences: Floats) -> Floats:
        """1 where the rule prefers the better text, 0.5 where it prefers neither, else 0.

        `differences` (pairs, features) are those of the better text less the worse one.
        """
        answered: Floats = 0.5 + 0.5 * np.sign(differences @ self.weights)
        return answered


@dataclass(frozen=True, slots=True)
class Tuned:
    """The penalty with the least loss on held-out pairs, and its accuracy there."""

    penalty: float
    accuracy: float


def fit_rule(differences: Floats, penalty: float) -> FittedRule:
    """Return the rule with one penalty.

    Features are scaled by their root mean square, no intercept.
    """
    everywhere = np.ones((1, len(differences)), dtype=np.bool_)
    (rule,) = next(_path(differences, everywhere, [np.array([penalty])]))
    return rule


def fit_without(
    differences: Floats, folds: Ints, penalties: Mapping[int, float]
) -> dict[int, FittedRule]:
    """Return, for each fold with a penalty, the rule fitted to the pairs of all other folds."""
    if not penalties:
        return {}
    inside = np.array([folds != fold for fold in penalties])
    rules = next(_path(differences, inside, [np.array(list(penalties.values()))]))
    return dict(zip(penalties, rules, strict=True))


def tune(differences: Floats, folds: Ints) -> Tuned | None:
    """Try every penalty on held-out folds of `differences` (pairs, features); `folds` (pairs,).

    Each fold is predicted by rules fitted to the others, with the logistic loss; of equal penalties
    the larger one is taken. Returns None where there are fewer than two folds.
    """
    nowhere = -1
    return tune_without(differences, folds, [nowhere])[nowhere]


def tune_without(
    differences: Floats, folds: Ints, left_out: Sequence[int]
) -> dict[int, Tuned | None]:
    """Return, for each fold of `left_out`, what `tune` finds on the pairs of all other folds."""
    labels = [int(label) for label in np.unique(folds)]
    inner = {left: [label for label in labels if label != left] for left in left_out}
    wanted = {
        frozenset((left, label)) for left, held in inner.items() if len(held) > 1 for label in held
    }
    subsets = {subset: n for n, subset in enumerate(sorted(wanted, key=sorted))}
    if not subsets:
        return dict.fromkeys(left_out)
    inside = np.array([~np.isin(folds, list(subset)) for subset in subsets])
    losses = {left: np.zeros(len(PENALTIES)) for left in left_out}
    right = {left: np.zeros(len(PENALTIES)) for left in left_out}
    steps = [np.full(len(subsets), penalty) for penalty in PENALTIES]
    for n, rules in enumerate(_path(differences, inside, steps)):
        for left, held in inner.items():
            for label in held if len(held) > 1 else ():
                rule, shown = rules[subsets[frozenset((left, label))]], differences[folds == label]
                losses[left][n] += np.logaddexp(0.0, -(shown @ rule.weights)).sum()
                right[left][n] += rule.answers(shown).sum()
    found: dict[int, Tuned | None] = {}
    for left, held in inner.items():
        best = int(np.argmin(losses[left]))
        pairs = int((folds != left).sum())
        found[left] = (
            Tuned(PENALTIES[best], float(right[left][best]) / pairs) if len(held) > 1 else None
        )
    return found


def _path(
    differences: Floats, inside: Bools, steps: Sequence[Floats]
) -> Iterator[list[FittedRule]]:
    """Yield the rules of all subsets for falling penalties, each fit starting from the one before.

    `inside` (fits, pairs) says which pairs each rule is fitted to; a step has the penalty of each
    fit (fits,).
    """
    fits = _Fits(differences, inside)
    weights = np.zeros((len(inside), differences.shape[1]))
    for penalties in steps:
        weights = fits.newton(penalties, weights)
        yield [FittedRule(row) for row in weights / fits.scale]


class _Fits:
    """The penalised losses of rules that are each fitted to a subset of the same pairs.

    Weights (fits, features) are those of features scaled by their root mean square in the subset.
    """

    def __init__(self, differences: Floats, inside: Bools) -> None:
        self.x, self.inside = differences, inside.astype(np.float64)
        self.sizes = self.inside.sum(axis=1, keepdims=True)
        self.scale = np.sqrt(self.inside @ differences**2 / self.sizes)
        self.scale[self.scale == 0] = 1.0
        self._places = np.triu_indices(differences.shape[1])
        self._products: Floats | None = None

    def newton(self, penalties: Floats, weights: Floats) -> Floats:
        """Return the weights of least penalised loss, by Newton steps halved until the loss falls.

        The losses are strictly convex. Raises NotConverged where one has no optimum after 60 steps.
        """
        from scipy.special import expit

        weights = weights.copy()
        losses = self._losses(np.arange(len(weights)), penalties, weights)
        left = np.arange(len(weights))
        for _ in range(_STEPS):
            now, penalty = weights[left], penalties[left, np.newaxis]
            unsure = expit(-self._sums(left, now)) * self.inside[left]
            gradient = penalty * now - unsure @ self.x / (self.scale * self.sizes)[left]
            curvature = self._curvature(left, unsure * (1 - unsure), penalty)
            step = np.linalg.solve(curvature, gradient[:, :, np.newaxis])[:, :, 0]
            going = (gradient * step).sum(axis=1) >= _CLOSE
            left, now, step = left[going], now[going], step[going]
            if not len(left):
                return weights
            size = np.ones((len(left), 1))
            lower = self._losses(left, penalties, now - step)
            while (high := (lower > losses[left]) & (size[:, 0] > _CLOSE)).any():
                size[high] /= 2
                lower = self._losses(left, penalties, now - size * step)
            weights[left], losses[left] = now - size * step, lower
        raise NotConverged("the fitted counting rule did not reach its optimum")

    def _sums(self, fits: Ints, weights: Floats) -> Floats:
        """Return the weighted sums of all pairs; (fits, pairs)."""
        sums: Floats = (weights / self.scale[fits]) @ self.x.T
        return sums

    def _losses(self, fits: Ints, penalties: Floats, weights: Floats) -> Floats:
        lost = np.logaddexp(0.0, -self._sums(fits, weights))
        mean = (lost * self.inside[fits]).sum(axis=1) / self.sizes[fits, 0]
        losses: Floats = mean + penalties[fits] / 2 * (weights**2).sum(axis=1)
        return losses

    def _curvature(self, fits: Ints, doubt: Floats, penalty: Floats) -> Floats:
        """Return the matrices of second derivatives.

        `doubt` (fits, pairs) is 0 outside of a subset.
        """
        rows, columns = self._places
        summed = np.zeros((len(fits), len(rows)))
        for start in range(0, len(self.x), _PAIRS_AT_ONCE):
            part = slice(start, start + _PAIRS_AT_ONCE)
            summed += doubt[:, part] @ self._products_of(part)
        width = self.x.shape[1]
        found = np.zeros((len(fits), width, width))
        found[:, rows, columns] = found[:, columns, rows] = summed
        scale, sizes = self.scale[fits], self.sizes[fits]
        found /= scale[:, :, np.newaxis] * scale[:, np.newaxis, :] * sizes[:, :, np.newaxis]
        found[:, range(width), range(width)] += penalty
        return found

    def _products_of(self, part: slice) -> Floats:
        """Return the products of every two features of some pairs; kept where the pairs are few."""
        rows, columns = self._places
        if len(self.x) > _PAIRS_AT_ONCE:
            return self.x[part][:, rows] * self.x[part][:, columns]
        if self._products is None:
            self._products = self.x[:, rows] * self.x[:, columns]
        return self._products
