"""How often are judges said to read? Simulated judges of known truth, on simulated known pairs.

Every function takes a `spread` (like `map`), so that the validation page can use all cores, and
draws each run from a generator spawned from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.special import expit

from benchmarks.coverage import Spread
from benchmarks.run_streams import run_streams
from judgemark.damage.known_damage import damage_pairs
from judgemark.errors import UndefinedFigure
from judgemark.inputs.our_files import OUR_SAMPLES
from judgemark.inputs.samples import read_samples
from judgemark.metrics.validity.counting_rules import RULES, features_of, rule_answers
from judgemark.metrics.validity.known_pair import KnownPair, PairedText, PairSource
from judgemark.metrics.validity.pair_planner import ClusterVariance, pilot_variance
from judgemark.metrics.validity.reading import count_pairs, read_counted
from judgemark.metrics.validity.surface_features import FAMILY
from judgemark.table.score_table import Floats

COIN, COMBINATION, COUNTER = "coin", "combination", "counter"
"""The judges that do not read: a random one, the planted combination, single rules."""


@dataclass(frozen=True, slots=True)
class PairWorld:
    """Known pairs whose better text can partly be found by counting.

    There are `clusters` of `size` pairs each. `countable` features, equally weighted, predict the
    better text with a slope of `strength` on the logit of their standardised sum; with 0, counting
    predicts nothing. Features of one cluster correlate by `alike`, 0..1.
    """

    clusters: int
    size: int
    countable: int = 1
    strength: float = 0.0
    alike: float = 0.3

    def weights(self) -> Floats:
        """The planted combination (features,), of length 1."""
        weights = np.zeros(len(FAMILY))
        weights[: self.countable] = self.countable**-0.5
        return weights

    def draw(self, rng: np.random.Generator) -> tuple[list[KnownPair], dict[str, Floats]]:
        """Pairs and the features of their texts; the worse text has 0 of everything."""
        count = self.clusters * self.size
        own = rng.normal(size=(count, len(FAMILY)))
        shared = np.repeat(rng.normal(size=(self.clusters, len(FAMILY))), self.size, axis=0)
        x = self.alike**0.5 * shared + (1 - self.alike) ** 0.5 * own
        right = rng.random(count) < expit(self.strength * (x @ self.weights()))
        x *= np.where(right, 1.0, -1.0)[:, np.newaxis]
        pairs = [
            KnownPair(
                PairSource.DAMAGE,
                "item",
                PairedText(f"better-{n}"),
                PairedText(f"worse-{n}"),
                cluster=f"piece-{n // self.size}",
            )
            for n in range(count)
        ]
        features = {f"better-{n}": x[n] for n in range(count)}
        return pairs, features | {f"worse-{n}": np.zeros(len(FAMILY)) for n in range(count)}


@dataclass(frozen=True, slots=True)
class ReadingRate:
    """How many of `judges` simulated judges were said to read."""

    read: int
    judges: int

    @property
    def share(self) -> float:
        """0..1."""
        return self.read / self.judges


def false_readings(
    world: PairWorld, runs: int, seed: int, spread: Spread = map
) -> dict[str, ReadingRate]:
    """Return how often judges that do not read are said to: random, combination, every single
    rule."""
    found = np.array(list(spread(partial(_false_run, world, seed), range(runs))))
    if not len(found):
        return {}
    runs = len(found)
    return {
        COIN: ReadingRate(int(found[:, 0].sum()), runs),
        COMBINATION: ReadingRate(int(found[:, 1].sum()), runs),
        COUNTER: ReadingRate(int(found[:, 2:].sum()), runs * len(RULES)),
    }


def _false_run(world: PairWorld, seed: int, run: int) -> Floats:
    (rng,) = run_streams(seed, f"false readings {world}", run)
    pairs, features = world.draw(rng)
    counted = count_pairs(pairs, features)
    x = counted.differences
    coin = (rng.random(len(pairs)) < 0.5).astype(float)
    combination = 0.5 + 0.5 * np.sign(x @ world.weights())
    judges = [coin, combination, *rule_answers(x).T]
    return np.array([read_counted(counted, list(j)).reads is True for j in judges], float)


def found_readers(
    world: PairWorld, accuracy: float, runs: int, seed: int, spread: Spread = map
) -> ReadingRate:
    """Return how often a judge is said to read whose answer is right with probability
    `accuracy`."""
    found = list(spread(partial(_reader_run, world, accuracy, seed), range(runs)))
    return ReadingRate(int(sum(run[0] for run in found)), len(found))


def margin_coverage(
    world: PairWorld, accuracy: float, margin: float, runs: int, seed: int, spread: Spread = map
) -> float:
    """The share of runs (0..1) whose margin's interval holds the planted `margin`."""
    found = reader_coverage(world, accuracy, margin, runs, seed, spread)
    return found.margin if found else float("nan")


@dataclass(frozen=True, slots=True)
class ReaderCoverage:
    """A reader of known accuracy over `runs`: shares (0..1) of intervals that hold the truth.

    `read` is the share in which it is said to read.
    """

    world: PairWorld
    planted: float
    runs: int
    read: float
    accuracy: float
    margin: float


def reader_coverage(
    world: PairWorld, accuracy: float, margin: float, runs: int, seed: int, spread: Spread = map
) -> ReaderCoverage | None:
    """Count how often the intervals of accuracy and margin hold the planted ones; None if never
    run."""
    found = np.array(list(spread(partial(_reader_run, world, accuracy, seed), range(runs))))
    if not len(found):
        return None
    read, low, high, least, most = found.T
    return ReaderCoverage(
        world,
        accuracy,
        len(found),
        float(read.mean()),
        float(((least <= accuracy) & (accuracy <= most)).mean()),
        float(((low <= margin) & (margin <= high)).mean()),
    )


def planted_counter(world: PairWorld, seed: int, pairs: int = 200_000) -> float:
    """What the planted combination reaches on unlimited pairs, 0..1, by simulation."""
    rng = np.random.default_rng(seed)
    sums = rng.normal(size=pairs)
    right = rng.random(pairs) < expit(world.strength * sums)
    return float(np.mean(right == (sums > 0)))


def _reader_run(world: PairWorld, accuracy: float, seed: int, run: int) -> Floats:
    """Whether the reader is said to read, and the ends of its margin's and accuracy's interval."""
    (rng,) = run_streams(seed, f"reader {world} {accuracy}", run)
    pairs, features = world.draw(rng)
    answers = (rng.random(len(pairs)) < accuracy).astype(float)
    reading = read_counted(count_pairs(pairs, features), list(answers))
    interval = reading.margin.estimate.interval if reading.margin else None
    ends = interval.ends() if interval else [np.nan, np.nan]
    share = reading.accuracy.interval if reading.accuracy else None
    around = share.ends() if share else [np.nan, np.nan]
    return np.array([float(reading.reads is True), *ends, *around])


def counter_accuracy(world: PairWorld, seed: int) -> float:
    """What the cross-fitted counter reaches on one draw of the world, 0..1."""
    counted = count_pairs(*world.draw(np.random.default_rng(seed)))
    return float("nan") if counted.counter is None else float(counted.counter.answers.mean())


def our_cluster_variance(runs: int, seed: int) -> ClusterVariance:
    """The mean cluster variance of a simulated reader on the pairs of our own samples.

    Its logit is normal between source pieces with mean 1.6 and deviation 0.6, which is an accuracy
    of about .82; the planner's default is rounded from this.
    """
    samples = read_samples(OUR_SAMPLES).samples
    pairs = damage_pairs(samples)
    counted = count_pairs(pairs, features_of({s.sha256: s.text for s in samples}))
    if counted.counter is None:
        raise UndefinedFigure(counted.reason)
    clusters = [pair.cluster for pair in pairs]
    names, place = np.unique(clusters, return_inverse=True)
    found = []
    for run in np.random.SeedSequence(seed).spawn(runs):
        rng = np.random.default_rng(run)
        chance = expit(rng.normal(1.6, 0.6, len(names)))
        judged = (rng.random(len(pairs)) < chance[place]).astype(float)
        found.append(pilot_variance(list(judged), list(counted.counter.answers), clusters))
    return ClusterVariance(
        float(np.mean([v.between for v in found])), float(np.mean([v.within for v in found]))
    )
