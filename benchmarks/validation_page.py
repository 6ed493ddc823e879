"""The findings of `benchmarks.validate` as a Markdown page."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from math import isnan
from pathlib import Path

from benchmarks.coverage import CARDS
from benchmarks.reading_simulations import PairWorld
from benchmarks.simulated import FINE, SHARES, World
from benchmarks.validation_findings import (
    LEAST,
    MOST,
    NULL_LEAST,
    NULL_MOST,
    Findings,
    Made,
    allowance,
    at_most,
    checks,
    within,
)
from benchmarks.validation_prose import (
    CHANCE,
    NOT_READING,
    OPENING,
    OTHER_WRITERS,
    PROBES,
    READERS,
    RISING,
    SETTLED,
    THESE_WRITERS,
    TRUE_VALUES,
    TWO_JUDGES,
    UNCORRECTED,
    prose,
)
from judgemark.metrics.validity.counting_rules import RULES

NAMES = tuple(f"{name} {kind}" for name, kind in CARDS)


def page(findings: Findings, made: Made) -> str:
    """Return the whole page as Markdown."""
    return "\n".join(
        [
            *prose(
                OPENING,
                runs=made.runs,
                seed=made.seed,
                date=made.date,
                machine=_machine(),
                **{f"lucky_{runs}": _lucky(runs) for runs in (20, 60, 1000)},
                **{f"least_{runs}": _least(runs) for runs in (20, 60, 1000)},
            ),
            *_table(
                ("claim", "holds", "measured"),
                ((c.claim, "yes" if c.kept else "**no**", c.found) for c in checks(findings)),
            ),
            *_coverage(findings, made),
            *_other_writers(findings),
            *_paired(findings),
            *_noise(findings),
            *_readers(findings),
            *_countable(findings),
            *_probes(findings),
            *_rising(findings),
        ]
    )


def _coverage(findings: Findings, made: Made) -> list[str]:
    return [
        *prose(THESE_WRITERS, shares=_shares(SHARES), draws=made.draws),
        *_table(
            ("writers x items x iterations, true omega²", "runs", *NAMES),
            (
                (_setting(c.world), str(c.runs), *(_inside(s, c.runs) for s in c.covered))
                for c in findings.coverage
            ),
        ),
        *prose(UNCORRECTED),
        *_table(
            ("setting", "runs", *NAMES[2:]),
            (
                (_setting(c.world), str(c.runs), *(_plain(s) for s in c.plain[2:]))
                for c in findings.coverage
            ),
        ),
        *prose(SETTLED, draws=made.settled_draws),
        *_table(
            ("setting", "runs", *NAMES),
            (
                (_setting(c.world), str(c.runs), *(_inside(s, c.runs) for s in c.covered))
                for c in findings.settled
            ),
        ),
        *prose(TRUE_VALUES),
        *_table(
            ("setting", *NAMES),
            (
                (
                    _setting(c.world),
                    *(f"{t:.1f} ({s:.1f})" for t, s in zip(c.truth, c.score, strict=True)),
                )
                for c in findings.coverage
            ),
        ),
    ]


def _other_writers(findings: Findings) -> list[str]:
    return [
        *prose(OTHER_WRITERS),
        *_table(
            ("writers x items x iterations, true omega²", "runs", *NAMES),
            (
                (
                    _setting(o.world),
                    str(o.runs),
                    *(
                        _inside(s, o.runs) + ("" if isnan(p) else f" ({_plain(p)})")
                        for s, p in zip(o.covered, o.plain, strict=True)
                    ),
                )
                for o in findings.others
            ),
        ),
    ]


def _paired(findings: Findings) -> list[str]:
    rows = []
    for pair in findings.paired:
        equal = pair.first == pair.second
        second = "equal judges" if equal else f"{pair.second.noise:g} x the noise"
        title = f"{_setting(pair.first)}, {second}"
        runs = str(pair.runs)
        rows.append((f"{title}: contained", runs, *(_plain(s) for s in pair.covered)))
        if equal:
            differ = (
                _plain(s) if at_most(s, 0.05, pair.runs) else f"**{_plain(s)}**"
                for s in pair.rejected
            )
            rows.append((f"{title}: called different", runs, *differ))
    return [
        *prose(TWO_JUDGES),
        *_table(("setting", "runs", *NAMES), rows),
    ]


def _noise(findings: Findings) -> list[str]:
    return [
        *prose(CHANCE),
        *_table(
            (
                "writers x items x iterations",
                "item, writer x item, piece",
                "runs",
                "raw",
                "calibrated",
            ),
            (
                (
                    _setting(n.world),
                    _shares(n.world.shares),
                    str(n.runs),
                    *(_inside(s, n.runs, NULL_LEAST, NULL_MOST) for s in n.inside),
                )
                for n in findings.noise
            ),
        ),
    ]


def _readers(findings: Findings) -> list[str]:
    return [
        *prose(READERS),
        *_table(
            ("pairs", "planted accuracy", "runs", "accuracy", "margin", "reads"),
            (
                (
                    _pairs(r.world),
                    f"{r.planted:.2f}",
                    str(r.runs),
                    *(_plain(s) for s in (r.accuracy, r.margin, r.read)),
                )
                for r in findings.readers
            ),
        ),
    ]


def _countable(findings: Findings) -> list[str]:
    rows = []
    for found in findings.countable:
        for kind, rate in found.rates.items():
            low = f"{rate.read} of {rate.judges}"
            rows.append((_pairs(found.world), kind, low, _plain(rate.share)))
    return [
        *prose(NOT_READING, rules=len(RULES)),
        *_table(("pairs", "judge", "said to read", "percent"), rows),
    ]


def _probes(findings: Findings) -> list[str]:
    return [
        *prose(PROBES),
        *_table(
            ("judge", "runs", "accused", "found", "contained"),
            (
                (p.name, str(p.runs), *(_plain(s) for s in (p.accused, p.found, p.covered)))
                for p in findings.probes
            ),
        ),
    ]


def _rising(findings: Findings) -> list[str]:
    lines = prose(RISING)
    for rising in findings.rising:
        lines += _table(
            (f"{_setting(rising.world)}, {rising.runs} runs; noise", *NAMES),
            (
                (f"{noise:g}", *(f"{m:.1f}" for m in means))
                for noise, means in zip(rising.noises, rising.means, strict=True)
            ),
        )
    return lines


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines] + [""]


def _setting(world: World) -> str:
    text = f"{world.writers} x {world.items} x {world.iterations}"
    if world.omega_squared:
        text += f", {world.omega_squared:.2f}"
        if world.shares != SHARES:
            text += f", shares {_shares(world.shares)}"
    if world.step != FINE:
        text += f", scores in steps of {world.step:g}"
    if world.gaps:
        text += f", {world.gaps:.0%} gaps"
    return text


def _shares(shares: Sequence[float]) -> str:
    return " / ".join(f"{s:g}" for s in shares)


def _pairs(world: PairWorld) -> str:
    text = f"{world.clusters} x {world.size}"
    if not world.strength:
        return f"{text}, counting tells nothing"
    features = "feature tells" if world.countable == 1 else "features tell"
    return f"{text}, {world.countable} {features}"


def _lucky(runs: int) -> str:
    """Return which shares of a number of runs a true share of 95% gives, 99 of 100 times."""
    around = allowance(0.95, runs)
    return f"{0.95 - around:.0%} to {min(1.0, 0.95 + around):.0%}"


def _least(runs: int) -> str:
    """Return the lowest share of a number of runs that does not contradict 90%."""
    return f"{LEAST - allowance(LEAST, runs):.0%}"


def _inside(share: float, runs: int, least: float = LEAST, most: float = MOST) -> str:
    return _plain(share) if within(share, runs, least, most) else f"**{_plain(share)}**"


def _plain(share: float) -> str:
    return "–" if isnan(share) else f"{100 * share:.1f}"


def _machine() -> str:
    """Return the processor, the system, and the versions of what computed the figures."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    return (
        f"{cpu}, {platform.system()}, Python {platform.python_version()}, "
        f"numpy {version('numpy')}, scipy {version('scipy')}"
    )
