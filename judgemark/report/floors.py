"""What judges that read nothing score on the same pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judgemark.errors import UndefinedFigure
from judgemark.judges.baselines import FLOORS, baseline
from judgemark.metrics.agreement import reference_tau
from judgemark.metrics.composite import v4_score
from judgemark.metrics.separability import cliffs_delta, omega_squared
from judgemark.protocols.direct import DirectProtocol
from judgemark.records import Sample, Verdict
from judgemark.report.tables import baseline_table


@dataclass(frozen=True, slots=True)
class Floor:
    """A baseline's v4 score (0..133) and its parts; None with a reason where undefined."""

    score: float | None
    omega_squared: float | None
    cliffs_delta: float | None
    kendall_tau: float | None
    reason: str | None

    def to_json(self) -> dict[str, float | None]:
        """The figures alone."""
        return {
            "score": self.score,
            "omega_squared": self.omega_squared,
            "cliffs_delta": self.cliffs_delta,
            "kendall_tau": self.kendall_tau,
        }


def floors(
    samples: Sequence[Sample], reference: Mapping[str, float] | None, seed: int
) -> dict[str, Floor]:
    """Score the random, length and lexical baselines on `samples`, asked like any judge."""
    return {name: _floor(name, samples, reference, seed) for name in FLOORS}


def _floor(
    name: str, samples: Sequence[Sample], reference: Mapping[str, float] | None, seed: int
) -> Floor:
    judge = baseline(name, seed)
    protocol = DirectProtocol(judge.configuration, samples, judge.by_place)
    values = []
    for sample in samples:
        question = protocol.question(sample)
        outcome = protocol.read(question, judge.ask(question))
        if not isinstance(outcome, Verdict) or outcome.value is None:
            return Floor(None, None, None, None, f"{name} gave no number")
        values.append(outcome.value)
    table = baseline_table(samples, values)
    try:
        omega, delta = omega_squared(table), cliffs_delta(table)
    except UndefinedFigure as undefined:
        return Floor(None, None, None, None, str(undefined))
    tau = None
    if reference:
        try:
            tau = reference_tau(table, reference)
        except UndefinedFigure:
            tau = None
    return Floor(float(v4_score(omega, delta)), omega, delta, tau, None)
