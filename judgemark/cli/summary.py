"""What a finished run says on the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from judgemark.cli.summary_tournament import missing_line, tournament_rows
from judgemark.cli.terminal import table
from judgemark.records import Class
from judgemark.run.attempts import advice
from judgemark.run.folder import CHARTS, REPORT, RunFolder

Result = Mapping[str, Any]
_ABSENT = "not available"


def number(value: float | None, digits: int = 1) -> str:
    """A figure for a person; a dash for one that is not there."""
    return "-" if value is None else f"{value:.{digits}f}"


def interval(ends: list[float] | None, digits: int = 1) -> str:
    """The two ends of an interval; nothing where there is none."""
    return "" if not ends else f" [{ends[0]:.{digits}f}, {ends[1]:.{digits}f}]"


def summary(result: Result, folder: RunFolder) -> str:
    """The closing lines of the main job."""
    places = [("Charts", f"{folder.path / CHARTS}"), ("Report", f"{folder.path / REPORT}")]
    return f"{figures(result)}\n\n{table(places, indent=0)}"


def figures(result: Result) -> str:
    """The figures of a run."""
    lines = ["", f"{result['judge'].get('spec')}: {_headline(result)}"]
    lines += [f"Warning: {warning['text']}." for warning in result.get("warnings") or ()]
    lines += ["", table(_rows(result))]
    played = result.get("tournament")
    missing = missing_line(played) if played else None
    if missing is not None:
        lines += ["", missing]
    if result["coverage"].get("unanswered") or (missing is None and result["status"] != "complete"):
        lines += ["", incomplete_lines(result)]
    return "\n".join(lines)


def _headline(result: Result) -> str:
    card = result["scorecards"]["v4"]["raw"]
    if card is None or card["score"] is None:
        reason = result["notes"].get("scorecards.v4.raw.score", _ABSENT)
        return f"no separability score ({reason})"
    c = result["coverage"]
    part = "" if result["status"] == "complete" else f", {c['scored']} of {c['pieces']} pieces only"
    return f"separability {number(card['score'])} of at most 133 (v4){part}"


def _rows(result: Result) -> list[tuple[str, str]]:
    rows = [("Coverage", _coverage(result))]
    rows += _separability(result)
    rows.append(("Reference order", _reference(result)))
    rows += _variance(result)
    played = result.get("tournament")
    if played is None:
        rows.append(("Repeatability", _repeatability(result)))
    else:
        rows += tournament_rows(played)
    rows += _scores(result)
    rows.append(("Cost", _cost(result)))
    return rows


def _coverage(result: Result) -> str:
    c = result["coverage"]
    scored = "ratings" if result.get("tournament") else "pieces scored"
    text = f"{c['scored']} of {c['pieces']} {scored}"
    first = c["first_try_parse_rate"]
    if first is not None:
        text += f"; {100 * first:.1f}% of replies scorable at the first try"
    return text


def _separability(result: Result) -> list[tuple[str, str]]:
    card = result["scorecards"]["v4"]["raw"]
    if card is None or card["score"] is None:
        return []
    said = f"{number(card['score'])}{interval(card['ci95'])}, these writers"
    if (result.get("tournament") or {}).get("spread"):
        said = f"{number(card['score'])} over bootstraps, which share verdicts: no interval"
    rows = [("Separability", said)]
    other = card.get("ci95_other_writers")
    if other:
        rows.append(("", f"{interval(other).strip()}, other writers"))
    null = result["null"]
    if null:
        rows.append(("Chance alone", f"{number(null['mean'])}, 95% below {number(null['p95'])}"))
    floors = result["floors"]
    if floors:
        listed = ", ".join(
            f"{name} {number(floors[name]['score'])}" for name in ("lexical", "length", "random")
        )
        rows.append(("Floors", f"{listed} (judges that do not read)"))
        above = floors["s_minus_lexical"]
        if above is not None:
            rows.append(("Above lexical", f"{above:+.1f}"))
    return rows


def _reference(result: Result) -> str:
    reference = result["reference"]
    if not reference:
        return "none given (--reference-scores)"
    tau = reference["kendall_tau"]
    text = f"Kendall tau {number(tau, 2)} over {reference['writers']} writers"
    pairs, delta = reference["pair_concordance"], reference["signed_delta"]
    if pairs is not None:
        text += f"; {100 * pairs:.0f}% of writer pairs in its order"
    if delta is not None:
        text += f"; signed delta {delta:+.2f}{interval(reference['signed_delta_ci95'], 2)}"
    return text


def _variance(result: Result) -> list[tuple[str, str]]:
    found = result.get("variance")
    if not found:
        return []
    parts = [f"{c['name']} {100 * c['share']:.0f}%" for c in found["components"]]
    if found["components"][-1]["name"] != "repeat":
        parts[-1] += " (the judge's own noise among it)"
    return [("Variance", ", ".join(parts))]


def _repeatability(result: Result) -> str:
    retest = result["retest"]
    if retest["icc"] is None:
        return "not measured; --num-runs 2 asks twice"
    difference = retest["mean_absolute_difference"]
    return f"ICC {number(retest['icc'], 2)}, mean difference {number(difference, 2)} points"


def _scores(result: Result) -> list[tuple[str, str]]:
    rows = []
    for name in ("v2.1", "v2", "v4"):
        cards = result["scorecards"][name]
        parts = []
        for version in ("raw", "calibrated"):
            card = cards[version]
            if card is None or card["score"] is None:
                parts.append(f"{version} -")
                continue
            without = f" (without {', '.join(card['missing'])})" if card["missing"] else ""
            parts.append(f"{version} {number(card['score'])}{interval(card['ci95'])}{without}")
        rows.append((f"Judgemark {name}", "; ".join(parts)))
        caveat = result["caveats"].get(name)
        if caveat:
            rows.append(("", caveat))
    return rows


def _cost(result: Result) -> str:
    usage, kind = result["usage"], result["judge"].get("kind")
    if kind == "baseline":
        return "none"
    unknown = "none" if kind in ("vllm", "hf") else "not known"
    text = unknown if usage["cost"] is None else f"${usage['cost']:.4f}"
    if usage["seconds_per_item"] is not None:
        text += f"; {usage['seconds_per_item']:.2f} s per reply"
    if usage["requests"]:
        repeats = max(0, usage["requests"] - sum(result["coverage"]["classes"].values()))
        text += f"; {usage['requests']} requests, {repeats} of them repeats"
    return text


def incomplete_lines(result: Result) -> str:
    """What is missing of a run that is not complete, why most of it is, and what may help."""
    c = result["coverage"]
    if result["status"] == "limited":
        return f"Limited: {c['pieces'] - c['asked']} of {c['pieces']} pieces were never asked."
    parts = []
    classes = Counter(failure["class"] for failure in c["failures"])
    if classes:
        listed = ", ".join(f"{n} {cls}" for cls, n in sorted(classes.items()))
        parts.append(f"{c['failures_total']} without a verdict ({listed})")
    if c.get("unanswered"):
        parts.append(f"{c['unanswered']} questions still to be asked (asking was interrupted)")
    if not parts:
        return "Incomplete: no piece has a verdict."
    text = f"Incomplete: {'; '.join(parts)}. The same command asks just those."
    return "\n".join([text, *_commonest_reason(c["failures"])])


def _commonest_reason(failures: Sequence[Mapping[str, Any]]) -> list[str]:
    """Why most of the questions without a verdict have none, and what may help."""
    reasons = Counter((failure["class"], failure["reason"]) for failure in failures)
    if not reasons:
        return []
    (cls, reason), count = reasons.most_common(1)[0]
    hint = advice(Class(cls))
    return [f"Most often ({count} of {len(failures)}): {cls}, {reason}" + (hint and f"; {hint}")]
