from judgemark.damage.damage_kinds import kinds_named
from judgemark.damage.known_damage import damage_pairs
from judgemark.damage.ladder_versions import build_ladder
from judgemark.metrics.validity.known_pair import PairSource
from judgemark.records import Sample
from tests.damage.pieces import english_set


def version(writer: str, severity: float, kind: str = "mixed", text: str = "") -> Sample:
    return Sample(writer, "1", "a", text or writer, "source", kind, severity)


SOURCE = Sample("source", "1", "a", "As it was.")


def test_six_versions_of_a_piece_are_fifteen_pairs() -> None:
    versions = [version(f"w{n}", n / 5) for n in range(1, 6)]
    pairs = damage_pairs([SOURCE, *versions])
    assert len(pairs) == 15  # 6 x 5 / 2
    assert sum(pair.better.writer == "source" for pair in pairs) == 5
    assert {pair.cluster for pair in pairs} == {"source/1/a"}
    assert {pair.source for pair in pairs} == {PairSource.DAMAGE}
    assert all(p.severities and p.severities[0] < p.severities[1] for p in pairs)


def test_kinds_are_not_compared_with_each_other() -> None:
    pairs = damage_pairs([SOURCE, version("x", 0.2, "cut"), version("y", 0.5, "flip")])
    assert [(p.better.writer, p.worse.writer) for p in pairs] == [("source", "x"), ("source", "y")]


def test_equal_severity_and_equal_texts_are_no_pair() -> None:
    assert not damage_pairs([version("x", 0.2), version("y", 0.2)])
    assert not damage_pairs([SOURCE, version("x", 0.2, text="As it was.")])


def test_without_the_source_versions_are_paired_with_each_other() -> None:
    assert len(damage_pairs([version("x", 0.2), version("y", 0.4)])) == 1


def test_pieces_that_no_code_damaged_are_no_pairs() -> None:
    assert damage_pairs(english_set()) == ()


def test_a_ladder_gives_its_pairs() -> None:
    samples = english_set()
    ladder = build_ladder(samples, kinds_named(["end-cut"]))
    pairs = damage_pairs([*samples, *(v.as_sample() for v in ladder.versions)])
    assert len(pairs) == 2 * 6  # two pieces, four versions each: 4 x 3 / 2
