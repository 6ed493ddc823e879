"""The report's section on tournaments: who won what, how, and what else the judge followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from judgemark.report.page_evidence import sentence
from judgemark.report.page_facts import plain
from judgemark.report.page_table import Cell, Column, Fact, Kind, Part, Row, Table, columns, row
from judgemark.scoring.number_format import count, figure, interval, percent, signed

Result = Mapping[str, Any]
Section = Mapping[str, Any]

OPTIONS = {
    "isolated": "Prompt-isolated: a Swiss tournament of its own for each item and iteration, and "
    "a rating of each writer from each.",
    "bootstrap": "Bootstrapped: each tournament draws its items anew, with replacement, and gives "
    "each writer one rating; the spread is over these draws.",
    "full": "Full: for each item and iteration every pair of writers meets once.",
}
RULES = {
    "rounds": "Rounds",
    "bootstraps": "Bootstraps",
    "writers": "Writers in the field",
    "k_factor": "K",
    "initial_rating": "Rating at the start",
    "scale": "Points for odds of ten to one",
    "seed": "Seed",
}
COUNTS = {
    "tournaments": "Tournaments",
    "matches": "Matches",
    "calls": "Different questions",
    "reuses": "Times that one came up again",
    "asked": "Questions asked by this run",
    "lent": "Verdicts lent by another run",
    "too_long": "Questions too long for the judge's context",
}


def tournament_parts(result: Result) -> tuple[Part, ...]:
    """The parts of the section; empty for a run without tournaments."""
    played = result.get("tournament")
    if not played:
        return ()
    notes = {
        path.removeprefix("tournament."): str(reason)
        for path, reason in (result.get("notes") or {}).items()
        if path.startswith("tournament.")
    }
    return (
        _leaderboard(played, notes),
        *_separation(played, notes),
        *_leanings(played, notes),
        *_missing(played),
        _rules(played),
    )


def _leaderboard(played: Section, notes: Mapping[str, str]) -> Part:
    fit = played.get("bradley_terry") or {}
    fitted = {line["writer"]: line for line in fit.get("ratings") or ()}
    lines = played.get("leaderboard") or ()
    spread = any(line.get("spread") is not None for line in lines)
    rows = []
    for line in lines:
        bt = fitted.get(line["writer"]) or {}
        rating = figure(line.get("rating"), 1)
        if line.get("spread") is not None:
            rating += f" ± {figure(line['spread'], 1)}"
        rows.append(
            row(
                str(line["writer"]),
                count(line.get("ratings")),
                rating,
                figure(bt.get("rating"), 1),
                interval(bt.get("ci95"), 1),
            )
        )
    lead = (
        "Rating is Elo's, the mean over tournaments, moved by the probability of each verdict. "
        "Bradley-Terry fits all distinct verdicts at once, whatever order they were played in.",
    )
    title = "Rating ± spread" if spread else "Rating"
    table = Table(columns("Writer", "Ratings", title, "Bradley-Terry", "95% interval"), tuple(rows))
    return Part("Leaderboard", lead, table, remarks=tuple(_small_print(played, fit, notes)))


def _small_print(played: Section, fit: Section, notes: Mapping[str, str]) -> Iterator[str]:
    if fit:
        said = f"{count(fit.get('verdicts'))} verdicts, ridge {plain(fit.get('ridge'))}"
        if fit.get("resamples"):
            said += f", intervals from {count(fit['resamples'])} resamples of the items"
        if fit.get("void"):
            said += f" ({count(fit['void'])} void)"
        yield f"Bradley-Terry: {said}; {fit.get('scale')}."
    if "bradley_terry" in notes:
        yield f"Bradley-Terry, not available: {notes['bradley_terry']}."
    if "bradley_terry.ci95" in notes:
        yield f"Bradley-Terry intervals, not available: {notes['bradley_terry.ci95']}."
    if played.get("spread"):
        yield sentence(str(played["spread"]))


def _separation(played: Section, notes: Mapping[str, str]) -> Iterator[Part]:
    title = "Separation of the ratings"
    if played.get("combined") is None:
        yield Part(title, (f"Not available: {notes.get('combined', 'not given')}.",))
        return
    rows = (
        row("Omega squared", figure(played.get("omega_squared"), 3)),
        row("|Cliff's delta|, mean over pairs of writers", figure(played.get("cliffs_delta"), 3)),
        row("Their mean over 0.75, at most 133", figure(played.get("combined"), 1)),
        row("Their mean, at most 100", figure(played.get("combined_unscaled"), 1)),
    )
    yield Part(title, table=Table(columns("Figure", "Value"), rows))


def _leanings(played: Section, notes: Mapping[str, str]) -> Iterator[Part]:
    """Position, length, the reference order and the letters, a row or two each."""
    makers = (
        ("position_bias", "Position", _position),
        ("length_bias", "Length", _length),
        ("concordance", "Reference order", _concordance),
        ("letters", "Letters", _letters),
    )
    rows = [r for key, _, make in makers if played.get(key) for r in make(played[key])]
    absent = [f"{name}, not available: {notes[k]}." for k, name, _ in makers if k in notes]
    if rows or absent:
        table = Table(columns("Leaning", "Value"), tuple(rows))
        title = "What else the judge follows"
        yield Part(title, (), table if rows else None, remarks=tuple(absent))


def _position(found: Section) -> Iterator[Row]:
    passes = f"{count(found.get('passes'))} passes; 50% is no leaning"
    yield row(Cell("Probability given to position 1", (passes,)), percent(found.get("mass")))
    ties = "50% is no leaning; a tie counts half"
    yield row(Cell("Passes that position 1 wins", (ties,)), percent(found.get("wins")))


def _length(found: Section) -> Iterator[Row]:
    matches = f"{count(found.get('matches'))} matches of unequal length; 50% is no leaning"
    won = Cell("Matches that the longer text wins", (matches,))
    yield row(won, percent(found.get("win_rate")))
    said = "its probability less the other's, in points; 0 is no leaning"
    yield row(Cell("Margin of the longer text", (said,)), signed(found.get("margin"), 1))


def _concordance(found: Section) -> Iterator[Row]:
    said = f"{count(found.get('n'))} verdicts on writers that the reference sets apart"
    agreed = Cell("Verdicts in the reference order", (said,))
    yield row(agreed, percent(found.get("verdicts")))


def _letters(found: Section) -> Iterator[Row]:
    said = (
        f"{count(found.get('passes'))} passes: {count(found.get('censored'))} with a bound in the "
        f"place of a probability, {count(found.get('other_tokens'))} with another token first"
    )
    letters = Cell("Probability on the letters A and B", (said,))
    yield row(letters, percent(found.get("captured_mass")))


def _missing(played: Section) -> Iterator[Part]:
    """Matches without a verdict and what they leave incomplete."""
    facts: list[Fact] = []
    skipped = [f"{at['item']}, iteration {at['iteration']}" for at in played.get("skipped") or ()]
    if skipped:
        facts.append(("No tournament, fewer than two writers", "; ".join(skipped)))
    if played.get("left_out"):
        facts.append(("Writers without a match", ", ".join(map(str, played["left_out"]))))
    lead = []
    if played.get("missing"):
        share = percent(played.get("missing_share"))
        lead.append(
            f"{count(played['missing'])} of {count(played.get('matches'))} matches ({share}) have "
            "no verdict; they left ratings as they were."
        )
    for at in played.get("incomplete_tournaments") or ():
        name = f"Incomplete: {at['item']}, iteration {at['iteration']}"
        facts.append((name, f"{count(at['missing'])} of {count(at['matches'])} matches missing"))
    failed = Counter(
        (str(f["item"]), str(f["class"]), str(f["reason"])) for f in played.get("failures") or ()
    )
    rows = tuple(
        row(Cell(item, (reason,)), cls, count(n)) for (item, cls, reason), n in failed.items()
    )
    if not (lead or facts or rows):
        return
    table = Table(columns("Item", Column("Class", Kind.WORDS), "Questions"), rows)
    yield Part("Missing matches", tuple(lead), table if rows else None, tuple(facts))


def _rules(played: Section) -> Part:
    settings = played.get("settings") or {}
    facts: list[Fact] = []
    if played.get("protocol"):
        facts.append(("Protocol", str(played["protocol"])))
    facts += [(name, plain(settings[key])) for key, name in RULES.items() if key in settings]
    facts += [
        (str(key), plain(value))
        for key, value in settings.items()
        if key not in RULES and key != "option"
    ]
    facts += [(name, count(played[key])) for key, name in COUNTS.items() if played.get(key)]
    lead = OPTIONS.get(str(played.get("option")), f"Option {played.get('option')}.")
    return Part("How it was played", (lead,), facts=tuple(facts))
