"""The report's section on tournaments: ratings, rules, biases and missing matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from judgemark.report.page_evidence import sentence
from judgemark.report.page_facts import plain
from judgemark.report.page_table import (
    ColumnKind,
    Fact,
    PageCell,
    PageColumn,
    PagePart,
    PageRow,
    PageTable,
    columns,
    row,
)
from judgemark.scoring.number_format import count, figure, interval, percent, signed
from judgemark.scoring.result_types import Result, ResultBlock

OPTIONS = {
    "isolated": "Prompt-isolated: each item and iteration has its own Swiss tournament, which "
    "gives each writer one rating.",
    "bootstrap": "Bootstrapped: each tournament draws its own items, with replacement, and gives "
    "each writer one rating. The spread is over these tournaments.",
    "full": "Full: for each item and iteration every pair of writers meets once.",
}
RULES = {
    "rounds": "Rounds",
    "bootstraps": "Bootstraps",
    "writers": "Writers in each tournament",
    "k_factor": "K-factor",
    "initial_rating": "Initial rating",
    "scale": "Points for odds of 10 to 1",
    "seed": "Seed",
}
COUNTS = {
    "tournaments": "Tournaments",
    "matches": "Matches",
    "calls": "Different questions",
    "reuses": "Repeated questions, answered from the journal",
    "asked": "Questions asked by this run",
    "lent": "Verdicts reused from another run",
    "too_long": "Questions too long for the judge's context",
}


def tournament_parts(result: Result) -> tuple[PagePart, ...]:
    """Return the parts of the section; empty for a run without tournaments."""
    tournament = result.get("tournament")
    if not tournament:
        return ()
    notes = {
        path.removeprefix("tournament."): str(reason)
        for path, reason in (result.get("notes") or {}).items()
        if path.startswith("tournament.")
    }
    return (
        _leaderboard(tournament, notes),
        *_separation(tournament, notes),
        *_biases(tournament, notes),
        *_missing(tournament),
        _rules(tournament),
    )


def _leaderboard(tournament: ResultBlock, notes: Mapping[str, str]) -> PagePart:
    fit = tournament.get("bradley_terry") or {}
    fitted = {line["writer"]: line for line in fit.get("ratings") or ()}
    lines = tournament.get("leaderboard") or ()
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
        "The rating is an Elo rating that is updated with the probability of each verdict, "
        "averaged over tournaments. Bradley-Terry fits all distinct verdicts at once and does not "
        "depend on their order.",
    )
    title = "Rating ± spread" if spread else "Rating"
    table = PageTable(
        columns("Writer", "Ratings", title, "Bradley-Terry", "95% interval"), tuple(rows)
    )
    return PagePart("Leaderboard", lead, table, remarks=tuple(_small_print(tournament, fit, notes)))


def _small_print(
    tournament: ResultBlock, fit: ResultBlock, notes: Mapping[str, str]
) -> Iterator[str]:
    if fit:
        remark = f"{count(fit.get('verdicts'))} verdicts, ridge {plain(fit.get('ridge'))}"
        if fit.get("resamples"):
            remark += f", intervals from {count(fit['resamples'])} resamples of the items"
        if fit.get("void"):
            remark += f" ({count(fit['void'])} undefined)"
        yield f"Bradley-Terry: {remark}; {fit.get('scale')}."
    if "bradley_terry" in notes:
        yield f"Bradley-Terry ratings are not available: {notes['bradley_terry']}."
    if "bradley_terry.ci95" in notes:
        which = "Some" if fit and any(r.get("ci95") for r in fit["ratings"]) else "The"
        yield f"{which} Bradley-Terry intervals are not available: {notes['bradley_terry.ci95']}."
    if tournament.get("spread"):
        yield sentence(str(tournament["spread"]))


def _separation(tournament: ResultBlock, notes: Mapping[str, str]) -> Iterator[PagePart]:
    title = "Separation of the ratings"
    if tournament.get("combined") is None:
        yield PagePart(title, (f"Not available: {notes.get('combined', 'not given')}.",))
        return
    rows = (
        row("Omega squared", figure(tournament.get("omega_squared"), 3)),
        row(
            "|Cliff's delta|, mean over pairs of writers", figure(tournament.get("cliffs_delta"), 3)
        ),
        row("Mean of both, divided by 0.75 (at most 133)", figure(tournament.get("combined"), 1)),
        row("Mean of both (at most 100)", figure(tournament.get("combined_unscaled"), 1)),
    )
    yield PagePart(title, table=PageTable(columns("Figure", "Value"), rows))


def _biases(tournament: ResultBlock, notes: Mapping[str, str]) -> Iterator[PagePart]:
    """Yield the rows on position, length, the reference order and the answer letters."""
    makers = (
        ("position_bias", "Position bias", _position),
        ("length_bias", "Length bias", _length),
        ("concordance", "Agreement with the reference order", _concordance),
        ("letters", "Probability on the letters", _letters),
    )
    rows = [r for key, _, make in makers if tournament.get(key) for r in make(tournament[key])]
    absent = [f"{name} is not available: {notes[k]}." for k, name, _ in makers if k in notes]
    if rows or absent:
        table = PageTable(columns("Bias", "Value"), tuple(rows))
        title = "Biases and agreement"
        yield PagePart(title, (), table if rows else None, remarks=tuple(absent))


def _position(section: ResultBlock) -> Iterator[PageRow]:
    comparisons = f"{count(section.get('passes'))} comparisons; 50% means no bias"
    yield row(
        PageCell("Probability given to position 1", (comparisons,)), percent(section.get("mass"))
    )
    ties = "50% means no bias; a tie counts half"
    yield row(PageCell("Comparisons that position 1 wins", (ties,)), percent(section.get("wins")))


def _length(section: ResultBlock) -> Iterator[PageRow]:
    matches = f"{count(section.get('matches'))} matches of unequal length; 50% means no bias"
    won = PageCell("Matches that the longer text wins", (matches,))
    yield row(won, percent(section.get("win_rate")))
    remark = "its probability minus the shorter text's, in points; 0 means no bias"
    yield row(PageCell("Margin of the longer text", (remark,)), signed(section.get("margin"), 1))


def _concordance(section: ResultBlock) -> Iterator[PageRow]:
    remark = f"{count(section.get('n'))} verdicts on writers with different reference scores"
    agreed = PageCell("Verdicts in the reference order", (remark,))
    yield row(agreed, percent(section.get("verdicts")))


def _letters(section: ResultBlock) -> Iterator[PageRow]:
    remark = (
        f"{count(section.get('passes'))} comparisons; in {count(section.get('censored'))} of "
        "them a letter's probability is known only as a bound, in "
        f"{count(section.get('other_tokens'))} another token was the most likely one"
    )
    letters = PageCell("Probability on the letters A and B", (remark,))
    yield row(letters, percent(section.get("captured_mass")))


def _missing(tournament: ResultBlock) -> Iterator[PagePart]:
    """Yield the matches without a verdict and the tournaments that are incomplete."""
    facts: list[Fact] = []
    skipped = [
        f"{at['item']}, iteration {at['iteration']}" for at in tournament.get("skipped") or ()
    ]
    if skipped:
        facts.append(("No tournament: fewer than two writers", "; ".join(skipped)))
    if tournament.get("left_out"):
        facts.append(("Writers without a match", ", ".join(map(str, tournament["left_out"]))))
    for n, group in enumerate(tournament.get("separate_groups") or (), 1):
        facts.append((f"Group {n}, which no verdict connects with another", ", ".join(group)))
    lead = []
    if tournament.get("missing"):
        share = percent(tournament.get("missing_share"))
        lead.append(
            f"{count(tournament['missing'])} of {count(tournament.get('matches'))} matches "
            f"({share}) have no verdict and did not change any rating."
        )
    for at in tournament.get("incomplete_tournaments") or ():
        name = f"Incomplete: {at['item']}, iteration {at['iteration']}"
        facts.append((name, f"{count(at['missing'])} of {count(at['matches'])} matches missing"))
    failed = Counter(
        (str(f["item"]), str(f["class"]), str(f["reason"]))
        for f in tournament.get("failures") or ()
    )
    rows = tuple(
        row(PageCell(item, (reason,)), cls, count(n)) for (item, cls, reason), n in failed.items()
    )
    if not (lead or facts or rows):
        return
    table = PageTable(columns("Item", PageColumn("Class", ColumnKind.WORDS), "Questions"), rows)
    yield PagePart("Missing matches", tuple(lead), table if rows else None, tuple(facts))


def _rules(tournament: ResultBlock) -> PagePart:
    settings = tournament.get("settings") or {}
    facts: list[Fact] = []
    if tournament.get("protocol"):
        facts.append(("Protocol", str(tournament["protocol"])))
    facts += [(name, plain(settings[key])) for key, name in RULES.items() if key in settings]
    facts += [
        (str(key), plain(value))
        for key, value in settings.items()
        if key not in RULES and key != "option"
    ]
    facts += [(name, count(tournament[key])) for key, name in COUNTS.items() if tournament.get(key)]
    lead = OPTIONS.get(str(tournament.get("option")), f"Option {tournament.get('option')}.")
    return PagePart("How the tournaments were played", (lead,), facts=tuple(facts))
