"""Variance components of the scores, and the judge's test-retest reliability.

A score is modelled as writer + item + (writer x item) + iteration within (writer, item) + repeat
within the piece, where every term is random. An iteration is the writer's regeneration: iteration 1
of one writer has nothing in common with iteration 1 of another, and two pieces of one writer and
item differ in the text alone, so iterations are nested. A repeat is a second verdict of the judge
on the same piece.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.records import Place
from judgemark.table.member_joining import Reduce, exact_mean
from judgemark.table.score_table import Floats, Ints, Observation

CONDITION_LIMIT = 1e8
"""Beyond this condition number the design cannot separate the components reliably."""

ROUNDING = 1e-12
"""A component below this part of the variance is 0 but for the order of the sums."""


@dataclass(frozen=True, slots=True)
class Component:
    """One source of variance, in squared score points (0 or more; a description, no direction).

    `share` is its part of the sum of all components, 0..1. `clipped` says that the estimate was
    negative, as sampling error makes that of a small component, and was set to 0.
    """

    name: str
    variance: float
    share: float
    clipped: bool


@dataclass(frozen=True, slots=True)
class VarianceComponents:
    """The components, coarsest first, the number of scores they rest on, and what to know."""

    components: tuple[Component, ...]
    scores: int
    notes: tuple[str, ...]


def observation_components(
    observations: Iterable[Observation], across_members: Reduce = exact_mean
) -> VarianceComponents:
    """Variance components of single verdicts: writer, item, writer x item, iteration, repeat.

    An ensemble is one judge: the members of each repeat are joined by `across_members`, and a
    repeat that lacks a member is left out. Two sources that the design cannot separate (one
    iteration only, no repeats) are reported as one, with a note that says so.

    The estimator is the method of moments: uncorrected sums of squares per source are equated
    with their expectations (Henderson's method I, 1953, Biometrics 9:226; Searle, Casella &
    McCulloch, Variance Components, ch. 5). It is unbiased with any pattern of gaps, as long as
    gaps do not depend on the scores, and equals ANOVA where there are none. Negative estimates
    are then set to 0.

    Raises UndefinedFigure for fewer than two writers or items, gaps that leave writers and items
    inseparable, or scores that are all equal.
    """
    verdicts = _verdicts(observations, across_members)
    axes = [np.unique([key[n] for key in verdicts], return_inverse=True)[1] for n in range(4)]
    writer, iteration, item, repeat = axes
    return _components(np.array(list(verdicts.values())), writer, item, iteration, repeat)


def repeat_icc(observations: Iterable[Observation], across_members: Reduce = exact_mean) -> float:
    """Test-retest reliability of single verdicts on the same piece: ICC(1,1).

    (MSB - MSW) / (MSB + (k0 - 1) MSW) of the one-way analysis of variance with pieces as groups
    and repeats within them; k0, the mean number of repeats, allows for unequal ones (Shrout &
    Fleiss 1979, Psychological Bulletin 86:420). 1 is a judge that repeats itself exactly, 0 one
    whose repeats agree no better than those of different pieces; at least -1/(k0 - 1). Higher is
    better, but it also grows with how much the pieces differ.

    Pieces with one verdict are left out. Raises UndefinedFigure when fewer than two pieces were
    judged twice, or when all their scores are equal.
    """
    pieces = _repeated(observations, across_members)
    if len(pieces) < 2:
        raise UndefinedFigure("only one piece was judged more than once")
    sizes = np.array([len(p) for p in pieces])
    means = np.array([np.mean(p) for p in pieces])
    n, total = len(pieces), int(sizes.sum())
    grand = float(sizes @ means) / total
    between = float(sizes @ (means - grand) ** 2) / (n - 1)
    inside = [float(((np.array(p) - m) ** 2).sum()) for p, m in zip(pieces, means, strict=True)]
    within = sum(inside) / (total - n)
    k0 = (total - float(sizes @ sizes) / total) / (n - 1)
    spread = between + (k0 - 1) * within
    if spread <= 0:
        raise UndefinedFigure("all repeated scores are equal")
    return (between - within) / spread


def repeat_difference(
    observations: Iterable[Observation], across_members: Reduce = exact_mean
) -> float:
    """Return the mean absolute difference between two verdicts on the same piece, in score points.

    The mean over the pairs of repeats of a piece, then over pieces: each piece counts once. 0 or
    more; lower is better. Raises UndefinedFigure when no piece was judged twice. A plain
    description, of no source.
    """
    pieces = _repeated(observations, across_members)
    return exact_mean([exact_mean([abs(a - b) for a, b in combinations(p, 2)]) for p in pieces])


def repeated_pieces(observations: Iterable[Observation]) -> int:
    """Return how many pieces every member of the judge judged more than once; 0 where none was."""
    try:
        return len(_repeated(observations, exact_mean))
    except UndefinedFigure:
        return 0


def _verdicts(
    observations: Iterable[Observation], across_members: Reduce
) -> dict[tuple[str, str, str, int], float]:
    """Return one value per (writer, iteration, item, repeat) that every member judged."""
    cells: dict[tuple[str, str, str, int], dict[int, float]] = defaultdict(dict)
    for o in observations:
        cells[o.writer, o.iteration, o.item, o.repeat][o.member] = o.value
    panel = {member for members in cells.values() for member in members}
    return {
        key: across_members([members[m] for m in sorted(members)])
        for key, members in sorted(cells.items())
        if len(members) == len(panel)
    }


def _repeated(observations: Iterable[Observation], join: Reduce) -> Sequence[Sequence[float]]:
    pieces: dict[Place, list[float]] = defaultdict(list)
    for (writer, iteration, item, _), value in _verdicts(observations, join).items():
        pieces[writer, iteration, item].append(value)
    repeated = [values for values in pieces.values() if len(values) > 1]
    if not repeated:
        raise UndefinedFigure("no piece was judged more than once")
    return repeated


def _components(
    scores: Floats, writer: Ints, item: Ints, iteration: Ints, repeat: Ints
) -> VarianceComponents:
    if len(set(writer)) < 2 or len(set(item)) < 2:
        raise UndefinedFigure("variance components need at least two writers and two items")
    if np.ptp(scores) == 0:
        raise UndefinedFigure("all scores are equal")
    pair = _joined(writer, item)
    piece = _joined(pair, iteration)
    sources = {"writer": writer, "item": item, "writer x item": pair}
    notes = []
    if _levels(piece) > _levels(pair):
        sources["iteration"] = piece
    else:
        notes.append("writer x item includes iteration: no writer has two pieces on one item")
    if len(scores) > _levels(piece):
        sources["repeat"] = _joined(piece, repeat)
    else:
        last = "iteration" if "iteration" in sources else "writer x item"
        notes.append(f"{last} includes the judge's own noise: no piece was judged twice")
    # Squares of very small scores would be 0; a power of two changes no digit of a figure.
    power = int(np.frexp(np.abs(scores).max())[1])
    scaled = np.ldexp(scores, -power)
    estimates = _henderson(scaled - scaled.mean(), list(sources.values()))
    estimates[np.abs(estimates) < ROUNDING * np.var(scaled)] = 0
    kept = np.maximum(estimates, 0)
    components = tuple(
        Component(name, float(np.ldexp(k, 2 * power)), float(k / kept.sum()), bool(e < 0))
        for name, k, e in zip(sources, kept, estimates, strict=True)
    )
    clipped = [c.name for c in components if c.clipped]
    if clipped:
        notes.append(f"negative estimates set to 0: {', '.join(clipped)}")
    return VarianceComponents(components, len(scores), tuple(notes))


def _henderson(scores: Floats, sources: Sequence[Ints]) -> Floats:
    """Solve E[T_f - T_mean] = sum over g of k_fg variance_g, T_f the sum of total^2/n per level.

    k_fg is the sum over levels of f of (sum over levels of g of n_fg^2) / n_f, less the same with
    all scores as the one level of f.
    """
    everything = np.zeros(len(scores), dtype=np.int64)
    baseline = _sum_of_squares(scores, everything)
    squares = np.array([_sum_of_squares(scores, f) - baseline for f in sources])
    expected = np.array(
        [[_weight(f, g) - _weight(everything, g) for g in sources] for f in sources]
    )
    if np.linalg.cond(expected) > CONDITION_LIMIT:
        raise UndefinedFigure("these gaps leave writers, items and iterations inseparable")
    solution: Floats = np.linalg.solve(expected, squares)
    return solution


def _sum_of_squares(scores: Floats, factor: Ints) -> float:
    return float((np.bincount(factor, weights=scores) ** 2 / np.bincount(factor)).sum())


def _weight(factor: Ints, other: Ints) -> float:
    joint = _joined(factor, other)
    first, counts = np.unique(joint, return_index=True, return_counts=True)[1:]
    return float((counts**2 / np.bincount(factor)[factor[first]]).sum())


def _joined(a: Ints, b: Ints) -> Ints:
    """Return one label per combination, numbered from 0 without holes."""
    labels: Ints = np.unique(a * (int(b.max()) + 1) + b, return_inverse=True)[1]
    return labels


def _levels(factor: Ints) -> int:
    return int(factor.max()) + 1
