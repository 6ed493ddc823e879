from collections import Counter

import pytest

from judgemark.damage.damage_kinds import DAMAGE_KINDS, kinds_named
from judgemark.damage.ladder_versions import (
    build_ladder,
    draw_within_budget,
    pairwise_questions,
    rubric_questions,
)
from judgemark.errors import UsageError
from judgemark.records import Sample
from tests.damage.pieces import ENGLISH, OTHER, english_set, piece

FEW = kinds_named(["sentences-shuffled", "end-cut", "words-shuffled"])


def many(count: int) -> list[Sample]:
    texts = [ENGLISH, OTHER]
    return [piece(f"{texts[n % 2]} That was day {n}.", f"item {n}") for n in range(count)]


def test_a_version_is_the_same_whatever_else_is_built() -> None:
    whole = build_ladder(english_set(), DAMAGE_KINDS, seed=7)
    for kind in DAMAGE_KINDS:
        alone = build_ladder(english_set(), [kind], seed=7)
        assert alone.versions == tuple(v for v in whole.versions if v.kind == kind.key)


def test_a_version_becomes_a_sample_that_says_what_it_was_made_from() -> None:
    version = build_ladder(english_set(), kinds_named(["end-cut"]), seed=5).versions[1]
    sample = version.as_sample()
    assert (sample.derived_from, sample.kind, sample.seed) == ("w", "end-cut", 5)
    assert sample.writer == "w [end-cut 2]"
    assert sample.severity == version.severity
    assert (sample.item, sample.iteration) == (version.source.item, version.source.iteration)


def test_versions_are_built_of_undamaged_pieces_only() -> None:
    samples = [*english_set(), Sample("x", "1", "mill", "Ann was.", derived_from="w", severity=0.5)]
    assert build_ladder(samples, FEW).versions == build_ladder(english_set(), FEW).versions
    with pytest.raises(UsageError, match="no undamaged piece"):
        build_ladder(samples[2:], FEW)


def test_other_pieces_are_by_the_same_writer() -> None:
    lone = [piece(ENGLISH), piece(OTHER, "ship", writer="another")]
    missing = build_ladder(lone, kinds_named(["sentence-lifted"])).missing
    assert len(missing) == 2 * 3


def test_questions_are_counted_as_they_will_be_asked() -> None:
    ladder = build_ladder(many(4), FEW)
    assert ladder.rubric_questions == rubric_questions(4, 3, 3) == 4 * (1 + 9)
    assert ladder.pairwise_questions == pairwise_questions(4, 3, 3) == 2 * 36


def test_each_further_level_costs_as_many_questions() -> None:
    assert len(build_ladder(many(4), FEW, levels=2).versions) == 4 * 3 * 2
    with pytest.raises(UsageError, match="levels"):
        build_ladder(many(4), FEW, levels=0)


@pytest.mark.parametrize("pairwise", [True, False])
@pytest.mark.parametrize("budget", [6, 20, 45, 100, 1000])
def test_a_budget_is_kept_and_spread(budget: int, pairwise: bool) -> None:
    ladder = build_ladder(many(6), FEW)
    drawn = draw_within_budget(ladder, budget, pairwise=pairwise)
    asked = drawn.pairwise_questions if pairwise else drawn.rubric_questions
    assert budget - 6 < asked <= budget or drawn == ladder
    cells = Counter((v.kind, v.source.item) for v in drawn.versions)
    assert set(cells.values()) == {3}  # all three levels of what is drawn
    for counts in (Counter(k for k, _ in cells), Counter(i for _, i in cells)):
        full = 3 if counts.keys() <= {k.key for k in FEW} else 6
        assert max(counts.values()) - (min(counts.values()) if len(counts) == full else 0) <= 2


def test_a_budget_too_small_for_anything_is_refused() -> None:
    with pytest.raises(UsageError, match="takes 4 questions"):
        draw_within_budget(build_ladder(many(2), FEW), 3, pairwise=False)
