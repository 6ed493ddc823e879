"""What each kind of run says on the terminal; one entry for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from judgemark.cli.summary import figures
from judgemark.cli.summary_ladder import ladder_figures
from judgemark.cli.summary_pairs import pairs_figures
from judgemark.cli.summary_probes import probes_summary
from judgemark.run.kind_of_run import RunKindName
from judgemark.scoring.result_types import Result

Summary = Callable[[Result, bool], str]
"""Takes a result and whether all figures are wanted."""


def _judged(result: Result, details: bool) -> str:
    return "\n" + figures(result, details=details)


SUMMARIES: Mapping[RunKindName, Summary] = {
    RunKindName.JUDGE: _judged,
    RunKindName.LADDER: ladder_figures,
    RunKindName.PROBE: probes_summary,
    RunKindName.PAIRS: pairs_figures,
}


def in_short(result: Result) -> str:
    """Return the most telling figure of a run that is not one of the main job, for a list of
    runs."""
    validity = result["validity"]
    found = [
        f"{100 * block['accuracy']:.0f}% of {name} pairs ordered correctly"
        for name, block in validity.get("sources", {}).items()
        if block.get("accuracy") is not None
    ]
    probes = validity.get("probes", {})
    if probes:
        swayed = [name for name, contrast in probes.items() if contrast.get("found")]
        found.append(f"swayed by {', '.join(swayed)}" if swayed else "not shown to be swayed")
    return "; ".join(found) or "no figure yet"


def figures_of(result: Result, *, details: bool = False) -> str:
    """Return the figures of a run of any kind, as text for a person."""
    kind = RunKindName(result.get("kind", RunKindName.JUDGE))
    return SUMMARIES[kind](result, details)
