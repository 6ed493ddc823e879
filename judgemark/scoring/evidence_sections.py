"""The sections of a result besides scores: chance, reference, variance and bias."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.judged import JudgedRun
from judgemark.metrics.permutation_null import permutation_nulls
from judgemark.metrics.resampling import RESAMPLES
from judgemark.metrics.scorecards import Scorecards
from judgemark.metrics.surface_bias import (
    ScoreLengthBias,
    SurfaceFeatures,
    feature_values,
    length_bias,
    style_bounds,
)
from judgemark.metrics.variance import (
    observation_components,
    repeat_difference,
    repeat_icc,
    repeated_pieces,
)
from judgemark.records import Place
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.criteria_section import item_section
from judgemark.scoring.pooled_ratings import NOT_OF_ITEMS, SHARED_CHANCE, is_pooled
from judgemark.scoring.result_types import ResultSection
from judgemark.scoring.run_tables import RunTables, lengths_of
from judgemark.table.score_table import ScoreTable


def agreement_by_item(run: JudgedRun, table: ScoreTable, notes: Notes) -> ResultSection | None:
    """Return the items that agree most and least with the run's order of writers."""
    if is_pooled(run):
        notes.reasons["item_agreement"] = NOT_OF_ITEMS
        return None
    return notes.attempt("item_agreement", lambda: item_section(table))


def null_section(
    run: JudgedRun, table: ScoreTable, seed: int, notes: Notes
) -> ResultSection | None:
    """Return what shuffled writers score, and how often they score as high as this judge."""
    if is_pooled(run):
        notes.reasons["null"] = SHARED_CHANCE
        return None
    nulls = notes.attempt("null", lambda: permutation_nulls(table, seed))
    if nulls is None:
        return None
    by_version = {
        version: {
            "observed": null.observed,
            "mean": null.mean,
            "p95": null.p95,
            "p_value": null.p_value,
            # The same under the name that the contract gives it.
            "p": null.p_value,
        }
        for version, null in nulls.items()
    }
    raw = nulls["raw"]
    drawn = {"permutations": raw.n, "seed": raw.seed}
    return by_version["raw"] | drawn | {"calibrated": by_version["calibrated"]}


def reference_section(
    table: ScoreTable,
    reference: Mapping[str, float] | None,
    cards: Scorecards,
    seed: int,
    notes: Notes,
    *,
    pooled: bool,
) -> ResultSection | None:
    """Compare the run with the reference scores; None, with the reason, where there are none."""
    if not reference:
        notes.reasons["reference"] = "no reference scores"
        return None
    from judgemark.metrics.reference_agreement import AgreementEstimate, reference_agreement

    card = cards.cards["v4"]["raw"]
    resamples = 0 if pooled else RESAMPLES
    agreement = notes.attempt(
        "reference", lambda: reference_agreement(table, reference, seed, resamples)
    )
    section: ResultSection = {
        "writers": len([w for w in table.writers if w in reference]),
        "kendall_tau": card.kendall_tau if card else None,
        "pearson_r": card.pearson_r if card else None,
    }
    for name in ("pair_concordance", "item_concordance", "signed_delta"):
        figure: AgreementEstimate | None = getattr(agreement, name) if agreement else None
        if pooled and name == "item_concordance":
            figure = AgreementEstimate(None, None, NOT_OF_ITEMS)
        if figure is not None and figure.reason:
            notes.reasons[f"reference.{name}"] = figure.reason
        section[name] = figure.value if figure else None
        section[f"{name}_ci95"] = figure.ci95.ends() if figure and figure.ci95 else None
    return section


def variance_section(tables: RunTables, notes: Notes) -> ResultSection | None:
    """Return the variance components of the scores."""
    found = notes.attempt(
        "variance", lambda: observation_components(tables.observations, tables.across_members)
    )
    if found is None:
        return None
    return {
        "components": [
            {"name": c.name, "variance": c.variance, "share": c.share, "clipped": c.clipped}
            for c in found.components
        ],
        "scores": found.scores,
        "remarks": list(found.notes),
    }


def retest_section(tables: RunTables, notes: Notes) -> ResultSection:
    """Return the repeatability of the judge; its figures are None where nothing was repeated."""
    seen, join = tables.observations, tables.across_members
    return {
        "pieces": repeated_pieces(seen),
        "icc": notes.attempt("retest.icc", lambda: repeat_icc(seen, join)),
        "mean_absolute_difference": notes.attempt(
            "retest.mean_absolute_difference", lambda: repeat_difference(seen, join)
        ),
    }


def length_bias_of(run: JudgedRun, table: ScoreTable, notes: Notes) -> ScoreLengthBias | None:
    """Return the correlation of score and length per writer; None, with the reason, if unknown."""
    known = lengths_of(run)
    lengths = np.full(table.values.shape, np.nan)
    at = [
        {name: n for n, name in enumerate(axis)}
        for axis in (table.writers, table.iterations, table.items)
    ]
    for (writer, iteration, item), length in known.items():
        place = (at[0].get(writer), at[1].get(iteration), at[2].get(item))
        if None not in place:
            lengths[place] = length

    def bias() -> ScoreLengthBias:
        if not known:
            raise UndefinedFigure("the lengths of the pieces are not known")
        return length_bias(table, lengths)

    return notes.attempt("bias.length", bias)


def bias_section(
    table: ScoreTable,
    found: Mapping[Place, SurfaceFeatures],
    lengths: ScoreLengthBias | None,
    notes: Notes,
) -> ResultSection:
    """Return how far scores follow the length and the surface features that were `found`."""
    if not found:
        notes.reasons["bias.style"] = "the texts of the pieces are not known"
        bounds = None
    else:
        features = feature_values(table, found)
        bounds = notes.attempt("bias.style", lambda: style_bounds(table, features))
    return {
        "length": {"rho": lengths.rho, "n": lengths.n} if lengths else None,
        "style": {
            "omega_squared": bounds.uncontrolled,
            "without_writers": bounds.without_writers,
            "within_writers": bounds.within_writers,
        }
        if bounds
        else None,
    }
