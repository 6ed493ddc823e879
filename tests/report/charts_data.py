"""Writers with awkward names and scores, as many as a test wants."""

from __future__ import annotations

from typing import Any

import numpy as np

from judgemark.report.charts_doses import DosePanel
from judgemark.report.charts_forest import ForestRow
from judgemark.report.charts_shares import SharePoint
from judgemark.report.charts_tables import (
    Grid,
    LengthPanel,
    MeanEstimate,
    ScaleUse,
    WriterBar,
    length_panel,
    scale_use,
)

AWKWARD = (
    "anthropic/claude-3.7-sonnet",
    "a-writer-with-a-name-of-precisely-fifty-chars-v1.2",
    "通义千问-72B-指令",
    "שלום-עולם-72B",
    "نموذج لغوي كبير",
    "<script>alert(1)</script>",
    "$\\frac{1}{0}$ & co_",
    "a_name_of_fifty_characters_without_a_single_hyphen",
    "two\nlines\tand \x1b[31mred",
    "W" * 50,
)


def writer_names(n: int) -> list[str]:
    """The awkward names, then as many of 50 characters as are wanted."""
    more = [f"organisation-{k}/writer-{k}-instruct-preview-0125-{'x' * 20}"[:50] for k in range(n)]
    return [*AWKWARD, *more][:n]


def bars(n: int, scale: float = 1.0) -> list[WriterBar]:
    """Falling means with intervals; the fourth writer has a single piece, so no interval."""
    found = []
    for k, name in enumerate(writer_names(n)):
        mean = 9 - 12 * k / n
        raw = MeanEstimate(mean * scale, (mean - 0.4) * scale, (mean + 0.4) * scale)
        found.append(
            WriterBar(name, MeanEstimate(raw.mean) if k == 3 else raw, MeanEstimate(5, 4.5, 5.5))
        )
    return found


def use(n: int, greatest: int = 10) -> ScaleUse:
    """Criterion scores drawn around each writer's quality."""
    rng = np.random.default_rng(n)
    return scale_use(
        {
            name: rng.binomial(greatest, 0.9 - 0.7 * k / n, 200).tolist()
            for k, name in enumerate(writer_names(n))
        },
        (0, greatest),
    )


def panels(n: int) -> list[LengthPanel]:
    """Rising and falling clouds, one constant, one of a single piece."""
    rng = np.random.default_rng(n)
    found = []
    for k, name in enumerate(writer_names(n)):
        lengths = rng.normal(5000, 1200, 1 if k == 3 else 60)
        scores = 5 + (-1) ** k * (lengths - 5000) / 2000 + rng.normal(0, 1, lengths.size)
        found.append(
            length_panel(name, lengths.tolist(), [5.0] * 60 if k == 2 else scores.tolist())
        )
    return found


def grid(n: int, columns: int = 22) -> Grid:
    """Means by criterion, with a gap."""
    rng = np.random.default_rng(n)
    values = [[float(v) for v in row] for row in rng.uniform(1, 9.99, (n, columns))]
    rows: list[tuple[float | None, ...]] = [tuple(row) for row in values]
    rows[0] = (None, *rows[0][1:])
    names = ["Incongruent Ending Positivity (inv.)", "Tell-Don't-Show (inv.)", "品質", "Wit"]
    names += [f"Criterion {k}" for k in range(columns)]
    return Grid(
        tuple(writer_names(n)),
        tuple(names[:columns]),
        tuple(rows),
        tuple(float(n - k) for k in range(n)),
        "criterion",
        "mean score, (inv.): negative criterion, inverted",
    )


def bins(n: int) -> list[dict[str, Any]]:
    """Bins of a reliability curve, up to ten of them; the second has no interval."""
    found = []
    for k in range(min(n, 10)):
        sure = 0.5 + (k + 0.5) / 20
        ci = None if k == 1 else (sure - 0.2, min(1.0, sure + 0.1))
        found.append({"n": 1 + 7 * k, "confidence": sure, "accuracy": {"value": sure, "ci95": ci}})
    return found


def doses(n: int) -> list[DosePanel]:
    """Kinds of damage with falling shares; every third has no counting rule."""
    severity = (0.0, 0.1, 0.4, 0.95)
    rule = (0.5, 0.45, 0.3, 0.2)
    return [
        DosePanel(f"Kind {k} of damage", severity, (0.5, 0.4, 0.1, 0.0), rule if k % 3 else ())
        for k in range(n)
    ]


def points(n: int) -> list[SharePoint]:
    """Shares of pairs; the first is the judge's own, every fourth has no interval."""
    return [
        SharePoint(name, k / n, None if k % 4 == 3 else (k / n / 2, (1 + k / n) / 2), main=k == 0)
        for k, name in enumerate(writer_names(n))
    ]


def effects(n: int) -> list[ForestRow]:
    """Effects of probes: found, not found, and neither."""
    return [
        ForestRow(name, k - 2.0, k - 3.0, k - 1.5, 0.5, (True, False, None)[k % 3])
        for k, name in enumerate(writer_names(n))
    ]
