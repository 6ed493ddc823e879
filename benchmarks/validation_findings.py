"""What a validation found, and which of its claims hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import isnan, sqrt

from benchmarks.coverage import CARDS, Coverage
from benchmarks.other_writers import OtherWriters
from benchmarks.probe_rates import ProbeRates
from benchmarks.reading_simulations import PairWorld, ReaderCoverage, ReadingRate
from benchmarks.simulated import World
from benchmarks.truths import PairedCoverage
from judgemark.table.score_table import Floats

LEAST, MOST = 0.90, 0.98
NULL_LEAST, NULL_MOST = 0.93, 0.97
MOST_FALSE = 0.025
MOST_ACCUSED = 0.05
MOST_DIFFER = 0.05
EXACT = 1e-9
Z99 = 2.5758293035489004


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold, and whether it did; `found` says on what that rests."""

    claim: str
    kept: bool
    found: str


@dataclass(frozen=True, slots=True)
class Noise:
    """Shares (0..1) of runs not above chance, raw and calibrated; `tastes`: steady ones."""

    world: World
    runs: int
    inside: tuple[float, float]
    tastes: bool


@dataclass(frozen=True, slots=True)
class FalseReaders:
    """How often judges that do not read were said to, by kind of judge."""

    world: PairWorld
    runs: int
    rates: dict[str, ReadingRate]


@dataclass(frozen=True, slots=True)
class Rising:
    """Mean scores (noises, cards) of judges of falling noise; `kept`: each step rises."""

    world: World
    noises: tuple[float, ...]
    means: tuple[Floats, ...]
    runs: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Unmoved:
    """The greatest change of a figure by names and order, and by units, in a number of tables."""

    by_names: float
    by_units: float
    tables: int


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was measured; `settled` is the coverage again with many more draws per run."""

    coverage: tuple[Coverage, ...]
    settled: tuple[Coverage, ...]
    others: tuple[OtherWriters, ...]
    paired: tuple[PairedCoverage, ...]
    noise: tuple[Noise, ...]
    readers: tuple[ReaderCoverage, ...]
    countable: tuple[FalseReaders, ...]
    probes: tuple[ProbeRates, ...]
    rising: tuple[Rising, ...]
    unmoved: Unmoved


@dataclass(frozen=True, slots=True)
class Made:
    """How the page came about: runs asked for per setting, seed, and the draws of each run."""

    runs: int
    seed: int
    date: str
    draws: str
    settled_draws: str


def allowance(share: float, runs: int) -> float:
    """Return how far a share of a number of runs lies from its true value with 99% probability."""
    return Z99 * sqrt(share * (1 - share) / runs)


def at_least(share: float, least: float, runs: int) -> bool:
    """Return whether a share of runs does not contradict a true share of at least `least`."""
    return share >= least - allowance(least, runs)


def at_most(share: float, most: float, runs: int) -> bool:
    """Return whether a share of runs does not contradict a true share of at most `most`."""
    return share <= most + allowance(most, runs)


def within(share: float, runs: int, least: float = LEAST, most: float = MOST) -> bool:
    """Return whether a share of runs does not contradict one between `least` and `most`."""
    return at_least(share, least, runs) and at_most(share, most, runs)


def checks(found: Findings) -> list[Check]:
    """Return what is claimed, in the order of the page."""
    return [
        *_intervals("these writers", [(c.covered, c.runs) for c in found.coverage]),
        *_intervals("other writers", [(c.covered, c.runs) for c in found.others]),
        *_differences(found),
        *_chance(found),
        *_reading(found),
        *_probes(found),
        *_others(found),
    ]


def _intervals(name: str, rows: Sequence[tuple[tuple[float, ...], int]]) -> Iterator[Check]:
    for n, (card, version) in enumerate(CARDS):
        shares = [(covered[n], runs) for covered, runs in rows if not isnan(covered[n])]
        yield _check(
            f"{card} {version}, {name}: the interval contains the true value in 90% to 98% of runs",
            shares,
            within,
        )


def _differences(found: Findings) -> Iterator[Check]:
    equal = [p for p in found.paired if p.first == p.second]
    for n, (card, version) in enumerate(CARDS):
        yield _check(
            f"{card} {version}: equal judges differ (p < 0.05) in at most 5% of runs",
            [(p.rejected[n], p.runs) for p in equal],
            lambda share, runs: at_most(share, MOST_DIFFER, runs),
        )


def _chance(found: Findings) -> Iterator[Check]:
    for name, tastes in (("pure noise", False), ("steady tastes", True)):
        yield _check(
            f"a judge of {name} is called better than chance in 3% to 7% of runs",
            [(1 - s, n.runs) for n in found.noise if n.tastes == tastes for s in n.inside],
            lambda share, runs: within(share, runs, 1 - NULL_MOST, 1 - NULL_LEAST),
        )


def _reading(found: Findings) -> Iterator[Check]:
    for name in ("accuracy", "margin"):
        yield _check(
            f"the interval of a reader's {name} contains the true value in at least 90% of runs",
            [(getattr(r, name), r.runs) for r in found.readers],
            lambda share, runs: at_least(share, LEAST, runs),
        )
    pooled: dict[str, list[ReadingRate]] = {}
    for row in found.countable:
        for kind, rate in row.rates.items():
            pooled.setdefault(kind, []).append(rate)
    for kind, rates in pooled.items():
        judges = sum(rate.judges for rate in rates)
        yield _check(
            f"judges that do not read ({kind}) are said to read in at most 2.5% of runs, "
            "all settings pooled",
            [(sum(rate.read for rate in rates) / judges, judges)],
            lambda share, runs: at_most(share, MOST_FALSE, runs),
            "judges",
        )


def _probes(found: Findings) -> Iterator[Check]:
    yield _check(
        "a fair judge is accused of anything by probes in at most 5% of runs",
        [(p.accused, p.runs) for p in found.probes if isnan(p.found)],
        lambda share, runs: at_most(share, MOST_ACCUSED, runs),
    )
    yield _check(
        "the interval of what sways a judge contains the true value in at least 90% of runs",
        [(p.covered, p.runs) for p in found.probes if not isnan(p.covered)],
        lambda share, runs: at_least(share, LEAST, runs),
    )


def _others(found: Findings) -> Iterator[Check]:
    yield Check(
        "every score rises with each step to a less noisy judge",
        all(r.kept for r in found.rising),
        f"{len(found.rising)} sets of writers",
    )
    for claim, moved in (
        ("renaming writers and reordering items move no exact figure", found.unmoved.by_names),
        ("a positive affine rescaling moves no calibrated figure", found.unmoved.by_units),
    ):
        told = f"at most {moved:.1e} in {found.unmoved.tables} tables"
        yield Check(f"{claim} by 1e-9", moved < EXACT, told)


def _check(
    claim: str,
    shares: Sequence[tuple[float, int]],
    holds: Callable[[float, int], bool],
    counted: str = "runs",
) -> Check:
    """Return a claim about several shares, each with the number of runs that were `counted`."""
    if not shares:
        return Check(claim, False, "not run")
    few, many = min(n for _, n in shares), max(n for _, n in shares)
    low, high = min(s for s, _ in shares), max(s for s, _ in shares)
    if len(shares) == 1:
        told = f"{100 * low:.1f}%; {few} {counted}"
        return Check(claim, holds(low, few), told)
    good = sum(holds(share, runs) for share, runs in shares)
    of_each = f"{few} {counted} each" if few == many else f"{few} to {many} {counted} each"
    told = f"{good} of {len(shares)} settings; {100 * low:.1f} to {100 * high:.1f}%; {of_each}"
    return Check(claim, good == len(shares), told)
