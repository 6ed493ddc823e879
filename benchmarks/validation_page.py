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
    at_most,
    checks,
    within,
)

NAMES = tuple(f"{name} {kind}" for name, kind in CARDS)


def page(findings: Findings, made: Made) -> str:
    """The whole page."""
    return "\n".join(
        [
            "# Validation",
            "",
            f"Made by `{made.command}` on {made.date}, seed {made.seed}, {made.minutes:.0f} "
            f"minutes on {_machine()} (and what earlier starts had kept); Python "
            f"{platform.python_version()}, numpy {version('numpy')}, scipy {version('scipy')}. Do "
            "not edit by hand.",
            "",
            "Judges of known truth are simulated, and what the figures say of them is compared",
            "with it. Every row says how many runs it rests on. A claim is kept where no share",
            "contradicts it by more than the 99% allowance of the binomial distribution for its",
            "number of runs (2.6 standard errors); more runs make the allowance smaller. Bold",
            "shares lie outside by more than that.",
            "",
            *_table(
                ("claim", "kept", "found"),
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
        "## These writers on other items",
        "",
        "Simulated tables of writers of known quality: the share of runs in which the 95% interval",
        "over items covers its estimand, in percent. The estimand of v4 is the score with",
        "unlimited items, which is known exactly; of the calibrated table, the score on the",
        "calibration that was fitted to the run. That of v2 and v2.1 is the expected score on item",
        "sets of this size (the mean over the runs). A writer's variance is item, writer x item",
        f"and piece in the shares {_shares(SHARES)} (those of a real judge), unless the setting",
        f"says otherwise; scores have two decimals. Each run: {made.draws}.",
        "",
        *_table(
            ("writers x items x iterations, true omega²", "runs", *NAMES),
            (
                (_setting(c.world), str(c.runs), *(_inside(s, c.runs) for s in c.covered))
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
            ("setting", "runs", *NAMES[2:]),
            (
                (_setting(c.world), str(c.runs), *(_plain(s) for s in c.plain[2:]))
                for c in findings.coverage
            ),
        ),
        f"Intervals with {made.settled_draws}, as a user has them:",
        "",
        *_table(
            ("setting", "runs", *NAMES),
            (
                (_setting(c.world), str(c.runs), *(_inside(s, c.runs) for s in c.covered))
                for c in findings.settled
            ),
        ),
        "What was covered: the estimand (of calibrated v4 the mean over runs), and in brackets the",
        "mean score over the runs.",
        "",
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
        "## Other writers on these items",
        "",
        "Each run draws new writers, whose qualities are normal, on items that stay the same: the",
        "share of runs whose interval for other writers covers the mean score of all runs, in",
        "percent. In brackets, for v4, the jackknife without the logit, with bias correction. A",
        "judge that is near the end of its range, or a dozen writers or fewer, are the hard cases.",
        "",
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
        title = f"{_setting(pair.first)} against {pair.second.noise:g} x the noise"
        runs = str(pair.runs)
        rows.append((f"{title}: covered", runs, *(_plain(s) for s in pair.covered)))
        if pair.first == pair.second:
            differ = (
                _plain(s) if at_most(s, 0.05, pair.runs) else f"**{_plain(s)}**"
                for s in pair.rejected
            )
            rows.append(("equal judges that differ (p < 0.05)", runs, *differ))
    return [
        "## Two judges on the same samples",
        "",
        "The share of runs in which the paired interval covers the expected difference, and for",
        "equal judges the share in which p < 0.05 (5 is right), in percent. The judges share the",
        "effects of items and writer x item, as they read the same texts. Differences of v2.1 are",
        "corrected by the nested bootstrap. What remains too wide there are settings in which a",
        "component stands at the end of its band (the overlap of clear judges): resamples move it",
        "off that end more often than other items would.",
        "",
        *_table(("setting", "runs", *NAMES), rows),
    ]


def _noise(findings: Findings) -> list[str]:
    return [
        "## Is chance called more than chance?",
        "",
        "The share of runs in which the v4 score is not above chance (p > 0.05 of 1,000",
        "permutations), in percent; 95 is right. All writers are equally good. In the last rows",
        "the judge has steady tastes: some writers suit some items better, in all their",
        "iterations. A writer's scores on an item are permuted as one block, so that tastes are",
        "not taken for quality.",
        "",
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
        "## Readers of known accuracy",
        "",
        "Simulated known pairs (pieces x pairs of each) and a reader that is right with a known",
        "probability: the share of runs whose intervals of accuracy and of the margin over the",
        "best counter hold the planted ones, and in which the judge is said to read, in percent.",
        "",
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
        "## Judges that do not read",
        "",
        "Coins, counters of every declared feature in both directions, and a combination of the",
        "features that tell the better text, with the true weights: how many are said to read. A",
        "judge with the true weights of several features is the hardest: on few pairs the counter",
        "knows them less well, so that such a judge is better than the counter, though it only",
        "counts. Its row is shown by itself for this reason.",
        "",
        *_table(("pairs", "judge", "said to read", "percent"), rows),
    ]


def _probes(findings: Findings) -> list[str]:
    return [
        "## Probes",
        "",
        "Simulated judges under all probes: the share of runs in which anything is found that does",
        "not sway the judge, in which what does is found, and whose interval holds its true size,",
        "in percent.",
        "",
        *_table(
            ("judge", "runs", "accused", "found", "covered"),
            (
                (p.name, str(p.runs), *(_plain(s) for s in (p.accused, p.found, p.covered)))
                for p in findings.probes
            ),
        ),
    ]


def _rising(findings: Findings) -> list[str]:
    lines = [
        "## Do scores rise as the judge's noise falls?",
        "",
        "Mean scores over the runs; noise in units of the setting's own.",
        "",
    ]
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


def _inside(share: float, runs: int, least: float = LEAST, most: float = MOST) -> str:
    return _plain(share) if within(share, runs, least, most) else f"**{_plain(share)}**"


def _plain(share: float) -> str:
    return "–" if isnan(share) else f"{100 * share:.1f}"


def _machine() -> str:
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    return f"{cpu} ({platform.system()})"
