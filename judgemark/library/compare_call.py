"""`compare`: two judges on the same samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judgemark.library.headline_score import ScoreDifference, as_ends
from judgemark.library.judged_result import Run
from judgemark.library.score_call import known_references, score
from judgemark.library.setting_keywords import in_keywords

if TYPE_CHECKING:
    from judgemark.judged import JudgedRun


@dataclass(frozen=True)
class RunComparison:
    """Two judges compared on the pieces that both scored.

    Attributes:
        result: all that was compared, the same values as `compare --json` prints.
    """

    result: Mapping[str, Any]

    @property
    def v4(self) -> ScoreDifference | None:
        """The first judge's v4 score less the second's, raw; above 0 the first separates better.

        None where one of them is undefined; `result["differences"]["v4"]["raw"]["reason"]` then
        says why.
        """
        return self._difference("v4", "raw")

    @property
    def v2_1(self) -> ScoreDifference | None:
        """The difference of the calibrated v2.1 scores; None as for `v4`."""
        return self._difference("v2.1", "calibrated")

    @property
    def v2(self) -> ScoreDifference | None:
        """The difference of the calibrated v2 scores; None as for `v4`."""
        return self._difference("v2", "calibrated")

    @property
    def kendall_tau(self) -> float | None:
        """Kendall's tau-b between the judges' rankings of the writers, -1..1, 1 = the same order.

        None where it is undefined; `result["kendall_tau_reason"]` then says why.
        """
        tau: float | None = self.result["kendall_tau"]
        return tau

    def _difference(self, card: str, version: str) -> ScoreDifference | None:
        found = self.result["differences"][card][version]
        if found["difference"] is None:
            return None
        return ScoreDifference(
            found["difference"],
            ci95=as_ends(found["ci95"]),
            p_value=found["p_value"],
            first=found["first"],
            second=found["second"],
        )

    def __repr__(self) -> str:
        first, second = (run["judge"] for run in self.result["runs"])
        shown = "undefined" if self.v4 is None else f"{self.v4:+.1f}"
        return f"<RunComparison {first} - {second}: v4 {shown}>"


def compare(
    a: Any,
    b: Any,
    reference: Mapping[str, float] | str | PathLike[str] | None = None,
    *,
    seed: int = 0,
    runs_dir: str | PathLike[str] = "runs",
) -> RunComparison:
    """Compare two judges on the pieces that both scored.

    Args:
        a: a `Run`, the id, folder or `FILE::run_key` of a stored run, or scores as `score` takes
            them.
        b: the other judge, likewise.
        reference: the known quality of each writer, `{writer: number}` or a file of it; by default
            the first run's own.
        seed: the seed of the paired resamples.
        runs_dir: where run ids are looked up.

    Returns:
        The differences, first less second: `comparison.v4` is a number with its 95% interval and
        its p-value.

    Raises UsageError where the two did not judge the same pieces.
    """
    from judgemark.scoring.run_comparison import compare_runs

    with in_keywords():
        first, second = _judged_of(a, "a", runs_dir), _judged_of(b, "b", runs_dir)
        known = known_references(reference, {j.writer for j in first.judged})
        return RunComparison(compare_runs(first, second, known, seed=seed))


def _judged_of(given: Any, name: str, runs_dir: str | PathLike[str]) -> JudgedRun:
    """Return the verdicts of a run, of a stored run's name, or of scores called `name`."""
    from judgemark.run.run_lookup import load_one

    if isinstance(given, Run):
        return given.judged
    if isinstance(given, str | PathLike):
        return load_one(str(given), Path(runs_dir))
    return score(given, name=name).judged
