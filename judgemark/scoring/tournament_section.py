"""The section of a result that describes the tournaments of a pairwise run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from judgemark.errors import UndefinedFigure
from judgemark.judged import JudgedRun, Tournaments
from judgemark.metrics.separability import cliffs_delta
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.pooled_ratings import SHARED_VERDICTS, is_pooled
from judgemark.scoring.result_types import ResultSection
from judgemark.table.score_table import ScoreTable, mean
from judgemark.tournaments import bradley_terry
from judgemark.tournaments.position_bias import length_bias, position_bias
from judgemark.tournaments.rating_separability import separation
from judgemark.tournaments.separate_groups import separate_groups
from judgemark.tournaments.tournament_result import Played, Rated, TournamentResult

MOST_LISTED = 200
NOT_PUBLISHED_ELO = "on Elo's scale, but not comparable with published Elo figures"


def tournament_section(
    run: JudgedRun,
    tournaments: Tournaments,
    reference: Mapping[str, float] | None,
    seed: int,
    notes: Notes,
) -> ResultSection:
    """Return the tournaments' figures; probabilities and shares are in 0..1, ratings in points."""
    played = tournaments.played
    result = played.result
    return {
        "option": str(result.settings.option),
        "protocol": run.protocol.get("name"),
        "settings": {**result.settings.fingerprint, "writers": len(result.table.writers)},
        **_separation(result.table, notes),
        "leaderboard": _leaderboard(result.leaderboard, result.table),
        "spread": SHARED_VERDICTS if is_pooled(run) else None,
        "bradley_terry": _bradley_terry(result, seed, notes),
        "position_bias": _position(played, notes),
        "length_bias": _length(run, result, notes),
        "concordance": _concordance(result, reference, notes),
        **_counts(tournaments),
        "letters": _letters(tournaments, notes),
    }


def _separation(table: ScoreTable, notes: Notes) -> ResultSection:
    found = notes.attempt("tournament.combined", lambda: separation(table))
    if found is None:
        notes.reasons["tournament.omega_squared"] = notes.reasons["tournament.combined"]
        notes.reasons["tournament.combined_unscaled"] = notes.reasons["tournament.combined"]
    return {
        "omega_squared": found.omega_squared if found else None,
        "cliffs_delta": notes.attempt("tournament.cliffs_delta", lambda: cliffs_delta(table)),
        "combined": found.combined if found else None,
        "combined_unscaled": found.unscaled if found else None,
    }


def _leaderboard(lines: Sequence[Rated], table: ScoreTable) -> list[ResultSection]:
    count = {w: len(g) for w, g in zip(table.writers, table.groups, strict=True)}
    return [
        {"writer": x.writer, "rating": x.rating, "spread": x.spread, "ratings": count[x.writer]}
        for x in lines
    ]


def _bradley_terry(result: TournamentResult, seed: int, notes: Notes) -> ResultSection | None:
    path = "tournament.bradley_terry"

    def fitted() -> tuple[bradley_terry.Verdicts, bradley_terry.BradleyTerry]:
        verdicts = bradley_terry.distinct_verdicts(result.matches, result.preferences)
        return verdicts, bradley_terry.fit(verdicts)

    found = notes.attempt(path, fitted)
    if found is None:
        return None
    verdicts, fit = found
    sure = notes.attempt(f"{path}.ci95", lambda: bradley_terry.intervals(verdicts, seed=seed))
    ranked = sorted(fit.ratings, key=lambda w: (-fit.ratings[w], w))
    bounds = sure.bounds if sure else {}
    if sure is not None and None in bounds.values():
        alone = ", ".join(w for w in ranked if bounds[w] is None)
        notes.reasons[f"{path}.ci95"] = f"all verdicts are on one item: {alone}"
    return {
        "scale": NOT_PUBLISHED_ELO,
        "ridge": fit.ridge,
        "verdicts": fit.verdicts,
        "resamples": sure.resamples if sure else None,
        "void": sure.void if sure else None,
        "ratings": [
            {
                "writer": w,
                "rating": fit.ratings[w],
                "ci95": list(ends) if (ends := bounds.get(w)) else None,
            }
            for w in ranked
        ],
    }


def _position(played: Played, notes: Notes) -> ResultSection | None:
    found = notes.attempt("tournament.position_bias", lambda: position_bias(played.passes))
    if found is None:
        return None
    return {"mass": found.mass, "wins": found.wins, "passes": found.passes}


def _length(run: JudgedRun, result: TournamentResult, notes: Notes) -> ResultSection | None:
    lengths = {(s.writer, s.iteration, s.item): len(s.text) for s in run.samples}
    found = notes.attempt(
        "tournament.length_bias",
        lambda: length_bias(result.matches, result.preferences, lambda w, t, i: lengths[w, t, i]),
    )
    if found is None:
        return None
    return {"win_rate": found.win_rate, "margin": found.margin, "matches": found.matches}


def _concordance(
    result: TournamentResult, reference: Mapping[str, float] | None, notes: Notes
) -> ResultSection | None:
    def share() -> tuple[float, int]:
        if not reference:
            raise UndefinedFigure("no reference scores")
        verdicts = bradley_terry.distinct_verdicts(result.matches, result.preferences)
        right = []
        for first, second, p in zip(
            verdicts.first, verdicts.second, verdicts.preference, strict=True
        ):
            a, b = (reference.get(verdicts.writers[at]) for at in (first, second))
            if a is not None and b is not None and a != b:
                right.append(0.5 if p == 0.5 else float((p > 0.5) == (a > b)))
        if not right:
            raise UndefinedFigure("no verdict is on two writers with different reference scores")
        return mean(right), len(right)

    found = notes.attempt("tournament.concordance", share)
    return found and {"verdicts": found[0], "n": found[1]}


def _counts(tournaments: Tournaments) -> ResultSection:
    played, result = tournaments.played, tournaments.played.result
    return {
        "tournaments": len(result.standings),
        "matches": result.match_count,
        "calls": played.calls,
        "reuses": played.reuses,
        "asked": tournaments.asked,
        "lent": tournaments.lent,
        "too_long": tournaments.too_long,
        "missing": result.missing,
        "missing_share": result.missing / result.match_count if result.match_count else None,
        "failures": [
            {"item": item, "class": failure.cls.value, "reason": failure.reason}
            for item, failure in tournaments.failures[:MOST_LISTED]
        ],
        "incomplete": bool(result.incomplete),
        "incomplete_tournaments": [
            {"iteration": s.iteration, "item": s.item, "matches": s.matches, "missing": s.missing}
            for s in result.incomplete[:MOST_LISTED]
        ],
        "skipped": [{"item": i, "iteration": t} for i, t in result.skipped[:MOST_LISTED]],
        "left_out": list(result.left_out),
        "separate_groups": _separate_groups(result),
    }


def _separate_groups(result: TournamentResult) -> list[list[str]]:
    """Return the groups of writers that no verdict connects; none where all are connected."""
    groups = separate_groups(result.matches, result.preferences)
    return [list(group) for group in groups] if len(groups) > 1 else []


def _letters(tournaments: Tournaments, notes: Notes) -> ResultSection | None:
    use = tournaments.letters
    if use is None:
        notes.reasons["tournament.letters"] = "no verdict came with log-probabilities"
        return None
    return {
        "passes": use.passes,
        "captured_mass": use.mass,
        "censored": use.censored,
        "other_tokens": use.other_tokens,
    }
