"""The result of the pairs command, as JSON and as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judgemark.metrics.classification import Bucket, Classification
from judgemark.metrics.validity.drawn_pairs import DrawnPairs
from judgemark.metrics.validity.pair_calibration import ReliabilityBin
from judgemark.metrics.validity.shares import PairEstimate

CAVEAT = (
    "Agreement with this reference: it is another judge, not the truth. Its own agreement with "
    "itself at this margin is the most that can be expected."
)


def classification_section(
    found: Classification, drawn: DrawnPairs, repeat_agreement: PairEstimate | str
) -> dict[str, Any]:
    """Return all figures with their intervals.

    `repeat_agreement` is a figure, or the reason why it is absent.

    Shares and masses are in 0..1; margins in points of 0..100.
    """
    rules, notes = drawn.rules, {}
    if isinstance(repeat_agreement, str):
        notes["reference_repeat_agreement"] = repeat_agreement
    if found.captured_mass is None:
        notes["captured_mass"] = "verdicts in words have no probability mass"
    return {
        "rules": {
            "length_ratio": rules.length_ratio,
            "margin_min": rules.margin_min,
            "margin_max": rules.margin_max,
            "n": rules.n,
            "seed": rules.seed,
        },
        "eligible": drawn.eligible,
        "drawn": len(drawn.pairs),
        "judged": found.n,
        "missing": found.missing,
        "strict_accuracy": _estimate(found.strict),
        "positional_consistency": _estimate(found.consistency),
        "target_mass": _estimate(found.target_mass),
        "non_target_mass": _estimate(found.non_target_mass),
        "accuracy": _estimate(found.accuracy),
        "captured_mass": _estimate(found.captured_mass),
        "censored_share": found.censored,
        "ece": _estimate(found.ece),
        "by_margin": [_bucket(bucket) for bucket in found.buckets],
        "reliability": [reliability_bin(b) for b in found.reliability],
        "reference_repeat_agreement": (
            None if isinstance(repeat_agreement, str) else _estimate(repeat_agreement)
        ),
        "caveat": CAVEAT,
        "notes": notes,
    }


def _estimate(found: PairEstimate | None) -> dict[str, Any] | None:
    if found is None:
        return None
    interval = found.interval
    return {
        "value": found.value,
        "n": found.n,
        "ci95": interval.ends() if interval else None,
        "method": interval.method if interval else None,
        "reason": found.reason or None,
    }


def _bucket(bucket: Bucket) -> dict[str, Any]:
    return {
        "low": bucket.low,
        "high": bucket.high,
        "n": bucket.n,
        "strict_accuracy": _estimate(bucket.strict),
        "accuracy": _estimate(bucket.accuracy),
        "positional_consistency": _estimate(bucket.consistency),
        "target_mass": _estimate(bucket.target_mass),
    }


def reliability_bin(b: ReliabilityBin) -> dict[str, Any]:
    """Return one bin of the reliability curve as plain values."""
    return {
        "low": round(b.low, 9),
        "high": round(b.high, 9),
        "n": b.n,
        "confidence": b.confidence,
        "accuracy": _estimate(b.accuracy),
    }


def classification_rows(section: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return names and values for the terminal, in percent with 95% intervals."""
    counted = f"{section['judged']} of {section['drawn']} drawn, {section['eligible']} eligible"
    if section["missing"]:
        counted += f"; {section['missing']} missing"
    rows = [("Pairs", counted)]
    for key, name in (
        ("strict_accuracy", "Strict accuracy"),
        ("positional_consistency", "Positional consistency"),
        ("accuracy", "Accuracy of the averaged P"),
        ("target_mass", "Target mass"),
        ("non_target_mass", "Non-target mass"),
        ("captured_mass", "Mass on the letters"),
        ("ece", "Calibration error"),
        ("reference_repeat_agreement", "Reference agreement with itself"),
    ):
        rows.append((name, _percent(section[key], section["notes"].get(key))))
    for b in section["by_margin"]:
        if b["n"]:
            name = f"Margin {b['low']:g} to {b['high']:g}"
            rows.append((name, f"{b['n']} pairs, accuracy {_percent(b['accuracy'], None)}"))
    return rows


def _percent(found: Mapping[str, Any] | None, reason: str | None) -> str:
    if found is None:
        return f"not available: {reason}" if reason else "not available"
    text = f"{100 * found['value']:.1f}%"
    if found["ci95"]:
        low, high = found["ci95"]
        text += f" ({100 * low:.1f} to {100 * high:.1f})"
    return text


def reliability_rows(section: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the reliability diagram as text: each bin of confidence with its accuracy."""
    rows = []
    for b in section["reliability"]:
        if b["n"]:
            name = f"{100 * b['low']:.0f} to {100 * b['high']:.0f}%"
            said = f"{100 * b['confidence']:.1f}% sure on average"
            right = _percent(b["accuracy"], None)
            rows.append((name, f"{b['n']} pairs, {said}, right in {right}"))
    return rows
