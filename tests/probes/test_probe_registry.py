"""The registry: every probe of the specification is there, once, and names are checked."""

import pytest

from judgemark.errors import UsageError
from judgemark.judges import judge_kind
from judgemark.probes import probe_registry
from judgemark.probes.probe_registry import (
    DEVIATIONS,
    POINTS,
    PROBABILITY,
    PROBES,
    contrast_at,
    contrasts_of,
    probes_named,
)


def test_every_contrast_of_the_specification_has_one_entry() -> None:
    keys = [probe.key_of(contrast) for probe, contrast in contrasts_of()]
    assert keys == [
        "position.first",
        "position.flips",
        "padding.paragraph",
        "attribution.person",
        "attribution.ai",
        "attribution.famous",
        "scale.0-20",
        "scale.1-5",
        "criteria.reversed",
        "criteria.shuffled",
        "format.markup",
        "injection.order",
        "injection.note",
        "injection.markup",
        "injection.plea",
        "paraphrase.prompt",
        "repeat.drift",
        "intransitivity.triples",
        "self.excess",
        "family.excess",
    ]


def test_the_modes_are_those_of_judges() -> None:
    assert (probe_registry.RUBRIC, probe_registry.PAIRWISE) == (
        judge_kind.RUBRIC,
        judge_kind.PAIRWISE,
    )
    assert all(set(p.modes) <= {judge_kind.RUBRIC, judge_kind.PAIRWISE} for p in PROBES)


def test_every_threshold_is_above_zero_in_every_unit() -> None:
    assert all(p.threshold(unit) > 0 for p in PROBES for unit in (POINTS, PROBABILITY, DEVIATIONS))


def test_probes_are_named_in_any_order_and_all_of_them_by_one_word() -> None:
    assert [p.key for p in probes_named(["injection", "position"])] == ["position", "injection"]
    assert probes_named(["all"]) == probes_named() == PROBES


def test_an_unknown_probe_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match='"postion" is not a probe; did you mean "position"'):
        probes_named(["postion"])
    with pytest.raises(UsageError, match="there are position, padding, attribution"):
        probes_named(["xyz"])


def test_a_contrast_is_found_by_its_key() -> None:
    probe, contrast = contrast_at("scale.0-20")
    assert (probe.key, contrast.name) == ("scale", "0-20")
    with pytest.raises(KeyError):
        contrast_at("scale.0-100")
