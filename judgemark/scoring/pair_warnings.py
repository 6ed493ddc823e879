"""The warnings of runs over single pairs, as `run_warnings` has them of runs with a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from judgemark.judged import AskingFacts
from judgemark.metrics.classification import JudgedPair, Pass
from judgemark.scoring.result_types import ResultSection
from judgemark.scoring.run_warnings import warnings_of_asking
from judgemark.table.score_table import mean
from judgemark.tournaments.position_bias import position_bias


def warnings_of_pairs(asking: AskingFacts, judged: Sequence[JudgedPair]) -> list[ResultSection]:
    """Return the warnings of the pairs command, as `warnings_of` does for a run with a score.

    Args:
        asking: how the pairs were asked about.
        judged: the pairs that have a verdict in both orders, at least one.
    """
    passes = [one for pair in judged for one in (pair.as_a, pair.as_b)]
    masses = [one.mass for one in passes if one.mass is not None]
    bias = position_bias((pair.as_a.p_a, pair.as_b.p_a) for pair in judged)
    return warnings_of_asking(asking, mean(masses) if masses else None, bias)


def warnings_of_passes(
    asking: AskingFacts, passes: Mapping[tuple[str, str, str], Pass]
) -> list[ResultSection]:
    """Return the warnings of a run over single pairs.

    Args:
        asking: how the pairs were asked about.
        passes: the answers by item and by the texts that were shown as A and as B.
    """
    masses = [one.mass for one in passes.values() if one.mass is not None]
    both = [
        (one.p_a, passes[item, b, a].p_a)
        for (item, a, b), one in passes.items()
        if a < b and (item, b, a) in passes
    ]
    return warnings_of_asking(
        asking, mean(masses) if masses else None, position_bias(both) if both else None
    )
