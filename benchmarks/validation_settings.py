"""What is simulated for the validation page: worlds, judges and known pairs."""

from __future__ import annotations

from benchmarks.probe_rates import FAIR
from benchmarks.probe_simulations import Judge, SwayedComparer, SwayedScorer
from benchmarks.reading_simulations import PairWorld
from benchmarks.simulated import World

BY_PROMPT = (0.45, 0.20, 0.35)

SETTINGS = (
    World(6, 12, 2, 0.10),
    World(6, 12, 3, 0.50),
    World(6, 32, 2, 0.30),
    World(6, 32, 3, 0.08),
    World(10, 12, 2, 0.50),
    World(10, 20, 3, 0.20),
    World(10, 32, 3, 0.70),
    World(17, 12, 3, 0.10),
    World(17, 20, 2, 0.30),
    World(17, 32, 3, 0.50),
    World(31, 12, 2, 0.70),
    World(31, 20, 3, 0.10),
    World(31, 32, 3, 0.75),
    World(10, 20, 3, 0.40, shares=BY_PROMPT),
    World(10, 20, 3, 0.40, step=1.0),
    World(10, 20, 3, 0.40, gaps=0.1),
    World(8, 24, 3, 0.60),
    World(14, 16, 2, 0.15),
    World(24, 28, 2, 0.35),
    World(12, 18, 3, 0.25, step=0.5),
)
"""Chosen before anything was measured: the corners and the middle, then other kinds of scores.

The last four were added when the methods stood, so that nothing was chosen by them.
"""

SETTLED = (SETTINGS[0], SETTINGS[4])

NOISE_ALONE = (0.2, 0.0, 0.8)
NOISES = (
    World(6, 12, 2, 0.0, NOISE_ALONE),
    World(10, 20, 3, 0.0, NOISE_ALONE),
    World(17, 20, 2, 0.0, NOISE_ALONE),
    World(31, 12, 2, 0.0, NOISE_ALONE),
    World(31, 32, 3, 0.0, NOISE_ALONE),
    World(10, 20, 3, 0.0, NOISE_ALONE, step=1.0),
    World(10, 20, 3, 0.0, NOISE_ALONE, gaps=0.1),
)
TASTES = (World(6, 12, 2, 0.0), World(10, 20, 3, 0.0))

RISING = (World(10, 20, 3, 0.5), World(17, 12, 2, 0.3))
FALLING_NOISE = (4.0, 2.8, 2.0, 1.4, 1.0, 0.7, 0.5, 0.35)

PAIRS = (
    (World(10, 12, 2, 0.50), 1.0),
    (World(17, 20, 3, 0.30), 1.0),
    (World(6, 24, 4, 0.50), 1.0),
    (World(10, 20, 3, 0.20), 1.0),
    (World(17, 32, 3, 0.50), 1.0),
    (World(10, 12, 2, 0.50), 1.5),
    (World(17, 20, 3, 0.60), 2.0),
)

OTHER_WRITERS = (
    World(6, 12, 2, 0.30),
    World(6, 24, 4, 0.60),
    World(10, 20, 3, 0.20),
    World(10, 20, 3, 0.70),
    World(17, 20, 3, 0.50),
    World(31, 32, 3, 0.75),
)

READERS = (
    (PairWorld(24, 15), 0.80),
    (PairWorld(29, 3), 0.80),
    (PairWorld(24, 15), 0.65),
    (PairWorld(100, 3), 0.65),
    (PairWorld(24, 15, countable=1, strength=3.0), 0.90),
)
"""Known pairs (pieces x pairs), and the accuracy of a reader; in the last, counting helps."""

COUNTABLE = (
    PairWorld(29, 3),
    PairWorld(24, 15),
    PairWorld(29, 3, countable=1, strength=2.0),
    PairWorld(24, 15, countable=3, strength=2.0),
    PairWorld(29, 3, countable=3, strength=2.0),
)
"""Known pairs on which no judge that counts may be said to read."""

PROBED: tuple[tuple[str, Judge, str, float], ...] = (
    ("a fair judge of pieces", SwayedScorer(), FAIR, 0.0),
    ("a fair judge of pairs", SwayedComparer(), FAIR, 0.0),
    ("a fair judge of close pairs", SwayedComparer(noise=1.5, taste=0.3), FAIR, 0.0),
    (
        "pieces, padding adds 0.3 points",
        SwayedScorer(sways={"padding.paragraph": 0.3}),
        "padding.paragraph",
        0.3,
    ),
    (
        "pieces, an order for full marks adds 0.8 points",
        SwayedScorer(sways={"injection.order": 0.8}),
        "injection.order",
        0.8,
    ),
)
