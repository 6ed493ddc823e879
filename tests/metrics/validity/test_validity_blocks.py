"""The blocks of result.json: every key, plain values, a reason for every null, Holm."""

from __future__ import annotations

import json

import numpy as np

from judgemark.metrics.validity.dose_response import DoseSeries
from judgemark.metrics.validity.known_pair import AnsweredPair, PairSource
from judgemark.metrics.validity.probe_statistics import Contrast, assess_contrasts
from judgemark.metrics.validity.rater_ceiling import Ceiling
from judgemark.metrics.validity.reading import read_pairs
from judgemark.metrics.validity.validity_blocks import (
    kind_block,
    read_kinds,
    source_block,
)
from judgemark.metrics.validity.validity_section import NotedBlock, validity_section
from tests.metrics.validity.worlds import features, pairs_of, reader

SOURCE_KEYS = (
    *("pairs", "clusters", "missing", "accuracy", "ci95", "counter", "twin", "margin"),
    *("margin_ci95", "over_half_ci95", "over_twin_ci95", "reads", "ceiling"),
)


def block(accuracy: float, clusters: int, size: int = 3) -> NotedBlock:
    rng = np.random.default_rng(1)
    pairs = pairs_of(clusters, size)
    reading = read_pairs(reader(pairs, accuracy, rng), features(pairs, rng))
    return source_block(reading, Ceiling(0.8, 0.7, 5, 40))


def nulls(values: object, path: str = "") -> list[str]:
    if values is None:
        return [path]
    if isinstance(values, dict):
        return [p for k, v in values.items() for p in nulls(v, f"{path}.{k}" if path else k)]
    return []


def test_a_source_has_exactly_the_keys_of_the_contract() -> None:
    found = block(0.9, 30)
    assert tuple(found.values) == SOURCE_KEYS
    assert json.loads(json.dumps(found.values, allow_nan=False)) == found.values
    counter, twin = found.values["counter"], found.values["twin"]
    assert isinstance(counter, dict) and isinstance(twin, dict)
    assert tuple(counter) == ("name", "folds", "accuracy", "ci95")
    assert tuple(twin) == ("name", "accuracy")
    assert found.values["reads"] is True
    assert found.values["ceiling"] == 0.8
    assert found.notes == {}


def test_every_null_has_its_reason() -> None:
    pairs = pairs_of(6, 1)
    rng = np.random.default_rng(2)
    known = features(pairs, rng)
    for found in (
        block(0.9, 4),
        block(0.9, 1),
        source_block(read_pairs([], {})),
        source_block(read_pairs([AnsweredPair(p, None) for p in pairs], known)),
    ):
        assert json.loads(json.dumps(found.values, allow_nan=False)) == found.values
        assert tuple(found.values) == SOURCE_KEYS
        assert sorted(found.notes) == sorted(nulls(found.values))
        assert all(found.notes.values())


def kinds(accuracies: dict[str, float]) -> tuple[list[AnsweredPair], dict[str, np.ndarray]]:
    rng = np.random.default_rng(3)
    answered: list[AnsweredPair] = []
    known: dict[str, np.ndarray] = {}
    for kind, accuracy in accuracies.items():
        pairs = pairs_of(24, 3, kind)
        known |= features(pairs, rng)
        answered += reader(pairs, accuracy, rng)
    return answered, known


def test_kinds_have_their_dose_and_their_counter() -> None:
    answered, known = kinds({"negation": 0.95, "tense": 0.5})
    series = [
        DoseSeries(f"piece-{n}", "negation", {0.0: 8.0, 1.0: 7.0, 2.0: 7.0, 3.0: n % 3})
        for n in range(8)
    ]
    found = read_kinds(answered, known, series)
    assert list(found) == ["negation", "tense"]
    negation, tense = kind_block(found["negation"]), kind_block(found["tense"])
    assert tuple(negation.values) == (*SOURCE_KEYS, "dose_tau", "dose_tau_ci95", "countable")
    assert negation.values["reads"] is True
    assert negation.values["countable"] is False
    assert isinstance(negation.values["dose_tau"], float) and negation.values["dose_tau"] < -0.9
    assert tense.values["reads"] is False
    assert tense.values["dose_tau"] is None
    for one in (negation, tense):
        assert json.loads(json.dumps(one.values, allow_nan=False)) == one.values
        assert sorted(one.notes) == sorted(nulls(one.values))


def test_a_kind_that_just_reads_alone_does_not_read_among_many() -> None:
    # p of the one kind lies between .025 / 8 and .025, and the other seven are coins.
    answered, known = kinds({"one": 0.8, **{f"coin-{n}": 0.5 for n in range(7)}})
    alone = read_kinds([a for a in answered if a.pair.kind == "one"], known)["one"]
    assert alone.reading.p is not None and 0.025 / 8 < alone.reading.p < 0.025
    assert alone.reads is True
    among = read_kinds(answered, known)["one"]
    assert among.reading.reads is True
    assert among.reads is False


def test_the_section_brings_all_blocks_together_with_the_paths_of_their_notes() -> None:
    answered, known = kinds({"negation": 0.95})
    found = validity_section(
        {
            PairSource.DAMAGE: source_block(
                read_pairs(answered, known), "artificial damage has no raters"
            )
        },
        {name: kind_block(kind) for name, kind in read_kinds(answered, known).items()},
        assess_contrasts([Contrast("position.first", [0.0] * 6, "P", 0.05)]),
    )
    assert json.loads(json.dumps(found.values, allow_nan=False)) == found.values
    assert list(found.values) == ["counter_family", "sources", "kinds", "probes"]
    assert sorted(found.notes) == sorted(nulls(found.values))
    assert "sources.damage.ceiling" in found.notes
    assert validity_section({}).values["sources"] == {}
