"""The report's lists of single facts, worded and rounded for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from judgemark.report.page_numbers import ABSENT, count, dollars, figure, percent, signed

Result = Mapping[str, Any]
Fact = tuple[str, str]

SHOWN_ELSEWHERE = frozenset(
    {
     "format", "metric_version", "program", "run_id", "status", "judge", "dataset",
     "fingerprint", "verdicts_sha256", "seed", "coverage", "usage", "scorecards",
     "landmarks", "reach", "caveats", "writers", "floors", "null", "reference", "variance",
     "retest", "bias", "criteria", "item_agreement", "notes"
    }
)  # fmt: skip
LONGEST_LIST = 8
REFERENCE_NAMES = {
    "writers": "Writers with a reference score",
    "kendall_tau": "Kendall's tau-b, mean over iterations (1: the same order)",
    "pearson_r": "Pearson's r, mean over iterations",
}


def reference_facts(result: Result) -> tuple[Fact, ...]:
    """Agreement with the reference order."""
    reference = result.get("reference")
    if not reference:
        return ()
    facts = []
    for path, value in flat(reference):
        name = REFERENCE_NAMES.get(path, path.replace("_", " ").replace(".", ": "))
        facts.append((name, count(value) if path == "writers" else _figure(value)))
    return tuple(facts)


def coverage_facts(result: Result) -> tuple[Fact, ...]:
    """How many pieces were asked about and scored, and how replies were classed."""
    coverage = result.get("coverage") or {}
    facts = []
    if coverage.get("pieces") is not None:
        facts.append(("Pieces", count(coverage["pieces"])))
    if coverage.get("asked") is not None:
        facts.append(("Asked about", count(coverage["asked"])))
    if coverage.get("scored") is not None:
        scored = f"{count(coverage['scored'])} ({percent(coverage.get('share'))})"
        facts.append(("Scored", scored))
    first = coverage.get("first_try_parse_rate")
    if first is not None:
        facts.append(("Scorable at the first try", percent(first)))
    for name, n in (coverage.get("classes") or {}).items():
        facts.append((f"Replies classed {name}", count(n)))
    for card, n in (coverage.get("too_few_criteria") or {}).items():
        if n:
            facts.append((f"Too few criteria for {card}", count(n)))
    return tuple(facts)


def bias_facts(result: Result) -> tuple[Fact, ...]:
    """Length, style, repeatability and where the variance lies."""
    bias = result.get("bias") or {}
    facts: list[Fact] = []
    length = bias.get("length")
    if length:
        name = "Length and score, Spearman's rho within writers"
        facts.append((name, f"{signed(length.get('rho'))} ({count(length.get('n'))} pieces)"))
    style = bias.get("style")
    if style:
        low, high = figure(style.get("without_writers"), 3), figure(style.get("within_writers"), 3)
        facts.append(("Omega squared as scored", figure(style.get("omega_squared"), 3)))
        facts.append(("Omega squared with style controlled, bounds", f"{low} to {high}"))
    retest = result.get("retest") or {}
    if retest.get("icc") is not None:
        facts.append(("Repeatability of single scores (ICC)", figure(retest["icc"])))
    if retest.get("mean_absolute_difference") is not None:
        difference = figure(retest["mean_absolute_difference"])
        facts.append(("Mean difference between repeats", f"{difference} points"))
    for component in (result.get("variance") or {}).get("components", ()):
        facts.append((f"Share of variance: {component['name']}", percent(component.get("share"))))
    shown = {"length", "style"}
    facts += [(name, plain(v)) for name, v in flat({k: bias[k] for k in bias if k not in shown})]
    return tuple(facts)


def usage_facts(result: Result) -> tuple[Fact, ...]:
    """What the asking took."""
    usage = result.get("usage") or {}
    facts = [("Cost", dollars(usage.get("cost")))]
    for key, name in (
        ("prompt_tokens", "Prompt tokens"),
        ("completion_tokens", "Completion tokens"),
        ("requests", "Requests"),
    ):
        if usage.get(key) is not None:
            facts.append((name, count(usage[key])))
    if usage.get("seconds_per_item") is not None:
        facts.append(("Seconds per reply", figure(usage["seconds_per_item"])))
    return tuple(facts)


def settings_facts(result: Result) -> tuple[Fact, ...]:
    """Judge, data, fingerprints and versions, by their dotted paths."""
    program = result.get("program") or {}
    facts = [
        ("program", f"{program.get('name', '')} {program.get('version', '')}".strip()),
        ("metric version", str(result.get("metric_version", ""))),
        ("run", str(result.get("run_id", ""))),
    ]
    for key in ("judge", "dataset", "fingerprint", "landmarks"):
        section = {k: v for k, v in (result.get(key) or {}).items() if k != "item_ids"}
        facts += [(f"{key}.{path}", plain(value)) for path, value in flat(section)]
    for key in ("verdicts_sha256", "seed"):
        if result.get(key) is not None:
            facts.append((key, str(result[key])))
    return tuple((name, value) for name, value in facts if value)


def other_facts(result: Result) -> tuple[Fact, ...]:
    """Figures of sections that this page has no own place for."""
    unknown = {key: value for key, value in result.items() if key not in SHOWN_ELSEWHERE}
    return tuple((path, plain(value)) for path, value in flat(unknown))


def flat(section: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of nested mappings by dotted path; short lists of plain values are leaves."""
    if isinstance(section, Mapping):
        for key, value in section.items():
            yield from flat(value, f"{path}.{key}" if path else str(key))
    elif not isinstance(section, list | tuple) or _short(section):
        yield path, section


def _figure(value: Any) -> str:
    return signed(value) if isinstance(value, float) else plain(value)


def _short(listed: Sequence[Any]) -> bool:
    return len(listed) <= LONGEST_LIST and not any(isinstance(v, Mapping | list) for v in listed)


def plain(value: Any) -> str:
    """Any leaf, numbers with three decimals at most."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return figure(value, 3).rstrip("0").rstrip(".") if abs(value) < 1e6 else f"{value:.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(plain(v) for v in value)
    return str(value)
