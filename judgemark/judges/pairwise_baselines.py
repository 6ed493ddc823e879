"""The embedded baselines as pairwise judges: the floors of pairwise figures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from judgemark.judges.base import Json
from judgemark.judges.baselines import STATISTICS, baseline
from judgemark.judges.logprob import LOG_ZERO
from judgemark.records import LetterLogprobs, Question, Reply, Sample


@dataclass(frozen=True, slots=True)
class PairwiseBaseline:
    """Prefers the piece with the larger statistic: P(A) = logistic((s_A - s_B) / spread).

    `spread` is the population standard deviation of the statistic over the run's pieces, so the
    slope is 1 per standard deviation; a spread of 0 makes every pair a tie, P = 0.5. Instant and
    exact: the two passes of a pair mirror each other. On a tie the produced token is `A`, as a
    judge without an opinion would name the first.
    """

    name: str
    seed: int
    spread: float

    def difference(self, a: float, b: float) -> float:
        """Return the difference of the statistics in spreads: the log-odds that A is better."""
        return (a - b) / self.spread if self.spread > 0 else 0.0

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return the name, the spread, and the seed where it shapes the answers."""
        named: dict[str, Json] = {"kind": "baseline", "name": self.name, "spread": self.spread}
        return named | {"seed": self.seed} if self.name == "random" else named

    def ask(self, question: Question) -> Reply:
        """Return the log-probabilities of both letters; the probabilities sum to 1."""
        a, b = (statistic(self.name, self.seed, question.pieces[role]) for role in ("A", "B"))
        difference = self.difference(a, b)
        produced = "A" if difference >= 0 else "B"
        letters = LetterLogprobs(_log_logistic(difference), _log_logistic(-difference), produced)
        return Reply(produced, "stop", self.name, logprobs=letters)

    def enter_thread(self) -> None:
        """Do nothing: there is nothing to prepare."""

    def interrupt(self) -> None:
        """Do nothing: an answer takes no time."""

    def close(self) -> None:
        """Do nothing: there is nothing to release."""


def pairwise_baseline(name: str, seed: int, samples: Iterable[Sample]) -> PairwiseBaseline:
    """Return the baseline of that name for a run over `samples`.

    Each distinct text of an item counts once, in sorted order, so that the spread depends only
    on the pieces. Raises UsageError for an unknown name.
    """
    baseline(name, seed)
    pieces = {(s.item, s.sha256): s for s in samples}
    values = [statistic(name, seed, pieces[key]) for key in sorted(pieces)]
    return PairwiseBaseline(name, seed, float(np.std(values)) if values else 0.0)


def statistic(name: str, seed: int, sample: Sample) -> float:
    """Return the piece's number; `random` depends on the text, by which pairs are identified."""
    if name != "random":
        return STATISTICS[name](sample.text)
    content = f"{seed}\x1f{sample.item}\x1f{sample.sha256}"
    digest = hashlib.sha256(content.encode()).digest()
    return float(np.random.default_rng(int.from_bytes(digest[:16])).random())


def _log_logistic(x: float) -> float:
    """Return ln(1 / (1 + exp(-x))), exact in both tails."""
    from scipy.special import log_expit

    return max(float(log_expit(x)), LOG_ZERO)
