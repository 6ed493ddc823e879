"""What the library hands back of a ladder, a run over pairs or one of probes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judgemark.errors import UsageError
from judgemark.library.headline_score import HeadlineScore
from judgemark.library.judged_result import Run

if TYPE_CHECKING:
    from judgemark.judged import JudgedRun
    from judgemark.scoring.result_json import Composed


class ValidityRun(Run):
    """A run that shows whether a judge reads, or what sways it; it has no separability score.

    Attributes:
        run_id: the run's id.
        folder: the run's folder.
        result: all figures, the same values as in the folder's `result.json`.
    """

    folder: Path

    def __init__(self, result: Mapping[str, Any], *, folder: Path) -> None:
        super().__init__(result, folder=folder)

    @property
    def kind(self) -> str:
        """The kind of run: `pairs`, `ladder` or `probe`."""
        return str(self.result["kind"])

    @property
    def validity(self) -> Mapping[str, Any]:
        """The figures on known pairs, kinds of damage and probes."""
        found: Mapping[str, Any] = self.result["validity"]
        return found

    @property
    def reads(self) -> bool | None:
        """Whether the judge reads; None where the pairs do not show it, or no truth is known."""
        for source in ("damage", "people"):
            if source in self.validity["sources"]:
                found: bool | None = self.validity["sources"][source]["reads"]
                return found
        return None

    @cached_property
    def judged(self) -> JudgedRun:
        """The verdicts on single pieces; raises UsageError where the judge compared pairs."""
        from judgemark.jobs.run_kinds import scored_verdicts

        return scored_verdicts(str(self.folder), self.folder.parent)

    def report(self, path: str | Path, *, replies: bool = False) -> Path:
        """Write the report as one HTML page that loads nothing, and return its path.

        It never shows replies: `replies` is there because other runs have it.
        """
        from judgemark.jobs.run_kinds import drawn_page
        from judgemark.run.files import write_parts

        del replies
        target = Path(path)
        write_parts(target, drawn_page(self.result)[1])
        return target

    def composed(self) -> Composed:
        """Raise UsageError: a board ranks by separability, which this run does not measure."""
        raise UsageError(
            f'run "{self.run_id}" is not a run of the main job: it has no score to rank'
        )

    def _headline(self, card: str) -> HeadlineScore | None:
        del card
        return None

    def reason(self, figure: str) -> str:
        """Return why a figure is missing; an empty text where it is not."""
        if figure in ("v4", "v2.1", "v2"):
            return f"a run of kind {self.kind} does not measure separability; jm.judge does"
        return super().reason(figure)

    def __repr__(self) -> str:
        reads = {True: "reads", False: "not shown to read", None: "reading not shown"}[self.reads]
        return f"<ValidityRun {self.run_id}: {self.kind}, {reads}, {self.status}>"
