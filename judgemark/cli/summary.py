"""What a finished run says on the terminal: a summary that fits a glance.

The summary has at most `MOST_LINES` lines; `--details` prints every figure instead.
"""

from __future__ import annotations

from judgemark.cli.summary_ensemble import ensemble_rows
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
)
from judgemark.cli.summary_problems import problems
from judgemark.cli.summary_reads import reads
from judgemark.cli.summary_tournament import leaders
from judgemark.cli.terminal import table
from judgemark.run.folder import CHARTS, REPORT, RunFolder
from judgemark.scoring.result_types import Result

MOST_LINES = 12
_FIRST_LEFT_OUT = ("Repeatability", "Judgemark", "Agreement")
"""Rows that make room where a run has more to tell; `--details` and the report have them."""

_BEST_V4 = 400 / 3


def summary(result: Result, folder: RunFolder, *, details: bool = False, shown_by: str = "") -> str:
    """Return the closing lines of the main job: the figures and what to open.

    `shown_by` is the command that shows whether the judge reads, where this run does not.
    """
    report = folder.path / REPORT
    if not details:
        return figures(result, opens=f"{report}", shown_by=shown_by)
    places = [("Charts", f"{folder.path / CHARTS}"), ("Report", f"{report}")]
    return f"{figures(result, details=True)}\n\n{table(places, indent=0)}"


def figures(result: Result, *, details: bool = False, opens: str = "", shown_by: str = "") -> str:
    """Return the figures of a run: a summary, or all of them with `details`.

    `opens` is the path of the report, where there is one, and `shown_by` is as for `summary`. The
    hint at `--details` is left out where troubles of the run take its line, and so are rows that a
    run of several judges can do without.
    """
    if details:
        from judgemark.cli.summary_details import detail_lines

        return detail_lines(result)
    rows = [("Judged", _judged(result)), ("Separability", _headline(result))]
    rows.append(("Reads", reads(result, shown_by)))
    rows += ensemble_rows(result)
    rows += _chance(result)
    rows.append(("Agreement", agreement(result)))
    rows += _consistency(result)
    rows += _composites(result)
    rows.append(("Cost", cost(result)))
    rows += problems(result)
    for label in _FIRST_LEFT_OUT:
        if len(rows) > MOST_LINES - 1:
            rows = [row for row in rows if row[0] != label]
    if len(rows) < MOST_LINES - 1:
        rows.append(("More", "--details prints all figures"))
    if opens:
        rows.append(("Report", opens))
    return table(rows, indent=0)


def _judged(result: Result) -> str:
    writers = result["dataset"].get("writers")
    by = f" ({writers} {'writer' if writers == 1 else 'writers'})" if writers else ""
    return f"{result['judge'].get('spec')}{by}: {coverage(result)}"


def _headline(result: Result) -> str:
    card = result["scorecards"]["v4"]["raw"]
    if card is None or card["score"] is None:
        return f"no score: {result['notes'].get('scorecards.v4.raw.score', ABSENT)}"
    text = f"{score_with_interval(card)} of at most {_BEST_V4:.1f}"
    if (result.get("tournament") or {}).get("spread"):
        return f"{text}, without an interval, because the bootstraps share verdicts"
    other = card.get("ci95_other_writers")
    return f"{text}; for other writers{interval(other)}" if other else text


def _chance(result: Result) -> list[LabelledText]:
    """Return a row of what judges score that do not read, and one of what each scores by chance."""
    rows, chances = [], []
    null, floors = result["null"], result["floors"]
    if null:
        below = f"{number(null['mean'])}, 95% below {number(null['p95'])}"
        chances.append(f"{below}, {p_of_chance(null['p_value'])}")
    if floors:
        said = ", ".join(f"{name} {number(floors[name]['score'])}" for name in FLOORS)
        if floors["s_minus_lexical"] is not None:
            said += f"; this judge above lexical {above_lexical(floors)}"
        rows.append(("Without reading", said))
        own = [(name, floors[name].get("chance")) for name in FLOORS]
        listed = ", ".join(f"{name} {number(chance['p95'])}" for name, chance in own if chance)
        chances += [f"95% below for {listed}"] if listed else []
    return [*rows, ("Chance", "; ".join(chances))] if chances else rows


def _consistency(result: Result) -> list[LabelledText]:
    played = result.get("tournament")
    if played is not None:
        return [("Leaderboard", leaders(played))]
    return [("Repeatability", repeatability(result))]


def _composites(result: Result) -> list[LabelledText]:
    parts = []
    for name in ("v2.1", "v2"):
        scores = scorecard_scores(result, name, intervals=False)
        if not scores:
            continue
        most = ((result.get("reach") or {}).get(name) or {}).get("score_max")
        bounded = result["caveats"].get(name) and most is not None
        limit = f" of at most {number(most)}" if bounded else ""
        parts.append(f"{name} {', '.join(scores)}{limit}")
    if not parts:
        return []
    caveat = " (constants made for 17 writers x 96)" if result["caveats"] else ""
    return [("Judgemark", "; ".join(parts) + caveat)]
