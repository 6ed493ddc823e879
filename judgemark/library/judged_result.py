"""What the library hands back of one judge: its figures, its scores and its report."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from judgemark.library.headline_score import HeadlineScore, headline_score

if TYPE_CHECKING:
    from judgemark.judged import JudgedRun
    from judgemark.library.run_scores import RunScores
    from judgemark.scoring.result_json import Composed
    from judgemark.table.score_table import ScoreTable


class Run:
    """One judge on one set of samples: a run's folder, a run of a runs file, or a score table.

    Attributes:
        run_id: the run's id.
        folder: the run's folder; None for a run that has none.
        result: all figures, the same values as in the folder's `result.json`.
    """

    def __init__(
        self, result: Mapping[str, Any], *, folder: Path | None, judged: JudgedRun | None = None
    ) -> None:
        self.result: Mapping[str, Any] = result
        self.folder = folder
        self.run_id: str = str(result["run_id"])
        self._given = judged

    @property
    def v4(self) -> HeadlineScore | None:
        """The v4 score, raw, 0..133: how well the judge separates the writers.

        Higher is better. None where the scores do not define it (one writer, all scores equal);
        `reason("v4")` then says why.
        """
        return self._headline("v4")

    @property
    def v2_1(self) -> HeadlineScore | None:
        """The Judgemark v2.1 score, calibrated, 0..100, higher is better; None as for `v4`."""
        return self._headline("v2.1")

    @property
    def v2(self) -> HeadlineScore | None:
        """The Judgemark v2 score, calibrated, 0..100, higher is better; None as for `v4`."""
        return self._headline("v2")

    @property
    def notes(self) -> Mapping[str, str]:
        """Why each figure that is missing is missing, by its dotted path in `result`."""
        notes: Mapping[str, str] = self.result["notes"]
        return notes

    @property
    def status(self) -> str:
        """`complete`, `incomplete` (not all has a verdict) or `limited` (not all was asked)."""
        return str(self.result["status"])

    @property
    def scores(self) -> RunScores:
        """The scores, one row for each verdict and each failure."""
        from judgemark.library.run_scores import RunScores

        return RunScores(self.judged)

    @property
    def table(self) -> ScoreTable:
        """The score table of v2.1 and v4: one number per (writer, iteration, item), with gaps."""
        return self.scores.table

    @cached_property
    def judged(self) -> JudgedRun:
        """The verdicts that the figures rest on, read from the run's folder when first needed."""
        if self._given is not None:
            return self._given
        from judgemark.run.folder import RunFolder
        from judgemark.run.stored_run import read_run

        if self.folder is None:
            raise LookupError(f'run "{self.run_id}" has neither verdicts nor a folder')
        return read_run(RunFolder(self.folder))

    def with_score_method(self, method: Literal["plain", "expected", "ranked"]) -> Run:
        """Return the run scored by another method from its own replies; nobody is asked.

        Raises UsageError where it holds no log-probabilities, for any method but `plain`.
        """
        from judgemark.library.setting_keywords import in_keywords
        from judgemark.scoring.result_json import compose
        from judgemark.scoring.score_methods import by_method

        with in_keywords():
            judged = by_method(self.judged, method)
        return Run(compose(judged), folder=self.folder, judged=judged)

    def reason(self, figure: str) -> str:
        """Return why a figure is missing; an empty text where it is not.

        Args:
            figure: `v4`, `v2.1`, `v2`, or a dotted path into `result`.
        """
        path = f"scorecards.{figure}.{_version(figure)}.score" if figure in _cards() else figure
        while path:
            if path in self.notes:
                return self.notes[path]
            path = path.rpartition(".")[0]
        return ""

    def report(self, path: str | Path, *, replies: bool = False) -> Path:
        """Write the report as one HTML page that loads nothing, and return its path.

        Args:
            path: the file to write.
            replies: whether the page shows every piece with the judge's reply.
        """
        from judgemark.jobs.finish_run import drawn_report
        from judgemark.run.files import write_parts

        target = Path(path)
        _, page = drawn_report(self.judged, self.result, self.table, with_replies=replies)
        write_parts(target, page)
        return target

    def composed(self) -> Composed:
        """Return the figures with the resamples that paired ranks need; a board asks for them."""
        from judgemark.scoring.result_json import compose_with_replicates

        return compose_with_replicates(self.judged)

    def _headline(self, card: str) -> HeadlineScore | None:
        return headline_score(self.result["scorecards"][card], _version(card))

    def __repr__(self) -> str:
        score = self.v4
        shown = "no v4 score" if score is None else f"v4 {score:.1f}"
        if score is not None and score.ci95 is not None:
            shown += f" [{score.ci95[0]:.1f}, {score.ci95[1]:.1f}]"
        return f"<Run {self.run_id}: {shown}, {self.status}>"


def _cards() -> Mapping[str, str]:
    from judgemark.leaderboard.packed_scores import CARDS

    return CARDS


def _version(card: str) -> str:
    return _cards()[card]
