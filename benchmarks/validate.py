"""Simulate judges of known truth, and compare what the figures say of them with that truth.

`python -m benchmarks.validate` runs on all cores, for hours, and writes docs/validation.md; it
exits 1 where a claim does not hold. It can be stopped at any time: finished runs are kept under
build/validation, and the next start goes on from there. The page is written after each round, so
that it always says what was really run. `--minutes` begins no run after that time, and writes the
page from what is there.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

# Runs go to processes of their own: threads inside them would only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.chunk_cache import KeptSpread
from benchmarks.coverage import Coverage, Effort, Spread, measure_coverage
from benchmarks.other_writers import OtherWriters, measure_other_writers
from benchmarks.probe_rates import ProbeRates, probe_rates
from benchmarks.probe_simulations import Judge
from benchmarks.reading_simulations import (
    PairWorld,
    ReaderCoverage,
    false_readings,
    planted_counter,
    reader_coverage,
)
from benchmarks.simulated import World
from benchmarks.truths import (
    PairedCoverage,
    inside_null,
    mean_scores,
    moved_by_names,
    moved_by_units,
    paired_coverage,
    rises,
)
from benchmarks.validation_findings import (
    FalseReaders,
    Findings,
    Made,
    Noise,
    Rising,
    Unmoved,
    checks,
)
from benchmarks.validation_page import page
from benchmarks.validation_settings import (
    COUNTABLE,
    FALLING_NOISE,
    NOISES,
    OTHER_WRITERS,
    PAIRS,
    PROBED,
    READERS,
    RISING,
    SETTINGS,
    SETTLED,
    TASTES,
)

HOME = Path(__file__).resolve().parents[1]
PAGE = HOME / "docs" / "validation.md"
KEPT = HOME / "build" / "validation"
ROUNDS = (20, 60, 200, 1000)
"""Runs per setting: a whole page after each round, which the next one continues."""

USUAL = {"shuffles": 1000, "resamples": 1000}
QUICK = {"shuffles": 100, "resamples": 200}
QUICK_DRAWS, USUAL_DRAWS = (
    f"{draws['shuffles']:,} shuffles and {draws['resamples']:,} resamples"
    for draws in (QUICK, USUAL)
)

Case = TypeVar("Case")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class ValidationRound:
    """One pass over everything with `runs` runs per setting."""

    runs: int
    effort: Effort
    spread: Spread
    say: Callable[[str], None]

    def find(self) -> Findings:
        """Measure everything; settings for which time did not suffice are left out."""
        return Findings(
            coverage=self._each("these writers", SETTINGS, self._coverage),
            settled=self._each("these writers, all draws", SETTLED, self._settled),
            others=self._each("other writers", OTHER_WRITERS, self._others),
            paired=self._each("two judges", PAIRS, self._paired),
            noise=self._each("chance", (*NOISES, *TASTES), self._noise),
            readers=self._each("readers", READERS, self._reader),
            countable=self._each("judges that do not read", COUNTABLE, self._countable),
            probes=self._each("probes", PROBED, self._probed),
            rising=self._each("falling noise", RISING, self._rising),
            unmoved=unmoved(self.effort, max(1, self.runs // 100)),
        )

    def _each(
        self, name: str, cases: Iterable[Case], measure: Callable[[Case], Found | None]
    ) -> tuple[Found, ...]:
        found = []
        for case in cases:
            self.say(f"{self.runs} runs, {name}: {case}")
            measured = measure(case)
            if measured is not None:
                found.append(measured)
        return tuple(found)

    def _coverage(self, world: World) -> Coverage | None:
        return measure_coverage(world, self.runs, self.effort, self.spread)

    def _settled(self, world: World) -> Coverage | None:
        effort = replace(self.effort, **USUAL)
        return measure_coverage(world, self._fewer, effort, self.spread)

    def _others(self, world: World) -> OtherWriters | None:
        return measure_other_writers(world, self.runs, self.effort, self.spread)

    def _paired(self, case: tuple[World, float]) -> PairedCoverage | None:
        world, times = case
        # With few draws, what resampling overstates is known badly: users have more.
        effort = replace(self.effort, resamples=USUAL["resamples"])
        return paired_coverage(world, world.with_noise(times), self.runs, effort, self.spread)

    def _noise(self, world: World) -> Noise | None:
        runs, inside = inside_null(world, self.runs, self.effort.seed, 1000, self.spread)
        return Noise(world, runs, inside, world in TASTES) if runs else None

    def _reader(self, case: tuple[PairWorld, float]) -> ReaderCoverage | None:
        world, accuracy = case
        margin = accuracy - (planted_counter(world, 1) if world.strength else 0.5)
        return reader_coverage(world, accuracy, margin, self.runs, self.effort.seed, self.spread)

    def _countable(self, world: PairWorld) -> FalseReaders | None:
        rates = false_readings(world, self.runs, self.effort.seed, self.spread)
        return FalseReaders(world, rates["coin"].judges, rates) if rates else None

    def _probed(self, case: tuple[str, Judge, str, float]) -> ProbeRates | None:
        return probe_rates(*case, self.runs, self.effort.seed, self.spread)

    def _rising(self, world: World) -> Rising | None:
        few = max(2, self.runs // 10)
        means = tuple(
            mean_scores(world.with_noise(n), few, self.effort, self.spread) for n in FALLING_NOISE
        )
        if any(not mean.shape for mean in means):
            return None
        return Rising(world, FALLING_NOISE, means, few, rises(means))

    @property
    def _fewer(self) -> int:
        return max(2, self.runs // 4)


def unmoved(effort: Effort, runs: int) -> Unmoved:
    """Measure how far names, order and units move figures that they must not move."""
    worlds = (SETTINGS[0], SETTINGS[5], *SETTINGS[-3:])
    places = [(world, run) for world in worlds for run in range(runs)]
    names = max(moved_by_names(world, effort, run) for world, run in places)
    units = max(moved_by_units(world, effort, run) for world, run in places)
    return Unmoved(names, units, len(places))


@contextmanager
def kept_spread(folder: Path, jobs: int, until: float) -> Iterator[KeptSpread]:
    """Spread runs over `jobs` processes and keep their results in `folder`."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield KeptSpread(folder, pool, jobs, until)


def main(arguments: list[str] | None = None) -> int:
    """Measure in rounds, write the page after each, print the claims; 1 where one fails."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validate", description=__doc__)
    parser.add_argument("--runs", type=int, default=ROUNDS[-1], help="runs per setting (1000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of all runs (1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--minutes", type=float, help="begin no run after this time")
    parser.add_argument("--page", type=Path, default=PAGE, help="what to write")
    parser.add_argument("--kept", type=Path, default=KEPT, help="where finished runs are kept")
    given = parser.parse_args(arguments)
    effort = Effort(given.seed, **QUICK)
    began = time.monotonic()
    until = began + 60 * given.minutes if given.minutes else float("inf")
    rounds = [*(runs for runs in ROUNDS if runs < given.runs), given.runs]
    tell = partial(print, file=sys.stderr, flush=True)
    found: Findings | None = None
    with kept_spread(given.kept, given.jobs, until) as spread:
        for runs in rounds:
            if found is not None and time.monotonic() >= until and runs != rounds[-1]:
                continue  # the last round then takes what is kept, more of it in some settings
            found = ValidationRound(runs, effort, spread, tell).find()
            made = Made(
                runs=given.runs,
                seed=given.seed,
                date=datetime.now(UTC).date().isoformat(),
                draws=QUICK_DRAWS,
                settled_draws=USUAL_DRAWS,
            )
            given.page.write_text(page(found, made), encoding="utf-8")
    claims = checks(found) if found else []
    for check in claims:
        print(f"{'kept' if check.kept else 'MISSED'}: {check.claim} ({check.found})")
    return int(not all(check.kept for check in claims))


if __name__ == "__main__":
    raise SystemExit(main())
