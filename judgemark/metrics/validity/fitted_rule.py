"""A ridge-penalised logistic rule on the feature differences of pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from judgemark.errors import NotConverged
from judgemark.table.score_table import Floats, Ints

PENALTIES = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003)
"""The ridge penalties that are tried, per pair, from the most cautious rule to the freest."""

_STEPS = 60
_CLOSE = 1e-7


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
    """The rule with one penalty; features are scaled by their root mean square, no intercept."""
    return next(_path(differences, (penalty,)))


def tune(differences: Floats, folds: Ints) -> Tuned | None:
    """Try every penalty on held-out folds of `differences` (pairs, features); `folds` (pairs,).

    Each fold is predicted by rules fitted to the others, with the logistic loss; of equal penalties
    the larger one is taken. Returns None where there are fewer than two folds.
    """
    labels = np.unique(folds)
    if len(labels) < 2:
        return None
    losses, right = np.zeros(len(PENALTIES)), np.zeros(len(PENALTIES))
    for label in labels:
        held = folds == label
        for n, rule in enumerate(_path(differences[~held], PENALTIES)):
            losses[n] += np.logaddexp(0.0, -(differences[held] @ rule.weights)).sum()
            right[n] += rule.answers(differences[held]).sum()
    best = int(np.argmin(losses))
    return Tuned(PENALTIES[best], float(right[best]) / len(differences))


def _path(differences: Floats, penalties: tuple[float, ...]) -> Iterator[FittedRule]:
    """Yield the rules of falling penalties, each fit starting from the one before."""
    scale = np.sqrt((differences**2).mean(axis=0))
    scale[scale == 0] = 1.0
    scaled = differences / scale
    weights = np.zeros(differences.shape[1])
    for penalty in penalties:
        weights = _newton(scaled, penalty, weights)
        yield FittedRule(weights / scale)


def _loss(x: Floats, penalty: float, weights: Floats) -> float:
    fit = np.logaddexp(0.0, -(x @ weights)).mean()
    return float(fit + penalty / 2 * weights @ weights)


def _newton(x: Floats, penalty: float, weights: Floats) -> Floats:
    """Return the weights of least penalised loss, by Newton steps halved until the loss falls.

    The loss is strictly convex. Raises NotConverged after 60 steps.
    """
    from scipy.special import expit

    ridge = penalty * np.eye(x.shape[1])
    loss = _loss(x, penalty, weights)
    for _ in range(_STEPS):
        unsure = expit(-(x @ weights))
        gradient = penalty * weights - x.T @ unsure / len(x)
        curvature = (x.T * (unsure * (1 - unsure))) @ x / len(x) + ridge
        step = np.linalg.solve(curvature, gradient)
        if float(gradient @ step) < _CLOSE:
            return weights
        size = 1.0
        while (lower := _loss(x, penalty, weights - size * step)) > loss and size > _CLOSE:
            size /= 2
        weights, loss = weights - size * step, lower
    raise NotConverged("the fitted counting rule did not reach its optimum")
