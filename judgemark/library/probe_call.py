"""`probe`: is a judge swayed by what should not matter?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike
from typing import Any, Literal, Unpack

from judgemark.library.setting_keywords import ProbeSettings, in_keywords
from judgemark.library.validity_run import ValidityRun


class ProbeRun(ValidityRun):
    """A run of probes: the same texts in arms that differ in one thing that should not matter.

    Attributes:
        run_id: the run's id.
        folder: the run's folder.
        result: all figures, the same values as in the folder's `result.json`.
    """

    @property
    def probes(self) -> Mapping[str, Mapping[str, Any]]:
        """The contrasts by `probe.contrast`: effect, unit, ci95, mde, p, p_adjusted, found."""
        found: Mapping[str, Mapping[str, Any]] = self.validity["probes"]
        return found

    @property
    def most_swayed_by(self) -> str | None:
        """The found contrast with the largest effect, in words; None where none was found."""
        found: str | None = self.result["probe"]["most_swayed_by"]
        return found

    def __repr__(self) -> str:
        return f"<ProbeRun {self.run_id}: most swayed by {self.most_swayed_by}, {self.status}>"


def probe(
    judge: str | Callable[..., Any],
    *,
    samples: str | PathLike[str] | Mapping[str, Any] | None = None,
    mode: Literal["rubric", "pairwise"] | None = None,
    progress: bool = False,
    **settings: Unpack[ProbeSettings],
) -> ProbeRun:
    """Ask a judge about the same texts in arms that differ in what should not matter.

    Like `judge`, it resumes, prints nothing and never prompts.

    Args:
        judge: as in `judge`.
        samples: as in `judge`; undamaged pieces are drawn from them.
        mode: what the judge is asked for: scores of single pieces, or the better of two.
        progress: whether a progress bar and remarks go to standard error.
        settings: every setting of the `probe` command, by the name of its flag; `probes` is a list
            of names.

    Raises:
        UsageError: a setting or a file cannot be used, a probe is not known, or the judge cannot be
            asked a probe that was named.
        Refused, CapReached, Interrupted: as for `judge`.
    """
    from judgemark.cli.command_probe import prepared_probe
    from judgemark.jobs.run_kinds import finish_drawn
    from judgemark.library.quiet_asking import ask_quietly, called, judge_settings, teller

    with in_keywords():
        who = judge_settings(judge)
        if isinstance(settings.get("probes"), str):
            settings["probes"] = [str(settings["probes"])]
        call = called("probe", ProbeSettings, who, samples, settings, mode=mode)
        prepared = prepared_probe(call.settings, call.environment, teller(progress), **call.fixed)
        ask_quietly(prepared, call.settings, progress=progress)
        return ProbeRun(finish_drawn(prepared.folder), folder=prepared.folder.path)
