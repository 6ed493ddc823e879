"""Parts that the summary of a run and its details have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judgemark.scoring.figures import Unit
from judgemark.scoring.number_format import corrected_score, printed
from judgemark.scoring.result_types import Result

LabelledText = tuple[str, str]
"""A label and what stands beside it."""

ABSENT = "not available"

FLOORS = ("lexical", "length", "random")
"""The judges that do not read, the hardest to beat first."""


def number(value: float | None, digits: int = 1) -> str:
    """Return a figure for a person; a dash where there is none, and no sign before a zero."""
    if value is None:
        return "-"
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def signed(value: float, digits: int = 1) -> str:
    """Return a difference with its sign, and no sign before a zero."""
    text = f"{value:+.{digits}f}"
    return text[1:] if float(text) == 0 else text


def interval(ends: list[float] | None, digits: int = 1) -> str:
    """Return the two ends of an interval after a space; nothing where there is none."""
    return "" if not ends else f" [{number(ends[0], digits)}, {number(ends[1], digits)}]"


def score_with_interval(card: Mapping[str, Any]) -> str:
    """Return a score and its interval.

    An interval that does not contain the score stands beside the corrected score.
    """
    corrected = corrected_score(card["score"], card["ci95"])
    if corrected is None:
        return f"{number(card['score'])}{interval(card['ci95'])}"
    sure = f"{number(corrected)}{interval(card['ci95'])}"
    return f"{number(card['score'])} (corrected for few items: {sure})"


def above_lexical(floors: Mapping[str, Any]) -> str:
    """Return the points above the lexical floor, with their interval where there is one."""
    return f"{signed(floors['s_minus_lexical'])}{interval(floors.get('s_minus_lexical_ci95'))}"


def p_of_chance(value: float) -> str:
    """Return a p value, as "p = 0.012" or "p < 0.001"."""
    text = printed(value, Unit.PROBABILITY)
    return f"p {text}" if text.startswith("<") else f"p = {text}"


def coverage(result: Result) -> str:
    """Return how many pieces have a score, and how many replies could be read at once."""
    c = result["coverage"]
    scored = "ratings" if result.get("tournament") else "pieces scored"
    text = f"{c['scored']} of {c['pieces']} {scored}"
    if verdicts := matches_with_verdict(result):
        text += f", from {verdicts}"
    first = c["first_try_parse_rate"]
    if first is not None:
        text += f"; {100 * first:.1f}% of replies readable at the first try"
    return text


def matches_with_verdict(result: Result) -> str:
    """Return how many matches of tournaments have a verdict; "" where all have or none exist."""
    t = result.get("tournament")
    if not t or not t["missing"]:
        return ""
    return f"{t['matches'] - t['missing']} of {t['matches']} matches with a verdict"


def agreement(result: Result) -> str:
    """Return how far the judge agrees with the reference order of the writers."""
    reference = result["reference"]
    if not reference:
        return "no reference order is known (--reference-scores gives one)"
    tau = reference["kendall_tau"]
    order = f"the reference order of {reference['writers']} writers"
    if tau is None:
        why = result["notes"].get("scorecards.v4.raw.kendall_tau", "not given")
        text = f"no Kendall tau with {order}: {why}"
    else:
        text = f"Kendall tau {number(tau, 2)} with {order}"
    pairs = reference["pair_concordance"]
    if pairs is not None:
        text += f"; {100 * pairs:.0f}% of writer pairs in that order"
    return text


def repeatability(result: Result) -> str:
    """Return how far the judge repeats itself, or how to measure that."""
    retest = result["retest"]
    if not retest.get("pieces"):
        if result["judge"].get("kind") == "baseline":
            return "not measured: a baseline always gives the same score"
        return "not measured; --num-runs 2 asks twice"
    icc, difference = retest["icc"], retest["mean_absolute_difference"]
    if icc is None:
        text = f"no ICC: {result['notes'].get('retest.icc', 'not given')}"
    else:
        text = f"ICC {number(icc, 2)}"
    return text if difference is None else f"{text}, mean difference {number(difference, 2)} points"


def scorecard_scores(result: Result, name: str, *, intervals: bool) -> list[str]:
    """Return the raw and the calibrated score of a scorecard; those that it has."""
    parts = []
    for version in ("raw", "calibrated"):
        card = result["scorecards"][name][version]
        if card is None or card["score"] is None:
            continue
        score = score_with_interval(card) if intervals else number(card["score"])
        without = f" (without {', '.join(card['missing'])})" if card["missing"] else ""
        parts.append(f"{version} {score}{without}")
    return parts


def cost(result: Result) -> str:
    """Return the dollars, seconds and requests of a run."""
    usage, kind = result["usage"], result["judge"].get("kind")
    members = (result.get("ensemble") or {}).get("members") or [{"kind": kind}]
    if all(member["kind"] == "baseline" for member in members):
        return "none"
    unknown = "none" if kind in ("vllm", "hf") else "not known"
    text = unknown if usage["cost"] is None else f"${usage['cost']:.4f}"
    if usage["seconds_per_item"] is not None:
        text += f"; {usage['seconds_per_item']:.2f} s per reply"
    if usage["requests"]:
        repeats = max(0, usage["requests"] - sum(result["coverage"]["classes"].values()))
        text += f"; {usage['requests']} requests, {repeats} of them repeats"
    return text
