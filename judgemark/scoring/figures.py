"""The registry of figures: one entry for each number that describes a run.

Everything that shows a figure reads its entry here: `result.json`, the report, the terminal, the
columns of a leaderboard and its CSV, `card`, the thresholds of `gate`, and `docs/metrics.md`. To
add a figure, write its computation in `judgemark/metrics/` and give it one entry with a `compute`
function; nothing else needs to know its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from judgemark.metrics.separability import epsilon_squared
from judgemark.scoring.dotted_paths import found_at
from judgemark.scoring.figure_fields import (
    Better,
    Figure,
    FigureInputs,
    OfValidity,
    Shown,
    Topic,
    Unit,
)
from judgemark.scoring.reading_figures import damage_value, people_value, smallest_lower_end

if TYPE_CHECKING:
    from judgemark.metrics.validity.validity_section import NotedBlock
    from judgemark.scoring.absent_figures import Notes

__all__ = [
    "COMPUTED", "FIGURES", "Better", "Figure", "FigureInputs", "OfValidity", "Shown", "Topic",
    "Unit", "computed_section", "names", "shown_in", "validity_figures", "value_of",
]  # fmt: skip

_COLUMN = frozenset({Shown.BOARD, Shown.CSV})
_KEPT_COLUMN = _COLUMN | {Shown.ENTRY}
_KEPT = frozenset({Shown.ENTRY})
_KEPT_CSV = frozenset({Shown.ENTRY, Shown.CSV})
_HIGHER, _LOWER, _NEITHER = Better.HIGHER, Better.LOWER, Better.NEITHER


def _damage(*path: str | int) -> OfValidity:
    """Return how a figure of the block of known damage is found."""
    return OfValidity(lambda validity: damage_value(validity, *path))


def _people(*path: str | int) -> OfValidity:
    """Return how a figure of the block of people's pairs is found."""
    return OfValidity(lambda validity: people_value(validity, *path))


def _score(key: str, card: str, version: str, also: tuple[str, ...] = ()) -> tuple[Figure, ...]:
    """Return the figures of one scorecard's score and of the lower end of its interval."""
    path = f"scorecards.{card}.{version}"
    label = f"Judgemark {card}, {version}"
    score = Figure(
        key, f"{path}.score", label, f"The score of scorecard {card}.", Unit.POINTS, _HIGHER,
        topic=Topic.SEPARABILITY, also=also,
    )  # fmt: skip
    low = Figure(
        f"{key}_low", f"{path}.ci95.0", f"{label}, lower end",
        f"The lower end of the 95% interval of scorecard {card}.", Unit.POINTS, _HIGHER,
        topic=Topic.SEPARABILITY,
    )  # fmt: skip
    return score, low


FIGURES: tuple[Figure, ...] = (
    *_score("v4", "v4", "raw", ("score",)),
    *_score("v2.1", "v2.1", "calibrated"),
    *_score("v2", "v2", "calibrated"),
    Figure(
        "omega_squared", "scorecards.v4.raw.omega_squared", "Separability ω²",
        "Omega squared: the share of the scores' variance that lies between writers.",
        Unit.INDEX, _HIGHER, where=_COLUMN, topic=Topic.SEPARABILITY, title="ω²",
        card_field="omega_squared", scorecards=("v4",), always=True,
    ),
    Figure(
        "cliffs_delta", "scorecards.v4.raw.cliffs_delta", "Separability |δ|",
        "Mean |Cliff's delta| over all pairs of writers: how rarely their scores overlap.",
        Unit.INDEX, _HIGHER, where=_COLUMN, topic=Topic.SEPARABILITY, title="|δ|",
        card_field="cliffs_delta", scorecards=("v4",), always=True,
    ),
    Figure(
        "epsilon_squared", "figures.epsilon_squared", "Epsilon squared",
        "Kruskal-Wallis H divided by N - 1: how far the ranks of the writers' scores differ.",
        Unit.INDEX, _HIGHER, compute=lambda m: epsilon_squared(m.tables.v21),
        where=frozenset({Shown.ENTRY, Shown.REPORT, Shown.TERMINAL, Shown.CSV}),
        topic=Topic.SEPARABILITY,
    ),
    Figure(
        "separability", "scorecards.v2.1.calibrated.separability", "Separability",
        "The scorecard's own composite of Kruskal-Wallis H and interval overlap.",
        Unit.INDEX, _HIGHER, where=_COLUMN, topic=Topic.SEPARABILITY, title="composite",
        card_field="separability", scorecards=("v2.1", "v2"), always=True,
    ),
    Figure(
        "stability_tau", "scorecards.v4.raw.stability_tau", "Stability",
        "Kendall's tau between the writers' iterations; 1 is the same order each time.",
        Unit.INDEX, _HIGHER, where=_COLUMN, topic=Topic.CONSISTENCY,
        card_field="stability_tau", always=True, also=("stability",),
    ),
    Figure(
        "retest_icc", "retest.icc", "Repeat ICC",
        "How closely the judge repeats its score of the same piece; 1 is an exact repeat.",
        Unit.INDEX, _HIGHER, where=_KEPT_COLUMN, topic=Topic.CONSISTENCY, title="Repeat\nICC",
        also=("icc",),
    ),
    Figure(
        "damage_margin", "figures.damage_margin", "Reads (margin over counting)",
        "By how much the judge's accuracy on known damage exceeds that of the best counting rule.",
        Unit.SHARE_DIFFERENCE, _HIGHER, compute=_damage("margin"), where=_KEPT_COLUMN,
        title="Reads", ends=("damage_margin_low", "damage_margin_high"),
    ),
    Figure(
        "damage_margin_low", "figures.damage_margin_low", "Margin over counting, lower end",
        "The lower end of the 95% interval of the margin over the best counting rule; it can lie "
        "below -1, because the interval reaches equally far to both sides.",
        Unit.SHARE_DIFFERENCE, _HIGHER, compute=_damage("margin_ci95", 0), where=_KEPT_CSV,
    ),
    Figure(
        "damage_margin_high", "figures.damage_margin_high", "Margin over counting, upper end",
        "The upper end of the 95% interval of the margin over the best counting rule; it can lie "
        "above 1, because the interval reaches equally far to both sides.",
        Unit.SHARE_DIFFERENCE, _HIGHER, compute=_damage("margin_ci95", 1), where=_KEPT_CSV,
    ),
    Figure(
        "reads", "figures.reads", "Reads, smallest lower end",
        "The smallest lower end of the margins over counting, over half and over the judge's "
        "counting twin; the judge reads where it is above 0.",
        Unit.SHARE_DIFFERENCE, _HIGHER, where=_KEPT_CSV,
        compute=OfValidity(smallest_lower_end),
    ),
    Figure(
        "damage_accuracy", "figures.damage_accuracy", "Accuracy on known damage",
        "The share of pairs, of which code damaged one piece more, that the judge orders "
        "correctly; half is chance.",
        Unit.SHARE, _HIGHER, compute=_damage("accuracy"), where=_KEPT_CSV,
    ),
    Figure(
        "damage_counter", "figures.damage_counter", "Known damage, best counter",
        "The accuracy of the best counting rule on the same pairs; it was chosen on other pairs.",
        Unit.SHARE, _NEITHER, compute=_damage("counter", "accuracy"), where=_KEPT_CSV,
    ),
    Figure(
        "damage_twin", "figures.damage_twin", "Known damage, counting twin",
        "The accuracy on the same pairs of the counting rule that agrees most with this judge.",
        Unit.SHARE, _NEITHER, compute=_damage("twin", "accuracy"), where=_KEPT,
    ),
    Figure(
        "people_accuracy", "figures.people_accuracy", "Agrees with people",
        "The share of pairs, of which people named the better piece, that the judge orders "
        "correctly; half is chance.",
        Unit.SHARE, _HIGHER, compute=_people("accuracy"), where=_KEPT_COLUMN,
        title="Agrees\nwith people", ends=("people_accuracy_low", "people_accuracy_high"),
    ),
    Figure(
        "people_accuracy_low", "figures.people_accuracy_low", "Agrees with people, lower end",
        "The lower end of the 95% interval of the agreement with people.",
        Unit.SHARE, _HIGHER, compute=_people("ci95", 0), where=_KEPT_CSV,
    ),
    Figure(
        "people_accuracy_high", "figures.people_accuracy_high", "Agrees with people, upper end",
        "The upper end of the 95% interval of the agreement with people.",
        Unit.SHARE, _HIGHER, compute=_people("ci95", 1), where=_KEPT_CSV,
    ),
    Figure(
        "above_lexical", "floors.s_minus_lexical", "Above lexical",
        "Points above the baseline that counts distinct words and does not read.",
        Unit.POINT_DIFFERENCE, _HIGHER, where=_KEPT_COLUMN, title="Above\nlexical",
        scorecards=("v4",), ends=("above_lexical_low", "above_lexical_high"),
    ),
    Figure(
        "above_lexical_low", "floors.s_minus_lexical_ci95.0", "Above lexical, lower end",
        "The lower end of the 95% interval of the points above lexical, over items.",
        Unit.POINT_DIFFERENCE, _HIGHER, where=_KEPT_CSV,
    ),
    Figure(
        "above_lexical_high", "floors.s_minus_lexical_ci95.1", "Above lexical, upper end",
        "The upper end of the 95% interval of the points above lexical, over items.",
        Unit.POINT_DIFFERENCE, _HIGHER, where=_KEPT_CSV,
    ),
    Figure(
        "reference_tau", "reference.kendall_tau", "Reference τ",
        "Kendall's tau with the reference order of the writers; 1 is the same order, 0 is chance.",
        Unit.CORRELATION, _HIGHER, where=_KEPT_COLUMN, title="Order\nτ",
        card_field="kendall_tau", also=("kendall_tau",), stored_as="kendall_tau",
    ),
    Figure(
        "pair_concordance", "reference.pair_concordance", "Pairs in order",
        "The share of writer pairs in the reference order; 50% is chance.",
        Unit.SHARE, _HIGHER, where=_KEPT_COLUMN, title="Pairs in\norder",
    ),
    Figure(
        "item_concordance", "reference.item_concordance", "Item pairs in order",
        "The share of writer pairs in the reference order on single items; 50% is chance.",
        Unit.SHARE, _HIGHER, where=_KEPT,
    ),
    Figure(
        "signed_delta", "reference.signed_delta", "Signed delta",
        "Mean Cliff's delta of the writer pairs, positive for the reference order.",
        Unit.CORRELATION, _HIGHER, where=_KEPT,
    ),
    Figure(
        "verdict_concordance", "tournament.concordance.verdicts", "Verdicts in order",
        "The share of single verdicts in the reference order; 50% is chance.",
        Unit.SHARE, _HIGHER, where=_KEPT_COLUMN, title="Verdicts\nin order",
    ),
    Figure(
        "position_mass", "tournament.position_bias.mass", "To the first place",
        "The probability given to the text shown first; 50% means no position bias.",
        Unit.SHARE, _NEITHER, where=_KEPT_COLUMN, title="First\nplace",
    ),
    Figure(
        "length_rho", "bias.length.rho", "Length ρ",
        "Spearman's rho between length and score within writers; 0 means no length bias.",
        Unit.CORRELATION, _NEITHER, where=_KEPT_COLUMN, title="Length\nρ",
    ),
    Figure(
        "chance_p", "null.p_value", "p of chance",
        "The share of shuffles of the writers that score as high as this judge.",
        Unit.PROBABILITY, _LOWER, where=_KEPT,
    ),
    Figure(
        "effective_judges", "ensemble.effective.number", "Effective judges",
        "How many independent judges an ensemble is worth, by the correlation of its members' "
        "errors; 1 means that all members make the same errors.",
        Unit.JUDGES, _HIGHER, where=_KEPT_COLUMN | {Shown.REPORT}, topic=Topic.CONSISTENCY,
        title="Effective\njudges",
    ),
    Figure(
        "ensemble_gain", "ensemble.gain.difference", "Gain over the best member",
        "The v4 score of an ensemble minus that of its best member, on the pieces of both.",
        Unit.POINT_DIFFERENCE, _HIGHER, where=_KEPT_CSV | {Shown.REPORT}, topic=Topic.CONSISTENCY,
    ),
    Figure(
        "coverage", "coverage.share", "Coverage",
        "The share of the pieces that have a score; of a tournament, of the matches that have a "
        "verdict where that is less.",
        Unit.SHARE, _HIGHER, where=_COLUMN, topic=Topic.EFFORT, always=True,
    ),
    Figure(
        "parse_rate", "coverage.first_try_parse_rate", "First-try parse rate",
        "The share of replies that could be scored without asking again.",
        Unit.SHARE, _HIGHER, topic=Topic.EFFORT,
    ),
    Figure(
        "cost", "usage.cost", "Cost",
        "Dollars for the whole run, as the endpoint reported them or by the given prices.",
        Unit.DOLLARS, _LOWER, where=_COLUMN, topic=Topic.EFFORT, always=True,
    ),
    Figure(
        "seconds_per_item", "usage.seconds_per_item", "Seconds per item",
        "The mean time in seconds until one answer.",
        Unit.SECONDS, _LOWER, where=_COLUMN, topic=Topic.EFFORT, title="Seconds\nper item",
        always=True,
    ),
)  # fmt: skip
"""Every figure, in the order in which boards show their columns."""

COMPUTED = "figures"
"""The section of `result.json` that holds the figures with a `compute` function, by key."""


def shown_in(place: Shown, figures: Sequence[Figure] = FIGURES) -> tuple[Figure, ...]:
    """Return the figures that are shown in one place, in their order."""
    return tuple(figure for figure in figures if place in figure.where)


def names(figures: Sequence[Figure] = FIGURES) -> dict[str, Figure]:
    """Return every name that a threshold may use, with its figure."""
    return {name: figure for figure in figures for name in (figure.key, *figure.also)}


def computed_section(
    measured: FigureInputs, notes: Notes, figures: Sequence[Figure] = FIGURES
) -> dict[str, float | None]:
    """Compute the figures that have a `compute` function.

    Returns:
        Their values by key; None where a figure is undefined, with its reason in `notes`.
    """
    return {
        figure.key: notes.attempt(figure.path, partial(figure.compute, measured))
        for figure in figures
        if figure.compute is not None
    }


def validity_figures(validity: NotedBlock, notes: Notes) -> dict[str, float | None]:
    """Return the computed figures of a run that has a `validity` section and no score table."""
    return {
        figure.key: notes.attempt(figure.path, partial(figure.compute.figure, validity))
        for figure in FIGURES
        if isinstance(figure.compute, OfValidity)
    }


def value_of(figure: Figure, result: Mapping[str, Any]) -> float | None:
    """Return the value of a figure in a result; None where the result has none."""
    value = found_at(result, figure.path)[1]
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
