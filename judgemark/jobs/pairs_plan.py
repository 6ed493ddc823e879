"""How many pairs would show a wanted margin, and what asking about them costs."""

from __future__ import annotations

from dataclasses import dataclass

from judgemark.jobs.ask_run import Work
from judgemark.jobs.pairs_job import AnyPairsJob
from judgemark.jobs.pairs_run import PairsJob
from judgemark.metrics.validity.pair_planner import PairPlan, plan_pairs, smallest_margin


@dataclass(frozen=True, slots=True)
class PlanOfPairs:
    """The plan for a wanted margin, beside the pairs at hand.

    `smallest` is the smallest margin, a fraction, that the pairs at hand show with 80% power; None
    where they show none.
    """

    wanted: PairPlan
    pairs: int
    clusters: int
    smallest: float | None

    @property
    def enough(self) -> bool:
        """Whether the pairs at hand show the wanted margin."""
        return self.clusters >= self.wanted.clusters


def plan_of_pairs(job: AnyPairsJob, work: Work, margin: float) -> PlanOfPairs:
    """Plan for a margin, a fraction above 0, with clusters like those of the pairs at hand.

    Questions and dollars are those of the judge of the job. Raises UndefinedFigure where a million
    clusters would not be enough.
    """
    pairs = job.drawn.pairs if isinstance(job, PairsJob) else job.known.pairs
    clusters = len({pair.cluster for pair in pairs})
    estimate = work.estimate
    questions = estimate.questions + estimate.answered
    each = work.cost / estimate.questions if work.cost and estimate.questions else None
    wanted = plan_pairs(
        margin,
        pairs_per_cluster=len(pairs) / clusters,
        questions_per_cluster=questions / clusters,
        dollars_per_question=each,
    )
    return PlanOfPairs(
        wanted, len(pairs), clusters, smallest_margin(clusters, len(pairs) / clusters)
    )
