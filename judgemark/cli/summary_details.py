"""Every figure of a run on the terminal, for `--details`."""

from __future__ import annotations

from collections.abc import Mapping

from judgemark.cli.summary_ensemble import ensemble_rows, member_rows
from judgemark.cli.summary_parts import (
    ABSENT,
    FLOORS,
    LabelledText,
    above_lexical,
    agreement,
    cost,
    coverage,
    interval,
    number,
    p_of_chance,
    repeatability,
    score_with_interval,
    scorecard_scores,
    signed,
)
from judgemark.cli.summary_problems import missing_parts
from judgemark.cli.summary_reads import kinds_read, reads
from judgemark.cli.summary_tournament import tournament_rows
from judgemark.cli.terminal import table
from judgemark.scoring.figures import Shown, shown_in, value_of
from judgemark.scoring.number_format import MINUS, printed
from judgemark.scoring.result_types import Result


def detail_lines(result: Result) -> str:
    """Return all figures, with warnings before them and what is missing after them."""
    lines = [f"{result['judge'].get('spec')}: {_headline(result)}"]
    lines += [f"Warning: {warning['text']}." for warning in result.get("warnings") or ()]
    lines += ["", table(_rows(result))]
    missing = missing_parts(result)
    if missing is not None:
        label, parts = missing
        lines += ["", f"{label}: {parts[0]}."]
        lines += [f"  {part[0].upper()}{part[1:]}." for part in parts[1:]]
    return "\n".join(lines)


def _headline(result: Result) -> str:
    card = result["scorecards"]["v4"]["raw"]
    if card is None or card["score"] is None:
        reason = result["notes"].get("scorecards.v4.raw.score", ABSENT)
        return f"no separability score ({reason})"
    c = result["coverage"]
    part = "" if result["status"] == "complete" else f", {c['scored']} of {c['pieces']} pieces only"
    return f"separability {number(card['score'])} of at most 133 (v4){part}"


def _score_methods(result: Result) -> list[LabelledText]:
    """Return what scores from probabilities gain, where log-probabilities were asked for."""
    found = result.get("score_methods")
    if found is None:
        return []
    rows = [
        (
            "Score method",
            f"{found['method']}: {found['expected']} of {found['scores']} criterion scores have an "
            "expected value",
        )
    ]
    for method, differences in found["gain"].items():
        d = differences["v4"]["raw"]
        if d["difference"] is not None:
            gained = f"v4 {signed(d['difference'])}{interval(d['ci95'])} beside plain scores"
            rows.append((f"Gain, {method}", gained))
    return rows


def _rows(result: Result) -> list[LabelledText]:
    rows = [("Coverage", coverage(result))]
    rows += _separability(result)
    rows.append(("Reads", reads(result)))
    rows += kinds_read(result)
    rows += ensemble_rows(result) + member_rows(result)
    rows += _score_methods(result)
    rows.append(("Agreement", agreement(result)))
    rows += _signed_delta(result)
    rows += _variance(result)
    played = result.get("tournament")
    if played is None:
        rows.append(("Repeatability", repeatability(result)))
    else:
        rows += tournament_rows(played)
    rows += _scores(result)
    rows += _registered(result)
    rows.append(("Cost", cost(result)))
    return rows


def _separability(result: Result) -> list[LabelledText]:
    card = result["scorecards"]["v4"]["raw"]
    if card is None or card["score"] is None:
        return []
    said = f"{score_with_interval(card)}, these writers"
    if (result.get("tournament") or {}).get("spread"):
        said = (
            f"{number(card['score'])}, without an interval, because the bootstraps share verdicts"
        )
    rows = [("Separability", said)]
    other = card.get("ci95_other_writers")
    if other:
        rows.append(("", f"{interval(other).strip()}, other writers"))
    return rows + _chance(result)


def _chance(result: Result) -> list[LabelledText]:
    """Return what the judge's own chance and the judges that do not read score, each with its
    chance."""
    rows = []
    null, floors = result["null"], result["floors"]
    if null:
        rows.append(("Chance alone", f"{_by_chance(null)}; {p_of_chance(null['p_value'])}"))
    if floors:
        for n, name in enumerate(FLOORS):
            floor = floors[name]
            own = floor.get("chance")
            said = f"{name} {number(floor['score'])}"
            said += f"; its own chance {_by_chance(own)}" if own else ""
            rows.append(("Do not read" if n == 0 else "", said))
        if floors["s_minus_lexical"] is not None:
            rows.append(("Above lexical", above_lexical(floors)))
    return rows


def _by_chance(chance: Mapping[str, float]) -> str:
    return f"{number(chance['mean'])}, 95% below {number(chance['p95'])}"


def _signed_delta(result: Result) -> list[LabelledText]:
    reference = result["reference"]
    if not reference or reference["signed_delta"] is None:
        return []
    delta, sure = reference["signed_delta"], interval(reference["signed_delta_ci95"], 2)
    return [("", f"signed delta {signed(delta, 2)}{sure}")]


def _variance(result: Result) -> list[LabelledText]:
    shares = result.get("variance")
    if not shares:
        return []
    parts = [f"{c['name']} {100 * c['share']:.0f}%" for c in shares["components"]]
    if shares["components"][-1]["name"] != "repeat":
        parts[-1] += " (including the judge's own noise)"
    return [("Variance", ", ".join(parts))]


def _scores(result: Result) -> list[LabelledText]:
    rows = []
    for name in ("v2.1", "v2", "v4"):
        scores = scorecard_scores(result, name, intervals=True)
        if not scores:
            continue
        rows.append((f"Judgemark {name}", "; ".join(scores)))
        caveat = result["caveats"].get(name)
        if caveat:
            rows.append(("", caveat))
    return rows


def _registered(result: Result) -> list[LabelledText]:
    """Return the figures that the registry shows on the terminal; those that the run has."""
    rows = []
    for figure in shown_in(Shown.TERMINAL):
        value = value_of(figure, result)
        if value is not None:
            rows.append((figure.label, printed(value, figure.unit).replace(MINUS, "-")))
    return rows
