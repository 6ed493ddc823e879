"""The findings of `benchmarks.validate` as a Markdown page."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.coverage import CARDS, Coverage
from benchmarks.simulated import FINE, SHARES, World
from benchmarks.truths import PairedCoverage
from judgemark.table.score_table import Floats

LEAST, MOST = 0.90, 0.98
SETTINGS = 12
NULL_LEAST, NULL_MOST = 0.92, 0.98
EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold, and whether it did."""

    claim: str
    kept: bool
    found: str


@dataclass(frozen=True, slots=True)
class Noise:
    """Shares (0..1) of runs inside the null, raw and calibrated; `fair`: a judge of pure noise."""

    world: World
    runs: int
    inside: tuple[float, float]
    fair: bool


@dataclass(frozen=True, slots=True)
class Rising:
    """Mean scores (noises, cards) of judges of falling noise; `kept`: each step rises."""

    world: World
    noises: tuple[float, ...]
    means: tuple[Floats, ...]
    runs: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was measured; `settled` is the coverage again with many more draws per run."""

    coverage: tuple[Coverage, ...]
    settled: tuple[Coverage, ...]
    noise: tuple[Noise, ...]
    rising: tuple[Rising, ...]
    moved_by_names: float
    moved_by_units: float
    tables: int
    paired: tuple[PairedCoverage, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """How the page came about."""

    command: str
    seed: int
    date: str
    minutes: float
    draws: str
    settled_draws: str


def checks(findings: Findings) -> list[Check]:
    """What is claimed, in the order of the page."""
    found = []
    for n, (name, kind) in enumerate(CARDS):
        shares = [c.covered[n] for c in findings.coverage]
        good = sum(LEAST <= s <= MOST for s in shares)
        found.append(
            Check(
                f"{name} {kind}: coverage of {LEAST:.0%} to {MOST:.0%} in every setting, at least "
                f"{SETTINGS} of them",
                good == len(shares) >= SETTINGS,
                f"{good} of {len(shares)} settings; {_range(shares)}",
            )
        )
    inside = [s for noise in findings.noise if noise.fair for s in noise.inside]
    found.append(
        Check(
            "a judge of pure noise lies inside its null in 95 ± 3% of runs",
            all(NULL_LEAST <= s <= NULL_MOST for s in inside),
            _range(inside),
        )
    )
    found.append(
        Check(
            "every score rises with each step to a less noisy judge",
            all(r.kept for r in findings.rising),
            f"{len(findings.rising)} sets of writers, {len(findings.rising[0].noises)} judges each",
        )
    )
    for claim, moved in (
        ("renaming writers and reordering items move no exact figure", findings.moved_by_names),
        ("a positive affine rescaling moves no calibrated figure", findings.moved_by_units),
    ):
        found.append(
            Check(
                f"{claim} by 1e-9",
                moved < EXACT,
                f"at most {moved:.1e} in {findings.tables} tables",
            )
        )
    return found


def page(findings: Findings, made: Made) -> str:
    """The whole page."""
    return "\n".join(
        [
            "# Validation",
            "",
            f"Made by `{made.command}` on {made.date}, seed {made.seed}, {made.minutes:.0f} "
            f"minutes on {_machine()}; Python {platform.python_version()}, numpy "
            f"{version('numpy')}, scipy {version('scipy')}. Do not edit by hand.",
            "",
            *_table(
                ("claim", "kept", "found"),
                ((c.claim, "yes" if c.kept else "**no**", c.found) for c in checks(findings)),
            ),
            *_coverage(findings, made),
            *_noise(findings),
            *_rising(findings),
            *_paired(findings),
        ]
    )


def _coverage(findings: Findings, made: Made) -> list[str]:
    names = [f"{name} {kind}" for name, kind in CARDS]
    return [
        "## Do the intervals cover what they speak of?",
        "",
        "Simulated tables of writers of known quality: the share of runs in which the 95% interval",
        "over items covers its estimand, in percent; bold outside 90 to 98. The estimand of v4 is",
        "the score with unlimited items, which is known exactly; of the calibrated table, the",
        "score on the calibration that was fitted to the run. That of v2 and v2.1 is the expected",
        "score on item sets of this size (the mean over the runs). A writer's variance is item,",
        f"writer x item and piece in the shares {_shares(SHARES)} (those of a real judge), unless",
        f"the setting says otherwise; scores have two decimals. Each run: {made.draws}. The",
        f"simulation's own standard error is {_error(findings.coverage[0].runs)} points.",
        "",
        *_table(
            ("writers x items x iterations, true omega²", *names),
            (
                (_setting(c.world), *(_share(s, LEAST, MOST) for s in c.covered))
                for c in findings.coverage
            ),
        ),
        "The same runs with the plain standard deviation of the resamples as standard error of v2",
        "and v2.1. A resample has one stability shuffle, the score is the mean of many, and a",
        "resample has some items twice, which moves orders and cut-offs more than other items",
        "would: these intervals are wider than need be, the more so the clearer the judge. That is",
        "why both are taken out ([metrics.md](metrics.md), How sure).",
        "",
        *_table(
            ("setting", *names[2:]),
            (
                (_setting(c.world), *(_share(s, LEAST, MOST) for s in c.plain[2:]))
                for c in findings.coverage
            ),
        ),
        f"Intervals with {made.settled_draws}, as a user has them ({findings.settled[0].runs}",
        f"runs, standard error {_error(findings.settled[0].runs)} points).",
        "",
        *_table(
            ("setting", *names),
            (
                (_setting(c.world), *(_share(s, LEAST, MOST) for s in c.covered))
                for c in findings.settled
            ),
        ),
        *_estimands(findings, names),
    ]


def _estimands(findings: Findings, names: list[str]) -> list[str]:
    return [
        "What was covered: the estimand (of calibrated v4 the mean over runs), and in brackets the",
        "mean score over the runs.",
        "",
        *_table(
            ("setting", *names),
            (
                (
                    _setting(c.world),
                    *(f"{t:.1f} ({s:.1f})" for t, s in zip(c.truth, c.score, strict=True)),
                )
                for c in findings.coverage
            ),
        ),
    ]


def _noise(findings: Findings) -> list[str]:
    return [
        "## Does pure noise lie inside its null?",
        "",
        "The share of runs in which the v4 score is at most the 95th percentile of 1,000",
        "permutations, in percent; 95 is right. All writers are equally good and scores differ by",
        "item and piece alone. The last rows are no judge of pure noise: all writers are equally",
        "good, but some suit some items better, in all their iterations. The permutations shuffle",
        "every iteration of an item separately, which removes such a pattern; so the null is",
        "narrower than those scores are spread, and a score a little above it does not yet prove",
        "that writers differ.",
        "",
        *_table(
            ("writers x items x iterations", "item, writer x item, piece", "raw", "calibrated"),
            (
                (
                    _setting(n.world),
                    _shares(n.world.shares),
                    *(_share(s, NULL_LEAST, NULL_MOST) if n.fair else _plain(s) for s in n.inside),
                )
                for n in findings.noise
            ),
        ),
    ]


def _rising(findings: Findings) -> list[str]:
    names = [f"{name} {kind}" for name, kind in CARDS]
    lines = [
        "## Do scores rise as the judge's noise falls?",
        "",
        f"Mean scores over {findings.rising[0].runs} runs; noise in units of the setting's own.",
        "",
    ]
    for rising in findings.rising:
        lines += _table(
            (f"{_setting(rising.world)}; noise", *names),
            (
                (f"{noise:g}", *(f"{m:.1f}" for m in means))
                for noise, means in zip(rising.noises, rising.means, strict=True)
            ),
        )
    return lines


def _paired(findings: Findings) -> list[str]:
    names = [f"{name} {kind}" for name, kind in CARDS]
    rows = []
    for pair in findings.paired:
        rows.append((f"{_setting(pair.first)} against {pair.second.noise:g} x the noise: covered",
                     *(_plain(s) for s in pair.covered)))  # fmt: skip
        if pair.first == pair.second:
            rows.append(("the same: p < 0.05", *(_plain(s) for s in pair.rejected)))
    return [
        "## Two judges on the same samples",
        "",
        f"The share of {findings.paired[0].runs} runs in which the paired interval covers the",
        "expected difference, and for equal judges the share in which p < 0.05 (5 is right), in",
        f"percent (standard error {_error(findings.paired[0].runs)} points). The judges share the",
        "effects of items and writer x item, as they read the same texts. Differences of v4 are a",
        "little too sure of themselves on a dozen items, those of v2.1 not sure enough.",
        "",
        *_table(("setting", *names), rows),
    ]


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


def _share(share: float, least: float, most: float) -> str:
    return _plain(share) if least <= share <= most else f"**{_plain(share)}**"


def _plain(share: float) -> str:
    return f"{100 * share:.1f}"


def _range(shares: Sequence[float]) -> str:
    return f"{100 * min(shares):.1f} to {100 * max(shares):.1f}%"


def _error(runs: int) -> str:
    return f"{100 * (0.95 * 0.05 / runs) ** 0.5:.1f}"


def _machine() -> str:
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    return f"{cpu} ({platform.system()})"
