"""The result of a run of probes, from its folder alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from judgemark.metrics.validity.probe_statistics import (
    Contrast,
    ContrastFinding,
    assess_contrasts,
)
from judgemark.metrics.validity.validity_section import validity_section
from judgemark.probes.compared_contrasts import ArmPreferences, compared_contrasts
from judgemark.probes.measured_contrast import MeasuredContrast, scored_contrasts
from judgemark.probes.probe_registry import DEVIATIONS, POINTS, probes_named
from judgemark.probes.swayed_by import most_swayed_by
from judgemark.run.folder import RunFolder
from judgemark.run.kind_of_run import RunKindName
from judgemark.run.stored_probe import StoredProbe, read_probe
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.known_result import known_result
from judgemark.scoring.result_json import Composed
from judgemark.scoring.result_types import ResultSection

KIND = str(RunKindName.PROBE)


def compose_probe(folder: RunFolder) -> Composed:
    """Compose the result of a run of probes.

    `validity.probes` holds every contrast of the probes that were named, with a reason in `notes`
    where one was not asked; `probe` holds what stands beside each of them.
    """
    stored = read_probe(folder)
    probes = probes_named(stored.probes)
    if isinstance(stored.arms, ArmPreferences):
        measured = compared_contrasts(probes, stored.arms)
    else:
        measured = scored_contrasts(probes, stored.arms)
    measured = tuple(_with_given_effects(one, stored.given_effects) for one in measured)
    findings = assess_contrasts([one.contrast for one in measured])
    validity = validity_section({}, {}, findings)
    notes = Notes()
    return Composed(
        known_result(stored.answers, validity, _probe_section(stored, measured, findings), notes),
        {},
        {},
    )


def _with_given_effects(
    one: MeasuredContrast, given: Mapping[str, Sequence[float]]
) -> MeasuredContrast:
    """Return the contrast with the effects that runs of other judges gave, where they did."""
    key = one.contrast.key
    if not given.get(key):
        return one
    contrast = Contrast(key, given[key], POINTS, one.probe.threshold(POINTS))
    return replace(one, contrast=contrast, missing=0, left_out=0)


def _probe_section(
    stored: StoredProbe,
    measured: Sequence[MeasuredContrast],
    findings: Sequence[ContrastFinding],
) -> ResultSection:
    """Return the section `probe`: what was asked, and what stands beside each contrast."""
    blocks = {finding.key: finding.to_json() for finding in findings}
    first, later = stored.served
    return {
        "mode": "pairwise" if stored.answers.pairwise else "rubric",
        "probes": list(stored.probes),
        "unit": "pairs" if stored.answers.pairwise else "pieces",
        "units": stored.units,
        "most_swayed_by": most_swayed_by(blocks),
        "served": {"first": list(first), "repeats": list(later)},
        "contrasts": {
            one.contrast.key: _contrast_facts(one, finding)
            for one, finding in zip(measured, findings, strict=True)
        },
    }


def _contrast_facts(one: MeasuredContrast, finding: ContrastFinding) -> Mapping[str, Any]:
    """Return what stands beside one contrast, for readers: words, threshold and counts."""
    facts: dict[str, Any] = {
        "probe": one.probe.key,
        "label": one.entry.label,
        "threshold": one.contrast.threshold,
        "n": finding.pieces,
        "missing": one.missing,
        "left_out": one.left_out,
        "correlation": one.correlation,
    }
    if one.contrast.unit == DEVIATIONS:
        facts["own_scale"] = True
    return facts
